"""What stands before a date and changes it ("the end of", "two days after"), and what makes it none ("every")."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from qa.language.calendar import (
    DAY,
    UNIT_DAYS,
    UNIT_MONTHS,
    WEEK,
    Run,
    back_from,
    early,
    late,
    middle,
    moved,
    nth_weekday,
    piece,
    week,
)
from qa.language.date_words import COUNT, IN, ORDER, WEEKDAY, WHICH, View, number_of, weekday_number

_REACH = 60
"""Characters before a date in which what changes it stands."""

Change = Callable[[re.Match[str], Run, View], Run | None]


class Qualifier(NamedTuple):
    """Words before a date, and what they make of the days that it means; None where that is not known."""

    pattern: re.Pattern[str]
    change: Change
    ahead: bool = False
    """Whether the date is the next one after the article's day, as in "three weeks from Monday"."""
    single: bool | None = None
    """Whether it qualifies single days only, or only longer runs."""


_PARTS = {
    **dict.fromkeys("early start beginning opening".split(), early),
    **dict.fromkeys("mid middle".split(), middle),
    **dict.fromkeys("late end close".split(), late),
}


def _part(match: re.Match[str], run: Run, view: View) -> Run | None:
    last = _PARTS[match["part"].casefold()](run)
    first = match.groupdict().get("first")
    return (_PARTS[first.casefold()](run)[0], last[1]) if first else last


def _by_now(match: re.Match[str], run: Run, view: View) -> Run | None:
    """Of "later this week", "earlier this year", "the rest of the month": up to the article's day, or from it on."""
    if view.day is None or not run[0] <= view.day <= run[1]:
        return run
    return (run[0], view.day) if match[0].casefold().startswith("earlier") else (view.day, run[1])


def _piece(match: re.Match[str], run: Run, view: View) -> Run | None:
    count = number_of(match["count"]) if match["count"] else 1
    return piece(run, match["unit"].casefold(), count, ORDER[match["order"].casefold()])


def _weekday_in(match: re.Match[str], run: Run, view: View) -> Run | None:
    weekend = match["weekday"].casefold() == "weekend"
    day = nth_weekday(run, 5 if weekend else weekday_number(match["weekday"]), ORDER[match["order"].casefold()])
    return day, day + DAY if weekend else day


def _offset(match: re.Match[str], run: Run, view: View) -> Run | None:
    """Of "two days before Christmas", "the day after Easter Monday", "a week on Friday"."""
    if run[0] != run[1]:
        return None
    sign = -1 if match["way"].casefold() == "before" else 1
    count, unit = number_of(match["count"] or "one"), match["unit"].casefold()
    if unit in UNIT_DAYS:
        day = run[0] + sign * count * UNIT_DAYS[unit] * DAY
    else:
        day = moved(run[0], sign * count * UNIT_MONTHS[unit])
    return day, day


def _so_long(match: re.Match[str], run: Run, view: View) -> Run | None:
    """Of "for three days from Monday"."""
    return run[0], run[0] + (number_of(match["count"]) * UNIT_DAYS[match["unit"].casefold()] - 1) * DAY


def _eve(match: re.Match[str], run: Run, view: View) -> Run | None:
    return run[0] - DAY, run[0] - DAY


def _up_to(match: re.Match[str], run: Run, view: View) -> Run | None:
    """Of "the three months to December", "the year ended 31 March"."""
    if match["many"] and not match["count"]:
        return None
    count, unit = number_of(match["count"] or "one"), match["unit"].casefold()
    if unit in UNIT_DAYS:
        return run[1] - timedelta(days=count * UNIT_DAYS[unit] - 1), run[1]
    return back_from(run[1], count * UNIT_MONTHS[unit])


def _week_of(match: re.Match[str], run: Run, view: View) -> Run | None:
    how = match["how"].casefold()
    if how == "of":
        return week(run[0])
    return (run[0] - WEEK + DAY, run[0]) if how == "ending" else (run[0], run[0] + WEEK - DAY)


def _unknown(match: re.Match[str], run: Run, view: View) -> Run | None:
    return None


def _before(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})$", re.IGNORECASE)


_ORDERS = "|".join(ORDER)
_SPANS = "day|week|fortnight|month|year"
_PIECES = "day|week|fortnight|month|quarter|half|year|decade"
QUALIFIERS: tuple[Qualifier, ...] = (
    Qualifier(
        _before(r"(?P<first>early|mid)[\s-](?:to|or)[\s-](?P<part>mid|late)(?:\sin)?[\s-](?:the\s)?"),
        _part,
        single=False,
    ),
    Qualifier(_before(r"(?:the\s)?(?P<part>early|mid|late|end)(?:\sin)?[\s-](?:the\s)?"), _part, single=False),
    Qualifier(
        _before(r"(?:the\s(?:very\s)?)?(?P<part>start|beginning|opening|middle|end|close)\sof\s(?:the\s)?"),
        _part,
        single=False,
    ),
    Qualifier(
        _before(r"(?:earlier|later)(?:\sin)?\s(?:the\s)?|(?:the\s)?(?:rest|remainder)\sof\s(?:the\s)?"),
        _by_now,
        single=False,
    ),
    Qualifier(
        _before(
            rf"(?:the\s)?(?P<order>{_ORDERS})[\s-](?:(?P<count>{COUNT})\s)?(?P<unit>{_PIECES})s?(?:\s(?:of|in))?\s(?:the\s)?"
        ),
        _piece,
        single=False,
    ),
    Qualifier(
        _before(rf"(?:the\s)?(?P<order>{_ORDERS})\s(?P<weekday>{WEEKDAY}|weekend)\s(?:of|in)\s(?:the\s)?"),
        _weekday_in,
        single=False,
    ),
    Qualifier(
        _before(r"(?:the\s)?(?:week(?:end)?|night|evening|morning|month|year|time)\s(?:before|after)\s"), _unknown
    ),
    Qualifier(_before(rf"(?:the(?=\sday)|(?P<count>{COUNT}))\s(?P<unit>{_SPANS})s?\s(?P<way>before|after)\s"), _offset),
    Qualifier(
        _before(rf"for\s(?P<count>{COUNT})\s(?P<unit>day|week|fortnight)s?\s(?:from|starting|beginning)\s(?:on\s)?"),
        _so_long,
        single=True,
    ),
    Qualifier(_before(rf"(?P<count>{COUNT})\s(?P<unit>day|week|fortnight)s?\s(?P<way>from)\s"), _offset, ahead=True),
    Qualifier(_before(r"(?P<count>an?)\s(?P<unit>week|fortnight)\s(?P<way>on)\s"), _offset, ahead=True),
    Qualifier(_before(rf"{COUNT}\s(?:week|fortnight)s?\s"), _unknown, single=True),
    Qualifier(_before(r"(?:on\s)?(?:the\s)?eve\sof\s"), _eve, single=True),
    Qualifier(
        _before(
            rf"(?:the\s)?(?:(?P<count>{COUNT})\s)?(?:(?:fiscal|financial)\s)?(?P<unit>week|month|quarter|half|year)"
            r"(?P<many>s?)(?<!this\syear)(?<!last\syear)(?<!next\syear)(?:[\s-]to|\s(?:through|ended|ending|up\sto))\s(?:on\s|in\s)?"
        ),
        _up_to,
    ),
    Qualifier(
        _before(r"(?:the\s)?week\s(?P<how>of|beginning|starting|commencing|ending)\s(?:on\s)?"), _week_of, single=True
    ),
)
"""The first that stands before a date changes it; then what stands before both."""

_ANAPHOR = r"(?:\s(?:before|after|of|when|that|in|following|they|he|she|it|we)\b|\s*[,.;:!?]|\s*$)"
_NAMED_SO = (
    r"Black|Bloody|Super|Cyber|Giving|Easter|Whit|Good|Ash|Shrove|Maundy|Holy|Palm|Spy|Ruby|Plough|Plow|Casual|Mad|Red|"
    r"Blue|Mothering|Remembrance|Advent|Trinity|Fat|Clean|Bright|Bank\sHoliday|Football|Election"
)
_MEASURE = (
    r"\s?(?:%|per\s?cent|hundred|thousand|million|billion|trillion|tonnes|tons|miles|km|kilomet|met(?:re|er)s|feet|kg|"
    r"people|dollars|euros|pounds|crowns|degrees|mph)\b"
)
_UNDONE = (
    r"[^.;]{0,40}\b(?:(?:was|were)\s(?:\w+\s)?(?:cancel\w+|called\soff|scrapped|abandoned|postponed|put\soff|delayed)"
    r"|(?:did|was|were)(?:n['’]t|\snot)|never)\b"
)
REFUSED: tuple[tuple[str, str, str], ...] = (
    ("", rf"\b(?:every|each|any|alternate|another|fiscal|financial|academic|{WHICH})\s$", ""),
    ("month", r"\b[0-9]{1,2}(?:st|nd|rd|th)?(?:\sof)?\s$", ""),
    ("month", "", r"\s[0-9]{1,2}(?![0-9])|\sFools"),
    ("weekday", r"\bthe\s$", _ANAPHOR),
    ("weekday", r"\b(?:on|was|is|be|one|some|most|many|few|both)(?:\san?)?\s(?:a|an|one|some|most|many)\s$", ""),
    ("weekday", rf"\b(?-i:{_NAMED_SO})\s$|\b(?:holiday|election|polling|one)\s$|\b(?-i:Mail\son)\s$", ""),
    # What was due and did not come may have been due before the article's day or behind it.
    ("weekday", r"(?<!\bis\s)(?<!\bare\s)\b(?:due|scheduled|set|supposed|planned|expected)\b[^.;]{0,60}$", _UNDONE),
    ("weekday", "", r"\s(?-i:Times|Telegraph|Mirror|Herald|Express|Mail|Post|Night|Club)\b|-[a-z]"),
    ("year", "", _MEASURE),
    ("year", r"(?:\bNo\.?|\bnumber)\s$", ""),
)
"""Kinds of dates, all where none are named, that are none with these words before them and these after them."""
_LEADS = (
    rf"(?<![\w-])(?:{IN}|between|early|mid|late|end|start|middle|half|quarter|weeks?|months?)[\s-](?:of\s)?(?:the\s)?$"
    rf"|(?:weeks?|months?|quarter|year|half)\s(?:to|through|ended|ending)\s$"
)
LED = re.compile(_LEADS, re.IGNORECASE)
"""What stands before a word that is a month or a season there, and may be another one elsewhere: "in May"."""


class _Refusal(NamedTuple):
    kinds: frozenset[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


_REFUSALS = [
    _Refusal(frozenset(kinds.split()), re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE))
    for kinds, before, after in REFUSED
]


def is_refused(kind: str, before: str, after: str) -> bool:
    """Whether a date of a kind is none between these words, because a part of what it says would be left out."""
    return any(
        (not one.kinds or kind in one.kinds) and one.before.search(before) and one.after.match(after)
        for one in _REFUSALS
    )


def qualified(before: str) -> tuple[Qualifier, re.Match[str]] | None:
    """What stands at the end of these words and changes the date after them."""
    for one in QUALIFIERS:
        if match := one.pattern.search(before[-_REACH:]):
            return one, match
    return None
