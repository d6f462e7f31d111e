"""Fuses two rankings into one and breaks ties."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.types import ScoredId

RRF_K = 5
"""The constant of reciprocal rank fusion; the paper's is 60 (docs/decisions/0007-fusing-by-rank.md)."""

Place = tuple[str, int]
"""Where a chunk stands: article id and start. What breaks ties, whatever order articles were ingested in."""


class Fused(NamedTuple):
    """A chunk with its fused score and its rank, from 1, in each list that held it."""

    id: int
    score: float
    dense_rank: int | None
    lexical_rank: int | None


def rank_hits(scored: Sequence[ScoredId], places: Mapping[int, Place], depth: int) -> list[int]:
    """The ids of the ``depth`` best, best first; equal scores in order of their places."""
    best = sorted(scored, key=lambda one: (-one.score, places[one.id]))
    return [one.id for one in best[:depth]]


def fuse(
    dense: Sequence[int], lexical: Sequence[int], places: Mapping[int, Place], constant: float = RRF_K
) -> list[Fused]:
    """Reciprocal rank fusion of two rankings of chunk ids; equal scores in order of their places.

    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
    SIGIR 2009.
    """
    dense_ranks = {chunk_id: rank for rank, chunk_id in enumerate(dense, 1)}
    lexical_ranks = {chunk_id: rank for rank, chunk_id in enumerate(lexical, 1)}
    fused = [
        Fused(
            chunk_id,
            sum(1 / (constant + ranks[chunk_id]) for ranks in (dense_ranks, lexical_ranks) if chunk_id in ranks),
            dense_ranks.get(chunk_id),
            lexical_ranks.get(chunk_id),
        )
        for chunk_id in dense_ranks | lexical_ranks
    ]
    return sorted(fused, key=lambda one: (-one.score, places[one.id]))
