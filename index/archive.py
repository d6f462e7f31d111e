"""An archive: the store, and the indexes kept in step with it.

The store is the truth. The indexes are derived from it: files beside it (``index.local``), or a collection in Milvus
(``index.milvus``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.errors import ReadOnlyStore
from corpus.storage.store import Store
from corpus.storage.view import View
from corpus.storage.writing import Writing, Written
from corpus.types import Article, Chunk
from index.backends import Indexes, Search, Server, pinned
from index.local.indexes import LocalIndexes
from index.locks import Turn
from index.types import Half


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An archive as it stands for the length of one request: a view of the store with the indexes that belong to it."""

    view: View
    indexes: Search


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: its chunks and their vectors, (chunks, dimensions)."""

    article: Article
    chunks: Sequence[Chunk]
    vectors: Half


class Archive:
    """One archive directory. Safe to share between threads; any number of processes may open the same one."""

    def __init__(
        self, directory: Path, store: Store, indexes: Indexes, writer: Turn, scratch: TemporaryDirectory[str] | None
    ) -> None:
        self.directory = directory
        self.store = store
        self.indexes = indexes
        self._writer = writer
        self._scratch = scratch

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        settings: Mapping[str, str],
        dimensions: int,
        create: bool = False,
        milvus: Server | None = None,
    ) -> "Archive":
        """Open the archive in ``directory``, or make one there when ``create`` is set.

        ``settings`` name what its chunks and vectors were made with; ``milvus`` is the server that holds its
        indexes, where they are no files. Raises corpus.errors.StoreError.
        """
        store = Store.open(directory, settings=settings, create=create)
        # What can't be written still needs locks and, where it was written in a hurry, an index of its last words.
        scratch = TemporaryDirectory(prefix="citewire-") if store.read_only else None
        writer = Turn((Path(scratch.name) if scratch else directory) / "write.lock")
        if milvus is None:
            place = Path(scratch.name) if scratch else None
            indexes = LocalIndexes(directory, store, dimensions, writer, scratch=place)
            return cls(directory, store, indexes, writer, scratch)
        from index.milvus.indexes import MilvusIndexes

        return cls(directory, store, MilvusIndexes(directory, store, dimensions, writer, milvus), writer, scratch)

    def close(self) -> None:
        """Close the store's connections. What is mapped from files goes with the object."""
        self.indexes.close()
        self.store.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Snapshot]:
        """The archive as of its newest generation, unchanging while the block lasts."""
        with pinned(self.store, self.indexes.at) as (view, indexes):
            yield Snapshot(view, indexes)

    def start_run(self) -> int:
        """Number a run of ingest, within which no id may come twice with different texts."""
        with self._writer.taken(), self.store.write() as writing:
            return writing.start_run()

    def put(
        self,
        batch: Sequence[Prepared],
        *,
        run: int = 0,
        each: Callable[[Writing, Prepared], Written] | None = None,
        beside: Callable[[Writing, list[Written]], None] = lambda writing, written: None,
    ) -> list[Written]:
        """Add or replace articles; durable and searchable, all of them, when this returns. ``each`` puts one, where it
        may be changed before. What ``beside`` writes is written with them or not at all, and what it raises undoes
        both.

        Raises corpus.errors.StoreError when they can't be written; the archive is then as it was before. Raises
        SearchError when indexes elsewhere can't follow; what was put stays, and they follow once they can.
        """
        with self._writer.taken():
            with self.store.write() as writing:
                written = [
                    each(writing, one) if each else writing.put(one.article, one.chunks, one.vectors, run=run)
                    for one in batch
                ]
                beside(writing, written)
            self.indexes.follow()
        return written

    def delete(self, *article_ids: str) -> list[str]:
        """Delete articles, all of them in one step; found no more when this returns. Gives the ids that there were."""
        with self._writer.taken():
            with self.store.write() as writing:
                deleted = [article_id for article_id in article_ids if writing.delete(article_id)]
            if deleted:
                self.indexes.follow()
        return deleted

    def erase(self, *article_ids: str) -> list[str]:
        """Delete articles and leave nothing of them behind: their texts, words and vectors, and what was said of
        answers out of them, are in no file of the archive when this returns. Indexes are written anew, which takes as
        long as a compaction.

        Raises corpus.errors.StoreError when somebody keeps reading what was there before; erase again then.
        """
        deleted = self.delete(*article_ids)
        with self.store.write() as writing:
            for article_id in article_ids:
                writing.feedback.forget(article_id)
        self.compact(force=True)
        self.store.fold()
        return deleted

    def compact(self, *, force: bool = False) -> bool:
        """Put the indexes in order where much has changed since they were, or always, with ``force``.

        Of files, the dense tail goes into the base, removed chunks out of both indexes and out of the lexical
        statistics. Searches and writers go on meanwhile. Says whether anything was done.
        """
        if self.store.read_only:
            if force:
                raise ReadOnlyStore(self.directory)
            return False
        return self.indexes.compact(force=force)

    def problems(self, *, quick: bool = False) -> list[str]:
        """What is wrong with the archive, store and indexes; empty when it is whole. ``quick`` leaves out what every
        article is looked at for, which is looked at again when it is read.
        """
        return self.store.problems(quick=quick) or self.indexes.problems()
