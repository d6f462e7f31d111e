"""Pages: from a PDF into the archive, and out again in every form of a citation."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from corpus import reading
from corpus.formats import Read
from corpus.types import Article
from index.archive import Archive
from qa.answering.pipeline import ask
from qa.answering.types import Citation, Question, Reply
from qa.cli.terminal import print_reply
from qa.engine import Engine
from qa.ingestion.pipeline import ingest
from qa.reader.sentences import SentenceReader
from qa.schemas.answers import ask_response
from tests.fakes import BagEmbedder

DATA = Path(__file__).parents[1] / "corpus" / "data"
URL = "https://post.example/2026/bridge.pdf#zoom=80"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Over an article of two pages, and one that was never on paper."""
    embedder = BagEmbedder()
    archive = Archive.open(
        tmp_path / "archive", settings={"model": embedder.name}, dimensions=embedder.dimensions, create=True
    )
    (printed,) = reading.read([DATA / "columns.pdf"])
    assert isinstance(printed, Read)
    other = Article("o", "Harbour", "The harbour of Upper Quill closed on Friday.", url="https://post.example/harbour")
    engine = Engine(archive, embedder, SentenceReader(embedder), 0.0)
    given = [replace(printed, article=replace(printed.article, url=URL)), Read(other, "o")]
    assert [one.outcome for one in ingest(engine, given)] == ["added", "added"]
    yield engine
    archive.close()


def cited(reply: Reply, words: str) -> Citation:
    """The citation that quotes these words."""
    return next(one for answer in reply.answers for one in answer.citations if words in one.quote)


@pytest.mark.parametrize(
    ("question", "words", "page"),
    [
        (
            "What did she tell reporters at the quay that it costs, in million crowns?",
            "“It costs 12 million crowns,”",
            1,
        ),
        ("Where is the first plan for a bridge, drawn in 1931 for a railway?", "it was drawn in 1931", 2),
        # It runs over: the quote begins on the first page.
        ("How often had each of the farmers been visited, the mayor answered?", "answered that \feach of them", 1),
    ],
)
def test_a_citation_says_the_page_on_which_its_quote_begins(
    engine: Engine, question: str, words: str, page: int
) -> None:
    reply = ask(engine, Question(question, min_confidence=0.0))
    found = cited(reply, words)
    assert found.article.text[found.start : found.end] == found.quote
    assert found.page == page
    assert found.deep_link == f"https://post.example/2026/bridge.pdf#page={page}"
    out = next(one for answer in ask_response(reply).answers for one in answer.citations if one.start == found.start)
    assert (out.page, out.quote) == (page, found.quote)
    file = io.StringIO()
    print_reply(Console(file=file, width=200, highlight=False, markup=False), reply)
    lines = file.getvalue().splitlines()
    assert f"    columns.pdf [{found.start}:{found.end}], page {page}" in lines
    assert "\f" not in file.getvalue()


def test_what_was_never_on_paper_has_no_page(engine: Engine) -> None:
    reply = ask(engine, Question("When did the harbour of Upper Quill close?", min_confidence=0.0))
    found = cited(reply, "The harbour of Upper Quill")
    assert found.page is None
    assert found.deep_link == "https://post.example/harbour#:~:text=The%20harbour%20of,closed%20on%20Friday."


def test_pages_count_from_one_and_empty_ones_too() -> None:
    article = Article("a", "", "\fOne.\n\f\f\nTwo.")
    assert [article.page_at(place) for place in (0, 1, 4, article.text.index("Two"))] == [1, 2, 2, 4]
    assert Article("b", "", "One.").page_at(0) is None
