"""Spans into answers: those that say the same are one answer, cited once for each origin.

Two spans say the same when they hold the same figures and one's words are the other's, or most of them. Weighing
answers against each other, by value and unit, is not done here yet.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Claim(NamedTuple):
    """What a span says, and what tells the origin of its article from others."""

    text: str
    origin: str


_FIGURES = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*")
_WORDS = re.compile(r"\w+")
_EMPTY = frozenset(
    "a about almost an and around at by for in nearly of on over roughly some than that the to more".split()
)
_SAME = 0.5
_SHORT = 6
"""Words up to which the same figures are enough: "more than 400,000" and "over 400,000 chips"."""


def says_the_same(one: str, other: str) -> bool:
    """Whether two spans hold the same figures, and at least half of the words of the shorter one."""
    figures = set(_FIGURES.findall(one))
    if figures != set(_FIGURES.findall(other)):
        return False
    mine, theirs = ({word.casefold() for word in _WORDS.findall(text)} - _EMPTY for text in (one, other))
    if not mine or not theirs:
        return one.casefold() == other.casefold()
    if figures and min(len(mine), len(theirs)) <= _SHORT:
        return True
    return len(mine & theirs) >= _SAME * min(len(mine), len(theirs))


def agreeing(claims: Sequence[Claim], k: int) -> list[int]:
    """Places of the first claim and of up to ``k - 1`` others that say the same, one an origin, in the order given."""
    kept: list[int] = []
    origins: set[str] = set()
    for row, claim in enumerate(claims):
        if len(kept) < k and claim.origin not in origins and says_the_same(claims[0].text, claim.text):
            kept.append(row)
            origins.add(claim.origin)
    return kept
