from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from dateutil import parser
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import date_in_url, find_dates, parse_date, parse_iso

TODAY = date(2026, 1, 30)
DAYS = st.dates(date(1970, 1, 1), TODAY)
UNAMBIGUOUS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%B %d, %Y",
    "%b %d, %Y",
    "%b. %d, %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%A, %B %d, %Y",
    "%a, %d %b %Y",
    "%B %d, %Y 3:15 pm ET",
    "%B %d, %Y at 10:30 a.m.",
    "3:15 p.m. EST, %B %d, %Y",
    "%Y-%m-%dT10:00:00",
    "%Y-%m-%d 10:00:00.123",
    "%Y%m%d103000",
    "Published: %B %d, %Y",
]


@given(DAYS, st.sampled_from(UNAMBIGUOUS))
def test_a_day_written_clearly_comes_back(day: date, form: str) -> None:
    assert parse_date(day.strftime(form), today=TODAY) == day.isoformat()


@given(DAYS, st.sampled_from(["%m/%d/%Y", "%d.%m.%Y", "%m/%d/%y", "%d-%m-%y", "%y/%m/%d", "%d %b %y", "%a %m/%d/%y"]))
def test_numbers_give_the_right_day_or_none(day: date, form: str) -> None:
    assert parse_date(day.strftime(form), today=TODAY) in (day.isoformat(), None)


@given(DAYS.filter(lambda day: day.day <= 12 and day.day != day.month), st.sampled_from("/.-"))
def test_an_ambiguous_day_is_read_only_where_something_decides(day: date, mark: str) -> None:
    text = day.strftime(f"%m{mark}%d{mark}%Y")
    assert parse_date(text, today=TODAY) is None
    assert parse_date(text, today=TODAY, order="mdy") == day.isoformat()
    assert parse_date(text, today=TODAY, url=day.strftime("https://a.example/%Y/%m/%d/x.html")) == day.isoformat()
    assert parse_date(text, today=TODAY, url=day.strftime("https://a.example/x-%Y-%m-%d")) == day.isoformat()
    assert parse_date(text, today=TODAY, url=day.strftime("https://a.example/%Y/%b/%d/x")) == day.isoformat()
    assert parse_date(text, today=TODAY, url=day.strftime("https://a.example/%Y/%m/x")) == day.isoformat()
    assert parse_date(text, today=TODAY, url="https://a.example/1999/") is None


@given(st.datetimes(datetime(1971, 1, 1), datetime(2026, 1, 30)), st.integers(-12 * 60, 14 * 60))
def test_a_moment_keeps_its_zone(moment: datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_date(format_datetime(moment), today=TODAY) == moment.isoformat()
    assert parse_date(moment.isoformat(), today=TODAY) == moment.isoformat()
    assert parse_iso(moment.isoformat()) == moment.isoformat()


@pytest.mark.filterwarnings("ignore::dateutil.parser.UnknownTimezoneWarning")
@given(st.text("0123456789 /-.:,TZ", max_size=20) | st.from_regex(r"[0-9]{1,4} ?[/.-]? ?[a-zA-Z]{3} ?[0-9]{1,4}"))
def test_what_is_read_is_one_of_the_readings_of_a_lenient_parser(text: str) -> None:
    found = parse_date(text, today=TODAY)
    readings = set()
    for dayfirst in (False, True):
        for yearfirst in (False, True):
            try:
                readings.add(parser.parse(text, dayfirst=dayfirst, yearfirst=yearfirst).date().isoformat())
            except (ValueError, OverflowError):
                continue
    assert found is None or found[:10] in readings


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "January 2026", "Tuesday", "2017", "10:30", "May 5", "May 5-10", "May 5-10, 2020", "1517156520"),
        *(
            "12 and 13 May",
            "0001-11-30",
            "1599-12-31",
            "2026-02-01",
            "9/26/30",
            "1/2/2026",
            "June 31, 2020",
            "2017-13-05",
        ),
        *("28/01/26", "10.11.12", "Thursday, 28 January 2026", "2026-01-28T25:00", "January 28, 2026 or so"),
        *("١٢/٢٠/٢٠٢٠", "2020-01-02-03", "5" * 5000),
    ],
)
def test_what_is_no_certain_date_is_none(text: str) -> None:
    assert parse_date(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9/26/17", "2017-09-26"),
        ("9/26/75", "1975-09-26"),
        ("26 Jan 24", "2024-01-26"),
        ("13/9/2017", "2017-09-13"),
        ("Wed 9/6/17", None),  # 2017-09-06 and 2009-06-17 are both Wednesdays
        ("Saturday 9/6/2014", "2014-09-06"),
        ("Sept. 6th, 2017", "2017-09-06"),
        ("28 January '26", "2026-01-28"),
        ("Wed, 02 Oct 02 08:00:00 EST", "2002-10-02"),
        ("2026-01-31", "2026-01-31"),
        ("2026-01-28T10:00:00Z", "2026-01-28T10:00:00+00:00"),
        ("20260128T101500Z", "2026-01-28T10:15:00+00:00"),
        ("Wed, 28 Jan 2026 10:00:00 +0000 (UTC)", "2026-01-28T10:00:00+00:00"),
        ("Jan 28, 2026 3:15 pm CST", "2026-01-28"),
    ],
)
def test_forms_that_outlets_use(text: str, expected: str | None) -> None:
    assert parse_date(text, today=TODAY) == expected


def test_the_order_settles_only_what_nothing_else_does() -> None:
    assert parse_date("26/9/2017", order="mdy") == "2017-09-26"
    assert parse_date("9/6/2017", order="mdy", url="https://a.example/2017/06/09/x") == "2017-06-09"
    assert parse_date("9/6/2017", order="mdy", url="https://a.example/2014/01/01/x") == "2017-09-06"


def test_tomorrow_is_counted_from_today_in_utc() -> None:
    today = datetime.now(UTC).date()
    assert parse_date((today + timedelta(days=1)).isoformat()) is not None
    assert parse_date((today + timedelta(days=3)).isoformat()) is None


@pytest.mark.parametrize(
    "text",
    ["2026-1-28", "20260128", " 2026-01-28", "2026-01-28T10:00", "2026-02-30", "2026-01-28T10:00+25:00", "2026-01", ""],
)
def test_parse_iso_is_strict(text: str) -> None:
    assert parse_iso(text) is None


def test_parse_iso_normalises() -> None:
    assert parse_iso("2026-01-28") == "2026-01-28"
    assert parse_iso("2026-01-28T10:00Z") == "2026-01-28T10:00:00+00:00"


def test_dates_are_found_in_a_line_with_their_clock() -> None:
    line = "Published: Jan 27, 2026 | Updated: Jan 28, 2026, 10:30 a.m."
    found = [(date.value, line[date.start : date.end]) for date in find_dates(line, today=TODAY)]
    assert found == [("2026-01-27", "Jan 27, 2026"), ("2026-01-28", "Jan 28, 2026, 10:30 a.m.")]
    assert list(find_dates("call 555-2026-01-28x or see 1.2.3.4", today=TODAY)) == []


def test_dates_in_urls() -> None:
    assert date_in_url("https://a.example/news/2017/09/06/bridge") == "2017-09-06"
    assert date_in_url("https://a.example/2017/09/bridge") is None
    assert date_in_url("https://a.example/index/256460/the-2014-15-season") is None
