"""Numbers as news writes them, in figures and in words -> the values they stand for.

"400,000", "1.4 million", "10bn", "twenty-five", "half a million", "several hundred thousand", "dozens", "two thirds".
A vague number is the interval that careful readers give it; ordinals ("21st", "the third") are no numbers.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

SMALL = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_MAGNITUDES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "lakh": 1e5,
    "crore": 1e7,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
_SHORT = {
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "bn": 1e9,
    "bln": 1e9,
    "b": 1e9,
    "tn": 1e12,
    "trn": 1e12,
    "t": 1e12,
}
"""Magnitudes that are written behind figures; the first letters alone only where nothing stands between."""
_LETTERS = frozenset("k m b t".split())
_VAGUE = {"several": (3.0, 9.0), "few": (3.0, 9.0), "couple": (2.0, 3.0), "handful": (3.0, 9.0)}
_MANY = {
    "dozens": (24.0, 99.0),
    "scores": (40.0, 99.0),
    "tens": (20.0, 99.0),
    "hundreds": (200.0, 999.0),
    "thousands": (2e3, 9_999.0),
    "millions": (2e6, 9_999_999.0),
    "billions": (2e9, 9_999_999_999.0),
}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅕": 0.2, "⅛": 0.125}

LARGEST = 1e50
"""Numbers from here on are runs of figures that mean something else; a float ends at some 1e308."""

TOKEN = re.compile(
    r"(?P<figures>[0-9]{1,3}(?:[,\u00a0\u202f\u2009][0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    rf"|(?P<glyph>[{''.join(_GLYPHS)}])|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<sign>[^\w\s])"
)


class Token(NamedTuple):
    """A word (lower case), a run of figures or a sign, ``[start, end)`` in its text."""

    text: str
    start: int
    end: int
    figures: bool = False

    @property
    def value(self) -> float:
        """What figures say."""
        return float(re.sub(r"[^0-9.]", "", self.text))


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
        return self._replace(end=end, low=self.low * factor, high=self.high * factor)


def tokens(text: str) -> list[Token]:
    """The words, figures and signs of a text, in order."""
    return [
        Token(match[0].casefold(), match.start(), match.end(), match.lastgroup == "figures")
        for match in TOKEN.finditer(text)
    ]


def number_at(found: Sequence[Token], at: int) -> Number | None:
    """The number that begins at this token, as long as it can be; None where none does, or one that counts nothing."""
    token = found[at]
    if token.figures:
        number = _in_figures(found, at)
    elif token.text in _GLYPHS:
        number = _with_magnitude(found, Number(at, at + 1, _GLYPHS[token.text], _GLYPHS[token.text], share=True))
    else:
        number = _vague(found, at) or _share(found, at) or _in_words(found, at)
    return number if number and number.high < LARGEST else None


def _in_figures(found: Sequence[Token], at: int) -> Number | None:
    value, end = found[at].value, at + 1
    if _word(found, end) in ("st", "nd", "rd", "th") and _joined(found, end):
        return None
    if _word(found, end) in _GLYPHS:
        value, end = value + _GLYPHS[found[end].text], end + 1
    elif (whole := _denominator(found, end)) and value < whole:
        return Number(at, end + 2, value / whole, value / whole, share=True)
    short = _SHORT.get(_word(found, end))
    if short and (_joined(found, end) or found[end].text not in _LETTERS):
        value, end = value * short, end + 1
    number = _with_magnitude(found, Number(at, end, value, value))
    return _out_of(found, number) or number


def _denominator(found: Sequence[Token], at: int) -> float:
    """What stands below the line of a fraction such as "3/4", 0 where this token is no such line."""
    if _word(found, at) != "/" or not _joined(found, at) or at + 1 == len(found) or not found[at + 1].figures:
        return 0.0
    return found[at + 1].value if found[at + 1].value in (2, 3, 4, 5, 8, 10) else 0.0


def _in_words(found: Sequence[Token], at: int) -> Number | None:
    """Cardinal numbers in words: "two hundred and five thousand", "a hundred", "twenty-five", "a dozen"."""
    total, group, end = 0.0, None, at
    article = _word(found, at) in ("a", "an")
    if article:
        if _word(found, at + 1) == "dozen":
            return Number(at, at + 2, 12, 12)
        if _word(found, at + 1) not in _MAGNITUDES:
            return None
        group, end = 1.0, at + 1
    while end < len(found):
        word = found[end].text
        if (value := _small(word)) and (group is None or _fits(group, value)):
            group, end = (group or 0) + value, end + 1
        elif word == "zero" and group is None:
            group, end = 0.0, end + 1
        elif word == "dozen" and group is not None:
            group, end = group * 12, end + 1
        elif word == "hundred" and group is not None and group < 100:
            group, end = group * 100, end + 1
        elif word in _MAGNITUDES and group is not None:
            total, group, end = total + group * _MAGNITUDES[word], 0.0, end + 1
        elif not _joins(found, at, end, group):
            break
        else:
            end += 1
    if group is None:
        return None
    value = total + group
    number = Number(at, end, value, value)
    if _word(found, end) == "and" and _words(found, end + 1, 2) in (("a", "half"), ("a", "quarter")):
        more = 0.5 if found[end + 2].text == "half" else 0.25
        number = _with_magnitude(found, Number(at, end + 3, value + more, value + more))
    return _out_of(found, number) or number


def _share(found: Sequence[Token], at: int) -> Number | None:
    """Parts of a whole: "half", "a quarter", "two-thirds"; of a magnitude, "half a million"."""
    count, end = 1.0, at
    word = _word(found, at)
    if word in ("a", "an", "one"):
        end += 1
    elif word in SMALL and SMALL[word] > 1:
        count, end = float(SMALL[word]), at + 1
    elif word != "half":
        return None
    if end > at and _word(found, end) == "-":
        end += 1
    part = _word(found, end)
    singular = part.removesuffix("s") if part != "halves" else "half"
    if singular not in _PARTS or (count > 1) == (part == singular):
        return None
    value = count / _PARTS[singular]
    end += 1
    # "half a million", "a quarter of a million", "half a dozen"
    behind = end + (_word(found, end) == "of")
    if _word(found, behind) in ("a", "an") and _word(found, behind + 1) in {*_MAGNITUDES, "dozen"}:
        magnitude = _MAGNITUDES.get(found[behind + 1].text, 12)
        return Number(at, behind + 2, value * magnitude, value * magnitude)
    return Number(at, end, value, value, share=True)


def _out_of(found: Sequence[Token], number: Number) -> Number | None:
    """A share of a whole: "one in five", "six out of ten"."""
    end = number.end
    if _word(found, end) == "in":
        end += 1
    elif _words(found, end, 2) == ("out", "of"):
        end += 2
    else:
        return None
    if end >= len(found):
        return None
    whole = found[end].value if found[end].figures else _small(found[end].text)
    if not whole or whole > 100 or number.low > whole or whole < 2:
        return None
    if _word(found, number.end) == "in" and number.low > 9:
        return None
    return Number(number.first, end + 1, number.low / whole, number.high / whole, share=True)


def _vague(found: Sequence[Token], at: int) -> Number | None:
    """Vague numbers: "several hundred thousand", "a few dozen", "tens of thousands"."""
    end = at + (_word(found, at) == "a")
    word = _word(found, end)
    if word in _VAGUE:
        if word in ("few", "couple", "handful") and end == at:
            return None  # "few" alone says that there are hardly any
        low, high = _VAGUE[word]
        end += 1
        if _word(found, end) == "of" and word in ("couple", "handful"):
            end += 1
        if _word(found, end) == "dozen":
            low, high, end = low * 12, high * 12, end + 1
        # "of" belongs to the number only where a magnitude follows.
        return _with_magnitude(found, Number(at, end - (found[end - 1].text == "of"), low, high, vague=True))
    if end == at and word in _MANY:
        low, high = _MANY[word]
        end += 1
        while _word(found, end) == "of" and _word(found, end + 1) in _MANY:
            factor = _MAGNITUDES.get(found[end + 1].text.removesuffix("s"), 12)
            low, high, end = low * factor, (high + 1) * factor - 1, end + 2
        return Number(at, end, low, high, vague=True)
    return None


def _with_magnitude(found: Sequence[Token], number: Number) -> Number:
    """With the magnitudes behind it: "1.4 million", "several hundred thousand"; "6-million" too."""
    while True:
        at = number.end
        if _word(found, at) == "-" and _joined(found, at) and _word(found, at + 1) in _MAGNITUDES:
            at += 1
        word = _word(found, at)
        if word not in _MAGNITUDES:
            return number
        number = number.times(_MAGNITUDES[word], at + 1)._replace(share=False)


def _small(word: str) -> float:
    """What a word says alone, below a hundred; 0 for any other."""
    return float(SMALL.get(word, 0) or _TENS.get(word, 0))


def _joins(found: Sequence[Token], first: int, at: int, group: float | None) -> bool:
    """Whether a hyphen or "and" here joins two words of one number."""
    word, then = _word(found, at), _word(found, at + 1)
    if word == "-":
        return bool(group) and _joined(found, at) and _goes_on(group or 0.0, then)
    return word == "and" and at > first and found[at - 1].text in _MAGNITUDES and _small(then) > 0


def _goes_on(group: float, word: str) -> bool:
    """Whether a number goes on with this word behind a hyphen: "twenty-five", "five-hundred"."""
    return _fits(group, _small(word)) or (word in _MAGNITUDES and (word != "hundred" or group < 100))


def _fits(group: float, value: float) -> bool:
    """Whether a word of this value goes on with a number: "hundred" + "five", "twenty" + "five"."""
    rest = group % 100
    return value > 0 and (rest == 0 or (rest >= 20 and rest % 10 == 0 and value < 10))


def _word(found: Sequence[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) and not found[at].figures else ""


def _words(found: Sequence[Token], at: int, count: int) -> tuple[str, ...]:
    return tuple(_word(found, place) for place in range(at, at + count))


def _joined(found: Sequence[Token], at: int) -> bool:
    """Whether this token stands directly behind the one before it."""
    return found[at].start == found[at - 1].end
