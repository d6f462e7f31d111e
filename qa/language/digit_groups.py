"""Runs of digits and what sets them apart -> the number that they write, or none.

A run is read whole or not at all. "416,000", "416 000" and "3.456.789" each can mean one number; "1,23,45", "10:30"
and "192.168.0.1" write none, and are one run all the same: half of one would be a figure that nobody wrote.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.language.units import CURRENCIES, UNITS

SPACES = " \u00a0\u2007\u2009\u200a\u202f"
"""Spaces that set groups of digits apart."""
_BETWEEN = r".,'’:;/⁄_·*×^=+~|\\&@#"
RUN = rf"\.?[0-9]+(?:(?:[{_BETWEEN}]{{1,3}}|[{SPACES}]{{1,2}})[0-9]+)*"
"""A pattern of all that may be one number. Dashes are left out: they join the ends of ranges."""

_GROUPS = r"[1-9][0-9]{0,2}"
_FORMS = tuple(
    (re.compile(form), point)
    for form, point in (
        (r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+", "."),  # 12, 0.5, .5
        (rf"{_GROUPS}(?:,[0-9]{{3}})+(?:\.[0-9]+)?", "."),  # 416,000
        (r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?", "."),  # 12,34,567, as in India
        (rf"{_GROUPS}(?:['’][0-9]{{3}})+(?:\.[0-9]+)?", "."),  # 416'000
        (rf"{_GROUPS}(?:\.[0-9]{{3}}){{2,}}", ","),  # 3.456.789
        (rf"{_GROUPS}(?:\.[0-9]{{3}})+,(?![0-9]{{3}}$)[0-9]+", ","),  # 1.234,56
        (r"0,[0-9]+", ","),  # 0,75
    )
)
"""How a number is written without spaces, and its sign for the point."""
_COMMA = re.compile(r"[1-9][0-9]*,[0-9]{1,2}")
"""A decimal comma or two items of a list: what stands beside it decides."""
_SPACED = re.compile(
    rf"{_GROUPS}(?P<space>[{SPACES}])[0-9]{{3}}(?:(?P=space)[0-9]{{3}})*(?:\.[0-9]+|,(?![0-9]{{3}}$)[0-9]+)?"
)
_FRACTION = re.compile(r"(?:(?P<whole>[1-9][0-9]*) )?(?P<part>[1-9])[/⁄](?P<of>[23458]|10)")
_ADDRESS = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")
_YEAR = re.compile(r"1[0-9]{3}|2[01][0-9]{2}")
_DAY = re.compile(r"[1-9]|[12][0-9]|3[01]")
_MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_BEFORE_YEARS = _MONTHS | frozenset(
    "in since of by until till from during before after year spring summer fall".split()
)
_WORD = re.compile(rf"(?P<word>[^\W\d_]+)[.,]?[{SPACES}]+$")
_NAMED = re.compile(r"(?P<word>[^\W\d_]+)[-\u2010\u2011]?$")
_PIECE = re.compile(rf"[^{SPACES}]+")
_CODES = frozenset(word for word, unit in UNITS.items() if unit.base in CURRENCIES)
_CODE = "|".join(sorted(map(re.escape, _CODES), key=len, reverse=True))
_COMPOUND = re.compile(rf"[-\u2010\u2011](?!(?i:[A-Z]{{1,3}}\$|{_CODE}) ?[0-9]|[A-Z]{{1,3}} ?[0-9])[^\W\d_]")
"""A dash that makes one word of a number and what follows ("100-metre"), and no range ("Rs 1 000-Rs 2 000")."""
_TEN = "0123456789"
_BYTE = 256
_NEAR = 16
"""Characters before a run in which the word before it stands."""


class Digits(NamedTuple):
    """Digits at ``[start, end)`` of a text. ``value`` is None where they write no number; of a ``share`` it is a part
    of a whole, and where ``comma`` is true it holds only beside a unit or a magnitude.
    """

    start: int
    end: int
    value: float | None
    share: bool = False
    comma: bool = False


def digits(text: str, start: int, end: int) -> Iterator[Digits]:
    """The run of digits at ``[start, end)`` of a text: one number or none, behind a day, a year or a name of its own.

    "In 2012 700 villagers" and "Covid-19 350 patients" have one number each; what stands before it counts nothing.
    """
    pieces = [(start + match.start(), start + match.end()) for match in _PIECE.finditer(text[start:end])]
    taken = _taken(text, pieces) if len(pieces) > 1 else 0
    for first, last in pieces[:taken]:
        yield Digits(first, last, None)
    yield _read(text, pieces[taken][0], end)


def _taken(text: str, pieces: Sequence[tuple[int, int]]) -> int:
    """How many pieces of a run are the name, the day or the year that stands before its number."""
    start, end = pieces[0][0], pieces[-1][1]
    before = text[max(0, start - _NEAR) : start]
    if (named := _NAMED.search(before)) and named["word"].casefold() not in _CODES:
        return 1
    words, word = [text[first:last] for first, last in pieces], _word_before(text, start)
    day = word in _MONTHS and _DAY.fullmatch(words[0]) and not _SPACED.fullmatch(text, start, end)
    taken = int(bool(day))
    if (day or word in _BEFORE_YEARS) and _YEAR.fullmatch(words[taken]):
        taken += 1
    whole = taken < len(words) and _read(text, pieces[taken][0], end).value is not None
    return taken if whole else 0


def _read(text: str, start: int, end: int) -> Digits:
    run = text[start:end]
    match = _FRACTION.fullmatch(run)
    if match and int(match["part"]) < int(match["of"]):
        value = int(match["whole"] or 0) + int(match["part"]) / int(match["of"])
        return Digits(start, end, value, share=not match["whole"])
    if _COMMA.fullmatch(run):
        return Digits(start, end, float(run.replace(",", ".")), comma=True)
    return Digits(start, end, _spaced(text, start, end) if _SPACED.fullmatch(run) else _value(run))


def _value(run: str) -> float | None:
    if _ADDRESS.fullmatch(run) and all(int(part) < _BYTE for part in run.split(".")):
        return None
    return next((_number(run, point) for form, point in _FORMS if form.fullmatch(run)), None)


def _spaced(text: str, start: int, end: int) -> float | None:
    """What groups with spaces say; None where "March 12 500", "+44 163 200" or "2 100-metre races" may mean more."""
    run = text[start:end]
    dated = _word_before(text, start) in _MONTHS and _DAY.fullmatch(run[: len(run) - len(run.lstrip(_TEN))])
    several = " " in run and _COMPOUND.match(text, end)
    if dated or several or text[:start].endswith("+"):
        return None
    return _number(run, "," if "," in run else ".")


def _number(run: str, point: str) -> float:
    return float("".join(one for one in run if one in _TEN or one == point).replace(point, "."))


def _word_before(text: str, start: int) -> str:
    match = _WORD.search(text[max(0, start - _NEAR) : start])
    return match["word"].casefold() if match else ""
