import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.cleaning import Cleaned, clean

STORY = "The council of Lower Quill voted on Monday to spend 12 million crowns on a new bridge, the mayor said."
MORE = "Work starts in May, when the river is low, and will take two summers."

PIECES = st.sampled_from(
    [
        *(
            "",
            STORY,
            MORE,
            "Bridge Approved",
            "License Terms",
            "Twitter",
            "Share",
            "TLDR",
            "- a bullet",
            "- - x",
            "-",
            "•x",
        ),
        *(
            "By Jane Doe",
            "January 28, 2026",
            "Published: January 28, 2026",
            "Updated 3:15 pm",
            "Quill.Az",
            "Source: Quill",
        ),
        *(
            "date 2026-01-28 Bridge Approved",
            "Advertisement",
            "Leave a Reply",
            "the end of a line that is",
            "* * *",
            "§",
            "¤",
        ),
        *("A line of some sixty characters that stops in the middle of", "a sentence goes on here and then", "\u200b"),
    ]
)
SCRAPED = st.lists(PIECES, max_size=12).flatmap(
    lambda pieces: st.sampled_from(["\n", "\n\n", "\r\n", "\n \n\n"]).map(lambda gap: gap.join(pieces))
)


@given(SCRAPED | st.text(max_size=200) | st.text("ab.-•* \n\t\r|§,AB12", max_size=80))
@example("date 2026-01-28 Bridge Approved\nBridge Approved\nThe council voted on Monday to spend 12 million on it.")
@example("date 2026-01-28 Bridge Approved\nMoney Is Found\nThe council voted on Monday to spend 12 million on it.")
def test_cleaning_what_was_cleaned_changes_nothing(raw: str) -> None:
    cleaned = clean(raw)
    # A title is taken off the text: without it, the next short line could be taken for one.
    assert clean(cleaned.text, title=cleaned.title or None).text == cleaned.text


def test_a_title_that_is_repeated_is_taken_off_the_text() -> None:
    prose = "The council of Lower Quill voted on Monday to spend 12 million crowns on a new bridge."
    assert clean(f"date 2026-01-28 Bridge Approved\nBridge approved\n{prose}").text == prose


@given(SCRAPED)
def test_sentences_are_never_lost(raw: str) -> None:
    cleaned = " ".join(clean(raw).text.split())
    for sentence in (STORY, MORE):
        assert cleaned.count(sentence) == raw.count(sentence)


@given(st.text(max_size=200))
def test_paragraphs_are_clean_lines_between_blank_lines(raw: str) -> None:
    text = clean(raw).text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\xa0\u200b\ufeff]|\n{3}|(?<!\n)\n(?!\n)|  ", text)
    assert text == text.strip()


@given(st.text(st.characters(categories=["L", "N", "P", "S", "M"]), min_size=1, max_size=12))
def test_words_are_not_altered(word: str) -> None:
    # NFD stays NFD; joiners inside emoji and Persian words are theirs.
    raw = f"{STORY} {word} {MORE}"
    assert clean(raw).text == raw


def test_a_joined_emoji_and_a_persian_joiner_stay_and_junk_goes() -> None:
    assert (
        clean("👩\u200d🔬 می\u200cشود so\u00adft zero\u200bwidth\ufeff").text == "👩\u200d🔬 می\u200cشود soft zerowidth"
    )


COMMENT_FORM = "Your email address will not be published"


@pytest.mark.parametrize(
    "leftover",
    [
        *(
            "Leave a Reply",
            f"{COMMENT_FORM}. Required fields are marked *",
            COMMENT_FORM,
            "+ ↺ − 16 px",
            "TLDR",
        ),
        *(
            "Key Points",
            "ADVERTISEMENT",
            "Read more:",
            "Loading...",
            "Share this article",
            "Subscribe now",
            "5 min read",
        ),
        *(
            "We use cookies to improve your experience. Read our policy.",
            "Sign up for our daily newsletter",
            "3 Comments",
        ),
        *("Follow @quillpost", "Follow us on Twitter @quillpost.", "© 2026 Quill Post", "Slideshow (3 images)"),
        *(
            "Copyright © 2026 Quill Post, LLC. Click here for reprint permission.",
            "Skip to main content",
            "Facebook\nTweet",
        ),
        *("Get the best of the Quill straight to your inbox. Sign up here.", "This article is more than 2 years old"),
    ],
)
@pytest.mark.parametrize("place", ["{0}\n\n{1}\n\n{2}", "{1}\n\n{0}\n\n{2}", "{1}\n\n{2}\n\n{0}"])
def test_leftovers_go_wherever_they_stand(leftover: str, place: str) -> None:
    assert clean(place.format(leftover, STORY, MORE)) == Cleaned("", f"{STORY}\n\n{MORE}")


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for health insurance before Friday, officials say.",
        "Copyright law of 1976 was changed on Tuesday.",
        "Subscribe to the theory that newsletters, not papers, win elections? Few do.",
        "Share prices fell 3 percent.",
        "Get ready for the storm, the mayor told listeners.",
        "Twitter",  # one social network alone may be a heading
        "License Terms Slow Down Orders",
        "By noon on Tuesday",
        "January 28, 2026 was a good day for ferries.",
        "Published 9/6/17",  # can't be read surely: then the reader should see it
        "We use cookies, she said, for the school fair.",
        "No",
    ],
)
def test_what_may_be_content_stays(line: str) -> None:
    assert clean(f"{STORY}\n\n{line}\n\n{MORE}").text == f"{STORY}\n\n{line}\n\n{MORE}"


@pytest.mark.parametrize(
    ("first", "title", "date"),
    [
        ("Bridge Approved After Ten Years", "Bridge Approved After Ten Years", None),
        ("Who pays for the bridge?", "Who pays for the bridge?", None),
        (" date 2026-01-28 Bridge Approved in Lower Q.", "Bridge Approved in Lower Q.", "2026-01-28"),
    ],
)
def test_titles_are_found_and_taken_off(first: str, title: str, date: str | None) -> None:
    assert clean(f"{first}\n\n{STORY}\n{MORE}") == Cleaned(title, f"{STORY}\n\n{MORE}", date)


@pytest.mark.parametrize(
    "first", ["It began to rain.", "Key Points", "By Jane Doe", "LONDON (Reuters)", "2026", "Photo", STORY]
)
def test_what_is_no_title_is_not_taken_for_one(first: str) -> None:
    assert clean(f"{first}\n\n{STORY}").title == ""


def test_a_title_that_is_known_is_taken_off_and_no_other_looked_for() -> None:
    raw = f"Bridge Approved\n\nThe Cost\n\n{STORY}"
    assert clean(raw, title="Bridge  approved") == Cleaned("Bridge  approved", f"The Cost\n\n{STORY}")
    assert clean(f"The Cost\n\n{STORY}", title="Other").text == f"The Cost\n\n{STORY}"


@pytest.mark.parametrize(
    ("lines", "date", "authors"),
    [
        ("By Jane Doe | January 28, 2026", "2026-01-28", ("Jane Doe",)),
        ("By Jane Doe\nJanuary 28, 2026", "2026-01-28", ("Jane Doe",)),
        ("By Jane Doe and Ludwig van der Beek, Staff Writer", None, ("Jane Doe", "Ludwig van der Beek")),
        ("Updated: Jan 29, 2026 | Published: Jan 28, 2026, 10:30 a.m.", "2026-01-28", ()),
        ("Posted on 28 January 2026 at 10:15", "2026-01-28", ()),
        ("Updated 3:15 pm ET", None, ()),
        ("Wed, 28 Jan 2026 10:00:00 +0100", "2026-01-28T10:00:00+01:00", ()),
    ],
)
def test_bylines_and_dates_are_found_and_taken_off(lines: str, date: str | None, authors: tuple[str, ...]) -> None:
    expected = Cleaned("Bridge Approved", f"{STORY}\n\n{MORE}", date, None, authors)
    assert clean(f"Bridge Approved\n{lines}\n{STORY}\n{MORE}") == expected


def test_a_stated_order_reads_a_date_of_numbers() -> None:
    assert clean(f"Published 9/6/17\n\n{STORY}", order="mdy") == Cleaned("", STORY, "2017-09-06")


def test_a_timelines_dates_are_its_headings() -> None:
    raw = f"The Bridge, Day by Day\n\nJanuary 3, 2020\n\n{STORY}\n\nJanuary 5, 2020\n\n{MORE}"
    assert clean(raw).published_at is None
    assert "January 3, 2020" in clean(raw).text


@pytest.mark.parametrize(
    ("last", "source"),
    [("Quill.Az", "Quill.Az"), ("Source: Quill Post", "Quill Post"), ("Quill Wire", "Quill Wire"), ("The End", None)],
)
def test_a_last_line_that_names_the_outlet_is_the_source(last: str, source: str | None) -> None:
    body = f"{STORY}\n\n{MORE} It was late, Quill Wire reports."
    assert clean(f"{body}\n\n{last}\n") == Cleaned("", body if source else f"{body}\n\n{last}", None, source)


@pytest.mark.parametrize(
    "first",
    [
        "“We are not going to build it this year or the next,” said the mayor, who had never wanted “a bridge.”",
        "The bridge will stand, she said. A victory for the old mayor",
        "“It could have been built of matches.” – Jane Doe",
        "The harbour of Lower Quill in winter. (Jane Doe/Quill Post)",
        "Image copyright Quill Image caption The harbour in winter",
        "A standfirst can run on without any full stop and tell a good part of the story before it begins, as this one "
        "does for the bridge",
    ],
)
def test_sentences_and_captions_in_front_stay(first: str) -> None:
    assert clean(f"{first}\n\n{STORY}") == Cleaned("", f"{first}\n\n{STORY}")


def test_windows_punctuation_that_went_through_latin1_is_shown_as_browsers_do() -> None:
    assert clean("It\x92s here \x96 now\x85").text == "It’s here – now…"


def test_text_made_of_layers_of_leftovers_costs_no_hours() -> None:
    cleaned = clean(f"{STORY}\n" + "quill.az\nUpdated 3:15 pm\n" * 3000)
    assert cleaned.text.startswith(STORY)
    assert cleaned.source == "quill.az"


def test_bullets_become_paragraphs() -> None:
    assert clean("- one crown\n• two crowns\n* 3 °C").text == "one crown\n\ntwo crowns\n\n3 °C"


def test_hard_wrapped_text_is_joined_into_its_paragraphs() -> None:
    raw = (
        "Bridge Approved\n\nThe council of the town of Lower Quill voted on Monday to spend\n"
        "12 million crowns on a bridge across the river, the mayor said at a\nmeeting. Work starts in May.\n\n"
        "A second vote on the high-\nspeed ferry follows later this year, according to the\nclerk's office.\n"
    )
    assert clean(raw) == Cleaned(
        "Bridge Approved",
        "The council of the town of Lower Quill voted on Monday to spend 12 million crowns on a bridge across the "
        "river, the mayor said at a meeting. Work starts in May.\n\n"
        "A second vote on the high-speed ferry follows later this year, according to the clerk's office.",
    )


def test_short_lines_that_are_no_wrapped_sentence_stay_apart() -> None:
    raw = "Lower Quill 3, Upper Quill 1\nEast Mill 2, West Mill 2\nHarbour 0, Castle 5"
    assert clean(raw).text == raw.replace("\n", "\n\n")


@pytest.mark.parametrize("raw", ["", " \n\t", "\u200b\ufeff", "-"])
def test_nothing_is_nothing(raw: str) -> None:
    assert clean(raw) == Cleaned("", "")


@pytest.mark.parametrize("raw", ["Bridge", "Advertisement", "Quill.Az", "January 28, 2026"])
def test_one_word_is_a_text(raw: str) -> None:
    assert clean(raw).text == raw


def test_the_real_scraped_texts(shared: Path) -> None:
    """Titles, dates and sources found, leftovers gone, and every figure and every long line still there."""
    raws = [path.read_text() for path in sorted((shared / "seeds").glob("*.txt"))]
    found = [clean(raw) for raw in raws]
    assert [bool(one.title) for one in found] == [True, False, False, False, True]
    assert [one.published_at for one in found] == [None, None, None, None, "2026-01-28"]
    assert [one.source for one in found] == [None, None, None, "News.Az", None]
    assert found[4].title.endswith("U.S.")
    for raw, one in zip(raws, found, strict=True):
        assert not re.search(r"Leave a Reply|Required fields|px$|TLDR|Key Points|^date|^- |News\.Az$", one.text, re.M)
        for line in raw.splitlines():
            if len(line) > 100 and "Required fields" not in line:
                assert line.removeprefix("- ") in one.text.split("\n\n")
        figures = re.findall(r"[0-9]+,[0-9]{3}|[0-9]+%|\$[0-9]+|[0-9]+ million", raw)
        assert [one.text.count(figure) for figure in figures] == [raw.count(figure) for figure in figures]
    assert "License Terms Slow Down Orders" in found[2].text.split("\n\n")
