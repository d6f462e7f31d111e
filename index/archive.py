"""An archive: the store, and the dense and lexical indexes kept in step with it.

The store is the truth. Each derived index knows how far into the store's log it has come and replays what it misses:
at opening, and whenever another thread or process has written. Losing every derived file loses nothing.
"""

import logging
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import Timeout

from corpus.errors import StoreError
from corpus.store import Store, Written
from corpus.types import Article, Chunk
from corpus.view import View
from index.dense import DenseIndex, base_files, write_base
from index.derived import Derived, load, open_lexical
from index.errors import DerivedError
from index.filters import Places
from index.lexical import LexicalIndex, Reached, Words
from index.manifest import DenseBase, Manifest, sha256_of, stamp, sync_directory
from index.turns import Turn
from index.types import Half, Ids

COMPACT_SHARE = 0.1
"""A base is written anew when tail and removed chunks are more than this share of it."""
COMPACT_LEAST = 2_000
"""... and at least this many: a smaller archive lives in the tail, read from the store in milliseconds."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An archive as it stands for the length of one request: a view of the store with the indexes that belong to it."""

    view: View
    dense: DenseIndex
    words: Words
    manifest: Manifest
    _places: Places

    def chunks_of(self, articles: npt.NDArray[np.int64]) -> Ids:
        """Ids of the chunks of these articles (by number), ascending."""
        return self._places.chunks_of(self.view, articles)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: its chunks and their vectors, (chunks, dimensions)."""

    article: Article
    chunks: Sequence[Chunk]
    vectors: Half


class Archive:
    """One archive directory. Safe to share between threads; any number of processes may open the same one."""

    def __init__(self, directory: Path, store: Store, dimensions: int) -> None:
        self.directory = directory
        self.store = store
        self._dimensions = dimensions
        self._derived_directory = directory / "derived"
        self._derived: Derived | None = None
        self._places = Places()
        self._catching_up = threading.Lock()
        self._writer = Turn(directory / "write.lock")
        self._compacter = Turn(directory / "compact.lock")

    @classmethod
    def open(cls, directory: Path, *, settings: Mapping[str, str], dimensions: int, create: bool = False) -> "Archive":
        """Open the archive in ``directory``, or make one there when ``create`` is set.

        ``settings`` name what its chunks and vectors were made with. Raises corpus.errors.StoreError.
        """
        store = Store.open(directory, settings=settings, create=create)
        (directory / "derived").mkdir(exist_ok=True)
        return cls(directory, store, dimensions)

    def close(self) -> None:
        """Close the store's connections. What is mapped from derived files goes with the object."""
        self.store.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Reading

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """The archive as of its newest generation, unchanging while the block lasts."""
        with ExitStack() as stack:
            while True:
                view = stack.enter_context(self.store.read())
                derived = self._caught_up(view)
                if derived is not None and derived.words is not None:
                    break
                stack.close()  # another thread's view was newer: take a new one
            yield Snapshot(view, derived.dense, derived.words, derived.manifest, self._places)

    def _caught_up(self, view: View) -> Derived | None:
        """The derived indexes at the view's generation; None when they are past it already."""
        derived, now = self._derived, stamp(self._derived_directory)
        if derived and derived.whole and derived.stamp == now and derived.generation == view.state.generation:
            return derived
        with self._catching_up:
            derived = self._derived
            if derived is None or derived.stamp != stamp(self._derived_directory):
                derived = load(self._derived_directory, self._dimensions)
            if derived.generation > view.state.generation:
                return None
            try:
                self._derived = self._replayed(derived, view)
            except DerivedError:
                # Its files went: compacted by another process just now, or removed by a hand.
                self._derived = self._replayed(load(self._derived_directory, self._dimensions), view)
            return self._derived

    def _replayed(self, derived: Derived, view: View) -> Derived:
        ids, vectors = view.vectors(after=derived.reached.chunk, dimensions=self._dimensions)
        last_removal, removed = view.removed(after=derived.reached.removal)
        removed.sort()
        dense = derived.dense.extended(ids, vectors).without(removed)
        last_chunk = int(ids[-1]) if len(ids) else derived.reached.chunk
        if self._behind(derived.lexical, view):
            # Its writer is at work on it just now, or died before it came to that.
            try:
                with self._writer.taken(wait=False):
                    self._update_lexical(derived.lexical)
            except Timeout:
                pass
            except (DerivedError, StoreError) as error:
                # A full disk, or one that may not be written: what it misses is found by its vectors meanwhile.
                _log.warning("the full-text index can't be brought up to date: %s", error)
        whole = not self._behind(derived.lexical, view)
        return replace(
            derived,
            generation=view.state.generation,
            reached=Reached(last_chunk, last_removal),
            dense=dense,
            words=derived.lexical.words(),
            whole=whole,
        )

    # Writing

    def start_run(self) -> int:
        """Number a run of ingest, within which no id may come twice with different texts."""
        with self._writer.taken(), self.store.write() as writing:
            return writing.start_run()

    def put(self, batch: Sequence[Prepared], *, run: int = 0) -> list[Written]:
        """Add or replace articles; durable and searchable, all of them, when this returns.

        Raises corpus.errors.StoreError when they can't be written; the archive is then as it was before.
        """
        with self._writer.taken():
            with self.store.write() as writing:
                written = [writing.put(one.article, one.chunks, one.vectors, run=run) for one in batch]
            self._follow()
        return written

    def delete(self, *article_ids: str) -> list[str]:
        """Delete articles, all of them in one step; found no more when this returns. Gives the ids that there were."""
        with self._writer.taken():
            with self.store.write() as writing:
                deleted = [article_id for article_id in article_ids if writing.delete(article_id)]
            if deleted:
                self._follow()
        return deleted

    def _follow(self) -> None:
        """Bring the full-text index up to the store. The right to write is held, and the store has committed."""
        derived = self._derived
        try:
            if derived is None or derived.stamp != stamp(self._derived_directory):
                lexical = open_lexical(self._derived_directory / Manifest.load(self._derived_directory).lexical)
            else:
                lexical = derived.lexical
            self._update_lexical(lexical)
        except DerivedError as error:
            # What was committed stays, and is found by its vectors until there is room for its words.
            _log.warning("the full-text index can't be brought up to date: %s", error)

    @staticmethod
    def _behind(lexical: LexicalIndex, view: View) -> bool:
        reached = lexical.reached()
        return reached.chunk < view.last_chunk() or reached.removal < view.last_removal()

    def _update_lexical(self, lexical: LexicalIndex) -> None:
        """Replay what the lexical index misses. The right to write is held."""
        reached = lexical.reached()
        with self.store.read() as view:
            last_removal, removed = view.removed(after=reached.removal)
            last_chunk = max(view.last_chunk(), reached.chunk)
            if (last_chunk, last_removal) != reached:
                lexical.update(view.texts(after=reached.chunk), removed, Reached(last_chunk, last_removal))

    # Keeping in order

    def compact(self, *, force: bool = False) -> bool:
        """Write the derived indexes anew where much has changed since they were (or always, with ``force``).

        The dense tail goes into the base, removed chunks out of both indexes and out of the lexical statistics.
        Searches and writers go on meanwhile. Returns whether anything was written; nothing is while another compacts,
        but with ``force``, which waits.
        """
        try:
            with self._compacter.taken(wait=force):
                return self._compacted(force=force)
        except Timeout:
            return False

    def _compacted(self, *, force: bool) -> bool:
        with self.read() as snapshot:
            dense, view = snapshot.dense, snapshot.view
            if not force and dense.stale <= max(COMPACT_LEAST, COMPACT_SHARE * len(dense.base.ids)):
                return False
            self._remove_others(snapshot.manifest)  # what a compaction left that died before its manifest was in place
            name = f"{view.state.generation}-{stamp(self._derived_directory)[0]}"
            reached = Reached(view.last_chunk(), view.last_removal())
            base = self._write_base(f"dense-{name}.faiss", view, reached)
            old = snapshot.manifest
            lexical, words = old.lexical, None
            if force or reached.removal > (old.dense.last_removal if old.dense else 0):
                # Removed chunks go on counting in the statistics of the words until the index is made anew.
                lexical = f"lexical-{name}"
                words = LexicalIndex(self._derived_directory / lexical)
                words.update(view.texts(after=0), np.empty(0, np.int64), reached)
        with self._writer.taken():
            if words is not None:
                self._update_lexical(words)  # what was written meanwhile
            manifest = Manifest(lexical, base)
            manifest.save(self._derived_directory)
            self._remove_others(manifest)
        return True

    def _write_base(self, file: str, view: View, reached: Reached) -> DenseBase:
        path = self._derived_directory / file
        ids, vectors = view.vectors(after=0, dimensions=self._dimensions)
        base = write_base(path, ids, vectors)
        sync_directory(self._derived_directory)
        return DenseBase(
            file,
            base.kind,
            len(ids),
            reached.chunk,
            reached.removal,
            base.size,
            sha256_of(path),
            base.reach,
            base.recall,
        )

    def _remove_others(self, manifest: Manifest) -> None:
        """Remove what no manifest names any more. Who has it mapped keeps it until they let go."""
        used = {manifest.lexical, "manifest.json"}
        if manifest.dense:
            used |= {path.name for path in base_files(Path(manifest.dense.file))}
        for path in self._derived_directory.iterdir():
            if path.name not in used:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def problems(self) -> list[str]:
        """What is wrong with the archive, store and derived indexes; empty when it is whole."""
        found = self.store.problems()
        if found:
            return found
        try:
            manifest = Manifest.load(self._derived_directory)
        except DerivedError as error:
            return [f"derived: {error}"]
        if manifest.dense:
            path = self._derived_directory / manifest.dense.file
            try:
                DenseIndex.load(path, size=manifest.dense.size, dimensions=self._dimensions)
                if sha256_of(path) != manifest.dense.sha256:
                    found.append(f"derived: {path.name} is not what was written (sha256 differs)")
            except (DerivedError, OSError) as error:
                found.append(f"derived: {error}")
        return found + self._lexical_problems()

    def _lexical_problems(self) -> list[str]:
        try:
            # Nobody else may write meanwhile, or the two counts belong to different generations.
            with self._writer.taken(), self.store.read() as view:
                lexical = LexicalIndex(self._derived_directory / Manifest.load(self._derived_directory).lexical)
                if self._behind(lexical, view):
                    # Its writer died before it came to that: not damage, and mended by the next search as well.
                    self._update_lexical(lexical)
                held, chunks = lexical.chunks(), view.state.chunks
        except (DerivedError, StoreError) as error:
            return [f"derived: {error}"]
        return [] if held == chunks else [f"derived: the full-text index has {held} chunks, the store {chunks}"]
