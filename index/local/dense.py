"""Dense search, by vectors. The only module that imports faiss.

A dense index is a large immutable base, memory-mapped from a file that was written aside, and a small tail in memory
for what came since; what was deleted is masked out of both. Vectors are kept as float16, the precision they are
stored in: half the memory traffic of float32, and every score is that of the stored vector, in base and tail alike.

Up to ``EXACT_UP_TO`` chunks every vector is scored. A larger base is divided into lists of near vectors, with a code of
four bits for every three dimensions of each (Jégou, Douze and Schmid, "Product Quantization for Nearest Neighbor
Search", 2011; looked up in registers: André, Kermarrec and Le Scouarnec, "Cache locality is not enough", 2015): the
codes in the lists nearest to a query choose the candidates, and these are scored by their vectors. What that finds is
measured against exact search when it is built, and lists that find too little are not kept. Where a filter lets few
chunks through, or the lists come to too few of them, each is scored.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import faiss
import numpy as np
import numpy.typing as npt

from index.errors import DerivedError
from index.files import sha256_of
from index.local.manifest import EXACT, LISTS
from index.types import Half, Ids, ScoredId, Vectors

EXACT_UP_TO = 50_000
"""Chunks of a base up to which it has no lists."""
REACHES = (1 / 10, 1 / 8, 1 / 6, 1 / 4, 1 / 2, 1)
"""Parts of the lists that are looked into: the first that finds enough. Questions need a tenth at least."""
LOOKED_AT = 40_000
"""Chunks whose codes are looked at, at least: they take a fifth of a millisecond. Over 79,037 chunks without doubles a
quarter of the lists found 0.976 of what is nearest to questions, though 0.994 of what is nearest to the sample."""
CANDIDATES = 1024
"""Chunks scored by their vectors, at least."""
RECALL = 0.98
"""The least part of the ten nearest that must be found."""
AIM = 0.983
"""The part that a reach is chosen for: what is measured on a sample errs by up to 0.3 percent."""
SAMPLE = 1000
"""Queries that it is measured with."""
MIXED = 8
"""Chunks that each of these is the middle of."""
FEW = 0.1
"""The part of a base up to which the chunks that a filter lets through are scored one by one."""
_NEAREST = 10
_LEARNT_FROM = 40  # vectors a list that the lists are learnt from
_BLOCK = 65_536  # vectors turned into float32 at a time


@dataclass(frozen=True, slots=True)
class _Part:
    """Vectors in faiss with the chunk ids of their rows, ascending, and the lists over them that a large base has.
    Never added to once it is made.
    """

    rows: faiss.Index
    ids: Ids
    lists: faiss.IndexRefine | None = None
    reach: int = 0

    def search(self, query: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None) -> list[ScoredId]:
        count = len(self.ids) if allowed is None else int(np.count_nonzero(allowed))
        k = min(k, count)
        if k == 0:
            return []
        # The bitmap must outlive the call: faiss keeps a pointer, not a copy.
        bitmap = None if allowed is None else np.packbits(allowed, bitorder="little")
        selector = None if bitmap is None else faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg,arg-type]  # wrapped at import, unknown to its stubs
        if self.lists is not None and count > FEW * len(self.ids):
            # Of what a filter lets through, as many must be looked at.
            reach = ceil(self.reach * len(self.ids) / count)
            found = self._scored(_searched(self.lists, query, k, reach, selector))
            if len(found) == k:
                return found
        settings = {} if selector is None else {"sel": selector}
        return self._scored(self.rows.search(query, k, params=faiss.SearchParameters(**settings)))

    def _scored(self, found: tuple[Vectors, Ids]) -> list[ScoredId]:
        scores, rows = found[0][0], found[1][0]
        there = rows >= 0
        return list(map(ScoredId, self.ids[rows[there]].tolist(), scores[there].tolist()))


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
    def load(cls, path: Path, *, sha256: str, dimensions: int, reach: int = 0) -> "DenseIndex":
        """Memory-map a base written by ``write_base``, which has told ``sha256`` and ``reach``.

        Reads the files once, at the speed of the disk, and raises DerivedError when they are not what was written.
        """
        try:
            if sha256_of(base_files(path)) != sha256:
                raise DerivedError(f"{path} is not what was written (sha256 differs)")
            rows = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            ids = np.load(_ids_path(path), mmap_mode="r")
        except (OSError, ValueError, RuntimeError) as error:
            raise DerivedError(f"{path} can't be read: {error}") from error
        if rows.d != dimensions or rows.ntotal != len(ids):
            raise DerivedError(f"{path} holds {rows.ntotal} vectors of {rows.d} dimensions, but {len(ids)} ids")
        lists = _quick(rows) if isinstance(rows, faiss.IndexRefine) else None
        rows = rows if lists is None else faiss.downcast_index(lists.refine_index)
        if not isinstance(rows, faiss.IndexScalarQuantizer):
            raise DerivedError(f"{path} has a format that this version does not read")
        base = _Part(rows, ids, lists, reach)
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
        codes of a large base miss. Equal scores come in no particular order.
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
    _add(rows, vectors)
    return _Part(rows, ids)


def _listed(ids: Ids, vectors: Half) -> _Part:
    """The vectors in lists, the reach of searches not chosen yet."""
    count = 2 ** round(np.log2(4 * np.sqrt(len(vectors))))  # about four times the root, as faiss advises
    group = next(size for size in (3, 2, 1) if vectors.shape[1] % size == 0)
    name = f"IVF{count},PQ{vectors.shape[1] // group}x4fs,Refine(SQfp16)"
    lists: Any = faiss.index_factory(vectors.shape[1], name, faiss.METRIC_INNER_PRODUCT)
    learnt = np.random.default_rng(0).permutation(len(vectors))[: _LEARNT_FROM * count]
    lists.train(vectors[np.sort(learnt)].astype(np.float32))
    _add(lists, vectors)
    return _Part(faiss.downcast_index(lists.refine_index), ids, _quick(lists))


def _quick(lists: faiss.IndexRefine) -> faiss.IndexRefine:
    """Tell faiss to take one query at a time, as searches come: a sixth faster than what it chooses by itself."""
    faiss.downcast_index(lists.base_index).implem = 10  # type: ignore[attr-defined]  # unknown to its stubs
    return lists


def _add(rows: faiss.Index, vectors: Half) -> None:
    for start in range(0, len(vectors), _BLOCK):
        rows.add(vectors[start : start + _BLOCK].astype(np.float32))


class Base(NamedTuple):
    """A base as it was written: its kind, the sha256 of its files, and where it has lists, how many of them searches
    look into and the part of the ten nearest that they find so.
    """

    kind: str
    sha256: str
    reach: int = 0
    recall: float | None = None


def write_base(path: Path, ids: Ids, vectors: Half, *, exact_up_to: int = EXACT_UP_TO) -> Base:
    """Write a base of these chunks (ids ascending) and force it to disk. Raises DerivedError when it can't be written;
    nothing of it is left then.
    """
    part, reach, recall = (_listed if len(ids) > exact_up_to else _part)(ids, vectors), 0, None
    index = part.rows
    if part.lists is not None:
        reach, recall = _reach(part, part.lists, vectors)
        if recall >= RECALL:
            index = part.lists
    try:
        faiss.write_index(index, str(path))
        np.save(_ids_path(path), ids)
        for file in base_files(path):
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
    except (OSError, RuntimeError) as error:
        for file in base_files(path):
            file.unlink(missing_ok=True)
        raise DerivedError(f"{path} can't be written: {error}") from error
    sha256 = sha256_of(base_files(path))
    return Base(LISTS, sha256, reach, recall) if index is part.lists else Base(EXACT, sha256)


def _reach(part: _Part, lists: faiss.IndexRefine, vectors: Half) -> tuple[int, float]:
    """The least reach that finds enough of what exact search finds; and how much it finds.

    A query is the middle of some chunks of the archive: as far from every chunk as questions are. Chunks themselves are
    found too easily (docs/decisions/0011-lists-over-large-bases.md).
    """
    groups = np.random.default_rng(0).integers(len(vectors), size=(MIXED, SAMPLE))
    queries = vectors[groups].astype(np.float32).sum(axis=0)
    queries /= np.maximum(np.linalg.norm(queries, axis=1, keepdims=True), 1e-9)
    nearest = part.rows.search(queries, _NEAREST)[1].tolist()
    reach, recall = 0, 0.0
    for share in REACHES:
        part_of = min(1.0, max(share, LOOKED_AT / len(vectors)))
        reach = ceil(part_of * faiss.extract_index_ivf(lists).nlist)
        found = _searched(lists, queries, _NEAREST, reach)[1].tolist()
        recall = float(
            np.mean([len({*one} & {*other}) / len(other) for one, other in zip(found, nearest, strict=True)])
        )
        if recall >= AIM:
            break
    return reach, round(recall, 4)


def _searched(
    lists: faiss.IndexRefine, queries: Vectors, k: int, reach: int, selector: faiss.IDSelector | None = None
) -> tuple[Vectors, Ids]:
    """Scores and rows of the ``k`` best for each query, looking into ``reach`` lists."""
    settings = {} if selector is None else {"sel": selector}
    looking = faiss.IVFSearchParameters(nprobe=reach, **settings)  # type: ignore[call-arg]
    factor = max(2.0, CANDIDATES / k)
    parameters = faiss.IndexRefineSearchParameters(k_factor=factor, base_index_params=looking)  # type: ignore[call-arg]
    found: tuple[Vectors, Ids] = lists.search(queries, k, params=parameters)
    return found


def base_files(path: Path) -> Sequence[Path]:
    """The files that ``write_base`` makes for ``path``."""
    return path, _ids_path(path)


def _ids_path(path: Path) -> Path:
    return path.with_suffix(".ids.npy")
