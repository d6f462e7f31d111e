"""Figures in a text, with how they are worded: "more than 400,000 chips" -> from 400,000 up, of chips.

Whether two can be the same figure says ``qa/language/quantities.py``; dates are read by ``qa/language/dates.py``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.language.durations import joined
from qa.language.numbers import Number, Token, number_at, tokens
from qa.language.quantities import Quantity
from qa.language.units import PERCENT, POINTS, SIGNS, TIMES, UNITS, Unit, square

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
    "to": "or less, or fewer, at most",
    "about": "or so, or thereabouts",
}


def _phrases(kinds: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {tuple(phrase.split()): kind for kind, phrases in kinds.items() for phrase in phrases.split(", ")}


_BEFORE_PHRASES, _BEHIND_PHRASES = _phrases(_WORDINGS), _phrases(_BEHIND)
_LONGEST = max(map(len, _BEFORE_PHRASES))
_STOPS = frozenset(
    "a an the this that these those of in on at to from by for with and or but as than then when while which who whose "
    "is are was were be been being has have had do does did will would can could may might must should not no it its "
    "he she they we you i his her their our your him them us more less about over under into onto out up down off "
    "after before since until during between among per each every both all any some such so if because though "
    "said says told reported according that's last next ago later earlier old away apart".split()
)
"""Words that no thing counted is called by."""
_PLURALS = frozenset("people men women children police cattle sheep fish aircraft personnel staff teeth mice".split())
_NO_PLURALS = ("ss", "us", "is", "'s", "’s")
_DOLLARS = {"us": "USD", "hong kong": "HKD", "canadian": "CAD", "australian": "AUD", "singapore": "SGD"}
_LASTING = frozenset("than over nearly almost about least under for in lasted".split())
"""Words behind which "a year" is a length of time."""
_NEAR = 5
"""Words behind a figure among which the thing counted stands."""
_FEW = 20
"""Of more than so many, "of" goes before the thing counted: "tens of thousands of people", not "five of the ten"."""
_MULTIPLES = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0, "tripled": 3.0, "thrice": 3.0}
_MULTIPLES |= {"quadruple": 4.0, "quadrupled": 4.0, "halved": 0.5}
_NUMERALS = {"two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0, "ten": 10.0}
_MULTIPLES |= {f"{word}fold": value for word, value in _NUMERALS.items()}


def quantities(text: str) -> list[Quantity]:
    """Every figure in a text that is no part of a date, in order."""
    return joined(text, _quantities(text, tokens(text)))


def counting(found: Quantity, things: str | None) -> Quantity:
    """The figure; of these things where its own text names none."""
    return replace(found, unit=Unit(things, singular(things))) if things and not found.unit else found


def counted_in(question: str) -> str | None:
    """The things that a question asks the number of: "How many H200 chips were approved?" -> "chips"."""
    found = tokens(question)
    for at in range(len(found) - 1):
        if (found[at].text, found[at + 1].text) == ("how", "many"):
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
            yield read[0]


def _ranged(text: str, found: Sequence[Token], at: int, behind: int) -> tuple[Quantity, int] | None:
    """A figure or a range of figures that begins at this token, and the token behind it."""
    first = _amount(found, at)
    if first is None:
        return None
    opened = _text(found, at - 1) if at > behind else ""
    last = _second(found, first, opened)
    unit = last.unit or first.unit
    end = last.end
    number = first.number
    low, high = number.low, last.number.high
    if last is not first:
        low = _scaled(first.number.low, last, found)
    if low > high:
        return None
    if number.share and unit is None:
        low, high, unit = 100 * low, 100 * high, Unit(PERCENT, PERCENT)
    if unit is None:
        unit, end = _counted(found, end, low, vague=number.vague)
    kind, start, wording = _worded(text, found, at, behind)
    if last is not first:
        opens = opened in ("between", "from")
        kind, start, wording = "range", at - opens, text[found[at - 1].start : found[at - 1].end] if opens else None
    elif number.vague:
        kind = "vague"
    if not kind and last is first and not number.vague:
        kind, end, wording = _worded_behind(text, found, end)
        if unit is None:
            unit, end = _counted(found, end, low)
    quantity = Quantity(
        low=None if kind == "to" else low,
        high=None if kind == "from" else high,
        unit=unit,
        wording=wording,
        start=found[start].start,
        end=found[end - 1].end,
        kind=kind,
    )
    return quantity, end


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number with its unit of money or measure, ending before token ``end``."""

    number: Number
    unit: Unit | None
    end: int


def _amount(found: Sequence[Token], at: int) -> _Amount | None:
    start, unit = _money_before(found, at)
    if start >= len(found):
        return None
    number = number_at(found, start)
    if number is None and _text(found, at) in ("a", "an") and at and found[at - 1].text in _LASTING:
        time = UNITS.get(_text(found, at + 1))
        if time and time.base == UNITS["year"].base:
            return _Amount(Number(at, at + 1, 1.0, 1.0), time, at + 2)  # "more than a decade"
    if number is None:
        return None
    if unit is not None:
        return _Amount(number, unit, number.end)
    whole = number.end + (_text(found, number.end) == "of")
    if number.share and (_text(found, whole), _text(found, whole + 1)) == ("a", "percentage"):
        return _Amount(number, Unit(POINTS, POINTS), whole + 3)  # "a quarter of a percentage point"
    of = number.vague and _text(found, number.end) == "of"
    unit, end = _unit_behind(found, number.end + of)
    end -= of and unit is None
    if unit is None and _part_of_word(found, number):
        return None
    return _Amount(number, unit, end)


def _money_before(found: Sequence[Token], at: int) -> tuple[int, Unit | None]:
    """Past the sign or code of a currency: "$", "US$", "RMB"; where there is none, at the same token."""
    for size in (2, 1):
        sign = [_text(found, place) for place in range(at, at + size)]
        if all(sign) and (code := SIGNS.get("".join(sign))):
            return at + size, Unit(code, code)
    unit, word = UNITS.get(_text(found, at)), _text(found, at)
    if unit and word in (unit.name.casefold(), "rmb", "rs") and unit.name.isupper():
        behind = at + 1 + (_text(found, at + 1) == ".")
        if behind < len(found) and found[behind].figures:
            return behind, unit
    return at, None


def _unit_behind(found: Sequence[Token], at: int) -> tuple[Unit | None, int]:
    """The unit of money or measure behind a number: "%", "per cent", "percentage points", "square miles", "-year"."""
    at += _text(found, at) == "-" and _text(found, at + 1) in UNITS
    word, then = _text(found, at), _text(found, at + 1)
    if word == "per" and then == "cent":
        return Unit(PERCENT, PERCENT), at + 2
    if word == "percentage" and then in ("points", "point"):
        return Unit(POINTS, POINTS), at + 2
    if word == "basis" and then in ("points", "point"):
        return Unit(POINTS, POINTS, 0.01), at + 2
    if word in ("square", "sq") and then in UNITS and (area := square(UNITS[then])):
        return area, at + 2
    named = f"{word} {then}" if word == "hong" else word
    behind = at + len(named.split())
    if named in _DOLLARS and _text(found, behind) in ("dollars", "dollar"):
        return Unit(_DOLLARS[named], _DOLLARS[named]), behind + 1
    if word in ("°", "º") and then in ("c", "f"):
        return UNITS["degrees"], at + 2
    return (UNITS[word], at + 1) if word in UNITS else (None, at)


def _second(found: Sequence[Token], first: _Amount, opened: str) -> _Amount:
    """The other end of a range, "20 to 30 million", "$5-6bn", "between 3 and 5"; the same where there is none."""
    joint = _text(found, first.end)
    if joint == "-" or joint in ("–", "—", "to") or (joint == "and" and opened == "between"):
        other = _amount(found, first.end + 1) if first.end + 1 < len(found) else None
        if other and not other.number.vague and _scaled(first.number.low, other, found) < other.number.high:
            return other
    return first


def _scaled(low: float, last: _Amount, found: Sequence[Token]) -> float:
    """The lower end with the upper one's magnitude, where it was meant too: "20 to 30 million"."""
    written = number_at(found[: last.number.first + 1], last.number.first)
    factor = last.number.high / written.high if written and written.high else 1.0
    return low * factor if low < 1_000 and low * factor < last.number.high else low


def _counted(found: Sequence[Token], at: int, value: float, *, vague: bool = False) -> tuple[Unit | None, int]:
    """The things counted, by the first plural behind the number: "400,000 H200 chips"."""
    first = at + (_text(found, at) == "-" or ((vague or value >= _FEW) and _text(found, at) == "of"))
    for place in range(first, min(first + _NEAR, len(found))):
        word = found[place].text
        if found[place].figures and place > first and found[place].start == found[place - 1].end:
            continue  # "H200"
        if found[place].figures or word in _STOPS or not word[0].isalpha():
            break
        if place == first and _text(found, place - 1) == "-":
            if word == "strong":
                break  # "a nine-strong council"
            return Unit(word + "s", word), place + 1  # "a 200-page report"
        plural = word in _PLURALS or (word.endswith("s") and not word.endswith(_NO_PLURALS) and len(word) > 3)
        if plural or (value == 1 and place == at):
            return Unit(word, singular(word)), place + 1
    return None, at


def _multiple(text: str, found: Sequence[Token], at: int, behind: int) -> tuple[Quantity, int] | None:
    """A multiple in one word, "twice", "doubled", "sixfold"; "six times" is a figure with a unit."""
    value = _MULTIPLES.get(_text(found, at))
    if value is None:
        return None
    kind, start, wording = _worded(text, found, at, behind)
    low, high = (None if kind == "to" else value), (None if kind == "from" else value)
    unit = Unit(TIMES, TIMES)
    return Quantity(low, high, unit, wording, found[start].start, found[at].end, kind), at + 1


def _worded(text: str, found: Sequence[Token], at: int, behind: int) -> tuple[str, int, str | None]:
    """The kind of the words before a figure, the token where they begin, and the words."""
    for size in range(_LONGEST, 0, -1):
        start = at - size
        if start >= behind and (kind := _BEFORE_PHRASES.get(tuple(token.text for token in found[start:at]))):
            return kind, start, text[found[start].start : found[at - 1].end]
    return "", at, None


def _worded_behind(text: str, found: Sequence[Token], end: int) -> tuple[str, int, str | None]:
    for size in (2, 1):
        phrase = tuple(token.text for token in found[end : end + size])
        if len(phrase) == size and (kind := _BEHIND_PHRASES.get(phrase)):
            return kind, end + size, text[found[end].start : found[end + size - 1].end]
    return "", end, None


def _part_of_word(found: Sequence[Token], number: Number) -> bool:
    """Whether the figures belong to a name: "H200", "COVID-19", "A380"."""
    first = number.first
    if not found[first].figures:
        return False
    before, behind = found[first - 1] if first else None, found[number.end] if number.end < len(found) else None
    if before and before.end == found[first].start and (before.text[-1].isalpha() or before.text == "#"):
        return True
    hyphen = first >= 2 and before is not None and before.text == "-" and before.end == found[first].start
    if hyphen and found[first - 2].end == found[first - 1].start and found[first - 2].text[-1].isalpha():
        return True
    return behind is not None and behind.start == found[number.end - 1].end and behind.text[0].isalpha()


def _text(found: Sequence[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) and not found[at].figures else ""
