"""Claims made by hand: what an outlet says on a day, and how sure the reader is of it; and figures."""

from corpus.types import Article
from index.types import Hit
from qa.answering.normalization import expected_answer, interpret
from qa.answering.types import Claim, RetrievedPassage
from qa.language.quantities import Quantity
from qa.language.quantity_extraction import quantities
from qa.reader.types import Span


def claim(
    question: str,
    text: str,
    answer: str,
    confidence: float = 0.9,
    *,
    day: str | None = "2026-01-28",
    source: str = "Post",
    origin: str | None = None,
    title: str = "",
) -> Claim:
    """The claim that ``answer`` in ``text`` answers the question."""
    article = Article(f"{source}/{day}/{answer}", title, text, source=source, published_at=day)
    start = text.index(answer)
    span = Span(start, start + len(answer), 0.0)
    hit = Hit(
        chunk_id=1,
        article_no=1,
        article_id=article.id,
        start=0,
        end=len(text),
        score=1.0,
        rank=1,
        dense_rank=1,
        lexical_rank=1,
    )
    return Claim(
        interpret(answer, expected_answer(question), article.day, behind=text[span.end :]),
        confidence,
        origin or source,
        RetrievedPassage(hit, article),
        span,
    )


def first_figure(text: str) -> Quantity:
    """The first figure in a text that has one."""
    return quantities(text)[0]
