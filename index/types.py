"""The types of searching: vectors, scored ids and hits."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""(n, dimensions), each row of length one."""
Half = npt.NDArray[np.float16]
"""Vectors as they are stored: (n, dimensions)."""
Ids = npt.NDArray[np.int64]
"""(n,), chunk ids as the store gives them."""


class ScoredId(NamedTuple):
    """A chunk id with the score one index gives it. Higher is better."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a search may find. Dates are inclusive; an undated article falls out of any date filter.

    An empty tuple of sources or article ids lets nothing through; None lets everything through. Articles whose number
    is ``also`` given pass ``published_to`` whatever their day.
    """

    sources: tuple[str, ...] | None = None
    published_from: date | None = None
    published_to: date | None = None
    article_ids: tuple[str, ...] | None = None
    also: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self != EVERYTHING


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found: ``article.text[start:end]``, its fused score, and its rank (from 1) in each list that held it."""

    chunk_id: int
    article_no: int
    article_id: str
    start: int
    end: int
    score: float
    rank: int
    dense_rank: int | None
    lexical_rank: int | None
