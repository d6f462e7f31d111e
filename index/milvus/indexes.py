"""The two indexes of an archive as a collection in Milvus, for archives that one machine can't search.

One row a chunk: its vector, its words, and what filters ask about. The words are those of the local full-text index,
stemmed by the same analyzer, so that both look for the same; Milvus weighs them by BM25 itself. The rankings are fused
by the same code as local ones.

What a cluster can't promise: the same lexical statistics everywhere, as each segment has its own, and so neither equal
scores for equal words; and a graph over everything, as each segment has its own of those too. See docs/scale.md.
"""

from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import Timeout

from corpus.storage.store import Store
from corpus.storage.view import View
from index.backends import Rankings, Reached, Server
from index.errors import DerivedError
from index.files import read_json, write_json
from index.filters import count_passing
from index.locks import Turn
from index.milvus.connection import Connection
from index.milvus.rows import create, expression, query, rows
from index.types import Filter, ScoredId, Vectors

if TYPE_CHECKING:
    from pymilvus import MilvusClient

FILE = "milvus.json"
KIND = "milvus-hnsw"
_REACH = 128
_MOST = 16_384
"""Hits that one search of Milvus may give."""
_WIDEST = 32_768
"""Candidates that one search in its graph may keep."""
_ROWS = 1_000
"""Rows sent at a time: a few megabytes, where a message may have 64."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """The collection in use, and how far it has come."""

    collection: str
    last_chunk: int = 0
    last_removal: int = 0

    def behind(self, view: View) -> bool:
        """Whether it has not come as far as the view."""
        return Reached(self.last_chunk, self.last_removal).behind(view)


@dataclass(frozen=True, slots=True)
class MilvusSearch:
    """A collection for the length of one request. It may be ahead of the request's view of the store."""

    _connection: Connection
    _collection: str

    @property
    def kind(self) -> str:
        """The kind of the dense index."""
        return KIND

    @property
    def recall(self) -> None:
        """Not known: Milvus builds its graphs when it likes."""

    @property
    def stale(self) -> int:
        """None that we would know of: Milvus compacts by itself."""
        return 0

    @property
    def version(self) -> str:
        """The collection."""
        return self._collection

    def count(self, view: View, where: Filter) -> int:
        """How many articles pass the filter."""
        return count_passing(view, where) if where else view.state.articles

    def rankings(self, view: View, text: str, vector: Vectors, depth: int, where: Filter) -> Rankings:
        """The best chunks by vector and by words, ``depth`` of each and those tied with the last."""
        passing = expression(view, where)
        if passing is None:
            return Rankings([], [])
        words = query(text)

        def both(client: "MilvusClient") -> Rankings:
            return Rankings(
                self._nearest(client, vector, depth, passing),
                self._search(client, "bm25", words, depth, passing, {}) if words else [],
            )

        return self._connection.ask(both, collection=self._collection)

    def _nearest(self, client: "MilvusClient", vector: Vectors, depth: int, passing: str) -> list[ScoredId]:
        point = vector[0].tolist()
        found = self._search(client, "vector", point, depth, passing, {"ef": max(depth + 16, _REACH)})
        if len(found) < depth and passing:
            # A graph under a filter comes to too few of those that pass: look as far as it can.
            count = _count(client, self._collection, passing)
            if count > len(found):
                reach = {"ef": min(_WIDEST, max(count, depth + 16))}
                found = self._search(client, "vector", point, depth, passing, reach)
        return found

    def _search(
        self, client: "MilvusClient", field: str, sought: object, depth: int, passing: str, parameters: dict[str, int]
    ) -> list[ScoredId]:
        limit = min(depth + 16, _MOST)
        while True:
            found = client.search(
                self._collection,
                data=[sought],
                anns_field=field,
                filter=passing,
                limit=limit,
                search_params={"metric_type": "IP" if field == "vector" else "BM25", "params": parameters},
                consistency_level="Strong",
            )
            # BM25 is never below 0, but Milvus Lite gives it negated.
            scores = [hit["distance"] if field == "vector" else abs(hit["distance"]) for hit in found[0]]
            hits = [ScoredId(int(hit["id"]), score) for hit, score in zip(found[0], scores, strict=True)]
            if len(hits) < limit or hits[-1].score < hits[depth - 1].score or limit == _MOST:
                break
            limit = min(2 * limit, _MOST)  # the cut falls into a tie
        return [hit for hit in hits if len(hits) <= depth or hit.score >= hits[depth - 1].score]


class MilvusIndexes:
    """A collection of a server, kept in step with the store. Which one, and how far it has come, stands in a file of
    the archive.
    """

    def __init__(self, directory: Path, store: Store, dimensions: int, writer: Turn, server: Server) -> None:
        self._store = store
        self._dimensions = dimensions
        self._writer = writer
        self._connection = Connection(server)
        self._file = directory / "derived" / FILE
        self._file.parent.mkdir(exist_ok=True)

    # Reading

    def at(self, view: View) -> MilvusSearch:
        """The collection, come at least as far as the view. Raises DerivedError when Milvus can't be used."""
        stand = self._stand()
        if stand is None:
            with self._writer.taken():
                stand = self._followed()
        elif stand.behind(view):
            try:
                with self._writer.taken(wait=False):
                    stand = self._followed()
            except Timeout:
                pass  # its writer is at work on it just now
        return MilvusSearch(self._connection, stand.collection)

    def _stand(self) -> _Stand | None:
        fields = read_json(self._file)
        try:
            return None if fields is None else _Stand(**fields)
        except TypeError as error:
            raise DerivedError(f"{self._file} can't be read: {error}") from error

    # Writing

    def follow(self) -> None:
        """Take in what the store has committed. The right to write is held.

        Raises DerivedError when Milvus can't be used; what was committed stays, and is taken in once it can.
        """
        self._followed()

    def _followed(self) -> _Stand:
        stand = self._updated(self._stand() or self._created())
        write_json(self._file, asdict(stand))
        return stand

    def _created(self) -> _Stand:
        return _Stand(self._connection.ask(lambda client: create(client, self._dimensions)))

    def _updated(self, stand: _Stand) -> _Stand:
        """Bring a collection up to the store. Dying on the way leaves rows that are written again."""

        def update(client: "MilvusClient") -> _Stand:
            with self._store.read() as view:
                last_removal, removed = view.removed(after=stand.last_removal)
                last_chunk = max(view.last_chunk(), stand.last_chunk)
                texts = view.texts(after=stand.last_chunk)
                while batch := list(islice(texts, _ROWS)):
                    _, vectors = view.vectors(after=batch[0].id - 1, up_to=batch[-1].id, dimensions=self._dimensions)
                    client.upsert(stand.collection, rows(batch, vectors))
                for start in range(0, len(removed), _ROWS):
                    client.delete(stand.collection, ids=removed[start : start + _ROWS].tolist())
            return _Stand(stand.collection, last_chunk, last_removal)

        return self._connection.ask(update, collection=stand.collection)

    # Keeping in order

    def compact(self, *, force: bool) -> bool:
        """Make the collection anew from the store, with ``force``; without, nothing: Milvus compacts by itself."""
        if not force:
            return False
        stand = self._updated(self._created())
        with self._writer.taken():
            old = self._old()
            write_json(self._file, asdict(self._updated(stand)))
        if old is not None:
            self._connection.ask(lambda client: client.drop_collection(old.collection))
        return True

    def _old(self) -> _Stand | None:
        try:
            return self._stand()
        except DerivedError:
            return None  # its file is damaged: the collection that it named can't be told any more

    def close(self) -> None:
        """Nothing is done in the background."""

    def problems(self) -> list[str]:
        """What is wrong with the collection; empty when it is whole."""
        try:
            # Nobody else may write meanwhile, or the two counts belong to different generations.
            with self._writer.taken():
                name = self._followed().collection
                held = self._connection.ask(lambda client: _count(client, name, ""), collection=name)
                with self._store.read() as view:
                    chunks = view.state.chunks
        except DerivedError as error:
            return [f"derived: {error}"]
        return [] if held == chunks else [f"derived: Milvus has {held} chunks, the store {chunks}"]


def _count(client: "MilvusClient", collection: str, passing: str) -> int:
    found = client.query(collection, filter=passing, output_fields=["count(*)"], consistency_level="Strong")
    return int(found[0]["count(*)"])
