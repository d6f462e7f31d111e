"""The two indexes of an archive as files beside its store: vectors in faiss, words in tantivy.

Each knows how far into the store's log it has come and replays what it misses: at opening, and whenever another thread
or process has written. Losing every file of them loses nothing.
"""

import logging
import shutil
import sqlite3
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import numpy as np
from filelock import Timeout

from corpus.errors import StoreError
from corpus.storage.store import Store
from corpus.storage.view import View
from index.backends import Rankings, Reached, pinned
from index.errors import DerivedError
from index.files import sync_directory
from index.filters import Places, passing_articles
from index.local.dense import DenseIndex, base_files, write_base
from index.local.lexical import LexicalIndex, Words
from index.local.manifest import DenseBase, Manifest, stamp
from index.local.opening import Derived, load, mirrored, open_lexical
from index.locks import Turn
from index.types import Filter, Vectors

COMPACT_SHARE = 0.1
"""A base is rewritten when tail and removed chunks are more than this share of it."""
MEND_AGAIN = 60.0
"""Seconds between two attempts to rebuild damaged files."""
COMPACT_LEAST = 2_000
"""... and at least this many: a smaller archive lives in the tail, read from the store in milliseconds."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LocalSearch:
    """Both indexes at one generation."""

    dense: DenseIndex
    words: Words
    manifest: Manifest
    _places: Places

    @property
    def kind(self) -> str:
        """The kind of the dense index."""
        return self.manifest.kind

    @property
    def recall(self) -> float | None:
        """The measured recall among the ten nearest; None if it is exact."""
        return self.manifest.recall

    @property
    def stale(self) -> int:
        """Chunks that came or went since the last compaction."""
        return self.dense.stale

    @property
    def version(self) -> Manifest:
        """What names the files."""
        return self.manifest

    def count(self, view: View, where: Filter) -> int:
        """How many articles pass the filter. The view remembers which, for ``rankings``."""
        return len(passing_articles(view, where)) if where else view.state.articles

    def rankings(self, view: View, text: str, vector: Vectors, depth: int, where: Filter) -> Rankings:
        """The best chunks by vector and by words, ``depth`` of each and those tied with the last."""
        articles = passing_articles(view, where) if where else None
        allowed = None if articles is None else self._places.chunks_of(view, articles)
        if allowed is not None and not len(allowed):
            return Rankings([], [])
        numbers = None if articles is None or where.article_ids is None else articles.tolist()
        return Rankings(
            self.dense.search(vector, depth, allowed=allowed),
            self.words.search(text, depth, where=where, articles=numbers),
        )


class LocalIndexes:
    """The files in ``directory/derived``, kept in step with the store.

    Where they can't be written, what they miss is made in the directory ``scratch``, and locks stand there.
    """

    def __init__(
        self, directory: Path, store: Store, dimensions: int, writer: Turn, *, scratch: Path | None = None
    ) -> None:
        self._store = store
        self._dimensions = dimensions
        self._directory = directory / "derived"
        self._scratch = scratch
        if scratch is None:
            self._directory.mkdir(exist_ok=True)
        self._derived: Derived | None = None
        self._places = Places()
        self._catching_up = threading.Lock()
        self._mending: threading.Thread | None = None
        self._mend_again = 0.0
        self._writer = writer
        self._compacter = Turn((scratch or directory) / "compact.lock")

    # Reading

    def at(self, view: View) -> LocalSearch | None:
        """The indexes at the view's generation; None when they are past it already."""
        found = self._at(view)
        if found is not None and self._derived is not None and self._derived.damaged and self._scratch is None:
            self._mend()
        return found

    def _at(self, view: View) -> LocalSearch | None:
        derived = self._caught_up(view)
        if derived is None or derived.words is None:
            return None
        return LocalSearch(derived.dense, derived.words, derived.manifest, self._places)

    def _caught_up(self, view: View) -> Derived | None:
        derived, now = self._derived, stamp(self._directory)
        if derived and derived.whole and derived.stamp == now and derived.generation == view.state.generation:
            return derived
        with self._catching_up:
            derived = self._derived
            if derived is None or derived.stamp != stamp(self._directory):
                derived = load(self._directory, self._dimensions, self._scratch)
            if derived.generation > view.state.generation:
                return None
            try:
                self._derived = self._replayed(derived, view)
            except DerivedError:
                # Its files went: compacted by another process just now, or removed by a hand.
                self._derived = self._replayed(load(self._directory, self._dimensions, self._scratch), view)
            return self._derived

    def _mend(self) -> None:
        """Rewrite the files in the background; searches meanwhile use the store's vectors."""
        with self._catching_up:
            ended = self._mending is None or not self._mending.is_alive()
            if ended and monotonic() > self._mend_again and self._derived is not None:
                self._mend_again = monotonic() + MEND_AGAIN
                self._mending = threading.Thread(target=self._mended, args=(self._derived.stamp,), name="mending")
                self._mending.start()

    def _mended(self, damaged: tuple[int, int]) -> None:
        try:
            with self._compacter.taken():
                if stamp(self._directory) == damaged:  # nobody else has made them anew meanwhile
                    self._compacted(force=True)
        except (DerivedError, StoreError, OSError, sqlite3.Error) as error:
            _log.warning("the indexes can't be made anew: %s", error)

    def close(self) -> None:
        """Wait for work in the background."""
        if self._mending is not None:
            self._mending.join()

    def _replayed(self, derived: Derived, view: View) -> Derived:
        ids, vectors = view.vectors(after=derived.reached.chunk, dimensions=self._dimensions)
        last_removal, removed = view.removed(after=derived.reached.removal)
        removed.sort()
        dense = derived.dense.extended(ids, vectors).without(removed)
        last_chunk = int(ids[-1]) if len(ids) else derived.reached.chunk
        if derived.lexical.reached().behind(view):
            # Its writer is at work on it just now, or died before it came to that.
            try:
                with self._writer.taken(wait=False):
                    self._update(derived.lexical)
            except Timeout:
                pass
            except (DerivedError, StoreError) as error:
                # A full disk, or one that may not be written: what it misses is found by its vectors meanwhile.
                _log.warning("the full-text index can't be brought up to date: %s", error)
        whole = not derived.lexical.reached().behind(view)
        return replace(
            derived,
            generation=view.state.generation,
            reached=Reached(last_chunk, last_removal),
            dense=dense,
            words=derived.lexical.words(),
            whole=whole,
        )

    # Writing

    def follow(self) -> None:
        """Bring the full-text index up to the store. The right to write is held, and the store has committed."""
        derived = self._derived
        try:
            if derived is None or derived.stamp != stamp(self._directory):
                lexical = open_lexical(self._directory / Manifest.load(self._directory).lexical)
            else:
                lexical = derived.lexical
            self._update(lexical)
        except DerivedError as error:
            # What was committed stays, and is found by its vectors until there is room for its words.
            _log.warning("the full-text index can't be brought up to date: %s", error)

    def _update(self, lexical: LexicalIndex) -> None:
        """Replay what the full-text index misses. The right to write is held."""
        reached = lexical.reached()
        with self._store.read() as view:
            last_removal, removed = view.removed(after=reached.removal)
            last_chunk = max(view.last_chunk(), reached.chunk)
            if (last_chunk, last_removal) != reached:
                texts, now = view.texts(after=reached.chunk), Reached(last_chunk, last_removal)
                lexical.update(texts, removed, now, held=view.state.chunks)

    # Keeping in order

    def compact(self, *, force: bool) -> bool:
        """Rewrite the files if much has changed since they were written, or always with ``force``.

        Returns whether anything was written; nothing is while another compacts, but with ``force``, which waits.
        """
        try:
            with self._compacter.taken(wait=force):
                return self._compacted(force=force)
        except Timeout:
            return False

    def _compacted(self, *, force: bool) -> bool:
        with pinned(self._store, self._at) as (view, found):
            dense, old = found.dense, found.manifest
            if not force and dense.stale <= max(COMPACT_LEAST, COMPACT_SHARE * len(dense.base.ids)):
                return False
            self._remove_others(old)  # what a compaction left that died before its manifest was in place
            name = f"{view.state.generation}-{stamp(self._directory)[0]}"
            reached = Reached(view.last_chunk(), view.last_removal())
            base = self._write_base(f"dense-{name}.faiss", view, reached)
            lexical, words = old.lexical, None
            if force or reached.removal > (old.dense.last_removal if old.dense else 0):
                # Removed chunks go on counting in the statistics of the words until the index is made anew.
                lexical = f"lexical-{name}"
                words = LexicalIndex(self._directory / lexical)
                words.update(view.texts(after=0), np.empty(0, np.int64), reached, held=view.state.chunks)
        with self._writer.taken():
            if words is not None:
                self._update(words)  # what was written meanwhile
            manifest = Manifest(lexical, base)
            manifest.save(self._directory)
            self._remove_others(manifest)
        return True

    def _write_base(self, file: str, view: View, reached: Reached) -> DenseBase:
        path = self._directory / file
        ids, vectors = view.vectors(after=0, dimensions=self._dimensions)
        base = write_base(path, ids, vectors)
        sync_directory(self._directory)
        return DenseBase(
            file, base.kind, len(ids), reached.chunk, reached.removal, base.sha256, base.reach, base.recall
        )

    def _remove_others(self, manifest: Manifest) -> None:
        """Remove the files that no manifest names any more. Processes that have mapped them can go on using them."""
        used = {manifest.lexical, "manifest.json", "milvus.json"}
        if manifest.dense:
            used |= {path.name for path in base_files(Path(manifest.dense.file))}
        for path in self._directory.iterdir():
            if path.name not in used:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def problems(self) -> list[str]:
        """What is wrong with the files; empty when they are whole."""
        found: list[str] = []
        try:
            manifest = Manifest.load(self._directory)
        except DerivedError as error:
            return [f"derived: {error}"]
        if manifest.dense:
            path = self._directory / manifest.dense.file
            try:
                DenseIndex.load(path, sha256=manifest.dense.sha256, dimensions=self._dimensions)
            except (DerivedError, OSError) as error:
                found.append(f"derived: {error}")
        return found + self._lexical_problems()

    def _lexical_problems(self) -> list[str]:
        try:
            # Nobody else may write meanwhile, or the two counts belong to different generations.
            with self._writer.taken(), self._store.read() as view:
                place = self._directory / Manifest.load(self._directory).lexical
                lexical = LexicalIndex(place if self._scratch is None else mirrored(place, self._scratch))
                if lexical.reached().behind(view):
                    # Its writer died before it came to that: not damage, and mended by the next search as well.
                    self._update(lexical)
                held, chunks = lexical.chunks(), view.state.chunks
        except (DerivedError, StoreError) as error:
            return [f"derived: {error}"]
        return [] if held == chunks else [f"derived: the full-text index has {held} chunks, the store {chunks}"]
