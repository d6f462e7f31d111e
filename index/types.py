"""The types of searching: vectors, scored ids and hits."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

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


Undated = Literal["include", "exclude", "only"]
"""What a filter does with articles that have no date."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a search may find. Dates are inclusive. ``undated`` None excludes articles without a date where
    there is a first or last day, else includes them; "only" lets through no others, whatever the days.

    An empty tuple of sources or article ids lets nothing through; None lets everything through. Sources are compared
    to the letter. Articles whose number is ``also`` given pass ``published_to`` whatever their day.
    """

    sources: tuple[str, ...] | None = None
    published_from: date | None = None
    published_to: date | None = None
    article_ids: tuple[str, ...] | None = None
    also: tuple[int, ...] = ()
    undated: Undated | None = None

    def __bool__(self) -> bool:
        """Whether anything may be left out."""
        return self.sources is not None or self.article_ids is not None or self.dated or self.takes_undated != "include"

    @property
    def dated(self) -> bool:
        """Whether it has a first or a last day."""
        return self.published_from is not None or self.published_to is not None

    @property
    def takes_undated(self) -> Undated:
        """What it does with articles that have no date."""
        return self.undated or ("exclude" if self.dated else "include")


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
