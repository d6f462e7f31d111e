"""Numbers as news writes them, in figures and in words -> the values they stand for.

"400,000", "1.4 million", "10bn", "twenty-five", "half a million", "several hundred thousand", "dozens", "two thirds".
A vague number is the interval that careful readers give it; ordinals ("21st", "the third") are no numbers.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from qa.language.tokens import GLYPHS, MAGNITUDES, SHORT, Token, is_joined, tokens, word_at, words_at
from qa.language.units import SIGNS, UNITS

__all__ = ["LARGEST", "SMALL", "Number", "Token", "number_at", "tokens"]

SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ZEROS = frozenset("zero nought naught".split())
_SCALES = MAGNITUDES | {"dozen": 12.0}
_BEHIND = MAGNITUDES | {f"{word}s": factor for word, factor in MAGNITUDES.items() if factor > 100}
"""Magnitudes behind a number, in the plural too: "5 millions", "15 lakhs"."""
_LETTERS = frozenset("k m b t".split())
_VAGUE = {"several": (3.0, 9.0), "few": (3.0, 9.0), "couple": (2.0, 3.0), "handful": (3.0, 9.0)}
_MANY = {
    "dozens": (24.0, 99.0),
    "scores": (40.0, 99.0),
    "tens": (20.0, 99.0),
    "hundreds": (200.0, 999.0),
    "thousands": (2e3, 9_999.0),
    "lakhs": (2e5, 999_999.0),
    "millions": (2e6, 9_999_999.0),
    "crores": (2e7, 99_999_999.0),
    "billions": (2e9, 9_999_999_999.0),
    "trillions": (2e12, 9_999_999_999_999.0),
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_ADDED = frozenset("half quarter".split())
"""Parts that stand behind "and" without a unit: "two and a half". Others may begin something else."""
_MOST_PARTS = 3
"""The most parts of a number that commas set apart: "two million, three hundred thousand"."""

LARGEST = 1e50
"""Numbers from here on are runs of figures that mean something else; a float ends at some 1e308."""


class Number(NamedTuple):
    """The tokens ``[first, end)`` that say a number, from ``low`` to ``high``. ``share`` is a part of a whole."""

    first: int
    end: int
    low: float
    high: float
    share: bool = False
    vague: bool = False

    def times(self, factor: float, end: int) -> "Number":
        """The number with a magnitude behind it."""
        return self._replace(end=end, low=scaled(self.low, factor), high=scaled(self.high, factor))


def scaled(value: float, factor: float) -> float:
    """A value as many times over as decimals have it: 8.2 million is 8,200,000 and not a little less."""
    return float(Decimal(repr(value)) * Decimal(repr(factor)))


def number_at(found: Sequence[Token], at: int) -> Number | None:
    """The number that begins at this token, as long as it can be; None where none does, or one that counts nothing."""
    token = found[at]
    if token.figures:
        number = _in_figures(found, at)
    elif token.text in GLYPHS:
        number = _with_magnitude(found, Number(at, at + 1, GLYPHS[token.text], GLYPHS[token.text], share=True))
    else:
        number = _vague(found, at) or _share(found, at) or _in_words(found, at)
    return number if number and number.high < LARGEST else None


def part_at(found: Sequence[Token], at: int) -> tuple[float, int] | None:
    """A part of one that begins at this token, "a half" or "three-quarters", and the token behind it."""
    count, end, word = 1.0, at, word_at(found, at)
    if word in ("a", "an", "one"):
        end += 1
    elif word in SMALL and SMALL[word] > 1:
        count, end = float(SMALL[word]), at + 1
    elif word not in ("half", "quarter"):
        return None
    if end > at and word_at(found, end) == "-":
        end += 1
    part = word_at(found, end)
    singular = part.removesuffix("s") if part != "halves" else "half"
    if singular not in _PARTS or (count == 1 and part != singular):
        return None
    return count / _PARTS[singular], end + 1


def _in_figures(found: Sequence[Token], at: int) -> Number | None:
    value, end = found[at].value, at + 1
    if value is None or (word_at(found, end) in ("st", "nd", "rd", "th") and is_joined(found, end)):
        return None
    if found[at].share:
        return Number(at, end, value, value, share=True)
    if word_at(found, end) in GLYPHS:
        value, end = value + GLYPHS[found[end].text], end + 1
    number = Number(at, end, value, value)
    if factor := _short(found, at, end):
        number = number.times(factor, end + 1)
    number = _with_part(found, _with_magnitude(found, number))
    return _out_of(found, number) or number


def _short(found: Sequence[Token], first: int, at: int) -> float:
    """The magnitude of a short form, as in "5bn", "5 mln", "$5 m"; 0 for none."""
    word = word_at(found, at)
    money = word_at(found, first - 1) in SIGNS and word != "t"
    return SHORT.get(word, 0.0) if word not in _LETTERS or money or is_joined(found, at) else 0.0


def _with_part(found: Sequence[Token], number: Number) -> Number:
    """With what "and" adds: "two and a half million", "a million and a half", "a dozen and a half"."""
    hyphens = words_at(found, number.end, 3) == ("-", "and", "-")  # "two-and-a-half"
    at = number.end + (3 if hyphens else 1)
    part = part_at(found, at) if hyphens or word_at(found, number.end) == "and" else None
    if part is None or word_at(found, part[1]) == "of":
        return number
    more, end = part
    kind, then = word_at(found, end - 1).removesuffix("s"), word_at(found, end)
    whole = kind in _ADDED and word_at(found, at) != kind
    if not whole and then not in _SCALES and then not in UNITS:
        return number
    scale = _SCALES.get(word_at(found, number.end - 1), 1.0)
    value = number.low + more * scale
    return _with_magnitude(found, number._replace(end=end, low=value, high=value))


def _in_words(found: Sequence[Token], at: int, parts: int = _MOST_PARTS) -> Number | None:
    """Cardinal numbers in words: "two hundred and five thousand", "a hundred", "twenty-five", "a dozen"."""
    terms: list[tuple[float, float]] = []  # each with its magnitude
    group, end = None, at
    if word_at(found, at) in ("a", "an"):
        if word_at(found, at + 1) not in _SCALES:
            return None
        group, end = 1.0, at + 1
    while end < len(found):
        word = found[end].text
        if (value := _small(word)) and (group is None or _fits(group, value)):
            group, end = (group or 0) + value, end + 1
        elif word in _ZEROS and group is None:
            group, end = 0.0, end + 1
        elif word == "dozen" and group is not None:
            group, end = group * 12, end + 1
        elif word == "hundred" and group is not None and group < 100:
            group, end = group * 100, end + 1
        elif word in MAGNITUDES and group is not None:
            factor = MAGNITUDES[word]
            while terms and (terms[-1][1] < factor or not group):
                group += terms.pop()[0]  # "a thousand and one billion"
            terms.append((group * factor, factor))
            group, end = 0.0, end + 1
        elif not _joins(found, at, end, group):
            break
        else:
            end += 1
    if group is None:
        return None
    value = sum(term for term, _ in terms) + group
    if decimals := _decimals(found, end):
        value, end = float(f"{value:.0f}.{decimals[0]}"), decimals[1]
    elif more := _next_part(found, end, parts):
        value, end = value + more.low, more.end
    number = _with_part(found, _with_magnitude(found, Number(at, end, value, value)))
    return _out_of(found, number) or number


def _decimals(found: Sequence[Token], at: int) -> tuple[str, int] | None:
    """What is spoken behind a point: "point five", "point zero two", "point twenty-five"; and the token behind it."""
    if word_at(found, at) != "point":
        return None
    said, end = "", at + 1
    while (word := word_at(found, end)) in _ZEROS or 0 < _small(word) < 10:
        said, end = said + f"{_small(word):.0f}", end + 1
    if not said and (tens := _small(word_at(found, end))):
        one = _small(word_at(found, end + 2)) if word_at(found, end + 1) == "-" else 0.0
        more = one if _fits(tens, one) else 0.0
        said, end = f"{tens + more:.0f}", end + (3 if more else 1)
    return (said, end) if said else None


def _next_part(found: Sequence[Token], at: int, parts: int) -> Number | None:
    """The smaller part of a number behind a comma, as in "two million, three hundred thousand"."""
    scale = MAGNITUDES.get(word_at(found, at - 1), 0.0)
    if scale < 1e3 or word_at(found, at) != "," or at + 1 == len(found) or not parts:
        return None
    more = _in_words(found, at + 1, parts - 1)
    told = more is not None and any(word_at(found, place) in MAGNITUDES for place in range(at + 1, more.end))
    return more if more and told and not more.share and more.low < scale else None


def _share(found: Sequence[Token], at: int) -> Number | None:
    """Parts of a whole: "half", "a quarter", "two-thirds"; of a magnitude, "half a million", "a half-million"."""
    part = part_at(found, at)
    if part is None:
        return None
    value, end = part
    number = Number(at, end, value, value, share=True)
    # "half a million", "a quarter of a million", "half a dozen"
    behind = end + (word_at(found, end) == "of")
    if word_at(found, behind) in ("a", "an", "one") and word_at(found, behind + 1) in _SCALES:
        return number.times(_SCALES[found[behind + 1].text], behind + 2)._replace(share=False)
    behind = end + (word_at(found, end) == "-")
    if word_at(found, behind) in MAGNITUDES:
        return number.times(MAGNITUDES[found[behind].text], behind + 1)._replace(share=False)
    # "quarter" alone is one of a year or of a town, "two third" nothing.
    several = word_at(found, at) in SMALL and SMALL[word_at(found, at)] > 1
    plural = word_at(found, end - 1).endswith("s")
    return number if several == plural and word_at(found, at) != "quarter" else None


def _out_of(found: Sequence[Token], number: Number) -> Number | None:
    """A share of a whole: "one in five", "six out of ten"."""
    end = number.end
    if word_at(found, end) == "in":
        end += 1
    elif words_at(found, end, 2) == ("out", "of"):
        end += 2
    elif words_at(found, end, 3) == ("-", "in", "-"):
        end += 3
    else:
        return None
    if end >= len(found):
        return None
    whole = found[end].value if found[end].figures else _small(found[end].text)
    if not whole or whole > 100 or number.low > whole or whole < 2:
        return None
    if word_at(found, number.end) == "in" and number.low > 9:
        return None
    return Number(number.first, end + 1, number.low / whole, number.high / whole, share=True)


def _vague(found: Sequence[Token], at: int) -> Number | None:
    """Vague numbers: "several hundred thousand", "a few dozen", "tens of thousands"."""
    end = at + (word_at(found, at) == "a")
    word = word_at(found, end)
    if word in _VAGUE:
        if word in ("few", "couple", "handful") and end == at:
            return None  # "few" alone says that there are hardly any
        low, high = _VAGUE[word]
        end += 1
        if word_at(found, end) == "of" and word in ("couple", "handful"):
            end += 1
        if word_at(found, end) == "dozen":
            low, high, end = low * 12, high * 12, end + 1
        # "of" belongs to the number only where a magnitude follows.
        return _with_magnitude(found, Number(at, end - (found[end - 1].text == "of"), low, high, vague=True))
    if end == at and word in _MANY:
        low, high = _MANY[word]
        end += 1
        while word_at(found, end) == "of" and word_at(found, end + 1) in _MANY:
            factor = MAGNITUDES.get(found[end + 1].text.removesuffix("s"), 12)
            low, high, end = low * factor, (high + 1) * factor - 1, end + 2
        return Number(at, end, low, high, vague=True)
    return None


def _with_magnitude(found: Sequence[Token], number: Number) -> Number:
    """With the magnitudes behind it: "1.4 million", "several hundred thousand"; "6-million" too."""
    while True:
        at = number.end
        if word_at(found, at) == "-" and is_joined(found, at) and word_at(found, at + 1) in MAGNITUDES:
            at += 1
        word = word_at(found, at)
        if word not in _BEHIND:
            return number
        number = number.times(_BEHIND[word], at + 1)._replace(share=False)


def _small(word: str) -> float:
    """What a word says alone, below a hundred; 0 for any other."""
    return float(SMALL.get(word, 0) or _TENS.get(word, 0))


def _joins(found: Sequence[Token], first: int, at: int, group: float | None) -> bool:
    """Whether a hyphen or "and" here joins two words of one number."""
    word, then = word_at(found, at), word_at(found, at + 1)
    if word == "-":
        return bool(group) and is_joined(found, at) and _goes_on(group or 0.0, then)
    after = word == "and" and at > first and found[at - 1].text in MAGNITUDES and _small(then) > 0
    return after and part_at(found, at + 1) is None  # "a million and three-quarters"


def _goes_on(group: float, word: str) -> bool:
    """Whether a number goes on with this word behind a hyphen: "twenty-five", "five-hundred"."""
    return _fits(group, _small(word)) or (word in MAGNITUDES and (word != "hundred" or group < 100))


def _fits(group: float, value: float) -> bool:
    """Whether a word of this value goes on with a number: "hundred" + "five", "twenty" + "five"."""
    rest = group % 100
    return value > 0 and (rest == 0 or (rest >= 20 and rest % 10 == 0 and value < 10))
