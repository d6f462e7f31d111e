"""What a figure is, and whether two can be the same one, in other words.

"More than" leaves the upper end open, but nobody writes "more than 400,000" of two millions: ``spread`` gives the
bounds that the choice of words allows.
"""

from dataclasses import dataclass, replace
from math import floor, log10

from qa.language.numbers import scaled
from qa.language.units import DEGREES, POINTS, UNITS, Unit

_ROUNDED = 100
"""From so many on things are not counted one by one."""
_MEASURES = frozenset(unit.base for unit in UNITS.values()) | {POINTS}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure that stands at ``[start, end)`` of its text, wording and unit included.

    ``low`` and ``high`` are what the words say, in units; None is open. ``kind`` is a key of the wordings, "range",
    "vague" or "" for a bare figure. At ``said`` ends what no one may leave out: the number, its sign and its bound, but
    not the thing counted.
    """

    low: float | None
    high: float | None
    unit: Unit | None
    wording: str | None
    start: int
    end: int
    kind: str = ""
    said: int = 0

    @property
    def told(self) -> tuple[float | None, float | None]:
        """``low`` and ``high`` in what the unit is named: 99 cents, whose unit is "USD", are 0.99."""
        if self.unit is None or self.unit.name != self.unit.base:
            return self.low, self.high
        factor = self.unit.factor
        low, high = (None if end is None else scaled(end, factor) for end in (self.low, self.high))
        return low, high

    @property
    def figure(self) -> float:
        """The number that was written, the middle one of several."""
        if self.low is None or self.high is None:
            return (self.high if self.low is None else self.low) or 0.0
        return (self.low + self.high) / 2


def spread(one: Quantity) -> tuple[float, float]:
    """The values, in base units, that a writer who chose these words can have meant."""
    factor = one.unit.factor if one.unit else 1.0
    zero = one.unit.zero if one.unit else 0.0
    if one.low is not None and one.high is not None and one.low != one.high:
        return one.low * factor + zero, one.high * factor + zero
    value = one.figure
    below, above = _room(one.kind, abs(value), _step(value), counted=one.unit is None or not measured(one.unit))
    return (value - below) * factor + zero, (value + above) * factor + zero


def _room(kind: str, value: float, step: float, *, counted: bool) -> tuple[float, float]:
    """How far below and above a figure the value can lie; ``step`` is one of its last figure that is not nought.

    ``value`` is without its sign: less than -10 goes as far beyond it as more than 10 does.
    """
    match kind:
        case "from":
            return 0.0, min(max(step, 0.1 * value), 0.5 * value)
        case "to":
            return 0.25 * value, 0.0
        case "near below":
            return 0.1 * value, 0.0
        case "near above":
            return 0.0, 0.1 * value
        case "about":
            room = min(max(step / 2, 0.05 * value), 0.1 * value)
        case _ if not counted:
            room = min(step / 2, 0.02 * value)  # measures are rounded
        case _:
            room = min(step / 2, 0.01 * value) if value >= _ROUNDED or value % 1 else 0.0
    return room, room


def agree(one: Quantity, other: Quantity) -> bool:
    """Whether both can be the same figure of the same unit; a figure without a unit may be of any, and degrees without
    a scale of either. Degrees of two scales may be a change as well: it warmed by 1 °C, or 1.8 °F.
    """
    if not same_unit(one.unit, other.unit):
        return False
    one, other = in_one_scale(one, other)
    if one.unit and other.unit and one.unit.zero != other.unit.zero:
        change, another = one.unit._replace(zero=0.0), other.unit._replace(zero=0.0)
        if _overlap(replace(one, unit=change), replace(other, unit=another)):
            return True
    return _overlap(one, other)


def in_one_scale(one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    """Both figures; degrees of either scale where one of them is told without."""
    if one.unit != other.unit and DEGREES in (one.unit, other.unit) and same_unit(one.unit, other.unit):
        return replace(one, unit=DEGREES), replace(other, unit=DEGREES)
    return one, other


def _overlap(one: Quantity, other: Quantity) -> bool:
    """Whether the values that both can mean have one in common."""
    (low, high), (least, most) = spread(one), spread(other)
    slack = 1e-9 * max(map(abs, (low, high, least, most)))
    return low <= most + slack and least <= high + slack


def same_unit(one: Unit | None, other: Unit | None) -> bool:
    """Whether figures of these units compare; things counted do with each other, whatever they are called."""
    if one is None or other is None:
        return not any(unit and measured(unit) for unit in (one, other))
    return one.base == other.base or not (measured(one) or measured(other))


def measured(unit: Unit) -> bool:
    """Whether it is a unit of money, share or measure, rather than the name of things counted."""
    return unit.base in _MEASURES


def width(one: Quantity) -> float:
    """How much room the words leave, as a part of the figure: 0 is most precise."""
    low, high = spread(one)
    return (high - low) / max(abs(low), abs(high), 1e-9)


def _step(value: float) -> float:
    """One of the last figure that is not nought: 100,000 of 400,000, 0.1 of 1.4."""
    if not value:
        return 0.0
    mantissa, _, _ = f"{abs(value):.5e}".partition("e")
    significant = len(mantissa.rstrip("0").rstrip(".").replace(".", ""))
    return float(10 ** (floor(log10(abs(value))) - significant + 1))
