"""Figures that are told in several parts: "two years and six months", "a mile and a half", "$5 and 20 cents"."""

import re
from collections.abc import Iterable
from dataclasses import replace

from qa.language.numbers import part_at
from qa.language.quantities import Quantity
from qa.language.tokens import tokens
from qa.language.units import CURRENCIES, PERCENT, TIMES, UNITS, Unit

_JOINTS = (" ", " and ", ", ")
_ONE = re.compile(r"\b(?:a|an|one) (?P<unit>[a-z]+) and $", re.IGNORECASE)
_TIME = UNITS["year"].base
_IN_TWO = {"feet": "inches", "lb": "ounces"}
"""Lengths and weights that are told with the smaller unit behind them."""
_DIVIDED = frozenset(unit.base for unit in UNITS.values()) - {PERCENT, TIMES}
_DIGITS = 12
"""Digits behind the point, beyond which a sum of floats has what nobody wrote."""
_ADDED = frozenset("half quarter quarters".split())


def joined(text: str, figures: Iterable[Quantity]) -> list[Quantity]:
    """The figures of a text in order, what is told in several units as one figure of the largest."""
    found: list[Quantity] = []
    smallest = 0.0
    for one in figures:
        before = found[-1] if found else None
        whole = _whole(text, before, one, smallest)
        if whole and before and whole.start == before.start:
            found.pop()
        found.append(whole or one)
        smallest = one.unit.factor if one.unit else 0.0
    return found


def _whole(text: str, before: Quantity | None, one: Quantity, smallest: float) -> Quantity | None:
    """A figure told in several parts as one: "two years and six months", "a year and a half"; or None.

    ``smallest`` is the factor of the last of them.
    """
    part = _part(text, one)
    if before and before.unit and before.low is not None and one.low is not None:
        between = text[before.end : one.start]
        if part and between == " and " and before.kind != "range" and _divides(before.unit):
            high = None if before.high is None else before.high + part
            return replace(before, low=before.low + part, high=high, end=one.end, said=one.end)
        if before.kind == "" and one.unit and one.unit.factor < smallest and _in_one(before.unit, one.unit, between):
            value = round(before.low + one.low * one.unit.factor / before.unit.factor, _DIGITS)
            return replace(before, low=value, high=value, end=one.end, said=one.end)
    if part and (match := _ONE.search(text, 0, one.start)):
        unit = UNITS.get(match["unit"].casefold())
        if unit and _divides(unit):
            return replace(one, low=1 + part, high=1 + part, unit=unit, start=match.start())
    return None


def _part(text: str, one: Quantity) -> float:
    """The part of one that a figure is which "and" may add, as "a half"; 0 for any other."""
    words = text[one.start : one.end].casefold().split()
    if one.unit is None or one.unit.name != PERCENT or one.kind or text.startswith(" of", one.end):
        return 0.0
    part = part_at(tokens(" ".join(words)), 0)
    return part[0] if part and len(words) > 1 and words[-1].rpartition("-")[2] in _ADDED else 0.0


def _in_one(large: Unit, small: Unit, between: str) -> bool:
    """Whether a figure in the smaller unit goes on with one in the larger, with this between them."""
    if large.base != small.base:
        return False
    if large.base == _TIME:
        return between in _JOINTS
    if large.base in CURRENCIES:
        return between in _JOINTS[:2]
    return _IN_TWO.get(large.name) == small.name and between in _JOINTS


def _divides(unit: Unit) -> bool:
    """Whether "and a half" is of a unit: "a mile and a half", not "20% and a half"."""
    return unit.base in _DIVIDED
