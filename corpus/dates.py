"""Parses the dates that outlets write into ISO 8601. An ambiguous date is not a date.

A grammar of the forms that news uses, instead of a lenient parser: lenient parsers fill in what is missing from today
("January 2026", "Tuesday") and read "May 5-10" as a day in 2010.
"""

import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal, NamedTuple
from urllib.parse import unquote

Order = Literal["mdy", "dmy"]

FIRST_YEAR = 1600
"""No newspaper is older; earlier years are the fillers of content systems (0001-11-30)."""
_LONGEST = 100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_ZONE = r"(?:Z|(?:UTC|GMT)?[+-][0-9]{2}:?[0-9]{2}|UTC|GMT|[A-Z]{1,3}[SD]?T)"
_CLOCK = (
    r"(?:(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"\s?(?P<half>[ap]\.?\s?m\b\.?)?|\s?(?P<bare_half>[ap]\.?m\b\.?))"
    # Zone abbreviations are written in capitals: any word of four letters could be one otherwise.
    rf"(?:\s?\(?(?-i:(?P<zone>{_ZONE}))\)?(?![a-z0-9]))?)"
)
_ORDINAL = r"(?:st|nd|rd|th)?"
_CALENDAR = (
    r"(?:"
    r"(?P<y1>[0-9]{4})(?P<s1>[-/.])(?P<m1>[0-9]{1,2})(?P=s1)(?P<d1>[0-9]{1,2})"
    r"|(?P<y2>[0-9]{4})(?P<m2>[0-9]{2})(?P<d2>[0-9]{2})"
    r"|(?P<a>[0-9]{1,2})(?P<s3>[-/.])(?P<b>[0-9]{1,2})(?P=s3)(?P<c>[0-9]{4}|[0-9]{2})"
    rf"|(?P<d4>[0-9]{{1,2}}){_ORDINAL}(?:\s(?:of\s)?|[-/.]\s?)(?P<m4>{_MONTH})\b\.?(?:,?\s|[-/])(?P<y4>[0-9]{{4}}|'?[0-9]{{2}})"
    rf"|(?P<m5>{_MONTH})\b\.?[\s-](?P<d5>[0-9]{{1,2}}){_ORDINAL}(?:,\s?|\s|-)(?P<y5>[0-9]{{4}})"
    rf"|(?P<y6>[0-9]{{4}})[\s-](?P<m6>{_MONTH})\b\.?[\s-](?P<d6>[0-9]{{1,2}})"
    r")(?![0-9])"
)
_JOIN = r"(?:,?\s(?:at|on)\s|\s?[,|–—-]\s|,?\s)"
_FORM = re.compile(
    rf"(?:(?P<weekday>{_WEEKDAY})\b\.?,?\s)?{_CALENDAR}(?:(?:{_JOIN}|(?<=[0-9])T){_CLOCK})?", re.IGNORECASE
)
# The clock in front: "3:15 pm ET, January 28, 2026". Tried second, so that a date keeps the clock behind it.
_CLOCK_FIRST = re.compile(rf"{_CLOCK}{_JOIN}(?:(?P<weekday>{_WEEKDAY})\b\.?,?\s)?{_CALENDAR}", re.IGNORECASE)
_COMPACT = re.compile(r"^([0-9]{4})([0-9]{2})([0-9]{2})T?([0-9]{2})([0-9]{2})([0-9]{2})(?=Z?$)")
_LABEL = re.compile(r"(?:date|published|posted|updated)(?:\son)?\s?:?\s", re.IGNORECASE)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
_URL_DATE = re.compile(
    rf"(?<![0-9])(?P<y>(?:19|20)[0-9]{{2}})(?P<s>[/-])(?P<m>[0-9]{{1,2}}|{_MONTH})(?:(?P=s)(?P<d>[0-9]{{1,2}}))?(?![0-9a-z])",
    re.IGNORECASE,
)
_PACKED_URL_DATE = re.compile(r"/(?P<y>(?:19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?=[/_.-]|$)")

# "LORN, March 10, 2026 (Post Wire) — ": names before the date, an agency behind it, a dash.
_DATELINE = 160
_PLACES = re.compile(
    r"(?:(?!(?:After|Before|By|From|In|On|Since|The|Until)\b)[^\W\d_a-zß-öø-ÿ][\w.'’-]*[\s,./()–—-]*){0,8}"
)
_DATELINE_END = re.compile(r"\)?\s?(?:\([^()]{1,40}\)|/[^/]{1,30}/)?,?\s?(?:[—–]|-{1,2})\s?+(?![0-9])|:\s")
# A line with the writer's name or a place, and the date: "By Jane Doe, Quill Post, Jan. 12, 2020", "LORN, 12 May 2020".
_CREDITS = 4
_BYLINE = re.compile(r"by\s\S|.*\s[|•·]\s", re.IGNORECASE)
_SMALL = frozenset("and at by for from in of on staff the writer reporter editor correspondent published".split())
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]*(?:[\s,]+[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’-]*){0,3}[\s,]*")


class FoundDate(NamedTuple):
    """A date standing in a line, ``[start, end)`` in its characters; ``value`` is None where that is unsure."""

    value: str | None
    start: int
    end: int


def parse_iso(text: str) -> str | None:
    """Read an ISO 8601 date, or date-time with zone, as ``isoformat`` writes it; None for anything else."""
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text).isoformat()
        if _ISO_MOMENT.fullmatch(text):
            return datetime.fromisoformat(text).isoformat()
    except ValueError:
        pass
    return None


def parse_date(
    text: str, *, url: str | None = None, today: date | None = None, order: Order | None = None
) -> str | None:
    """Read the date that ``text`` is, as an ISO 8601 date, or date-time where it gives a zone; None where unsure.

    "9/6/17" needs a date in the article's ``url``, or else a stated ``order`` of its numbers. Dates before FIRST_YEAR
    or after tomorrow, counted from ``today`` (default: today in UTC), are None.
    """
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        return None
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    # RFC 2822 allows a comment behind the numeric zone: "+0000 (UTC)".
    text = re.sub(r"(?<=[0-9]{4}) \([A-Z]{1,5}\)$", "", text)
    text = _COMPACT.sub(r"\1-\2-\3T\4:\5:\6", text)
    match = _FORM.fullmatch(text) or _CLOCK_FIRST.fullmatch(text)
    return None if match is None else _read(match, url=url, today=today, order=order)


def find_dates(line: str, *, today: date | None = None, order: Order | None = None) -> Iterator[FoundDate]:
    """Find the complete dates that stand in a line, in order, each with the clock time that belongs to it."""
    at = 0
    while at < len(line):
        found = [m for m in (_FORM.search(line, at), _CLOCK_FIRST.search(line, at)) if m is not None]
        if not found:
            return
        match = min(found, key=lambda m: (m.start(), -m.end()))
        at = match.end()
        before = line[match.start() - 1 : match.start()]
        # Part of a longer number or word: a telephone number, a version, a file name.
        if not (before.isalnum() or (before and before in "/-.'+") or line[at : at + 1].isalnum()):
            yield FoundDate(_read(match, url=None, today=today, order=order), match.start(), match.end())


def date_in_url(url: str) -> str | None:
    """Read the full date that stands in a URL (/2017/09/06/, /2017-09-06), as outlets file their articles, or None."""
    day, _ = _url_date(url)
    if day is None:
        packed = (next(_day(one["y"], int(one["m"]), int(one["d"])), None) for one in _PACKED_URL_DATE.finditer(url))
        day = next(filter(None, packed), None)
    return None if day is None or not _plausible(day, None) else day.isoformat()


def date_in_dateline(text: str, *, order: Order | None = None) -> str | None:
    """Read the full date that stands in the dateline with which a text begins, between the place and a dash."""
    head = text.lstrip()[:_DATELINE].partition("\n")[0]
    found = next(find_dates(head, order=order), None)
    if found is None or found.value is None or not _PLACES.fullmatch(head[: found.start]):
        return None
    end = _DATELINE_END.match(head, found.end)
    # "10 March 2026 - 12 March 2026" is a span of time.
    spans = end is not None and any(one.start == end.end() for one in find_dates(head))
    return None if end is None or spans else found.value


def date_in_byline(text: str, *, order: Order | None = None) -> str | None:
    """Read the full date that stands beside the writer or the place, in a short line of its own above the story."""
    for line in text.lstrip().split("\n\n", _CREDITS)[:_CREDITS]:
        found = [*find_dates(line, order=order)] if len(line) <= _DATELINE else []
        if len(found) != 1:
            continue
        before, after = line[: found[0].start], line[found[0].end :]
        if _is_byline(line, f"{before} {after}") or (_CAPITALS.fullmatch(before) and not after.strip()):
            return found[0].value
    return None


def _is_byline(line: str, rest: str) -> bool:
    """Tell a line of names, of which ``rest`` is not the date, from a headline: by its "By", or its strokes."""
    return _BYLINE.match(line) is not None and all(word in _SMALL or not word[0].islower() for word in rest.split())


def _read(match: re.Match[str], *, url: str | None, today: date | None, order: Order | None) -> str | None:
    # A reading that lies in the future counts as well: otherwise 1/2/2026 would be certain in January only.
    days = set(_days(match, None))
    weekday = match["weekday"]
    if weekday:
        # A weekday that contradicts the date means that one of them is wrong; one that doesn't may decide.
        days = {day for day in days if day.weekday() == _DAYS.index(weekday[:3].lower())}
    if len(days) > 1 and url:
        days = {day for day in days if _fits(day, url)} or days
    if len(days) > 1 and order:
        days &= set(_days(match, order))
    if len(days) != 1:
        return None
    (day,) = days
    if not _plausible(day, today):
        return None
    clock = match.groupdict()
    if clock["hour"] is None:
        return day.isoformat()
    return _moment(day, clock)


def _days(match: re.Match[str], order: Order | None) -> Iterator[date]:
    """Every calendar day that the matched numbers can mean."""
    part = match.groupdict()
    for form in ("1", "2", "4", "5", "6"):
        if part["d" + form] is not None:
            month = part["m" + form]
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
            year, day = part["y" + form].lstrip("'"), part["d" + form]
            yield from _day(year, number, int(day))
            return
    a, b, c = part["a"], part["b"], part["c"]
    if order != "dmy":
        yield from _day(c, int(a), int(b))
    if order != "mdy":
        yield from _day(c, int(b), int(a))
    if order is None and len(c) == 2:
        yield from _day(a.zfill(2), int(b), int(c))


def _day(year: str, month: int, day: int) -> Iterator[date]:
    """Give the day, if the calendar has it. Two digits are a year from 1970 to 2069, as in POSIX."""
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= 70 else 2000
    with contextlib.suppress(ValueError):
        yield date(number, month, day)


def _moment(day: date, clock: dict[str, str | None]) -> str | None:
    """Give the day, with its time where a zone makes that a moment; None where the clock can't be."""
    half = (clock["half"] or clock["bare_half"] or "").lower()
    hour = int(clock["hour"] or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        at = time(hour, int(clock["minute"] or 0), int(clock["second"] or 0))
        zone = _zone(clock["zone"])
    except ValueError:
        return None
    return day.isoformat() if zone is None else datetime.combine(day, at, zone).isoformat()


def _zone(name: str | None) -> timezone | None:
    """Give the zone, where its name means the same everywhere; "CST" is in Chicago and in Shanghai."""
    if name is None:
        return None
    if name in ("Z", "UTC", "GMT"):
        return UTC
    offset = re.search(r"([+-])([0-9]{2}):?([0-9]{2})$", name)
    if offset is None:
        return None
    sign, hours, minutes = offset.groups()
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-distance if sign == "-" else distance)


def _plausible(day: date, today: date | None) -> bool:
    today = today or datetime.now(UTC).date()
    return day.year >= FIRST_YEAR and day <= today + timedelta(days=1)


def _url_date(url: str) -> tuple[date | None, tuple[int, int] | None]:
    """Read the day and the (year, month) in a URL, as far as it gives them."""
    for match in _URL_DATE.finditer(unquote(url)):
        month = match["m"]
        number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
        if not 1 <= number <= 12:
            continue
        day = None
        if match["d"]:
            day = next(_day(match["y"], number, int(match["d"])), None)
        return day, (int(match["y"]), number)
    return None, None


def _fits(day: date, url: str) -> bool:
    there, month = _url_date(url)
    if there is not None:
        # Zones move a date by one day; the readings of one ambiguous date lie weeks apart.
        return abs((day - there).days) <= 1
    return month == (day.year, day.month)
