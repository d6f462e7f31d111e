"""Search by vector. The one module that imports faiss.

A dense index is a large immutable base, memory-mapped from a file that was written aside, and a small tail in memory
for what came since; what was deleted is masked out of both. Vectors are kept as float16, the precision they are
stored in: half the memory traffic of float32, and every score is that of the stored vector, in base and tail alike.

Up to ``EXACT_UP_TO`` chunks every vector is scored. A larger base holds a graph as well that leads to the nearest
(Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small World
graphs", TPAMI 2020); what it finds is measured against exact search when it is built, and a graph that finds too little
is not kept. Where a filter lets few chunks through, or the graph comes to too few of them, each is scored.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import DerivedError
from index.manifest import EXACT, GRAPH
from index.types import Half, Ids, ScoredId, Vectors

EXACT_UP_TO = 50_000
"""Chunks of a base up to which it has no graph."""
LINKS = 32
"""Links of a chunk in the graph; twice as many at its lowest layer."""
WIDTH = 200
"""Candidates kept while a chunk is linked."""
REACHES = (128, 192, 256, 384, 512, 768, 1024, 1536, 2048)
"""Candidates kept while searching: the first that finds enough is taken."""
RECALL = 0.98
"""The least part of the ten nearest that a graph must find."""
SAMPLE = 400
"""Queries that it is measured with."""
FEW = 0.1
"""The part of a base up to which the chunks that a filter lets through are scored one by one."""
_NEAREST = 10
_BLOCK = 65_536  # vectors turned into float32 at a time


@dataclass(frozen=True, slots=True)
class _Part:
    """Vectors in faiss with the chunk ids of their rows, ascending, and the graph over them that a large base has.
    Never added to once it is made.
    """

    rows: faiss.Index
    ids: Ids
    graph: faiss.IndexHNSW | None = None
    reach: int = 0

    def search(self, query: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None) -> list[ScoredId]:
        count = len(self.ids) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, count)
        if k == 0:
            return []
        if self.graph is not None and count > FEW * len(self.ids):
            found = self._found(self.graph, query, k, allowed)
            if len(found) == k:
                return found
        return self._found(self.rows, query, k, allowed)

    def _found(
        self, index: faiss.Index, query: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None
    ) -> list[ScoredId]:
        settings: dict[str, object] = {}
        if allowed is not None:
            # The bitmap must outlive the call: faiss keeps a pointer, not a copy.
            bitmap = np.packbits(allowed, bitorder="little")
            settings["sel"] = faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg,arg-type]  # wrapped at import, unknown to its stubs
        reach = max(self.reach, k) if index is self.graph else None
        scores, rows = index.search(query, k, params=_parameters(reach, **settings))
        return [
            ScoredId(int(self.ids[row]), float(score))
            for row, score in zip(rows[0], scores[0], strict=True)
            if row >= 0
        ]


@dataclass(frozen=True, slots=True)
class DenseIndex:
    """The vectors of an archive at one generation. Immutable: ``extended`` and ``without`` give a new one."""

    base: _Part
    tail: _Part
    removed: Ids
    """Chunks of base or tail that are no more, ascending."""

    @classmethod
    def empty(cls, dimensions: int) -> "DenseIndex":
        """An index without any vector."""
        none = _part(np.empty(0, np.int64), np.empty((0, dimensions), np.float16))
        return cls(none, none, np.empty(0, np.int64))

    @classmethod
    def load(cls, path: Path, *, size: int, dimensions: int, reach: int = 0) -> "DenseIndex":
        """Memory-map a base written by ``write_base``, which has told ``size`` and ``reach``.

        Raises DerivedError when it is not the file that was written.
        """
        try:
            if path.stat().st_size != size:
                raise DerivedError(f"{path} has {path.stat().st_size} bytes where {size} were written")
            rows = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            ids = np.load(_ids_path(path), mmap_mode="r")
        except (OSError, ValueError, RuntimeError) as error:
            raise DerivedError(f"{path} can't be read: {error}") from error
        if rows.d != dimensions or rows.ntotal != len(ids):
            raise DerivedError(f"{path} holds {rows.ntotal} vectors of {rows.d} dimensions, its ids are {len(ids)}")
        graph = rows if isinstance(rows, faiss.IndexHNSW) else None
        base = _Part(rows if graph is None else faiss.downcast_index(graph.storage), ids, graph, reach)
        return cls(base, cls.empty(dimensions).tail, np.empty(0, np.int64))

    @property
    def stale(self) -> int:
        """Chunks in the tail and chunks removed: what a compaction would put in order."""
        return len(self.tail.ids) + len(self.removed)

    def extended(self, ids: Ids, vectors: Half) -> "DenseIndex":
        """With these chunks in the tail; their ids must be higher than any before."""
        if not len(ids):
            return self
        old = self.tail.rows
        rows = _part(ids, vectors).rows
        if old.ntotal:
            # A copy, so that searches under way keep the tail that they started with.
            joined = faiss.clone_index(old)
            joined.add(vectors.astype(np.float32))
            rows = joined
        return DenseIndex(self.base, _Part(rows, np.concatenate([self.tail.ids, ids])), self.removed)

    def without(self, ids: Ids) -> "DenseIndex":
        """With these chunks masked out; ids that were never in are ignored."""
        known = ids[np.isin(ids, self.base.ids) | np.isin(ids, self.tail.ids)] if len(ids) else ids
        if not len(known):
            return self
        return DenseIndex(self.base, self.tail, np.union1d(self.removed, known))

    def search(self, query: Vectors, k: int, *, allowed: Ids | None = None) -> list[ScoredId]:
        """The ``k`` best chunks for a query (1, dimensions), best first, and every chunk tied with the last of them.

        Among ``allowed`` (ascending) only, if given: ``k`` of them whenever there are so many. Exact but for what the
        graph of a large base misses. Equal scores come in no particular order.
        """
        parts = [(part, self._mask(part, allowed)) for part in (self.base, self.tail) if len(part.ids)]
        limit = k + 16
        while True:
            found = [scored for part, mask in parts for scored in part.search(query, limit, mask)]
            found.sort(key=lambda scored: -scored.score)
            # What lies behind the limit scores no higher than the last inside it: a tie that reaches it may go on.
            if len(found) < limit or found[limit - 1].score < found[k - 1].score:
                break
            limit *= 2
        return [scored for scored in found if len(found) <= k or scored.score >= found[k - 1].score]

    def _mask(self, part: _Part, allowed: Ids | None) -> npt.NDArray[np.bool_] | None:
        if allowed is None and not len(self.removed):
            return None
        mask = np.ones(len(part.ids), np.bool_) if allowed is None else _rows(part.ids, allowed)
        if len(self.removed):
            mask &= ~_rows(part.ids, self.removed)
        return mask


def _rows(ids: Ids, wanted: Ids) -> npt.NDArray[np.bool_]:
    """Which of ``ids`` (ascending) are among ``wanted`` (ascending)."""
    mask = np.zeros(len(ids), np.bool_)
    if len(ids) and len(wanted):
        places = np.searchsorted(ids, wanted)
        places[places == len(ids)] = 0
        mask[places[ids[places] == wanted]] = True
    return mask


def _part(ids: Ids, vectors: Half) -> _Part:
    rows = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    _fill(rows, vectors)
    return _Part(rows, ids)


def _linked(ids: Ids, vectors: Half) -> _Part:
    """The vectors with a graph over them, its reach not chosen yet."""
    kind = faiss.ScalarQuantizer.QT_fp16
    graph = faiss.IndexHNSWSQ(vectors.shape[1], kind, LINKS, faiss.METRIC_INNER_PRODUCT)  # type: ignore[arg-type]
    graph.hnsw.efConstruction = WIDTH
    _fill(graph, vectors)
    return _Part(faiss.downcast_index(graph.storage), ids, graph)


def _fill(rows: faiss.Index, vectors: Half) -> None:
    rows.train(np.zeros((1, vectors.shape[1]), np.float32))  # learns nothing: float16 has no parameters
    for start in range(0, len(vectors), _BLOCK):
        rows.add(vectors[start : start + _BLOCK].astype(np.float32))


class Base(NamedTuple):
    """A base as it was written: its kind, its size in bytes, and of a graph, how far searches reach in it and the part
    of the ten nearest that they find so.
    """

    kind: str
    size: int
    reach: int = 0
    recall: float | None = None


def write_base(path: Path, ids: Ids, vectors: Half, *, exact_up_to: int = EXACT_UP_TO) -> Base:
    """Write a base of these chunks (ids ascending) and force it to disk."""
    part, reach, recall = (_linked if len(ids) > exact_up_to else _part)(ids, vectors), 0, None
    index = part.rows
    if part.graph is not None:
        reach, recall = _reach(part, vectors)
        if recall >= RECALL:
            index = part.graph
    faiss.write_index(index, str(path))
    np.save(_ids_path(path), ids)
    for file in (path, _ids_path(path)):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
    size = path.stat().st_size
    return Base(GRAPH, size, reach, recall) if index is part.graph else Base(EXACT, size)


def _reach(part: _Part, vectors: Half) -> tuple[int, float]:
    """The least reach at which the graph finds enough of what exact search finds; and how much it finds.

    A query stands halfway between two chunks of the archive: as far from every chunk as questions are. Chunks
    themselves are found too easily (docs/decisions/0011-a-graph-over-large-bases.md).
    """
    pairs = np.random.default_rng(0).integers(len(vectors), size=(2, SAMPLE))
    queries = vectors[pairs].astype(np.float32).sum(axis=0)
    queries /= np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), 1e-9)
    nearest = _nearest(part.rows, queries)
    reach, recall = 0, 0.0
    for reach in REACHES:
        found = _nearest(part.graph, queries, reach)
        recall = float(np.mean([len(one & other) / len(other) for one, other in zip(found, nearest, strict=True)]))
        if recall >= RECALL:
            break
    return reach, round(recall, 4)


def _nearest(index: faiss.Index | None, queries: Vectors, reach: int | None = None) -> list[set[int]]:
    """The rows found nearest to each query."""
    rows = index.search(queries, _NEAREST, params=_parameters(reach))[1]  # type: ignore[union-attr]
    return [{*found.tolist()} - {-1} for found in rows]


def _parameters(reach: int | None, **settings: object) -> faiss.SearchParameters:
    """How an index is searched; ``reach`` is a graph's."""
    if reach is None:
        return faiss.SearchParameters(**settings)
    return faiss.SearchParametersHNSW(efSearch=reach, **settings)  # type: ignore[attr-defined,no-any-return]


def base_files(path: Path) -> Sequence[Path]:
    """The files that ``write_base`` makes for ``path``."""
    return path, _ids_path(path)


def _ids_path(path: Path) -> Path:
    return path.with_suffix(".ids.npy")
