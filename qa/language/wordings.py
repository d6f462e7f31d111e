"""The words around a figure that make it a bound or a rough one: "more than", "nearly", "or so"."""

from collections.abc import Sequence

from qa.language.tokens import Token

_WORDINGS = {
    "from": "more than, over, well over, above, well above, at least, no fewer than, not fewer than, no less than, "
    "not less than, upwards of, exceeding, in excess of, north of, a minimum of, beyond, topping, surpassing, >, ≥",
    "to": "up to, at most, no more than, not more than, less than, well under, under, well below, below, fewer than, "
    "a maximum of, as many as, as much as, as high as, short of, <, ≤",
    "near below": "nearly, almost, close to, just under, just below, approaching, slightly less than, slightly under, "
    "just short of",
    "near above": "just over, just above, slightly more than, slightly over, a little over, a little more than",
    "about": "about, around, roughly, approximately, some, an estimated, estimated at, circa, ca, c, approx, ~, ≈, "
    "in the region of, somewhere around, something like, on the order of",
    "exact": "exactly, precisely, only, a total of, as few as, as little as",
}
_BEHIND = {
    "from": "or more, or higher, or over, plus, at least, +",
    "to": "or less, or fewer, or lower, or colder, at most",
    "about": "or so, or thereabouts",
}


def _phrases(kinds: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): kind for kind, phrases in kinds.items() for phrase in phrases.split(", ")}


_BEFORE_PHRASES, _BEHIND_PHRASES = _phrases(_WORDINGS), _phrases(_BEHIND)
_LONGEST = max(map(len, _BEFORE_PHRASES))
_OPPOSITES = {"from": "to", "to": "from", "near below": "near above", "near above": "near below"}
_BY_VALUE = frozenset("under below less".split())
"""Words of "just under -10", which lies below -10, where "nearly -10" lies above it."""


def worded(text: str, found: Sequence[Token], at: int, behind: int) -> tuple[str, int, str | None]:
    """The kind of the words before a figure, the token where they begin, and the words."""
    for size in range(_LONGEST, 0, -1):
        start = at - size
        if start >= behind and (kind := _BEFORE_PHRASES.get(tuple(token.text for token in found[start:at]))):
            return kind, start, text[found[start].start : found[at - 1].end]
    return "", at, None


def worded_behind(text: str, found: Sequence[Token], end: int) -> tuple[str, int, str | None]:
    """The kind of the words behind a figure, the token behind them, and the words."""
    for size in (2, 1):
        phrase = tuple(token.text for token in found[end : end + size])
        if len(phrase) == size and (kind := _BEHIND_PHRASES.get(phrase)):
            return kind, end + size, text[found[end].start : found[end + size - 1].end]
    return "", end, None


def below(kind: str, wording: str | None, *, turned: bool) -> str:
    """The kind of a negative figure; ``turned`` of one that is told without a sign, as "over 12 degrees below zero"."""
    if turned:
        return _OPPOSITES.get(kind, kind)
    size = kind == "near below" and not _BY_VALUE & {*(wording or "").casefold().split()}
    return "near above" if size else kind
