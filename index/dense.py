"""Search by vector. The one module that imports faiss.

A dense index is a large immutable base, memory-mapped from a file that was written aside, and a small tail in memory
for what came since; what was deleted is masked out of both. Vectors are kept as float16, the precision they are
stored in: half the memory traffic of float32, and every score is that of the stored vector, in base and tail alike.

This is the exact index, right up to about 50,000 chunks and usable to a few hundred thousand; ``_Base`` is the seam
where another kind goes.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import DerivedError
from index.types import Half, Ids, ScoredId, Vectors

KIND = "exact-float16"
_BLOCK = 65_536  # vectors turned into float32 at a time


@dataclass(frozen=True, slots=True)
class _Part:
    """One faiss index with the chunk ids of its rows, ascending. Never added to once it is made."""

    rows: faiss.Index
    ids: Ids

    def search(self, query: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None) -> list[ScoredId]:
        k = min(k, len(self.ids))
        if k == 0:
            return []
        parameters = None
        if allowed is not None:
            # The bitmap must outlive the call: faiss keeps a pointer, not a copy.
            bitmap = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bitmap))  # type: ignore[call-arg,arg-type]  # wrapped at import, unknown to its stubs
        scores, rows = self.rows.search(query, k, params=parameters)
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
    def load(cls, path: Path, *, size: int, dimensions: int) -> "DenseIndex":
        """Memory-map a base written by ``write_base``. Raises DerivedError when it is not the file that was written."""
        try:
            if path.stat().st_size != size:
                raise DerivedError(f"{path} has {path.stat().st_size} bytes where {size} were written")
            rows = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            ids = np.load(_ids_path(path), mmap_mode="r")
        except (OSError, ValueError, RuntimeError) as error:
            raise DerivedError(f"{path} can't be read: {error}") from error
        if rows.d != dimensions or rows.ntotal != len(ids):
            raise DerivedError(f"{path} holds {rows.ntotal} vectors of {rows.d} dimensions, its ids are {len(ids)}")
        return cls(_Part(rows, ids), cls.empty(dimensions).tail, np.empty(0, np.int64))

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

        Exact; among ``allowed`` (ascending) only, if given. Equal scores come in no particular order.
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
    rows.train(np.zeros((1, vectors.shape[1]), np.float32))  # learns nothing: float16 has no parameters
    for start in range(0, len(vectors), _BLOCK):
        rows.add(vectors[start : start + _BLOCK].astype(np.float32))
    return _Part(rows, ids)


def write_base(path: Path, ids: Ids, vectors: Half) -> int:
    """Write a base of these chunks (ids ascending) and force it to disk; returns its size in bytes."""
    part = _part(ids, vectors)
    faiss.write_index(part.rows, str(path))
    np.save(_ids_path(path), ids)
    for file in (path, _ids_path(path)):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
    return path.stat().st_size


def base_files(path: Path) -> Sequence[Path]:
    """The files that ``write_base`` makes for ``path``."""
    return path, _ids_path(path)


def _ids_path(path: Path) -> Path:
    return path.with_suffix(".ids.npy")
