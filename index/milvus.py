"""The two indexes of an archive as a collection in Milvus, for archives that one machine can't search.

One row a chunk: its vector, its words, and what filters ask about. The words are those of the local full-text index,
stemmed by the same analyzer, so that both look for the same; Milvus weighs them by BM25 itself. The rankings are fused
by the same code as local ones.

What a cluster can't promise: the same lexical statistics everywhere, as each segment has its own, and so neither equal
scores for equal words; and a graph over everything, as each segment has its own of those too. See docs/scale.md.
"""

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from filelock import Timeout

from corpus.store import Store
from corpus.view import ChunkText, View
from index.errors import DerivedError
from index.indexes import Rankings, Server
from index.lexical import analyzed, sought
from index.manifest import read_json, write_json
from index.turns import Turn
from index.types import Filter, Half, ScoredId, Vectors

if TYPE_CHECKING:
    from pymilvus import MilvusClient

Result = TypeVar("Result")

FILE = "milvus.json"
KIND = "milvus-hnsw"
_LINKS, _WIDTH, _REACH = 16, 100, 128
_MOST = 16_384
"""Hits that one search of Milvus may give."""
_WIDEST = 32_768
"""Candidates that one search in its graph may keep."""
_ROWS = 1_000
"""Rows sent at a time: a few megabytes, where a message may have 64."""
_PINGS = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": False}
"""As rare as servers allow by default; pymilvus pings every ten seconds, and some hang up at that."""
_WAITS = (0.1, 0.5, 2.0)
"""Seconds before what failed is asked again."""
_NONE = -1
_VARCHAR = 65_535


@dataclass(frozen=True, slots=True)
class _Stand:
    """The collection in use, and how far it has come."""

    collection: str
    last_chunk: int = 0
    last_removal: int = 0


@dataclass(frozen=True, slots=True)
class MilvusSearch:
    """A collection for the length of one request. It may be ahead of the request's view of the store."""

    _client: "MilvusClient"
    _uri: str
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

    def rankings(self, view: View, text: str, vector: Vectors, depth: int, where: Filter) -> Rankings:
        """The best chunks by vector and by words, ``depth`` of each and some of those tied with the last."""
        passing = _expression(view, where)
        if passing is None:
            return Rankings([], [])
        words = " ".join(map(_alphanumeric, sought(text)))

        def both() -> Rankings:
            return Rankings(
                self._nearest(vector, depth, passing),
                self._search("bm25", words, depth, passing, {}) if words else [],
            )

        with _translated(self._uri):
            return _persistent(self._client, self._collection, both)

    def _nearest(self, vector: Vectors, depth: int, passing: str) -> list[ScoredId]:
        query = vector[0].tolist()
        found = self._search("vector", query, depth, passing, {"ef": max(depth + 16, _REACH)})
        if len(found) < depth and passing:
            # A graph under a filter comes to too few of those that pass: look as far as it can.
            count = self._count(passing)
            if count > len(found):
                found = self._search("vector", query, depth, passing, {"ef": min(_WIDEST, max(count, depth + 16))})
        return found

    def _search(
        self, field: str, query: object, depth: int, passing: str, parameters: dict[str, int]
    ) -> list[ScoredId]:
        limit = min(depth + 16, _MOST)
        while True:
            found = self._client.search(
                self._collection,
                data=[query],
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

    def _count(self, passing: str) -> int:
        return _count(self._client, self._collection, passing)


class MilvusIndexes:
    """A collection of a server, kept in step with the store. Which one, and how far it has come, stands in
    a file of the archive.
    """

    def __init__(self, directory: Path, store: Store, dimensions: int, writer: Turn, server: Server) -> None:
        self._store = store
        self._dimensions = dimensions
        self._writer = writer
        self._uri = server.uri
        self._token = server.token
        self._file = directory / "derived" / FILE
        self._file.parent.mkdir(exist_ok=True)
        self._connecting = threading.Lock()

    @property
    def _client(self) -> "MilvusClient":
        with self._connecting:
            return self._connected

    @cached_property
    def _connected(self) -> "MilvusClient":
        with _translated(self._uri):
            from pymilvus import MilvusClient

            return MilvusClient(uri=self._uri, token=self._token, timeout=30, grpc_options=_PINGS)

    # Reading

    def at(self, view: View) -> MilvusSearch:
        """The collection, come at least as far as the view. Raises DerivedError when Milvus can't be used."""
        stand = self._stand()
        if stand is None:
            with self._writer.taken():
                stand = self._followed()
        elif stand.last_chunk < view.last_chunk() or stand.last_removal < view.last_removal():
            try:
                with self._writer.taken(wait=False):
                    stand = self._followed()
            except Timeout:
                pass  # its writer is at work on it just now
        return MilvusSearch(self._client, self._uri, stand.collection)

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
        with _translated(self._uri):
            client = self._client
            old = self._stand() or _Stand(_persistent(client, None, self._created))
            stand = _persistent(self._client, old.collection, lambda: self._updated(old))
            write_json(self._file, asdict(stand))
            return stand

    def _updated(self, stand: _Stand) -> _Stand:
        """Bring a collection up to the store. Dying on the way leaves rows that are written again."""
        with self._store.read() as view:
            last_removal, removed = view.removed(after=stand.last_removal)
            last_chunk = max(view.last_chunk(), stand.last_chunk)
            texts = view.texts(after=stand.last_chunk)
            while batch := list(islice(texts, _ROWS)):
                _, vectors = view.vectors(after=batch[0].id - 1, up_to=batch[-1].id, dimensions=self._dimensions)
                self._client.upsert(stand.collection, _rows(batch, vectors))
            for start in range(0, len(removed), _ROWS):
                self._client.delete(stand.collection, ids=removed[start : start + _ROWS].tolist())
        return _Stand(stand.collection, last_chunk, last_removal)

    def _created(self) -> str:
        from pymilvus import DataType, Function, FunctionType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("article", DataType.INT64)
        schema.add_field("day", DataType.INT64)
        schema.add_field("source", DataType.VARCHAR, max_length=_VARCHAR)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimensions)
        analyzer = {"tokenizer": "standard"}
        schema.add_field("words", DataType.VARCHAR, max_length=_VARCHAR, enable_analyzer=True, analyzer_params=analyzer)
        schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function("bm25", FunctionType.BM25, ["words"], ["bm25"]))
        kinds = MilvusClient.prepare_index_params()
        graph = {"M": _LINKS, "efConstruction": _WIDTH}
        kinds.add_index("vector", index_type="HNSW", metric_type="IP", params=graph)
        kinds.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params={})
        for field in ("article", "day", "source"):
            kinds.add_index(field, index_type="INVERTED")
        name = f"citewire_{uuid.uuid4().hex}"
        self._client.create_collection(name, schema=schema, consistency_level="Strong")
        self._client.create_index(name, kinds, sync=False)  # over nothing yet: waiting costs half a second for each
        self._client.load_collection(name)
        return name

    # Keeping in order

    def compact(self, *, force: bool) -> bool:
        """Make the collection anew from the store, with ``force``; without, nothing: Milvus compacts by itself."""
        if not force:
            return False
        with _translated(self._uri):
            new = _Stand(_persistent(self._client, None, self._created))
            stand = _persistent(self._client, new.collection, lambda: self._updated(new))
            with self._writer.taken():
                old = self._old()
                write_json(self._file, asdict(self._updated(stand)))
            if old is not None:
                self._client.drop_collection(old.collection)
        return True

    def _old(self) -> _Stand | None:
        try:
            return self._stand()
        except DerivedError:
            return None  # its file is damaged: the collection that it named can't be told any more

    def problems(self) -> list[str]:
        """What is wrong with the collection; empty when it is whole."""
        try:
            # Nobody else may write meanwhile, or the two counts belong to different generations.
            with self._writer.taken():
                stand = self._followed()
                with self._store.read() as view, _translated(self._uri):
                    client, name = self._client, stand.collection
                    held = _persistent(client, name, lambda: _count(client, name, ""))
                    chunks = view.state.chunks
        except DerivedError as error:
            return [f"derived: {error}"]
        return [] if held == chunks else [f"derived: Milvus has {held} chunks, the store {chunks}"]


def _rows(batch: Sequence[ChunkText], vectors: Half) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "article": one.article,
            "day": _NONE if one.day is None else one.day,
            "source": _named(one.source),
            "vector": vector.tolist(),
            "words": " ".join(_alphanumeric(word) for word in analyzed(f"{one.title} {one.text}"))[:_VARCHAR],
        }
        for one, vector in zip(batch, vectors.astype(np.float32), strict=True)
    ]


def _alphanumeric(word: str) -> str:
    """A word that no tokenizer takes apart: ``400,000`` becomes ``400x2c000``."""
    return word if word.isalnum() else "".join(one if one.isalnum() else f"x{ord(one):x}" for one in word)


def _named(source: str | None) -> str:
    """A source as Milvus has it: one without a name differs from any name."""
    return "" if source is None else f"={source}"


def _expression(view: View, where: Filter) -> str | None:
    """A filter in Milvus' words, empty where everything passes; None where nothing does."""
    conditions: list[str] = []
    if where.sources is not None:
        if not where.sources:
            return None
        conditions.append(f"source in {_listed([_named(source) for source in where.sources])}")
    if where.article_ids is not None:
        numbers = view.numbers("id IN (SELECT value FROM json_each(?))", [json.dumps(where.article_ids)])
        if not len(numbers):
            return None
        conditions.append(f"article in {numbers.tolist()}")
    if where.published_from is not None:
        conditions.append(f"day >= {where.published_from.toordinal()}")
    if where.published_to is not None:
        dated = f"(day > {_NONE} and day <= {where.published_to.toordinal()})"
        conditions.append(f"({dated} or article in {[*where.also]})" if where.also else dated)
    return " and ".join(conditions)


def _listed(values: Sequence[str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _persistent(client: "MilvusClient", collection: str | None, work: Callable[[], Result]) -> Result:
    """What ``work`` gives, asked again for a few seconds where it fails: a connection that was dropped is made anew
    after a moment, and a server that was started anew has to load the collection.
    """
    from pymilvus import MilvusException

    for wait in _WAITS:
        try:
            return work()
        except MilvusException:
            time.sleep(wait)
            with suppress(MilvusException):
                if collection is not None:
                    client.load_collection(collection)
    return work()


def _count(client: "MilvusClient", collection: str, passing: str) -> int:
    rows = client.query(collection, filter=passing, output_fields=["count(*)"], consistency_level="Strong")
    return int(rows[0]["count(*)"])


@contextmanager
def _translated(uri: str) -> Iterator[None]:
    """What goes wrong with the server, in words for the person who will read them."""
    try:
        import grpc
        from pymilvus import MilvusException
    except ImportError:
        raise DerivedError("the package pymilvus is not installed: `pip install 'citewire[milvus]'`") from None
    try:
        yield
    except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
        message = error.message if isinstance(error, MilvusException) else str(error)
        raise DerivedError(f"Milvus at {uri} can't be used: {message}") from error
