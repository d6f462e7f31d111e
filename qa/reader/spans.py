"""The best spans under independent scores for their first and last piece, and a passage's reading made of them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qa.reader import NOTHING
from qa.reader.types import Reading, Span

Scores = npt.NDArray[np.float32]
LONGEST = 30
"""Word pieces that an answer has at most."""
TRIED = 12
"""Best spans looked at for some that don't overlap."""
KEPT = 3
"""Spans that a passage's reading has at most."""


class PieceSpan(NamedTuple):
    """``[start, end)`` in pieces, with the score of its first piece as a start and its last as an end, added up."""

    start: int
    end: int
    score: float


def best_spans(starts: Scores, ends: Scores, count: int, longest: int = LONGEST) -> list[PieceSpan]:
    """The ``count`` best spans of at most ``longest`` pieces, best first; ties in order of start, then of end.

    ``starts`` and ``ends`` are (pieces,). Fewer where there are fewer.
    """
    pieces = len(starts)
    longest = min(longest, pieces)
    if not pieces or count < 1 or longest < 1:
        return []
    # Row i holds the spans that start at i, column j those that end j pieces later.
    padded = np.concatenate([ends, np.full(longest - 1, -np.inf, np.float32)])
    table = starts[:, None] + np.lib.stride_tricks.sliding_window_view(padded, longest)
    scores = table.ravel()
    count = min(count, int(np.count_nonzero(scores > -np.inf)))
    if not count:
        return []
    least = np.partition(scores, len(scores) - count)[len(scores) - count]
    places = np.flatnonzero(scores >= least)
    ordered = places[np.argsort(-scores[places], kind="stable")][:count]
    return [
        PieceSpan(int(place) // longest, int(place) // longest + int(place) % longest + 1, float(scores[place]))
        for place in ordered
    ]


def whole_words(starts: Scores, ends: Scores, inside: Sequence[bool]) -> tuple[Scores, Scores]:
    """The scores without those of spans that begin or end inside a word: ``inside`` (pieces + 1,) says of each piece,
    and of the one behind the last, whether it goes on with the word of the one before.
    """
    within = np.array(inside)
    return np.where(within[:-1], -np.inf, starts), np.where(within[1:], -np.inf, ends)


def reading(spans: Iterable[Span]) -> Reading:
    """A passage's reading: its best spans that don't overlap, and the best one's score."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (-one.score, one.start, one.end)):
        if len(kept) < KEPT and all(span.end <= one.start or one.end <= span.start for one in kept):
            kept.append(span)
    return Reading(kept[0].score if kept else NOTHING, tuple(kept))
