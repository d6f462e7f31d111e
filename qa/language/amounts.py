"""A number with its sign, its currency or its measure: "-$6 million", "minus 7 °C", "30-odd", "half an hour"."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.language.numbers import Number, number_at
from qa.language.tokens import DASHES, GLYPHS, MAGNITUDES, MINUSES, Token, is_joined, word_at, words_at
from qa.language.units import (
    CURRENCIES,
    DEGREES,
    FAHRENHEIT,
    PERCENT,
    POINTS,
    SCALES,
    SIGNS,
    TIMES,
    UNITS,
    Unit,
    hundredth,
    square,
)

UNCLEAR = "?"
"""The sign of what may be the other end of a range as well: "3 -1"."""
_OPENING = frozenset("( [ { \" ' “ ‘ « „".split())
_DOLLARS = {
    "us": "USD",
    "hong kong": "HKD",
    "canadian": "CAD",
    "australian": "AUD",
    "singapore": "SGD",
    "euro": "EUR",
}
"""The currency of so called dollars or cents."""
_LASTING = frozenset("than over nearly almost about least under for in lasted".split())
"""Words behind which "a year" is a length of time."""
_SCREENS = frozenset("144p 240p 360p 480p 576p 720p 1080p 1440p 2160p".split())
"""What is counted in lines, not in pence."""
_SUFFIXES = {"odd": "about", "some": "about", "ish": "about", "plus": "from", "something": "vague", "somethings": ""}
"""What a word behind a number makes of it, "" where it is none any longer: "40-odd boats", "20-somethings"."""
_OF_DEGREES = ("°", "º", "degree", "degrees")
_TIME = UNITS["year"].base
_FALLING = frozenset("to of at by was is were are be been from between and than about or hit reached averaged".split())
"""Words between which and the things counted "minus" is a sign: "growth of minus 33,000 jobs"."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit of money or measure, the tokens ``[start, end)``; it may not be cut before ``said``.

    ``minus`` is what makes it negative, "" for nothing; ``suffix`` the kind that a word behind gives it, which is the
    token ``worded``.
    """

    number: Number
    unit: Unit | None
    start: int
    end: int
    said: int
    minus: str = ""
    suffix: str | None = None
    worded: int = 0


def amount_at(found: Sequence[Token], at: int, *, second: bool = False) -> Amount | None:
    """The amount that begins at this token; ``second`` of what stands behind a joint, where a dash is a sign."""
    minus = _minus(found, at, second=second)
    start = at + bool(minus) + (second and word_at(found, at) == "+" and is_joined(found, at + 1))
    start, money = _money_before(found, start)
    if money and not minus and word_at(found, start) in MINUSES and is_joined(found, start + 1):
        minus, start = found[start].text, start + 1
    number = number_at(found, start) if start < len(found) else None
    if number is None:
        return _one_time(found, at)
    amount = _with_unit(found, number, money, at, cold=bool(minus), named=not second)
    if amount is None or not minus:
        return amount
    if number.vague or (minus == "negative" and not _has_sign(amount.unit)):
        return None
    below = number._replace(low=0.0 - number.high, high=0.0 - number.low)
    return Amount(below, amount.unit, at, amount.end, amount.said, minus, amount.suffix, amount.worded)


def below_zero(found: Sequence[Token], at: int, unit: Unit | None) -> int:
    """The token behind "below zero", which makes degrees negative; 0 where that does not follow."""
    if word_at(found, at) not in ("below", "under") or (unit and unit.base != DEGREES.base):
        return 0
    then = word_at(found, at + 1)
    if then == "freezing":
        # That of Fahrenheit is at 32 degrees.
        return at + 2 if unit != FAHRENHEIT else 0
    return at + 2 if then == "zero" or (at + 1 < len(found) and found[at + 1].value == 0) else 0


def counts_below_zero(found: Sequence[Token], amount: Amount, *, fresh: bool) -> bool:
    """Whether the sign of things counted is one: where a ``fresh`` line begins, "-12 boats" is an item of a list."""
    if amount.minus.isalpha():
        return amount.start == 0 or word_at(found, amount.start - 1) in _FALLING
    return not fresh and amount.minus != "\u2013"


def _minus(found: Sequence[Token], at: int, *, second: bool) -> str:
    """The sign that a token is: a word or a dash; "" for none."""
    word, before = word_at(found, at), found[at - 1] if at else None
    if word in ("minus", "negative"):
        ends = before and (before.figures or before.text in UNITS or before.text in MAGNITUDES)
        return "" if ends else word
    if word not in MINUSES or not is_joined(found, at + 1):
        return ""
    if not (found[at + 1].figures or found[at + 1].text in GLYPHS or _money_before(found, at + 1)[1]):
        return ""
    if second or before is None:
        return word
    if is_joined(found, at):
        return word if before.text in _OPENING else ""
    return UNCLEAR if before.figures else word


def _has_sign(unit: Unit | None) -> bool:
    return unit is not None and (unit.base in CURRENCIES or unit.base in (PERCENT, POINTS, DEGREES.base))


def _one_time(found: Sequence[Token], at: int) -> Amount | None:
    """A time without a number: "more than a decade"."""
    if word_at(found, at) not in ("a", "an") or not at or found[at - 1].text not in _LASTING:
        return None
    time = UNITS.get(word_at(found, at + 1))
    return Amount(Number(at, at + 1, 1.0, 1.0), time, at, at + 2, at + 2) if time and time.base == _TIME else None


def _with_unit(
    found: Sequence[Token], number: Number, money: Unit | None, at: int, *, cold: bool, named: bool
) -> Amount | None:
    """A number with the unit and the word behind it."""
    if number.share and money is None and (one := _of_one(found, number, at)):
        return one
    kind, end = _suffix(found, number)
    worded = end - 1 if kind is not None else 0
    said = end
    of = number.vague and word_at(found, end) == "of"
    unit = money
    if unit is None:
        unit, last = _unit_behind(found, end + of, cold=cold)
        joined = is_joined(found, end) and word_at(found, end) not in DASHES
        end = last - (of and unit is None)
        if unit and (joined or (unit.factor != 1 and unit.name == unit.base)):
            said = end
    if unit and kind is None:
        kind, end = _suffix(found, number, end)
        worded, said = (end - 1, end) if kind is not None else (0, said)
    if unit is None and kind is None and _part_of_word(found, number, named=named):
        return None
    if kind == "vague":
        number = number._replace(high=number.low + (9 if number.low < 100 else 99), vague=True)
    return Amount(number, unit, at, end, said, "", kind, worded)


def _of_one(found: Sequence[Token], number: Number, at: int) -> Amount | None:
    """A part of one unit: "half an hour", "a quarter of a percentage point", "half of one per cent"."""
    whole = number.end + (word_at(found, number.end) == "of")
    if word_at(found, whole) not in ("a", "an", "one"):
        return None
    if word_at(found, whole + 1) == "percentage":
        return Amount(number, Unit(POINTS, POINTS), at, whole + 3, whole + 3)
    unit, end = _unit_behind(found, whole + 1, cold=False)
    return Amount(number, unit, at, end, end) if unit and unit.base != TIMES else None


def _suffix(found: Sequence[Token], number: Number, at: int = 0) -> tuple[str | None, int]:
    """The kind that "-odd", "-plus" or "-something" gives a number, or None; and the token behind it."""
    end = at or number.end
    word = word_at(found, end + 1) if word_at(found, end) in DASHES and is_joined(found, end) else ""
    spaced = not word and word_at(found, end) == "odd" and not is_joined(found, end + 1)
    if number.share or number.vague or not (spaced or (word in _SUFFIXES and is_joined(found, end + 1))):
        return None, end
    kind = _SUFFIXES[word or "odd"]
    if kind == "vague" and number.low % (10 if number.low < 100 else 100):
        return None, end
    return kind, end + 2 - spaced


def _money_before(found: Sequence[Token], at: int) -> tuple[int, Unit | None]:
    """Past the sign or code of a currency: "$", "US$", "RMB"; where there is none, at the same token."""
    for size in (2, 1):
        sign = words_at(found, at, size)
        whole = all(is_joined(found, place) for place in range(at + 1, at + size))
        if all(sign) and whole and (code := SIGNS.get("".join(sign))):
            return at + size, Unit(code, code)
    unit, word = UNITS.get(word_at(found, at)), word_at(found, at)
    if unit and word in (unit.name.casefold(), "rmb", "rs") and unit.name.isupper():
        behind = at + 1 + (word_at(found, at + 1) == ".")
        figures = behind + (word_at(found, behind) in MINUSES and is_joined(found, behind + 1))
        if figures < len(found) and found[figures].figures:
            return behind, unit
    return at, None


def _unit_behind(found: Sequence[Token], at: int, *, cold: bool) -> tuple[Unit | None, int]:
    """The unit of money or measure behind a number: "%", "per cent", "percentage points", "square miles", "-year".

    Of ``cold`` ones, which are negative, "C" is degrees too, as it is before "below zero".
    """
    at += word_at(found, at) == "-" and word_at(found, at + 1) in UNITS
    word, then = words_at(found, at, 2)
    if (phrase := _PHRASES.get((word, then))) is not None:
        return phrase, at + 2
    if word in ("square", "sq") and then in UNITS and (area := square(UNITS[then])):
        return area, at + 2
    named = f"{word} {then}" if word == "hong" else word
    behind = at + len(named.split())
    if named in _DOLLARS and word_at(found, behind) in ("dollars", "dollar"):
        return Unit(_DOLLARS[named], _DOLLARS[named]), behind + 1
    if named in _DOLLARS and word_at(found, behind) in ("cents", "cent"):
        return hundredth(_DOLLARS[named]), behind + 1
    if word in _OF_DEGREES and then in SCALES:
        return SCALES[then], at + 2
    cold = cold or words_at(found, at + 1, 2) in (("below", "zero"), ("below", "freezing"))
    if cold and word in ("c", "f") and is_joined(found, at):
        return SCALES[word], at + 1
    if word == "p" and is_joined(found, at) and found[at - 1].figures and f"{found[at - 1].text}p" not in _SCREENS:
        return hundredth("GBP"), at + 1
    return (UNITS[word], at + 1) if word in UNITS else (None, at)


_PHRASES = {
    ("per", "cent"): Unit(PERCENT, PERCENT),
    ("percentage", "points"): Unit(POINTS, POINTS),
    ("percentage", "point"): Unit(POINTS, POINTS),
    ("basis", "points"): hundredth(POINTS),
    ("basis", "point"): hundredth(POINTS),
}


def _part_of_word(found: Sequence[Token], number: Number, *, named: bool) -> bool:
    """Whether the figures belong to a name: "H200", "COVID-19", "A380"; those behind a dash only where it is ``named``,
    as the 1.5 of "1.2m-1.5m" is not.
    """
    first = number.first
    if not found[first].figures:
        return False
    before, behind = found[first - 1] if first else None, found[number.end] if number.end < len(found) else None
    if before and before.end == found[first].start and (before.text[-1].isalpha() or before.text == "#"):
        return True
    hyphen = named and first >= 2 and before is not None and before.text in DASHES and before.end == found[first].start
    if hyphen and found[first - 2].end == found[first - 1].start and found[first - 2].text[-1].isalpha():
        return True
    return behind is not None and behind.start == found[number.end - 1].end and behind.text[0].isalpha()
