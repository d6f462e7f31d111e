"""What the first lines of a text say of it: its title, who wrote it, and when."""

from collections.abc import Callable
from time import thread_time

import pytest

from corpus.formats import Read, markdown, text
from corpus.formats.html.page import article_from_html
from corpus.types import Article, Rejected

STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."
MORE = "Work starts in May, when the river is low, and will take two summers."


def article(outcome: Read | Rejected) -> Article:
    assert isinstance(outcome, Read), outcome
    return outcome.article


def as_page(raw: bytes, *, article_id: str, where: str) -> Read | Rejected:
    parts = "".join(f"<p>{part}</p>" for part in raw.decode().split("\n\n"))
    return article_from_html(
        f"<html><body><article>{parts}</article></body></html>", article_id=article_id, where=where
    )


KINDS = [text.read, markdown.read, as_page]


@pytest.mark.parametrize("read", KINDS)
@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Bridge approved", f"The council voted.\n\n{MORE}"),
        ("Harbour bridge approved by the council", f"Work starts in May.\n\n{STORY}"),
        ("Flood hits Lorn", f"Rain fell all night. It stopped at dawn, and {STORY}"),
        ("Who pays for the bridge?", f"{STORY}\n\n{MORE}"),
        ("Bridge approved", f"{STORY}"),
    ],
)
def test_a_first_line_that_looks_like_a_title_is_one(
    read: Callable[..., Read | Rejected], title: str, rest: str
) -> None:
    found = article(read(f"{title}\n\n{rest}".encode(), article_id="a", where="w"))
    assert (found.title, found.text) == (title, rest)


@pytest.mark.parametrize(
    "raw",
    [
        f"The bridge is approved.\n\n{STORY}",
        f"12 34 56\n\n{STORY}",
        f"2026\n\n{STORY}",
        f"Bridges\n\n{STORY}",
        "The council of Lower Quill voted on Monday\nto build a new bridge across the river.",
        f"LORN, March 10\n\n{STORY}",
        f"By Jane Doe, Quill Post\n\n{STORY}",
        f"Story by Jane Doe\n\n{STORY}",
        f"BY JANE DOE AND JOHN ROE\n\n{STORY}",
        "Home\nNews about the bridge\nSport of the week\nWeather in Lorn",
        f"{'Bridge ' * 20}\n\n{STORY}",
    ],
)
def test_a_first_line_of_another_kind_is_no_title(raw: str) -> None:
    found = article(text.read(raw.encode(), article_id="a", where="w"))
    assert found.title == ""
    assert " ".join(found.text.split()) == " ".join(raw.split())


def test_a_title_stands_above_a_byline_that_stays() -> None:
    found = article(text.read(f"Bridge approved\nBy Jane Doe, Quill Post\n{STORY}".encode(), article_id="a", where="w"))
    assert (found.title, found.text) == ("Bridge approved", f"By Jane Doe, Quill Post\n\n{STORY}")


@pytest.mark.parametrize("read", [text.read, markdown.read])
@pytest.mark.parametrize(
    ("head", "place"),
    [
        ("LORN, Jan. 12, 2020 — ", "dateline"),
        ("LORN (Jan. 12, 2020) — ", "dateline"),
        ("LORN (Post Wire), Jan. 12, 2020 -- ", "dateline"),
        ("By Jane Doe, Quill Post, Jan. 12, 2020\n\n", "byline"),
        ("LORN, Jan. 12, 2020\n\n", "byline"),
        ("Bridge approved\n\nLorn | Jan. 12, 2020 | Jane Doe\n\n", "byline"),
        ("Bridge approved\n\nBy Jane Doe for the Quill Post, 12 January 2020\n\n", "byline"),
    ],
)
def test_the_date_beside_the_place_or_the_writer_is_inferred(
    read: Callable[..., Read | Rejected], head: str, place: str
) -> None:
    outcome = read(f"{head}{STORY}".encode(), article_id="a", where="w")
    assert article(outcome).published_at == "2020-01-12"
    assert isinstance(outcome, Read)
    assert outcome.warnings == (f"no date is stated; 2020-01-12 was taken from its {place}",)


@pytest.mark.parametrize(
    "raw",
    [
        f"By Jane Doe, Quill Post, 03/04/2020\n\n{STORY}",
        f"LORN, 03/04/2020 — {STORY}",
        f"LORN, Jan. 12 — {STORY}",
        f"Quill Festival, Jan. 12, 2020\n\n{STORY}",
        f"The bridge will open on Jan. 12, 2020\n\n{STORY}",
        f"By Jan. 12, 2020 the bridge was open\n\n{STORY}",
        f"By Jane Doe, Jan. 12, 2020 to Jan. 14, 2020\n\n{STORY}",
        f"{STORY}\n\n{MORE}\n\n{MORE}\n\n{STORY}\n\nBy Jane Doe, Quill Post, Jan. 12, 2020",
    ],
)
def test_no_other_date_is_taken_for_the_day_of_publication(raw: str) -> None:
    outcome = text.read(raw.encode(), article_id="a", where="w")
    assert article(outcome).published_at is None


@pytest.mark.parametrize("piece", ["A-", "A.", "A ", "and A", "By A, ", "LORN, ", "A'", "| "])
def test_a_hostile_first_line_costs_no_time(piece: str) -> None:
    start = thread_time()
    for times in (30, 58, 20_000):
        text.read(f"By {piece * times}!\n\n{STORY}".encode(), article_id="a", where="w")
        text.read(f"{piece * times} Jan. 12, 2020 x\n\n{piece * times}!\n\n{STORY}".encode(), article_id="a", where="w")
    assert thread_time() - start < 5
