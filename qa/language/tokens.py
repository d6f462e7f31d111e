"""Words, figures and signs of a text, in order, for what reads numbers and units.

Figures that write no number, or that may write two, are one token without a value: times of day, scores, lists.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from qa.language.digit_groups import RUN, digits
from qa.language.units import CURRENCIES, SIGNS, UNITS

GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅕": 0.2, "⅛": 0.125}
MAGNITUDES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "lakh": 1e5,
    "crore": 1e7,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
SHORT = {
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "cr": 1e7,
    "bn": 1e9,
    "bln": 1e9,
    "b": 1e9,
    "tn": 1e12,
    "trn": 1e12,
    "t": 1e12,
}
"""Magnitudes that are written behind figures; the first letters alone only where nothing stands between."""
DASHES = frozenset("- \u2010 \u2011 \u2012 \u2013 \u2014 \u2212".split())
MINUSES = DASHES - {"\u2014"}

_TOKEN = re.compile(
    rf"(?P<figures>{RUN})|(?P<glyph>[{''.join(GLYPHS)}])|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<sign>[^\w\s])"
)
_CLOCK = re.compile(r"(?:[01]?[0-9]|2[0-3])\.[0-5][0-9]")
_AT = frozenset("at until till".split())
_HOURS = frozenset("am pm gmt utc bst cet est hrs".split())
_UNITS = frozenset(UNITS) | frozenset(MAGNITUDES) | frozenset(SHORT) | {"per", "percentage", "basis", "lakhs", "crores"}
_CODES = frozenset(word for word, unit in UNITS.items() if unit.base in CURRENCIES) | frozenset(SIGNS)
_JOINTS = DASHES | {"to", "and"}


INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
"""Where a word may be broken or not: characters that print nothing, "Mon\u200bday"."""


def visible(text: str) -> tuple[str, list[int]] | None:
    """A text without characters that print nothing, and where each of the others stood; None where it has none."""
    if INVISIBLE.search(text) is None:
        return None
    places = [place for place, character in enumerate(text) if not INVISIBLE.match(character)]
    return "".join(text[place] for place in places), places


class Token(NamedTuple):
    """A word (lower case), a run of figures or a sign, ``[start, end)`` in its text.

    Figures that write no number have no ``value``; that of a ``share`` is a part of a whole, as in "3/4".
    """

    text: str
    start: int
    end: int
    figures: bool = False
    value: float | None = None
    share: bool = False
    comma: bool = False


def tokens(text: str) -> list[Token]:
    """The words, figures and signs of a text, in order."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "figures":
            found.append(Token(match[0].casefold(), match.start(), match.end()))
            continue
        found += [
            Token(text[one.start : one.end], one.start, one.end, True, one.value, one.share, one.comma)
            for one in digits(text, match.start(), match.end())
        ]
    # From behind, since the unit of "1,5 to 2,5 per cent" is that of both.
    for at in range(len(found) - 1, -1, -1):
        if found[at].value is not None and (_needs_unit(found, at) or _in_chain(found, at)):
            found[at] = found[at]._replace(value=None)
    return found


def word_at(found: Sequence[Token], at: int) -> str:
    """The word or sign at a place, "" of figures and beyond the ends."""
    return found[at].text if 0 <= at < len(found) and not found[at].figures else ""


def words_at(found: Sequence[Token], at: int, count: int) -> tuple[str, ...]:
    """So many words and signs from a place on."""
    return tuple(word_at(found, place) for place in range(at, at + count))


def is_joined(found: Sequence[Token], at: int) -> bool:
    """Whether a token stands directly behind the one before it."""
    return 0 < at < len(found) and found[at].start == found[at - 1].end


def _needs_unit(found: Sequence[Token], at: int) -> bool:
    """Whether it is a number only beside a unit, and stands beside none: "2,5", or "9.30" of a time of day."""
    if found[at].comma:
        return not (_of_money(found, at) or _measured(found, at))
    if not _CLOCK.fullmatch(found[at].text) or _of_money(found, at):
        return False
    hours = word_at(found, at + 1)
    if hours in _HOURS or (hours in ("a", "p") and words_at(found, at + 2, 2) == (".", "m")):
        return True
    other = _other_end(found, at)
    if other and _CLOCK.fullmatch(found[other].text) and found[other].value is None:
        return True
    return word_at(found, at - 1) in _AT and not _measured(found, at)


def _of_money(found: Sequence[Token], at: int) -> bool:
    before = at - 1 - (word_at(found, at - 1) in MINUSES or word_at(found, at - 1) == ".")
    return word_at(found, before) in _CODES


def _measured(found: Sequence[Token], at: int) -> bool:
    """Whether a unit or a magnitude follows, or the other end of a range that one follows."""
    other = _other_end(found, at)
    ends = (at, other) if other and found[other].value is not None else (at,)
    return any(word_at(found, end + 1 + (word_at(found, end + 1) == "-")) in _UNITS for end in ends)


def _other_end(found: Sequence[Token], at: int) -> int:
    """Where the other end stands of a range that begins here, 0 for none."""
    if word_at(found, at + 1) not in _JOINTS:
        return 0
    end = at + 2
    while word_at(found, end) in SIGNS or word_at(found, end) in MINUSES:
        end += 1
    return end if end < len(found) and found[end].figures else 0


def _in_chain(found: Sequence[Token], at: int) -> bool:
    """Whether dashes join it to figures that write no number, or to two others: "555-123-4567", "2012-03-04"."""
    ends = []
    for step in (1, -1):
        end, length = at, 0
        while _beside(found, end, step):
            end, length = end + 2 * step, length + 1
            if found[end].value is None:
                return True
        ends.append(length)
    return sum(ends) > 1


def _beside(found: Sequence[Token], at: int, step: int) -> bool:
    """Whether a dash joins these figures to others, before them or behind."""
    first, last = (at, at + 2) if step > 0 else (at - 2, at)
    if first < 0 or last >= len(found) or not (found[first].figures and found[last].figures):
        return False
    return word_at(found, first + 1) in DASHES and is_joined(found, first + 1) and is_joined(found, last)
