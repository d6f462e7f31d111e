"""The words that dates are written with, and what a form of a date is."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from qa.language.calendar import Run
from qa.language.numbers import SMALL
from qa.language.tense import Tense


class View(NamedTuple):
    """From where a date is seen: the day of its article, and whether the sentence tells of what was or what will be."""

    day: date | None
    tense: Tense = Tense.UNKNOWN


Meaning = Callable[[re.Match[str], View], Run | None]


class Form(NamedTuple):
    """A way to write dates. What one that is ``floating`` means depends on the tense: "Friday", "in May".

    ``hints`` are letters of which some stand in every such date; ``leads`` are the prepositions that belong to the
    phrase. A meaning of None says that the date must not be read, and no part of it either: "30 February".
    """

    kind: str
    pattern: re.Pattern[str]
    meaning: Meaning
    hints: tuple[str, ...] = ()
    floating: bool = False
    leads: str = ""

    def can_stand_in(self, lowered: str) -> bool:
        """Whether a text, in lower case, may have such a date: looking for it costs far more."""
        return not self.hints or any(hint in lowered for hint in self.hints)


_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_WEEKDAYS = {name: number for number, name in enumerate("mon tue wed thu fri sat sun".split())}
ORDER = {
    **{word: number for number, word in enumerate("first second third fourth fifth sixth".split(), 1)},
    **{word: number for number, word in enumerate("1st 2nd 3rd 4th 5th 6th".split(), 1)},
    "opening": 1,
    "last": -1,
    "final": -1,
    "closing": -1,
}
LAST, NEXT, ELSEWHERE = ("last", "past"), ("next", "coming"), ("previous", "following")
"""Words for before and after the article's day; what is seen from somewhere else in the text is not read."""

MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)(?!\w)"
)
WEEKDAY = "(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
COUNT = r"(?:[0-9]{1,3}|an?|" + "|".join(word for word in SMALL if word != "zero") + ")"
YEAR = r"(?:1[0-9]{3}|20[0-9]{2}|21[0-9]{2})(?![0-9,.]*[0-9])"
NUMBER = r"[0-9]{1,2}(?:st|nd|rd|th)?(?![0-9:]|[.,][0-9])"
MONTHS = tuple(_MONTHS)
UNITS = ("week", "fortnight", "month", "quarter", "year", "decade", "century")
WHICH = r"(?:(?:this\s)?(?:last|past|previous|current|next|coming|following)|this)"
IN = "in|since|until|till|by|from|during|before|after|for|of"


def form(pattern: str) -> re.Pattern[str]:
    """A pattern between the borders of words. A sign of money or a point makes a figure of what looks like a year."""
    return re.compile(rf"(?<![\w$€£¥#])(?<![0-9][.,]){pattern}(?!\w)", re.IGNORECASE)


def month_of(match: re.Match[str]) -> int:
    """The number of the month that a match has by name."""
    return _MONTHS[match["month"].casefold()[:3]]


def weekday_number(name: str) -> int:
    """From 0, Monday."""
    return _WEEKDAYS[name.casefold()[:3]]


def number_of(word: str) -> int:
    """What a count says: "a", "two", "12"."""
    word = word.casefold()
    return 1 if word in ("a", "an") else int(word) if word.isdecimal() else SMALL[word]


def day_number(written: str) -> int:
    """Of "5" or "5th"."""
    return int(re.sub(r"[^0-9]", "", written))


def shift_of(which: str) -> int | None:
    """-1, 0 or 1 from the article's day; None where it is seen from elsewhere: "the following week"."""
    which = which.casefold().removeprefix("this ")
    return None if which in ELSEWHERE else (which in NEXT) - (which in LAST)
