"""Dates that only the day of their article makes whole, and what they mean: "Friday", "last week", "two years ago"."""

import re
from datetime import date, timedelta

from qa.language.calendar import DAY, UNIT_DAYS, UNIT_MONTHS, WEEK, Run, months, moved, week
from qa.language.date_words import (
    COUNT,
    ELSEWHERE,
    LAST,
    MONTH,
    NEXT,
    UNITS,
    WEEKDAY,
    WHICH,
    Form,
    View,
    form,
    number_of,
    shift_of,
    weekday_number,
)
from qa.language.tense import Tense

_NAMED = {
    "the day before yesterday": -2,
    "the night before last": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    "today week": 7,
    "a week today": 7,
    "a week from today": 7,
    "tomorrow week": 8,
    "a week tomorrow": 8,
    "a week from tomorrow": 8,
}
"""Names of days, and how far they are."""


def _named_day(match: re.Match[str], view: View) -> Run | None:
    if view.day is None:
        return None
    day = view.day + _NAMED[" ".join(match[0].casefold().split())] * DAY
    return day, day


def _weekday(match: re.Match[str], view: View) -> Run | None:
    """The last one up to the day of publication, or the first from it on where the sentence looks ahead.

    "Next Friday" is the first one after it: who means a later one writes "Friday week" or "Friday next week".
    """
    if view.day is None:
        return None
    number, which = weekday_number(match["weekday"]), (match["which"] or "").casefold()
    back = timedelta(days=(view.day.weekday() - number) % 7)
    plain = which.removeprefix("this ")
    if its_week := match["week"] or match["week_shared"]:
        shift = shift_of(its_week)
        day = None if shift is None or which else week(view.day)[0] + number * DAY + shift * WEEK
    elif later := match["later"]:
        day = None if which else view.day - back + WEEK + UNIT_DAYS[later.casefold()] * DAY
    elif beyond := match["beyond"]:
        day = view.day - (back or WEEK) - WEEK if "last" in beyond.casefold() else view.day - back + 2 * WEEK
    elif plain in ELSEWHERE:
        day = None
    elif plain in NEXT:
        day = view.day - back + WEEK
    elif plain in LAST:
        day = view.day - (back or WEEK)
    elif view.tense is Tense.AHEAD or (plain == "this" and view.tense is Tense.UNKNOWN):
        day = view.day - back + (WEEK if back else timedelta())
    else:
        day = view.day - back
    return None if day is None else (day, day)


def _unit(match: re.Match[str], view: View) -> Run | None:
    """A calendar unit before, at or after the day of publication: "last week", "this quarter"."""
    shift = shift_of(match["which"])
    if match["unit"].casefold() == "weekend" and match["which"].casefold().endswith("coming"):
        shift = 0
    return None if view.day is None or shift is None else _calendar_unit(view.day, match["unit"].casefold(), shift)


def _unit_beyond(match: re.Match[str], view: View) -> Run | None:
    """Of "the week before last", "the year after next"."""
    if view.day is None:
        return None
    return _calendar_unit(view.day, match["unit"].casefold(), -2 if "last" in match["beyond"].casefold() else 2)


def _its_unit(match: re.Match[str], view: View) -> Run | None:
    """Of "the year" in "the end of the year"."""
    return None if view.day is None else _calendar_unit(view.day, match["unit"].casefold(), 0)


def _calendar_unit(day: date, unit: str, shift: int) -> Run:
    if unit == "weekend":
        saturday = week(day)[0] + 5 * DAY + shift * WEEK
        return saturday, saturday + DAY
    if unit in UNIT_DAYS:
        size = UNIT_DAYS[unit] * DAY
        first = week(day)[0] + shift * size
        return first, first + size - DAY
    length = UNIT_MONTHS[unit]
    index = (day.year * 12 + day.month - 1) // length * length + length * shift
    return months(index // 12, index % 12 + 1, length)


def _rolling(match: re.Match[str], view: View) -> Run | None:
    """Of "the past three months", "the next two weeks": up to the article's day, or from it on."""
    shift = shift_of(match["which"])
    if view.day is None or not shift:
        return None
    there = _away(view.day, shift * number_of(match["count"] or "one"), match["unit"].casefold())
    return min(there, view.day), max(there, view.day)


def _ago(match: re.Match[str], view: View) -> Run | None:
    """About so long before the day of publication: "two weeks ago"; a longer unit leaves more room."""
    return _about(match, view, -1)


def _from_now(match: re.Match[str], view: View) -> Run | None:
    return _about(match, view, 1)


def _about(match: re.Match[str], view: View, sign: int) -> Run | None:
    if view.day is None:
        return None
    unit = match["unit"].casefold()
    there = _away(view.day, sign * number_of(match["count"]), unit)
    if unit in UNIT_DAYS:
        room = (UNIT_DAYS[unit] - 1) // 2 * DAY
        return there - room, there + room
    return _calendar_unit(there, "month" if unit == "month" else "year", 0)


def _to_the_day(match: re.Match[str], view: View) -> Run | None:
    """Of "a week ago today"."""
    if view.day is None:
        return None
    day = _away(view.day, -number_of(match["count"]), match["unit"].casefold())
    return day, day


def _away(day: date, count: int, unit: str) -> date:
    return day + count * UNIT_DAYS[unit] * DAY if unit in UNIT_DAYS else moved(day, count * UNIT_MONTHS[unit])


def _unread(match: re.Match[str], view: View) -> Run | None:
    return None


_NAMES = "|".join(name.replace(" ", r"\s") for name in sorted(_NAMED, key=len, reverse=True))
_LONG = "week|fortnight|weekend|month|quarter|year|decade|century"
_SHORT = r"(?P<unit>day|week|fortnight|month|year)"
_ANY = "(?:day|week|fortnight|month|year)s?"
_OR = r"(?:,?\s(?:and|or)\s|,\s)"
_SHARED_WEEK = (
    rf"(?={_OR}(?:(?:on\s)?{WEEKDAY}{_OR}){{0,3}}(?:on\s)?{WEEKDAY}\s(?:of\s)?(?P<week_shared>last|this|next)\sweek\b)?"
)
"""The week of a later day that is the first one's too: "on Monday or Tuesday next week"."""
_WITH_DATE = rf"(?!,?\s(?:(?:the\s)?[0-9]{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{MONTH}|{MONTH}\.?\s[0-9]))"
"""After a weekday, the date that says which one it is."""
_LOOSE = (
    r"(?:(?:(?:well|just)\s)?(?:over|under)|(?:more|less|fewer|longer)\sthan|at\s(?:least|most)|up\sto|nearly|almost"
    r"|as\s(?:long|recently)\sas)"
)

RELATIVE_DATES: tuple[Form, ...] = (
    Form(
        "weekday",
        form(
            rf"(?:(?P<which>{WHICH})\s|the\s(?={WEEKDAY}\s(?:before\slast|after\snext)))?(?P<weekday>{WEEKDAY})"
            rf"(?:\s(?P<later>week|fortnight)(?!\s(?:ago|of|before|after))|\s(?:of\s)?(?P<week>last|this|next)\sweek"
            rf"|\s(?P<beyond>before\slast|after\snext)(?!\s(?:{_LONG}|{WEEKDAY})))?{_SHARED_WEEK}{_WITH_DATE}"
        ),
        _weekday,
        ("day",),
        True,
        "on|by|since|until|till",
    ),
    Form("named", form(rf"(?:{_NAMES})"), _named_day, ("day", "tom", "last", "night", "this")),
    Form(
        "unit",
        form(
            rf"(?:the\s)?(?P<which>last|past|next|coming)\s(?P<count>{COUNT})\s"
            r"(?P<unit>day|week|fortnight|month|quarter|year|decade)s?"
        ),
        _rolling,
        ("last", "past", "next", "coming"),
    ),
    Form(
        "unit",
        form(r"the\s(?P<which>last|past)\s(?P<unit>day|week|fortnight|month|year|decade)(?P<count>)"),
        _rolling,
        ("last", "past", "next", "coming"),
    ),
    Form("unit", form(rf"(?P<which>{WHICH})\s(?P<unit>{_LONG})"), _unit, UNITS),
    Form(
        "unit",
        form(rf"the\s(?P<which>current|next|coming|last|past|previous|following)\s(?P<unit>{_LONG})"),
        _unit,
        UNITS,
    ),
    Form(
        "unit",
        form(rf"the\s(?P<unit>{_LONG})\s(?P<beyond>before\slast|after\snext)(?!\s(?:{_LONG}|{WEEKDAY}|{MONTH}))"),
        _unit_beyond,
        ("before", "after"),
    ),
    Form("its unit", form(r"(?<=of\s)the\s(?P<unit>week|month|quarter|year|decade|century)"), _its_unit, ("of",), True),
    Form(
        "ago",
        form(rf"(?:(?:about|around|some|roughly)\s)?(?P<count>{COUNT})\s{_SHORT}s?\sago"),
        _ago,
        ("ago",),
    ),
    Form("ago", form(rf"(?P<count>{COUNT})\s{_SHORT}s?\sago\stoday"), _to_the_day, ("ago",)),
    Form(
        "ago",
        form(rf"(?:in\s)?(?P<count>{COUNT})\s{_SHORT}(?:s?['’]|['’]?s|)\s(?:time|from\snow|hence)"),
        _from_now,
        ("time", "now", "hence"),
    ),
    Form("unread", form(rf"{_LOOSE}\s(?:about\s)?{COUNT}\s{_ANY}\sago"), _unread, ("ago",)),
    Form(
        "unread",
        form(rf"{COUNT}(?:\s{_ANY})?(?:,?\s(?:and|or|to)\s|\s?[-–]\s?|,\s){COUNT}(?:\shalf)?(?:\s{_ANY})?\sago"),
        _unread,
        ("ago",),
    ),
    Form(
        "unread",
        form(rf"{COUNT}\s{_ANY}\sago\s(?:(?:on|in|last|this|next)\s)*(?:{WEEKDAY}|{MONTH}|{_LONG}|tomorrow|yesterday)"),
        _unread,
        ("ago",),
    ),
    # Seen from what the text tells: "Sales were up from a year earlier" in a report of last quarter's.
    Form("unread", form(rf"{COUNT}\s{_ANY}\s(?:earlier|later)"), _unread, ("earlier", "later")),
    Form("unread", form(rf"last\s{WEEKDAY}\s(?:week|fortnight)"), _unread, ("last",)),
    Form("unread", form(rf"{WEEKDAY},?\sthe\s[0-9]{{1,2}}(?:st|nd|rd|th)(?!\s(?:of\s)?{MONTH})"), _unread, ("day",)),
)
