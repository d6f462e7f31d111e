"""Names of outlets: which are the same, and which is nearest to one that no article has. Names were compared to the
letter before, so that a typing slip looked like silence.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import pairwise
from unicodedata import normalize

APOSTROPHES = dict.fromkeys(map(ord, "’‘‛ʼʻʽʹ′＇`´"), "'")
"""The signs that are typed for an apostrophe, as ``str.translate`` takes them."""
_LONGEST = 60  # characters of a name that are compared: it may come from anybody
_CLOSE = 20
"""Names that are compared letter by letter: those that share most pairs of letters, which is quick to see."""
_PART = 0.9
"""What likeness counts where only some words of a name are like another: a whole name that is as like comes first."""


def fold(name: str) -> str:
    """A name without case, the encoding of its accents (Unicode 16, D145), the form of its apostrophes, and white space
    around and between its words beyond one space. Names are the same where this is.
    """
    caseless = normalize("NFD", normalize("NFD", name).casefold()).translate(APOSTROPHES)
    return " ".join(normalize("NFC", caseless).split())


def nearest(name: str, known: Sequence[str]) -> str | None:
    """The known name that is most like another in its spelling, the first of several; None where none is known."""
    sought = fold(name[:_LONGEST])
    pairs = {*pairwise(sought)}

    def shared(one: str) -> tuple[float, float]:
        theirs = {*pairwise(fold(one[:_LONGEST]))}
        both = len(pairs & theirs)
        return both / (min(len(pairs), len(theirs)) or 1), both / (len(pairs | theirs) or 1)

    close = nlargest(_CLOSE, known, key=shared)
    return max(close, key=lambda one: _likeness(sought, fold(one[:_LONGEST])), default=None)


def _likeness(one: str, other: str) -> float:
    """From 0 to 1: of the whole names, or of some words in the longer with all those of the shorter."""
    short, long = sorted((re.findall(r"\w+", name) for name in (one, other)), key=len)
    parts = (_ratio(" ".join(short), part) for part in _runs(long, len(short)))
    return max(_ratio(one, other), _PART * max(parts, default=0.0))


def _runs(words: Sequence[str], count: int) -> Iterator[str]:
    return (" ".join(words[start : start + count]) for start in range(len(words) - count + 1))


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
