"""Dates that are written from known days, in every form, and read back."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from qa.language.calendar import easter, moved
from qa.language.dates import days

DAY = timedelta(days=1)
FIRST, LAST = date(1960, 1, 1), date(2090, 12, 31)
Written = tuple[str, date, date]
"""A phrase, and the first and the last day that it means."""

AROUND = {
    "past": [
        "The dam at Orsk Hollow broke {}.",
        "The dam broke {}, the warden said.",
        "{}, the dam broke.",
        "The warden, who will retire, said the dam broke {}.",
        "The dam, which had been mended twice, was opened {} by the mayor.",
        "The dam has not been safe; it was shut {}, two years late.",
    ],
    "ahead": [
        "The dam at Orsk Hollow will be drained {}.",
        "The warden said the dam would be drained {}.",
        "{}, the dam will be drained.",
        "The dam, which broke twice, is to be drained {}.",
        "The dam is due to be drained {}, the warden said.",
        "The warden agreed to drain the dam {}.",
        "Work that began late will, the warden said, stop {}.",
    ],
    "either": ["The dam: {}.", "Drained {}, it said.", "The notice names {} as the day.", "{}"],
}


def figure(number: int, way: int) -> str:
    """5, 5th, 05."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return (str(number), f"{number}{ending}", f"{number:02}")[way]


@st.composite
def a_whole_day(draw: DrawFn) -> Written:
    day = draw(st.dates(FIRST, LAST))
    number, way = figure(day.day, draw(st.sampled_from([0, 0, 1, 2]))), draw(st.sampled_from(["%B", "%b", "%b."]))
    month = f"{day:{way}}".replace("May.", "May")
    forms = [
        f"{number} {month} {day.year}",
        f"{month} {number}, {day.year}",
        f"{month} {number} {day.year}",
        f"the {number} of {day:%B}, {day.year}",
        f"{day:%A}, {number} {month} {day.year}",
        f"{day:%A}, {month} {number}, {day.year}",
        f"{day:%Y-%m-%d}",
        f"{day:%Y-%m-%d}T08:30:00Z",
        f"{day:%Y/%m/%d}",
    ]
    if day.day > 12 or day.day == day.month:
        forms += [f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}"]
    return draw(st.sampled_from(forms)), day, day


@st.composite
def a_whole_run(draw: DrawFn) -> Written:
    first = draw(st.dates(FIRST, LAST - timedelta(days=800)))
    last = first + draw(st.integers(1, 700)) * DAY
    to = draw(st.sampled_from([" to ", "–", "-", " - ", " until ", " through "]))
    lead = draw(st.sampled_from(["", "from "]))
    forms = [
        f"{lead}{first:%B} {first.day}, {first.year}{to}{last:%B} {last.day}, {last.year}",
        f"{lead}{first.day} {first:%B} {first.year}{to}{last.day} {last:%B} {last.year}",
        f"between {first.day} {first:%B} {first.year} and {last.day} {last:%B} {last.year}",
    ]
    if (last - first).days < 360:
        forms += [
            f"{lead}{first.day} {first:%B}{to}{last.day} {last:%B} {last.year}",
            f"{lead}{first:%B} {first.day}{to}{last:%B} {last.day}, {last.year}",
        ]
    if (first.year, first.month) == (last.year, last.month):
        forms = [
            f"{lead}{first.day}{to}{last.day} {last:%B} {last.year}",
            f"{lead}{first:%B} {first.day}{to}{last.day}, {last.year}",
            f"between {first.day} and {last.day} {last:%B} {last.year}",
        ]
    return draw(st.sampled_from(forms)), first, last


@st.composite
def a_longer_run(draw: DrawFn) -> Written:
    year, number = draw(st.integers(1960, 2090)), draw(st.integers(1, 12))
    month, end = date(year, number, 1), moved(date(year, number, 1), 1) - DAY
    quarter = (number - 1) // 3
    opening = date(year, 3 * quarter + 1, 1)
    closing = moved(opening, 3) - DAY
    order = ("first", "second", "third", "fourth")[quarter]
    later = year + draw(st.integers(1, 9))
    weekday = draw(st.integers(0, 6))
    monday = month + ((weekday - month.weekday()) % 7) * DAY
    name = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()[weekday]
    sunday = easter(year)
    return draw(
        st.sampled_from(
            [
                (f"{month:%B} {year}", month, end),
                (f"the first half of {month:%B} {year}", month, month + (end.day // 2 - 1) * DAY),
                (f"the second half of {month:%B} {year}", month + (end.day // 2) * DAY, end),
                (f"the first week of {month:%B} {year}", month, month + 6 * DAY),
                (f"the last week of {month:%B} {year}", end - 6 * DAY, end),
                (f"the last day of {month:%B} {year}", end, end),
                (f"the first {name} in {month:%B} {year}", monday, monday),
                (f"the second {name} of {month:%B} {year}", monday + 7 * DAY, monday + 7 * DAY),
                (f"Q{quarter + 1} {year}", opening, closing),
                (f"the {order} quarter of {year}", opening, closing),
                (f"the three months to {closing:%B} {year}", opening, closing),
                (f"the year to {end:%B} {year}", moved(month, -11), end),
                (f"{year}–{later % 100:02}", date(year, 1, 1), date(later, 12, 31))
                if later // 100 == year // 100
                else (f"from {year} to {later}", date(year, 1, 1), date(later, 12, 31)),
                (f"from {month:%B} {year} to {end:%B} {later}", month, moved(date(later, number, 1), 1) - DAY),
                (f"Easter Monday {year}", sunday + DAY, sunday + DAY),
                (f"Good Friday {year}", sunday - 2 * DAY, sunday - 2 * DAY),
                (f"Christmas Eve {year}", date(year, 12, 24), date(year, 12, 24)),
                (f"the day after Easter Sunday {year}", sunday + DAY, sunday + DAY),
                (f"two days before Good Friday {year}", sunday - 4 * DAY, sunday - 4 * DAY),
            ]
        )
    )


@st.composite
def seen_from_a_day(draw: DrawFn) -> tuple[str, date, Written]:
    """The tense, the article's day, and a date that says neither year nor week."""
    today, tense = draw(st.dates(FIRST, LAST)), draw(st.sampled_from(["past", "ahead"]))
    sign = 1 if tense == "ahead" else -1
    near = today + sign * draw(st.integers(0, 6)) * DAY
    other = near + sign * draw(st.integers(1, 6)) * DAY
    begin, close = sorted((near, other))
    far = today + sign * draw(st.integers(1, 350)) * DAY
    month = moved(today.replace(day=1), sign * draw(st.integers(1, 11)))
    week = today - today.weekday() * DAY + sign * 7 * DAY
    which = "next" if tense == "ahead" else "last"
    on = draw(st.sampled_from(["on ", ""]))
    forms = [
        (f"{on}{near:%A}", near, near),
        (f"{on}{near:%A} morning", near, near),
        (f"from {begin:%A} to {close:%A}", begin, close),
        (f"between {begin:%A} and {close:%A}", begin, close),
        (f"on {far.day} {far:%B}", far, far),
        (f"on {far:%B} {far.day}", far, far),
        (f"in {month:%B}", month, moved(month, 1) - DAY),
        (f"{which} week", week, week + 6 * DAY),
        (f"on {near:%A} {which} week", week + near.weekday() * DAY, week + near.weekday() * DAY),
    ]
    if tense == "ahead":
        ahead = today + (7 - (today.weekday() - near.weekday()) % 7) * DAY
        forms += [
            ("the day after tomorrow", today + 2 * DAY, today + 2 * DAY),
            (f"on {near:%A} week", ahead + 7 * DAY, ahead + 7 * DAY),
            (f"three weeks from {near:%A}", ahead + 21 * DAY, ahead + 21 * DAY),
            (f"by {near:%A}", near, near),
        ]
    else:
        back = today - ((today.weekday() - near.weekday()) % 7 or 7) * DAY
        forms += [
            ("the day before yesterday", today - 2 * DAY, today - 2 * DAY),
            (f"on the {near:%A} before last", back - 7 * DAY, back - 7 * DAY),
            ("five days ago", today - 5 * DAY, today - 5 * DAY),
        ]
    return tense, today, draw(st.sampled_from(forms))


def in_a_sentence(data: st.DataObject, phrase: str, tense: str) -> str:
    sentence = data.draw(st.sampled_from(AROUND[tense]))
    return sentence.format(phrase[0].upper() + phrase[1:] if sentence.startswith("{}") else phrase)


@settings(max_examples=400)
@given(a_whole_day() | a_whole_run() | a_longer_run(), st.data())
def test_a_date_with_its_year_is_read_back(written: Written, data: st.DataObject) -> None:
    phrase, first, last = written
    text = in_a_sentence(data, phrase, data.draw(st.sampled_from(sorted(AROUND))))
    for published in (None, data.draw(st.dates(FIRST, LAST))):
        (found,) = days(text, published)
        assert found[:2] == (first, last), text
        covered = text[found.start : found.end].casefold()
        assert covered.removeprefix("the ") in (phrase.casefold(), phrase.casefold().removeprefix("the ")), text


@settings(max_examples=400)
@given(seen_from_a_day(), st.data())
def test_a_date_without_a_year_is_read_back_by_its_tense(
    written: tuple[str, date, Written], data: st.DataObject
) -> None:
    tense, published, (phrase, first, last) = written
    text = in_a_sentence(data, phrase, tense)
    (found,) = days(text, published)
    assert found[:2] == (first, last), (text, published)


@given(st.integers(1900, 2100))
def test_easter_is_a_sunday_of_spring(year: int) -> None:
    day = easter(year)
    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


def test_easter_of_known_years() -> None:
    # https://aa.usno.navy.mil/data/easter
    known = {1961: "04-02", 1999: "04-04", 2008: "03-23", 2011: "04-24", 2024: "03-31", 2025: "04-20", 2038: "04-25"}
    assert {year: f"{easter(year):%m-%d}" for year in known} == known
