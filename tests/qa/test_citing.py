import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentences
from qa.citing import MAX_QUOTE, deep_link, quote_around

URL = "https://ledger.example/kayaks"
TEXT = (
    "The harbour opened on Monday. Kayaks came first, ferries later.\n"
    "The harbour opened on Monday. Nobody had expected the 1,200 visitors, said the port's spokes-person & her team.\n"
    "The harbour closed on Friday."
)


def fragment(link: str) -> tuple[str | None, str, str | None]:
    """Prefix, start and end of a text fragment, decoded as a browser does it."""
    directive = link.partition(":~:text=")[2]
    parts = [unquote(part) for part in directive.split(",")]
    prefix = parts.pop(0)[:-1] if parts[0].endswith("-") else None
    return prefix, parts[0], parts[1] if len(parts) > 1 else None


def browser_finds(text: str, link: str) -> tuple[int, int] | None:
    """What a browser marks: words matched without regard to case, from the top, the end after the start."""

    def spans(words: str, behind: int = 0) -> Iterator[tuple[int, int]]:
        pattern = r"\s+".join(re.escape(word) for word in words.split())
        for match in re.compile(rf"(?<!\w)(?=({pattern})(?!\w))", re.IGNORECASE).finditer(text, behind):
            yield match.span(1)

    prefix, start, end = fragment(link)
    behind_prefix = {stop for _, stop in spans(prefix)} if prefix else set()
    for first, last in spans(start):
        if prefix and len(text[:first].rstrip()) not in behind_prefix:
            continue
        if end is None:
            return first, last
        return next(((first, stop) for _, stop in spans(end, last)), None)
    return None


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("Kayaks came first, ferries later.", "#:~:text=Kayaks%20came%20first%2C,ferries%20later."),
        ("The harbour closed on Friday.", "#:~:text=The%20harbour%20closed,on%20Friday."),
        ("Friday.", "#:~:text=Friday."),
    ],
)
def test_the_link_names_the_first_and_last_words(quote: str, expected: str) -> None:
    start = TEXT.index(quote)
    assert deep_link(URL, TEXT, start, start + len(quote)) == URL + expected


def test_dashes_commas_and_ampersands_are_encoded() -> None:
    quote = "spokes-person & her team."
    link = deep_link(URL, TEXT, TEXT.index(quote), TEXT.index(quote) + len(quote))
    assert link == URL + "#:~:text=spokes%2Dperson%20%26%20her,team."


def test_words_that_stand_earlier_too_get_more_words() -> None:
    quote = "The harbour opened on Monday. Nobody had expected the 1,200 visitors"
    start = TEXT.index(quote)
    link = deep_link(URL, TEXT, start, start + len(quote))
    assert fragment(link)[1] == "The harbour opened on Monday. Nobody"
    assert browser_finds(TEXT, link) == (start, start + len(quote))


def test_a_sentence_that_stands_earlier_too_gets_the_words_before_it() -> None:
    text = "First it rained hard. Then the harbour closed at noon. Later it rained hard."
    start = text.rindex("it rained hard.")
    link = deep_link(URL, text, start, len(text))
    assert link == URL + "#:~:text=Later-,it%20rained%20hard."
    assert browser_finds(text, link) == (start, len(text))


def test_a_fragment_of_the_url_is_kept_and_an_old_directive_is_not() -> None:
    assert deep_link(f"{URL}#part-2:~:text=old", "One word.", 0, 9) == f"{URL}#part-2:~:text=One%20word."


words = st.lists(st.sampled_from(["rain", "Sun", "sun,", "400,000", "it", "a-b", "🚣", "né", "\n"]), min_size=3, max_size=40)


@given(words=words, data=st.data())
def test_a_browser_lands_on_the_quote_or_on_the_same_words_earlier(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    places = [match.span() for match in re.finditer(r"\S+", text)]
    if not places:
        return
    first = data.draw(st.integers(0, len(places) - 1))
    last = data.draw(st.integers(first, len(places) - 1))
    start, end = places[first][0], places[last][1]
    landed = browser_finds(text, deep_link(URL, text, start, end))
    if not re.search(r"\w", text[start:end]):
        return
    assert landed is not None
    if landed != (start, end):
        # Only where the whole line of the quote stands in the article before, with the same words before it.
        assert text[start:end].split()[0].casefold() == text[landed[0] : landed[1]].split()[0].casefold()
        assert landed[0] <= start


SENTENCES = [(0, 100), (101, 300), (301, 480), (481, 520), (521, 1200)]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((10, 20), (0, 100)),
        ((0, 100), (0, 100)),
        ((99, 102), (0, 300)),
        ((10, 470), (0, 480)),
        ((10, 510), (0, 480)),  # a fourth sentence
        ((310, 500), (301, 520)),
        ((490, 600), (481, 520)),  # the second would make it longer than 500 characters
        ((600, 700), (521, 1200)),  # one long sentence is quoted whole
    ],
)
def test_a_quote_is_one_to_three_whole_sentences(span: tuple[int, int], expected: tuple[int, int]) -> None:
    assert quote_around(*span, SENTENCES) == expected


@given(
    lengths=st.lists(st.integers(1, 400), min_size=1, max_size=8),
    start=st.integers(0, 2000),
    length=st.integers(1, 900),
)
def test_a_quote_begins_and_ends_with_sentences_around_the_start_of_the_answer(
    lengths: list[int], start: int, length: int
) -> None:
    ends = [sum(lengths[:count]) + count for count in range(len(lengths) + 1)]
    spans = [(left, right - 1) for left, right in pairwise(ends)]
    inside = [span for span in spans if span[0] < start + length and start < span[1]]
    quote = quote_around(start, start + length, spans)
    if not inside:
        assert quote == (start, start + length)
        return
    assert quote[0] == inside[0][0]
    assert quote[1] in {span[1] for span in spans}
    whole = [span for span in spans if quote[0] <= span[0] and span[1] <= quote[1]]
    assert 1 <= len(whole) <= 3
    assert quote[1] - quote[0] <= MAX_QUOTE or len(whole) == 1


def test_sentences_of_a_real_text_are_quoted_without_the_next_ones_space() -> None:
    start = TEXT.index("ferries")
    assert TEXT[slice(*quote_around(start, start + 7, sentences(TEXT)))] == "Kayaks came first, ferries later."
