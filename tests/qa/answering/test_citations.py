import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentences
from qa.answering.citations import MAX_QUOTE, deep_link, quote_around

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


words = st.lists(
    st.sampled_from(["rain", "Sun", "sun,", "400,000", "it", "a-b", "🚣", "né", "\n"]), min_size=3, max_size=40
)


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


PASSAGE = (
    "Harbour news\n"
    "The ferry sank. Nobody was hurt. It had sailed at noon. Divers went down.\n"
    + "It was old, " * 45
    + "they said. Rain fell."
)


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        ("ferry", "The ferry sank. Nobody was hurt."),  # a heading is no neighbour
        ("Nobody", "The ferry sank. Nobody was hurt. It had sailed at noon."),
        ("sank. Nobody", "The ferry sank. Nobody was hurt. It had sailed at noon."),
        ("sank. Nobody was hurt. It had", "The ferry sank. Nobody was hurt. It had sailed at noon."),
        (
            "sank. Nobody was hurt. It had sailed at noon. Divers",
            "The ferry sank. Nobody was hurt. It had sailed at noon.",
        ),
        ("Divers", "It had sailed at noon. Divers went down."),  # the next sentence would make it too long
        ("they said", "It was old, " * 45 + "they said."),  # one long sentence is quoted whole
        ("Rain fell.", "Rain fell."),
    ],
)
def test_a_quote_is_whole_sentences_with_their_neighbours(answer: str, quote: str) -> None:
    start = PASSAGE.index(answer)
    assert PASSAGE[slice(*quote_around(PASSAGE, start, start + len(answer)))] == quote


@given(
    lines=st.lists(
        st.sampled_from(["The ferry sank. It rained.", "Who? Me!", "a heading", "x" * 600 + ".", "北京。上海。"])
    ),
    start=st.integers(0, 900),
    length=st.integers(1, 900),
)
def test_a_quote_is_one_to_three_whole_sentences_that_begin_with_the_answers_own(
    lines: list[str], start: int, length: int
) -> None:
    text = "\n".join(lines)
    spans = sentences(text)
    inside = [span for span in spans if span[0] < start + length and start < span[1]]
    quote = quote_around(text, start, start + length)
    if not inside:
        assert quote == (start, start + length)
        return
    whole = [span for span in spans if quote[0] <= span[0] and span[1] <= quote[1]]
    assert (whole[0][0], whole[-1][1]) == quote
    assert inside[0] in whole
    assert 1 <= len(whole) <= 3
    assert quote[1] - quote[0] <= MAX_QUOTE or len(whole) == 1
