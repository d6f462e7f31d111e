"""Lengths of time that are told in several units: "two years and six months", "a year and a half"."""

import re
from collections.abc import Iterable
from dataclasses import replace

from qa.language.quantities import Quantity
from qa.language.units import PERCENT, UNITS

_AND = re.compile(r" and |, ")
_A_TIME = re.compile(r"\b(?:a|an|one) (?P<unit>hour|day|week|month|year|decade|century) and $", re.IGNORECASE)


def joined(text: str, figures: Iterable[Quantity]) -> list[Quantity]:
    """The figures of a text in order, a time told in several units as one of the largest."""
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
    """A time told in several units as one: "two years and six months", "a year and a half"; or None.

    ``smallest`` is the factor of the last of them.
    """
    half = one.unit is not None and one.unit.name == PERCENT and text[one.start : one.end].casefold() == "a half"
    if before and _is_time(before) and _AND.fullmatch(text, before.end, one.start) and before.low and one.low:
        factor = before.unit.factor if before.unit else 1.0
        if half:
            high = None if before.high is None else before.high + 0.5
            return replace(before, low=before.low + 0.5, high=high, end=one.end)
        if before.kind == "" and _is_time(one) and one.unit and one.unit.factor < smallest:
            value = before.low + one.low * one.unit.factor / factor
            return replace(before, low=value, high=value, end=one.end)
    if half and (match := _A_TIME.search(text, 0, one.start)):
        return replace(one, low=1.5, high=1.5, unit=UNITS[match["unit"].casefold()], start=match.start())
    return None


def _is_time(one: Quantity) -> bool:
    return one.unit is not None and one.unit.base == UNITS["year"].base and one.kind in ("", "from")
