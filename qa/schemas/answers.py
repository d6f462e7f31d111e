"""What is answered to a question or a query, ready for JSON: over HTTP and by the command line's ``--json``.

Every field of the contract is always present; what this version does not compute is null or empty.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from qa.answering.normalization import Meaning
from qa.answering.types import Answer, Citation, Found, Read, Reason, Reply, Role, Status
from qa.language.units import DATE


class Response(BaseModel):
    """What every answer has in common."""

    model_config = ConfigDict(frozen=True)


class QuantityOut(Response):
    """A figure as an interval in its ``unit``, 0.99 USD of 99 cents; an open end is null. Of a date, unit ``date``, the
    first and the last day meant.
    """

    low: float | str | None
    high: float | str | None
    unit: str | None
    wording: str | None

    @classmethod
    def of(cls, meaning: Meaning | None) -> "QuantityOut | None":
        """Make it from what an answer means; None where that is a name or a phrase."""
        if meaning and (figure := meaning.figure):
            unit = figure.unit.name if figure.unit else None
            low, high = figure.told
            return cls(low=low, high=high, unit=unit, wording=figure.wording)
        if meaning and (run := meaning.days):
            words = meaning.text[run.start : run.end]
            return cls(low=run.first.isoformat(), high=run.last.isoformat(), unit=DATE, wording=words)
        return None


class CopyOut(Response):
    """Another article with the text of the one cited."""

    article_id: str
    source: str | None
    url: str | None


class DatesOut(Response):
    """A relative date in a quote, ``[start, end)`` of the article's text, and the first and the last day it means."""

    text: str
    start: int
    end: int
    first: str
    last: str


class CitationOut(Response):
    """Where it says so: offsets are half-open, in Unicode code points of the article's text."""

    article_id: str
    title: str
    source: str | None
    authors: list[str]
    url: str | None
    published_at: str | None
    quote: str
    start: int
    end: int
    answer_start: int
    answer_end: int
    page: int | None
    prefix: str
    suffix: str
    article_sha256: str
    deep_link: str | None
    origin: str
    copies: list[CopyOut]
    dates: list[DatesOut]
    score: float

    @classmethod
    def of(cls, citation: Citation) -> "CitationOut":
        """Make it from what was cited."""
        article = citation.article
        return cls(
            article_id=article.id,
            title=article.title,
            source=article.source,
            authors=list(article.authors),
            url=article.url,
            published_at=article.published_at,
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            answer_start=citation.answer_start,
            answer_end=citation.answer_end,
            page=citation.page,
            prefix=citation.prefix,
            suffix=citation.suffix,
            article_sha256=article.sha256,
            deep_link=citation.deep_link,
            origin=citation.origin,
            copies=[CopyOut(article_id=one.article_id, source=one.source, url=one.url) for one in citation.copies],
            dates=[
                DatesOut(
                    text=article.text[one.start : one.end],
                    start=one.start,
                    end=one.end,
                    first=one.first.isoformat(),
                    last=one.last.isoformat(),
                )
                for one in citation.days
            ],
            score=citation.score,
        )


class AnswerOut(Response):
    """What the archive says; ``origins`` counts among what was read, a lower bound."""

    text: str
    confidence: float
    role: Role
    quantity: QuantityOut | None
    about: str | None
    origins: int
    first_published: str | None
    last_published: str | None
    citations: list[CitationOut]

    @classmethod
    def of(cls, answer: Answer) -> "AnswerOut":
        """Make it from an answer."""
        first, last = answer.dates
        return cls(
            text=answer.text,
            confidence=answer.confidence,
            role=answer.role,
            quantity=QuantityOut.of(answer.meaning),
            about=answer.about,
            origins=answer.origins,
            first_published=first,
            last_published=last,
            citations=[CitationOut.of(citation) for citation in answer.citations],
        )


class HitOut(Response):
    """A chunk found: ``text`` is ``[start, end)`` of its article."""

    article_id: str
    title: str
    source: str | None
    url: str | None
    published_at: str | None
    start: int
    end: int
    text: str
    score: float
    rank: int
    dense_rank: int | None
    lexical_rank: int | None

    @classmethod
    def of(cls, found: Found) -> "HitOut":
        """Make it from a hit with its article."""
        return cls(**_hit(found))


class SpanOut(Response):
    """Where the reader sees an answer, in code points of the article's text like every other offset."""

    start: int
    end: int
    text: str
    score: float


class ReadOut(HitOut):
    """A hit that was read: the reader's score for its holding an answer, and the spans it sees, best first."""

    reader_score: float
    spans: list[SpanOut]

    @classmethod
    def of_read(cls, read: Read) -> "ReadOut":
        """Make it from a hit and what the reader made of it."""
        found, reading = read
        start = found.hit.start
        spans = [
            SpanOut(
                start=start + span.start,
                end=start + span.end,
                text=found.text[span.start : span.end],
                score=span.score,
            )
            for span in reading.spans
        ]
        return cls(**_hit(found), reader_score=reading.score, spans=spans)


class StateOut(Response):
    """The archive that was asked."""

    generation: int
    articles: int
    chunks: int


class ProseSentenceOut(Response):
    """A sentence that was let through. ``citations`` are places, from 0, among the citations of all answers, one answer
    after the other: 0 is the first of the first.
    """

    text: str
    citations: list[int]


class ProseOut(Response):
    """What a language model wrote from the cited quotes, without the sentences that the quotes do not say: ``dropped``
    counts those. ``text`` is the sentences together. ``failed`` says why nothing was written; null where it was.
    """

    text: str
    sentences: list[ProseSentenceOut]
    dropped: int
    failed: str | None

    @classmethod
    def of(cls, sentences: list[ProseSentenceOut], dropped: int, failed: str | None = None) -> "ProseOut":
        """Make it from what was let through."""
        return cls(text=" ".join(one.text for one in sentences), sentences=sentences, dropped=dropped, failed=failed)


class AskResponse(Response):
    """All that is said to a question; ``prose`` is null where none was asked for."""

    question: str
    status: Status
    reason: Reason | None
    answers: list[AnswerOut]
    nearest: list[HitOut]
    prose: ProseOut | None = None
    archive: StateOut
    timings_ms: dict[str, float]


class ExplainedResponse(AskResponse):
    """The same with every hit that was read."""

    read: list[ReadOut]


class SearchResponse(Response):
    """Hits, the best first."""

    hits: list[HitOut]


class BatchResponse(Response):
    """One reply a question, in the order they came."""

    replies: list[ExplainedResponse | AskResponse]


def ask_response(reply: Reply, *, explain: bool = False) -> AskResponse:
    """Make what is answered to a question; with ``explain`` the hits that were read come along."""
    fields: dict[str, Any] = {
        "question": reply.question,
        "status": reply.status,
        "reason": reply.reason,
        "answers": [AnswerOut.of(answer) for answer in reply.answers],
        "nearest": [HitOut.of(found) for found in reply.nearest],
        "archive": StateOut(**reply.state._asdict()),
        "timings_ms": reply.timings_ms,
    }
    if explain:
        return ExplainedResponse(**fields, read=[ReadOut.of_read(read) for read in reply.read])
    return AskResponse(**fields)


def _hit(found: Found) -> dict[str, Any]:
    hit, article = found.hit, found.article
    return {
        "article_id": article.id,
        "title": article.title,
        "source": article.source,
        "url": article.url,
        "published_at": article.published_at,
        "start": hit.start,
        "end": hit.end,
        "text": found.text,
        "score": hit.score,
        "rank": hit.rank,
        "dense_rank": hit.dense_rank,
        "lexical_rank": hit.lexical_rank,
    }
