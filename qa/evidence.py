"""Spans into answers: those that say the same are one answer, cited once for each origin.

The sentence reader finds whole sentences; two of them say the same when they hold the same figures and share most of
their words. Weighing answers against each other is the business of a reader that finds shorter ones.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Claim(NamedTuple):
    """What a span says, and what tells the origin of its article from others."""

    text: str
    origin: str


_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_WORDS = re.compile(r"\w{4,}")
_SAME = 0.5


def says_the_same(one: str, other: str) -> bool:
    """Whether two sentences hold the same figures, and at least half of the longer words of the shorter one."""
    if set(_FIGURES.findall(one)) != set(_FIGURES.findall(other)):
        return False
    mine, theirs = ({word.casefold() for word in _WORDS.findall(text)} for text in (one, other))
    if not mine or not theirs:
        return one.casefold() == other.casefold()
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
