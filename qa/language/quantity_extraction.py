"""Figures in a text, with how they are worded: "more than 400,000 chips" -> from 400,000 up, of chips.

Whether two can be the same figure says ``qa/language/quantities.py``; dates are read by ``qa/language/dates.py``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.language.amounts import UNCLEAR, Amount, amount_at, below_zero, counts_below_zero
from qa.language.durations import joined
from qa.language.numbers import number_at, scaled
from qa.language.quantities import Quantity, measured
from qa.language.tokens import DASHES, Token, is_joined, tokens, visible, word_at, words_at
from qa.language.units import DEGREES, PERCENT, TIMES, Unit
from qa.language.wordings import below, worded, worded_behind

_STOPS = frozenset(
    "a an the this that these those of in on at to from by for with and or but as than then when while which who whose "
    "is are was were be been being has have had do does did will would can could may might must should not no it its "
    "he she they we you i his her their our your him them us more less about over under into onto out up down off "
    "after before since until during between among per each every both all any some such so if because though "
    "said says told reported according that's last next ago later earlier old away apart across plus".split()
)
"""Words that no thing counted is called by."""
_PLURALS = frozenset("people men women children police cattle sheep fish aircraft personnel staff teeth mice".split())
_NO_PLURALS = ("ss", "us", "is", "'s", "’s")
_NEAR = 5
"""Words behind a figure among which the thing counted stands."""
_FEW = 20
"""Of more than so many, "of" goes before the thing counted: "tens of thousands of people", not "five of the ten"."""
_MULTIPLES = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0, "tripled": 3.0, "thrice": 3.0}
_MULTIPLES |= {"quadruple": 4.0, "quadrupled": 4.0, "halved": 0.5}
_NUMERALS = {"two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0, "ten": 10.0}
_MULTIPLES |= {f"{word}fold": value for word, value in _NUMERALS.items()}
_POINTED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
"""A thousand of things, or one and a part: "1.500 people"."""


def quantities(text: str) -> list[Quantity]:
    """Every figure in a text that is no part of a date, in order."""
    if seen := visible(text):
        plain, places = seen
        return [
            replace(one, start=places[one.start], end=places[one.end - 1] + 1, said=places[one.said - 1] + 1)
            for one in quantities(plain)
        ]
    return joined(text, _quantities(text, tokens(text)))


def counting(found: Quantity, things: str | None) -> Quantity:
    """The figure; of these things where its own text names none."""
    return replace(found, unit=Unit(things, singular(things))) if things and not found.unit else found


def counted_in(question: str) -> str | None:
    """The things that a question asks the number of: "How many H200 chips were approved?" -> "chips"."""
    found = tokens(question)
    for at in range(len(found) - 1):
        if words_at(found, at, 2) in (("how", "many"), ("number", "of")):
            unit, _ = _counted(found, at + 2, _FEW)
            return unit.name if unit else None
    return None


def singular(word: str) -> str:
    """A thing's name for one of it: "companies" -> "company"."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(_NO_PLURALS) else word


def _quantities(text: str, found: Sequence[Token]) -> Iterator[Quantity]:
    at = behind = 0
    while at < len(found):
        read = _ranged(text, found, at, behind) or _multiple(text, found, at, behind)
        if read is None:
            at += 1
        else:
            at = behind = read[1]
            if read[0] is not None:
                yield read[0]


def _ranged(text: str, found: Sequence[Token], at: int, behind: int) -> tuple[Quantity | None, int] | None:
    """A figure or a range of figures that begins at this token, and the token behind it.

    None for a figure where what begins here cannot be read for sure: then none of it is.
    """
    first = amount_at(found, at)
    if first is None:
        return None
    opened = word_at(found, at - 1) if at > behind else ""
    last, behind_both = _second(found, first, opened)
    if first.minus == UNCLEAR or last is None or "" in (first.suffix, last.suffix):
        return None, behind_both
    unit, end, said = last.unit or first.unit, last.end, last.said
    low, high = _ends(found, first, last)
    if low > high:
        return None
    if first.number.share and unit is None:
        low, high, unit = 100 * low, 100 * high, Unit(PERCENT, PERCENT)
    cold = 0 if first.minus else below_zero(found, end, unit)
    if cold:
        low, high, unit, end, said = -high, -low, unit or DEGREES, cold, cold
    if unit is None:
        unit, end = _counted(found, end, abs(low), vague=first.number.vague)
    if (
        first.minus
        and unit
        and not measured(unit)
        and not counts_below_zero(found, first, fresh=_fresh(text, found, at))
    ):
        return None
    kind, start, wording = worded(text, found, at, behind)
    if last is not first:
        opens = opened in ("between", "from")
        kind, start, wording = "range", at - opens, text[found[at - 1].start : found[at - 1].end] if opens else None
    elif first.suffix and not kind:
        kind, wording = first.suffix, found[first.worded].text
    elif first.number.vague:
        kind = "vague"
    if not kind and last is first and not first.number.vague:
        kind, after, wording = worded_behind(text, found, end)
        said, end = (after if kind else said), after
        if unit is None:
            unit, end = _counted(found, end, abs(low))
    if _pointed(found, unit, first, last):
        return None, end
    if cold or first.minus:
        kind = below(kind, wording, turned=bool(cold))
    quantity = Quantity(
        low=None if kind == "to" else low,
        high=None if kind == "from" else high,
        unit=unit,
        wording=wording,
        start=found[start].start,
        end=found[end - 1].end,
        kind=kind,
        said=found[said - 1].end,
    )
    return quantity, end


def _second(found: Sequence[Token], first: Amount, opened: str) -> tuple[Amount | None, int]:
    """The other end of a range, "20 to 30 million", "$5-6bn", "between 3 and 5"; the same where there is none.

    None, with the token behind both, where what follows makes no range for sure: "3-1", "minus 7 to 9 degrees".
    """
    joint = word_at(found, first.end)
    tight = joint in DASHES and is_joined(found, first.end) and is_joined(found, first.end + 1)
    other = None
    if joint in DASHES or joint == "to" or (joint == "and" and opened == "between"):
        other = amount_at(found, first.end + 1, second=True) if first.end + 1 < len(found) else None
    if other and not other.number.vague:
        one_sign = first.minus and not other.minus and opened not in ("between", "from")
        if one_sign and tight != first.minus.isalpha():
            return None, other.end
        if (end := _run_end(found, other.end)) > other.end == other.number.end:
            return None, end
        low, high = _ends(found, first, other)
        # "One every 16 days – 133 people were killed".
        unlike = joint in DASHES and not tight and first.end > first.number.end and other.unit is None
        if low < high and not unlike and not (opened == "from" and other.minus and first.number.low > other.number.low):
            return other, other.end
    # Of what is written in one, "3-1", no part is a figure.
    end = _run_end(found, first.end)
    if tight and end > first.end == first.number.end and found[first.end - 1].figures:
        return None, end
    return first, first.end


def _ends(found: Sequence[Token], first: Amount, last: Amount) -> tuple[float, float]:
    """The lower and the upper end of a range, or of one figure."""
    if last is first:
        return first.number.low, first.number.high
    low, high = _scaled(first, last, found), last.number.high
    if first.minus.isalpha() and not last.minus and word_at(found, first.end) in DASHES:
        return -high, low  # "minus 7-9 degrees"
    if first.minus and last.minus and low > high:
        return last.number.low, low
    return low, high


def _scaled(first: Amount, last: Amount, found: Sequence[Token]) -> float:
    """The lower end with the upper one's magnitude and unit, where they were meant too: "20 to 30 million"."""
    low, number = first.number.low, last.number
    written = number_at(found[: number.first + 1], number.first)
    factor = abs(number.high) / written.high if written and written.high else 1.0
    if abs(low) < 1_000 and (number.high < 0 or low * factor <= number.high) and first.end == first.number.end:
        low = scaled(low, factor) if factor >= 1 else low
    if first.unit and last.unit and first.unit.base == last.unit.base != DEGREES.base and first.unit != last.unit:
        low *= first.unit.factor / last.unit.factor  # "99 cents to $2"
    return low


def _run_end(found: Sequence[Token], at: int) -> int:
    """The token behind the figures that dashes join to those before this one."""
    end = at
    while is_joined(found, end) and (found[end].figures or found[end].text in DASHES):
        end += 1
    return end if any(found[place].figures for place in range(at, end)) else at


def _fresh(text: str, found: Sequence[Token], at: int) -> bool:
    """Whether a token begins a line, where a dash is an item's."""
    return not text[: found[at].start].rpartition("\n")[2].strip()


def _pointed(found: Sequence[Token], unit: Unit | None, *amounts: Amount) -> bool:
    """Whether a point may set thousands apart, as in "1.500 people" and "12.000 euros"; not in "3.459 euros"."""
    if unit and unit.base == PERCENT:
        return False
    written = [found[one.number.first].text for one in amounts if abs(one.number.low) < 1_000]
    things = unit is not None and not measured(unit)
    return any(_POINTED.fullmatch(one) and (things or one.endswith("00")) for one in written)


def _counted(found: Sequence[Token], at: int, value: float, *, vague: bool = False) -> tuple[Unit | None, int]:
    """The things counted, by the first plural behind the number: "400,000 H200 chips"."""
    first = at + (word_at(found, at) == "-" or ((vague or value >= _FEW) and word_at(found, at) == "of"))
    for place in range(first, min(first + _NEAR, len(found))):
        word = found[place].text
        if found[place].figures and place > first and found[place].start == found[place - 1].end:
            continue  # "H200"
        if found[place].figures or word in _STOPS or not word[0].isalpha():
            break
        if place == first and word_at(found, place - 1) == "-":
            if word == "strong":
                break  # "a nine-strong council"
            return Unit(word if word.endswith("s") else word + "s", word), place + 1  # "a 200-page report"
        plural = word in _PLURALS or (word.endswith("s") and not word.endswith(_NO_PLURALS) and len(word) > 3)
        if plural or (value == 1 and place == at):
            return Unit(word, singular(word)), place + 1
    return None, at


def _multiple(text: str, found: Sequence[Token], at: int, behind: int) -> tuple[Quantity | None, int] | None:
    """A multiple in one word, "twice", "doubled", "sixfold"; "six times" is a figure with a unit."""
    value = _MULTIPLES.get(word_at(found, at))
    if value is None:
        return None
    kind, start, wording = worded(text, found, at, behind)
    low, high = (None if kind == "to" else value), (None if kind == "from" else value)
    unit = Unit(TIMES, TIMES)
    return Quantity(low, high, unit, wording, found[start].start, found[at].end, kind, found[at].end), at + 1
