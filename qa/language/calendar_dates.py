"""Dates by the calendar, and what they mean: whole ones, and what comes every year ("28 January", "Easter").

Of what comes every year, the year is told, or the tense of the sentence and the day of the article say which is meant.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from qa.language.calendar import Run, day_in, months, moved
from qa.language.date_words import (
    ELSEWHERE,
    IN,
    LAST,
    MONTH,
    MONTHS,
    NEXT,
    NUMBER,
    ORDER,
    WHICH,
    YEAR,
    Form,
    View,
    day_number,
    form,
    month_of,
    shift_of,
    weekday_number,
)
from qa.language.feasts import FEAST, FEAST_HINTS, feast
from qa.language.tense import Tense

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""First months of the seasons, in the north."""


def _iso(match: re.Match[str], view: View) -> Run | None:
    return day_in(int(match["year"]), int(match["number"]), int(match["day"]))


def _numeric(match: re.Match[str], view: View) -> Run | None:
    """Day and month in either order: only where one reading is possible."""
    one, other = int(match["one"]), int(match["other"])
    if len(match["year"]) < 4 or (one != other and max(one, other) <= 12):
        return None
    day, month = (one, other) if one > 12 else (other, one)
    return day_in(int(match["year"]), month, day)


def _years(match: re.Match[str], view: View) -> Run | None:
    """Of "2012–13" two years; "2026-03" is two years, "2026-03" a month, and "2010-12" could be either."""
    year, then = int(match["year"]), int(match["then"])
    if len(match["then"]) == 2:
        rest = year % 100
        if 1 <= then <= 12 and match["sign"] != "–":
            return months(year, then, 1) if then <= rest else None
        then = year + 1 if (rest + 1) % 100 == then else year - rest + then
    return (date(year, 1, 1), date(then, 12, 31)) if then > year else None


def _year(match: re.Match[str], view: View) -> Run | None:
    return months(int(match["year"]), 1, 12)


def _decade(match: re.Match[str], view: View) -> Run | None:
    return months(int(match["decade"]), 1, 120)


def _century(match: re.Match[str], view: View) -> Run | None:
    return months(100 * (int(match["century"]) - 1) + 1, 1, 1200)


def _every_year(match: re.Match[str], view: View, falls: Callable[[int], Run]) -> Run | None:
    """Of the year that is told; else by "last" and "next", by the tense, or the one nearest to the article's day."""
    told = {name: value for name, value in match.groupdict().items() if value}
    if year := told.get("year") or told.get("year_before") or told.get("year_shared"):
        return falls(int(year))
    if view.day is None:
        return None
    if which_year := told.get("which_year") or told.get("which_year_before"):
        shift = shift_of(which_year)
        return None if shift is None else falls(view.day.year + shift)
    runs = [*_falling(view.day.year, falls)]
    if named := told.get("named"):
        runs = [run for run in runs if run[0].weekday() == weekday_number(named)] or runs
    return _chosen(runs, view.day, view.tense, told.get("which", "").casefold().removeprefix("this "))


def _falling(year: int, falls: Callable[[int], Run]) -> Iterator[Run]:
    """In the years around, where there is one: 29 February is not in each."""
    for other in range(year - 4, year + 5):
        try:
            yield falls(other)
        except ValueError:
            continue


def _chosen(runs: list[Run], day: date, tense: Tense, which: str) -> Run | None:
    if which in ELSEWHERE:
        return None
    if which in LAST:
        return max((run for run in runs if run[1] < day), default=None)
    if which in NEXT:
        return min((run for run in runs if run[0] > day), default=None)
    if which in ("this", "current"):
        runs = [run for run in runs if day.year in (run[0].year, run[1].year)]  # the winter of a January began before
        runs = [run for run in runs if run[0] <= day <= run[1]] or runs
    if tense is Tense.PAST:
        return max((run for run in runs if run[0] <= day), default=None)
    if tense is Tense.AHEAD:
        return min((run for run in runs if run[1] >= day), default=None)
    return min(runs, key=lambda run: abs((run[0] - day) + (run[1] - day)), default=None)


def _month_and_day(match: re.Match[str], view: View) -> Run | None:
    return _every_year(match, view, lambda year: day_in(year, month_of(match), day_number(match["day"])))


def _days_of_month(match: re.Match[str], view: View) -> Run | None:
    """Of "3 to 5 April"; "3 and 5 April" are no run of days, as "3 and 4 April" are."""
    listed = [int(number) for number in re.findall(r"[0-9]+", match["days"])]
    run = re.search(r"[-–—]|\b(?:to|until|till|through|thru)\b", match["days"]) or re.match("between", match[0], re.I)
    first, last, number = listed[0], listed[-1], month_of(match)
    if first >= last or (len(listed) > 2 if run else listed != [*range(first, last + 1)]):
        return None
    return _every_year(match, view, lambda year: (date(year, number, first), date(year, number, last)))


def _month(match: re.Match[str], view: View) -> Run | None:
    return _every_year(match, view, lambda year: months(year, month_of(match), 1))


def _day_of_a_month(match: re.Match[str], view: View) -> Run | None:
    """Of "the 1st of last month"."""
    shift = shift_of(match["which"] or "this")
    if view.day is None or shift is None:
        return None
    month = moved(view.day.replace(day=1), shift)
    return day_in(month.year, month.month, day_number(match["day"]))


def _season(match: re.Match[str], view: View) -> Run | None:
    number = _SEASONS[match["season"].casefold()]
    through = match["through"]
    if through and (number != 12 or not match["year"] or (int(match["year"]) + 1) % 100 != int(through) % 100):
        return None
    return _every_year(match, view, lambda year: months(year, number, 3))


def _quarter(match: re.Match[str], view: View) -> Run | None:
    """Quarters and halves of a year. "The last quarter" without a year is the one before now, or the last of one."""
    if match["short"]:
        letter, number = match["short"][0], int(match["short"][1])
    else:
        letter, number = match["of"][0].casefold(), ORDER[match["order"].casefold()]
    length = 6 if letter in "hH" else 3
    if number > 12 // length or (number < 0 and not (match["year"] or match["which_year"])):
        return None
    number = 12 // length if number < 0 else number
    return _every_year(match, view, lambda year: months(year, 1 + (number - 1) * length, length))


def _feast(match: re.Match[str], view: View) -> Run | None:
    if match["other"]:
        return None
    return _every_year(match, view, lambda year: feast(match["feast"], year))


def _fiscal(match: re.Match[str], view: View) -> Run | None:
    """Nobody but the firm knows when its year begins."""
    return None


_WHICH_YEAR = r"(?:last|this|next|previous|following)"
_TAIL = rf"(?:,?\s(?:of\s|in\s)?(?:(?P<year>{YEAR})|(?P<which_year>{_WHICH_YEAR})\syear(?!['’]?\w)))?"
"""The year behind what comes every year."""
_HEAD = rf"(?:(?:(?P<year_before>{YEAR})|(?P<which_year_before>{_WHICH_YEAR})\syear)['’]s\s)?"
"""The year before it: "last year's third quarter"."""
_SHARED = rf"(?=,?\s(?:and|or)\s(?:the\s)?(?:{NUMBER}\s(?:of\s)?)?{MONTH}(?:\s{NUMBER})?,?\s(?P<year_shared>{YEAR}))?"
"""The year of a second date that is the first one's too: "in May and June 2025"."""
_NAMED_DAY = r"(?:(?P<named>Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:s|nes|rs|ur)?(?:day)?\.?,?\s(?:the\s)?)?"
_WHICH = rf"(?:(?P<which>{WHICH})\s)?"
_AND = r"(?:\s?[-–—/]\s?|,?\s(?:to|until|till|through|thru|and|or)\s|,\s)"
_SOME_DAYS = rf"(?P<days>{NUMBER}(?:{_AND}{_NAMED_DAY.replace('?P<named>', '?:')}{NUMBER}){{1,3}})"
_BETWEEN = r"(?:(?:from|between)\s(?:the\s)?)?"
_ORDER = r"(?:first|second|third|fourth|last|final|1st|2nd|3rd|4th)"
_FISCAL = r"(?:fiscal|financial|tax|academic|school|marketing|crop|model)"
_FISCAL_PIECE = r"(?:year|quarter|half|first|second|third|fourth|full|Q[1-4]|H[12])"

CALENDAR_DATES: tuple[Form, ...] = (
    Form(
        "day",
        form(
            r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<number>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
            r"(?:T[0-9:.]+(?:Z|[+-][0-9:]+)?)?"
        ),
        _iso,
    ),
    Form(
        "day",
        form(r"(?P<one>[0-9]{1,2})(?P<sign>[-/.])(?P<other>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4}|[0-9]{2})"),
        _numeric,
    ),
    Form(
        "day",
        form(rf"{_NAMED_DAY}(?P<month>{MONTH})\.?\s(?P<day>{NUMBER}){_TAIL}{_SHARED}"),
        _month_and_day,
        MONTHS,
        True,
    ),
    Form(
        "day",
        form(rf"{_NAMED_DAY}(?:the\s)?(?P<day>{NUMBER})\s(?:of\s)?(?P<month>{MONTH}){_TAIL}{_SHARED}"),
        _month_and_day,
        MONTHS,
        True,
    ),
    Form(
        "days",
        form(rf"{_BETWEEN}{_NAMED_DAY}{_SOME_DAYS}\s(?:of\s)?(?P<month>{MONTH}){_TAIL}"),
        _days_of_month,
        MONTHS,
        True,
    ),
    Form(
        "days", form(rf"{_BETWEEN}{_NAMED_DAY}(?P<month>{MONTH})\.?\s{_SOME_DAYS}{_TAIL}"), _days_of_month, MONTHS, True
    ),
    Form(
        "day",
        form(rf"(?:the\s)?(?P<day>{NUMBER})\sof\s(?:(?P<which>last|this|next)|the)\smonth"),
        _day_of_a_month,
        ("month",),
    ),
    Form(
        "month",
        form(rf"{_WHICH}(?-i:(?=[A-Z]))(?P<month>{MONTH})(?!\.?\s[0-9]{{1,2}}(?![0-9])){_TAIL}{_SHARED}"),
        _month,
        MONTHS,
        True,
        IN,
    ),
    Form(
        "years",
        form(r"(?P<year>1[0-9]{3}|20[0-9]{2}|21[0-9]{2})(?P<sign>[-–/])(?P<then>[0-9]{4}|[0-9]{2})"),
        _years,
        leads=IN,
    ),
    Form("year", form(rf"(?P<year>{YEAR})"), _year, leads=IN),
    Form("period", form(r"(?:the\s)?(?P<decade>[12][0-9]{2}0)['’]?s"), _decade),
    Form("period", form(r"(?:the\s)?(?P<century>[12]?[0-9])(?:st|nd|rd|th)[\s-]century"), _century, ("century",)),
    Form(
        "period",
        form(
            rf"(?:the\s)?{_HEAD}(?:(?P<short>(?-i:Q[1-4]|H[12]))|(?P<order>{_ORDER})[\s-](?P<of>quarter|half)){_TAIL}"
        ),
        _quarter,
        ("q", "h"),
        True,
    ),
    Form(
        "season",
        form(
            rf"{_WHICH}{_HEAD}(?P<season>spring|summer|autumn|fall|winter){_TAIL}"
            r"(?:(?<=[0-9])[-–/](?P<through>[0-9]{4}|[0-9]{2}))?"
        ),
        _season,
        tuple(_SEASONS),
        True,
        IN,
    ),
    Form("feast", form(rf"{_WHICH}{_HEAD}{FEAST}{_TAIL}"), _feast, FEAST_HINTS, True),
    Form(
        "unread",
        form(
            rf"(?:(?:the\s)?(?:{_ORDER}[\s-](?:quarter|half)|Q[1-4]|H[12]|end|start|beginning)\s(?:of\s|in\s)?)?"
            rf"(?:(?:the|its|their|{WHICH})\s)?(?:{YEAR}(?:[-–/][0-9]{{2}})?\s)?{_FISCAL}"
            rf"(?:[\s-]{_FISCAL_PIECE}){{1,3}}(?!\s(?:ended|ending|to|through)\b)(?:\s(?:of\s|in\s)?{YEAR})?"
            rf"(?:[-–/][0-9]{{2}})?"
        ),
        _fiscal,
        tuple("fiscal financial tax academic school marketing crop model".split()),
    ),
    Form(
        "unread", form(rf"(?:(?:the\s)?{_ORDER}[\s-](?:quarter|half)\s(?:of\s)?)?fiscal\s{YEAR}"), _fiscal, ("fiscal",)
    ),
    Form("unread", form(r"FY\s?['’]?[0-9]{2}(?:[0-9]{2})?(?:[-–/][0-9]{2})?"), _fiscal, ("fy",)),
)
