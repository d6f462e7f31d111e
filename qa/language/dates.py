"""Dates as texts tell them, relative ones too, -> the days they mean, seen from the day of publication.

"January 28", "last week", "in the third quarter", "two years ago", "early 2025": a first and a last day. What an
article's own day is needed for, and not known, is left out. Whole dates of pages are read by ``corpus/dates.py``.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from qa.language.numbers import SMALL

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_WEEKDAYS = {name: number for number, name in enumerate("mon tue wed thu fri sat sun".split())}
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First months of the seasons, in the north."""
_UNIT_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_UNIT_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_LAST, _NEXT = ("last", "past", "previous"), ("next", "coming", "following")

_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)(?!\w)"
)
_YEAR = r"(?P<year>1[0-9]{3}|20[0-9]{2}|21[0-9]{2})(?![0-9,.]*[0-9])"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?![0-9:]|[.,][0-9])"
_WHICH = r"(?P<which>last|past|previous|this|current|next|coming|following)"
_COUNT = r"(?P<count>[0-9]{1,3}|an?|" + "|".join(word for word in SMALL if word != "zero") + ")"
_WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SEASON = "(?P<season>spring|summer|autumn|fall|winter)"
_QUARTER = r"(?:(?-i:Q)(?P<q>[1-4])|(?P<order>first|second|third|fourth|last|1st|2nd|3rd|4th)[\s-](?P<of>quarter|half))"
_PART = r"(?:(?P<part>early|mid|late|the (?:start|beginning|middle|end) of)(?: in|-|\s)\s?)?"


class Days(NamedTuple):
    """A date told at ``[start, end)`` of a text: it means ``first`` to ``last``, both included."""

    first: date
    last: date
    start: int
    end: int


Meant = tuple[date, date] | None
_Meaning = Callable[[re.Match[str], date | None], Meant]


def days(text: str, published: date | None) -> list[Days]:
    """Every date in a text, in order; longer ones before shorter ones that they hold."""
    found = [
        Days(*meant, match.start(), match.end())
        for pattern, meaning in _FORMS
        for match in pattern.finditer(text)
        if (meant := _meaning(meaning, match, published))
    ]
    return [*_apart(sorted(found, key=lambda one: (one.start, -one.end)))]


def relative(text: str, published: date | None) -> list[Days]:
    """The dates in a text that only the day of its article makes whole: "Wednesday", "last week", "28 January"."""
    whole = {(one.start, one.end) for one in days(text, None)}
    return [one for one in days(text, published) if (one.start, one.end) not in whole]


def _apart(found: list[Days]) -> Iterator[Days]:
    end = 0
    for one in found:
        if one.start >= end:
            yield one
            end = one.end


def _meaning(meaning: _Meaning, match: re.Match[str], day: date | None) -> Meant:
    try:
        return meaning(match, day)
    except (ValueError, OverflowError):
        return None  # the 31st of June, a year before the first


def _calendar(match: re.Match[str], published: date | None) -> Meant:
    day = date(int(match["year"]), _month(match), int(match["day"]))
    return day, day


def _iso(match: re.Match[str], published: date | None) -> Meant:
    day = date(int(match["year"]), int(match["number"]), int(match["day"]))
    return day, day


def _month_and_day(match: re.Match[str], published: date | None) -> Meant:
    if published is None:
        return None
    days = [date(year, _month(match), int(match["day"])) for year in _years(published, match)]
    day = min(days, key=lambda one: abs(one - published))
    return day, day


def _month_and_year(match: re.Match[str], published: date | None) -> Meant:
    return _narrowed(match["part"], *_months(int(match["year"]), _month(match), 1))


def _month_alone(match: re.Match[str], published: date | None) -> Meant:
    """The one nearest to the day of publication: "in December" of a January means the last one."""
    if published is None:
        return None
    return _narrowed(match["part"], *_recurring(published, _month(match), 1, match["which"]))


def _year(match: re.Match[str], published: date | None) -> Meant:
    return _narrowed(match["part"], *_months(int(match["year"]), 1, 12))


def _decade(match: re.Match[str], published: date | None) -> Meant:
    return _narrowed(match["part"], *_months(int(match["decade"]), 1, 120))


def _century(match: re.Match[str], published: date | None) -> Meant:
    return _narrowed(match["part"], *_months(100 * (int(match["century"]) - 1) + 1, 1, 1200))


def _quarter(match: re.Match[str], published: date | None) -> Meant:
    """Quarters and halves of a year."""
    number = int(match["q"]) if match["q"] else _ORDER[match["order"].casefold()]
    length = 6 if (match["of"] or "").casefold() == "half" else 3
    return _part_of_year(match, published, 1 + (min(number, 12 // length) - 1) * length, length)


def _season(match: re.Match[str], published: date | None) -> Meant:
    return _part_of_year(match, published, _SEASONS[match["season"].casefold()], 3)


def _part_of_year(match: re.Match[str], published: date | None, month: int, length: int) -> Meant:
    """Of the year that is told, or the one nearest to the day of publication."""
    if match["year"]:
        return _months(int(match["year"]), month, length)
    if published is None:
        return None
    return _recurring(published, month, length, match["which"])


def _recurring(published: date, month: int, length: int, which: str | None) -> tuple[date, date]:
    """Of what comes every year, from this month on: the last one, the next one, or else the nearest."""
    spans = [_months(year, month, length) for year in range(published.year - 1, published.year + 2)]
    which = (which or "").casefold()
    if which in _LAST:
        return max(span for span in spans if span[1] < published)
    if which in _NEXT:
        return min(span for span in spans if span[0] > published)
    return min(spans, key=lambda span: abs((span[0] - published).days + 15 * length))


def _weekday(match: re.Match[str], published: date | None) -> Meant:
    """The last one up to the day of publication; with "next", the first behind it."""
    if published is None:
        return None
    number = _WEEKDAYS[match["weekday"].casefold()[:3]]
    which = (match["which"] or "").casefold()
    back = (published.weekday() - number) % 7
    if which in _NEXT:
        day = published + timedelta(days=7 - back)
    else:
        day = published - timedelta(days=back or (7 if which in _LAST else 0))
    return day, day


def _named_day(match: re.Match[str], published: date | None) -> Meant:
    if published is None:
        return None
    name = match["name"].casefold()
    shift = {"yesterday": -1, "last night": -1, "tomorrow": 1, "the day before yesterday": -2}.get(name, 0)
    day = published + timedelta(days=shift)
    return day, day


def _this_or_that(match: re.Match[str], published: date | None) -> Meant:
    """A calendar unit before, at or behind the day of publication: "last week", "this quarter"."""
    if published is None:
        return None
    which, unit = match["which"].casefold(), match["unit"].casefold()
    shift = (which in _NEXT) - (which in _LAST)
    if unit == "weekend":
        saturday = published + timedelta(days=5 - published.weekday() + 7 * shift)
        return saturday, saturday + timedelta(days=1)
    if unit in _UNIT_DAYS:
        size = _UNIT_DAYS[unit]
        first = published - timedelta(days=published.weekday()) + timedelta(days=size * shift)
        return first, first + timedelta(days=size - 1)
    size = _UNIT_MONTHS[unit]
    index = (published.year * 12 + published.month - 1) // size * size + size * shift
    return _months(index // 12, index % 12 + 1, size)


def _ago(match: re.Match[str], published: date | None) -> Meant:
    """About so long before the day of publication: "two weeks ago"; a longer unit leaves more room."""
    if published is None:
        return None
    count, unit = _number(match["count"]), match["unit"].casefold()
    if unit in _UNIT_DAYS:
        day, room = published - timedelta(days=count * _UNIT_DAYS[unit]), timedelta(days=(_UNIT_DAYS[unit] - 1) // 2)
        return day - room, day + room
    index = published.year * 12 + published.month - 1 - count * _UNIT_MONTHS[unit]
    return _months(index // 12, index % 12 + 1, 1) if unit == "month" else _months(index // 12, 1, 12)


def _month(match: re.Match[str]) -> int:
    return _MONTHS[match["month"].casefold()[:3]]


def _number(word: str) -> int:
    word = word.casefold()
    return 1 if word in ("a", "an") else int(word) if word.isdecimal() else SMALL[word]


def _years(published: date, match: re.Match[str]) -> Iterator[int]:
    """The years around the day of publication that have this day."""
    for year in range(published.year - 1, published.year + 2):
        if int(match["day"]) <= monthrange(year, _month(match))[1]:
            yield year


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """From the first day of a month to the last day of the ``count``-th from it on."""
    first = date(year, month, 1)
    index = year * 12 + month - 1 + count
    return first, date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


def _narrowed(part: str | None, first: date, last: date) -> tuple[date, date]:
    """The early, the middle or the late part: a third, and some more for what is early and late to others."""
    if not part:
        return first, last
    words, length = part.casefold(), (last - first).days + 1
    if "mid" in words:
        return first + timedelta(days=length // 4), last - timedelta(days=length // 4)
    if "end" in words or words == "late":
        return first + timedelta(days=-(-length * 3 // 5)), last
    return first, last - timedelta(days=-(-length * 3 // 5))


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){pattern}(?!\w)", re.IGNORECASE)


_CAPITAL = "(?-i:(?=[A-Z]))"
_IN = "in|since|until|till|by|from|during|before|after|for|of"
_NAMED_DAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s"
_ANY_MONTH = _MONTH.replace("?P<month>", "?:", 1)
_WITH_DATE = rf",?\s(?:(?:the\s)?[0-9]{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_ANY_MONTH}|{_ANY_MONTH}\.?\s[0-9])"
"""Behind a weekday, the date that says which one it is."""
_FORMS: tuple[tuple[re.Pattern[str], _Meaning], ...] = (
    (_form(r"(?P<year>[0-9]{4})-(?P<number>[0-9]{2})-(?P<day>[0-9]{2})"), _iso),
    (_form(rf"(?:{_NAMED_DAY})?{_MONTH}\.?\s{_DAY},?\s{_YEAR}"), _calendar),
    (_form(rf"(?:{_NAMED_DAY})?(?:the\s)?{_DAY}\s(?:of\s)?{_MONTH},?\s{_YEAR}"), _calendar),
    (_form(rf"(?:{_NAMED_DAY})?{_MONTH}\.?\s{_DAY}"), _month_and_day),
    (_form(rf"(?:{_NAMED_DAY})?(?:the\s)?{_DAY}\s(?:of\s)?{_MONTH}"), _month_and_day),
    (_form(rf"{_PART}{_MONTH},?\s(?:of\s)?{_YEAR}"), _month_and_year),
    # "may" and "march" are words too, and so is a month where a name stands: something must tell.
    (_form(rf"(?:(?:{_IN}|{_WHICH})\s){_PART}{_CAPITAL}{_MONTH}(?!\s[0-9])"), _month_alone),
    (_form(rf"{_PART}{_CAPITAL}(?!May|March){_MONTH}(?!\s[0-9])(?P<which>)"), _month_alone),
    (_form(rf"(?:(?:{_IN})\s)?{_PART}{_YEAR}"), _year),
    (_form(rf"(?:the\s)?{_PART}(?P<decade>[12][0-9]{{2}}0)['’]?s"), _decade),
    (_form(rf"(?:the\s)?{_PART}(?P<century>[12][0-9])th[\s-]century"), _century),
    (
        _form(rf"(?:the\s)?{_QUARTER}(?:\s(?:of\s|in\s)?(?:the\s)?(?:{_YEAR}|(?P<which>last|this|next)\syear))?"),
        _quarter,
    ),
    (_form(rf"(?:(?:{_IN})\s(?:the\s)?|{_WHICH}\s){_SEASON}(?:\s(?:of\s)?{_YEAR})?"), _season),
    (_form(rf"{_SEASON}\s(?:of\s)?{_YEAR}(?P<which>)"), _season),
    (
        _form(rf"(?:(?:on|by|since|until)\s)?(?:{_WHICH}\s)?(?P<weekday>{_WEEKDAY})(?!{_WITH_DATE})"),
        _weekday,
    ),
    (
        _form(
            r"(?P<name>the day before yesterday|yesterday|today|tonight|tomorrow|last night|this morning|this evening)"
        ),
        _named_day,
    ),
    (_form(rf"(?:the\s)?{_WHICH}\s(?P<unit>weekend|week|month|quarter|year|decade|century)"), _this_or_that),
    (_form(rf"(?<![0-9][,.]){_COUNT}\s(?P<unit>day|week|fortnight|month|year)s?\s(?:ago|earlier)"), _ago),
)
