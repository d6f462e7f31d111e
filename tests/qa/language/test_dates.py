from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.dates import days

PUBLISHED = date(2026, 1, 28)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on 2026-01-05", "2026-01-05", "2026-01-05"),
        ("Monday, Jan. 5, 2026", "2026-01-05", "2026-01-05"),
        ("28 January 2025", "2025-01-28", "2025-01-28"),
        ("the 5th of June 2024", "2024-06-05", "2024-06-05"),
        ("January 2026", "2026-01-01", "2026-01-31"),
        ("late January 2026", "2026-01-20", "2026-01-31"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("since 2019", "2019-01-01", "2019-12-31"),
        ("early 2025", "2025-01-01", "2025-05-26"),
        ("mid-2025", "2025-04-02", "2025-10-01"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("the late 1980s", "1986-01-01", "1989-12-31"),
        ("the 19th century", "1801-01-01", "1900-12-31"),
        ("Q3 2025", "2025-07-01", "2025-09-30"),
        ("the first half of 2025", "2025-01-01", "2025-06-30"),
        ("the fourth quarter of 2024", "2024-10-01", "2024-12-31"),
        ("summer 2025", "2025-06-01", "2025-08-31"),
        ("winter 2024", "2024-12-01", "2025-02-28"),
    ],
)
def test_dates_that_need_no_article(text: str, first: str, last: str) -> None:
    for published in (PUBLISHED, None):
        (found,) = days(text, published)
        assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("January 28", "2026-01-28", "2026-01-28"),
        ("Friday, 2 January", "2026-01-02", "2026-01-02"),
        ("the 30th of December", "2025-12-30", "2025-12-30"),
        ("in December", "2025-12-01", "2025-12-31"),
        ("December", "2025-12-01", "2025-12-31"),
        ("last January", "2025-01-01", "2025-01-31"),
        ("next March", "2026-03-01", "2026-03-31"),
        ("by the end of March", "2026-03-20", "2026-03-31"),
        ("mid-December", "2025-12-08", "2025-12-24"),
        ("in May", "2026-05-01", "2026-05-31"),
        ("on Wednesday", "2026-01-28", "2026-01-28"),
        ("Monday", "2026-01-26", "2026-01-26"),
        ("last Wednesday", "2026-01-21", "2026-01-21"),
        ("next Friday", "2026-01-30", "2026-01-30"),
        ("yesterday", "2026-01-27", "2026-01-27"),
        ("the day before yesterday", "2026-01-26", "2026-01-26"),
        ("tomorrow", "2026-01-29", "2026-01-29"),
        ("last week", "2026-01-19", "2026-01-25"),
        ("this weekend", "2026-01-31", "2026-02-01"),
        ("last month", "2025-12-01", "2025-12-31"),
        ("this quarter", "2026-01-01", "2026-03-31"),
        ("last quarter", "2025-10-01", "2025-12-31"),
        ("next year", "2027-01-01", "2027-12-31"),
        ("two weeks ago", "2026-01-11", "2026-01-17"),
        ("3 days ago", "2026-01-25", "2026-01-25"),
        ("three months ago", "2025-10-01", "2025-10-31"),
        ("a year ago", "2025-01-01", "2025-12-31"),
        ("the third quarter", "2025-07-01", "2025-09-30"),
        ("the third quarter of last year", "2025-07-01", "2025-09-30"),
        ("last summer", "2025-06-01", "2025-08-31"),
        ("in the spring", "2026-03-01", "2026-05-31"),
    ],
)
def test_dates_seen_from_the_day_of_publication(text: str, first: str, last: str) -> None:
    (found,) = days(text, PUBLISHED)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert days(text, None) == []


@pytest.mark.parametrize(
    "text", ["Feb 30", "may", "march on", "1,999 sheep", "H2025", "", "the coming months", "31/12"]
)
def test_what_is_no_date(text: str) -> None:
    assert days(text, PUBLISHED) == []


def test_several_dates_stand_where_they_say() -> None:
    text = "Announced on January 5, 2026 and approved last week, it starts in March."
    found = days(text, PUBLISHED)
    assert [text[one.start : one.end] for one in found] == ["January 5, 2026", "last week", "in March"]


@given(
    st.dates(date(1000, 1, 1), date(2199, 12, 31)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%b. %d, %Y"])
)
def test_a_calendar_day_is_read_back(day: date, form: str) -> None:
    (found,) = days(day.strftime(form), None)
    assert found.first == found.last == day


@given(st.text(max_size=60), st.dates())
def test_any_text_is_read_without_error(text: str, published: date) -> None:
    for found in days(text, published):
        assert found.first <= found.last
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sales rose 3 per cent from a year earlier.",
        "A year earlier the port had 40 ferries.",
        "He had been warned three days earlier.",
        "Two weeks later the ferry sank.",
        "It closed six months later than planned.",
        # What was due and did not come may lie before the article or behind it.
        "The fair was due to open on Friday but was cancelled.",
        "The ferry, which was due to sail on Thursday, was cancelled.",
        "The talks were scheduled for Saturday but were called off.",
        "The launch, planned for Monday, was postponed.",
        "She was due in court on Tuesday but did not appear.",
    ],
)
def test_what_no_day_can_be_told_of_is_left_out(text: str) -> None:
    assert days(text, PUBLISHED) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The fair was due to open on Friday.", "2026-01-30"),
        ("The fair is due to open on Friday, though the last one was cancelled.", "2026-01-30"),
        ("The fair, due on Friday, has been cancelled.", "2026-01-30"),
        ("The fair was cancelled on Friday.", "2026-01-23"),
        ("He resigned six months earlier, on 5 May 2020.", "2020-05-05"),
        ("It closed three days ago.", "2026-01-25"),
    ],
)
def test_what_is_due_and_what_is_past(text: str, first: str) -> None:
    assert [one.first.isoformat() for one in days(text, PUBLISHED)] == [first]


@pytest.mark.parametrize(
    ("text", "whole", "first"),
    [
        ("It was shut on Mon\u200bday after a crash.", "on Mon\u200bday", "2026-01-26"),
        ("\ufeffMonday\u2060 was calm.", "Monday", "2026-01-26"),
        ("It opened on 14 Mar\u00adch 2025.", "14 Mar\u00adch 2025", "2025-03-14"),
        ("It ends the day af\u200dter to\u00admorrow.", "the day af\u200dter to\u00admorrow", "2026-01-30"),
    ],
)
def test_characters_that_print_nothing_hide_no_date(text: str, whole: str, first: str) -> None:
    (found,) = days(text, PUBLISHED)
    assert (text[found.start : found.end], found.first.isoformat()) == (whole, first)
