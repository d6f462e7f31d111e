"""Responses to questions and queries, over HTTP and from the command line's ``--json``.

Every field of the contract is always present; what this version doesn't compute is null or empty.
"""

from typing import Self

from pydantic import BaseModel, ConfigDict

from qa.answering.normalization import Meaning
from qa.answering.types import (
    Answer,
    Candidate,
    Citation,
    Found,
    NotFoundReason,
    ReadPassage,
    Reply,
    RetrievedPassage,
    Role,
    Status,
)
from qa.language.units import DATE


class Response(BaseModel):
    """Base of every response."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def take(cls, *sources: object, **fields: object) -> Self:
        """Make it of ``fields``, and each other field of the first source that has an attribute of its name."""
        others = cls.model_fields.keys() - fields.keys()
        found = {name: getattr(one, name) for one in reversed(sources) for name in others if hasattr(one, name)}
        return cls.model_validate({**found, **fields})


class QuantityOut(Response):
    """A figure as an interval in its ``unit`` (99 cents are 0.99 USD); an open end is null. For a date (unit
    ``date``), the first and the last day meant.
    """

    low: float | str | None
    high: float | str | None
    unit: str | None
    wording: str | None

    @classmethod
    def of(cls, meaning: Meaning | None) -> "QuantityOut | None":
        """Make it from an answer's meaning; None if that is a name or a phrase."""
        if meaning and (figure := meaning.figure):
            unit = figure.unit.name if figure.unit else None
            low, high = figure.told
            return cls(low=low, high=high, unit=unit, wording=figure.wording)
        if meaning and (run := meaning.days):
            words = meaning.text[run.start : run.end]
            return cls(low=run.first.isoformat(), high=run.last.isoformat(), unit=DATE, wording=words)
        return None


class CopyOut(Response):
    """Another article with the same report as the one cited."""

    article_id: str
    source: str | None
    url: str | None
    title: str
    published_at: str | None


class FirstReportOut(Response):
    """Who reported it before: an article of the archive, or, with nothing else, an outlet that the sentence names."""

    source: str | None
    article_id: str | None
    title: str | None
    url: str | None
    published_at: str | None


class DatesOut(Response):
    """A relative date in a quote, ``[start, end)`` of the article's text, and the first and the last day it means."""

    text: str
    start: int
    end: int
    first: str
    last: str


class CitationOut(Response):
    """A passage that supports an answer: offsets are half-open, in Unicode code points of the article's text."""

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
    first_report: FirstReportOut | None
    copies: list[CopyOut]
    dates: list[DatesOut]
    score: float

    @classmethod
    def of(cls, citation: Citation) -> "CitationOut":
        """Make it from a citation."""
        article = citation.article
        return cls.take(
            citation,
            article,
            article_id=article.id,
            article_sha256=article.sha256,
            first_report=citation.first_report and FirstReportOut.take(citation.first_report),
            copies=[CopyOut.take(one) for one in citation.copies],
            dates=[
                DatesOut.take(
                    one,
                    text=article.text[one.start : one.end],
                    first=one.first.isoformat(),
                    last=one.last.isoformat(),
                )
                for one in citation.days
            ],
        )


class AnswerOut(Response):
    """An answer from the archive; ``origins`` counts independent origins among the passages read, a lower bound."""

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
        return cls.take(
            answer,
            quantity=QuantityOut.of(answer.meaning),
            first_published=first,
            last_published=last,
            citations=[CitationOut.of(citation) for citation in answer.citations],
        )


class CandidateOut(Response):
    """Another figure of the thing asked for, found less surely. With ``in_headline`` only the headline of the cited
    article states it; the quote is then how the article begins, and ``answer_start`` is ``answer_end``.
    """

    text: str
    confidence: float
    in_headline: bool
    citation: CitationOut

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateOut":
        """Make it from a candidate."""
        return cls.take(candidate, citation=CitationOut.of(candidate.citation))


class HitOut(Response):
    """A chunk that was found: ``text`` is ``[start, end)`` of its article."""

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
    def of(cls, found: RetrievedPassage, **fields: object) -> Self:
        """Make it from a hit with its article."""
        return cls.take(found, found.hit, found.article, article_id=found.article.id, **fields)


class SpanOut(Response):
    """Where the reader sees an answer, in code points of the article's text like every other offset."""

    start: int
    end: int
    text: str
    score: float


class ReadOut(HitOut):
    """A hit that was read: the reader's score that it holds an answer, and the spans it sees, best first."""

    reader_score: float
    spans: list[SpanOut]

    @classmethod
    def of_read(cls, read: ReadPassage) -> "ReadOut":
        """Make it from a hit and the reader's result."""
        found, reading = read
        start = found.hit.start
        spans = [
            SpanOut(start=start + a, end=start + b, text=found.text[a:b], score=score) for a, b, score in reading.spans
        ]
        return cls.of(found, reader_score=reading.score, spans=spans)


class StateOut(Response):
    """The state of the archive that answered."""

    generation: int
    articles: int
    chunks: int


class ProseSentenceOut(Response):
    """A sentence that passed the gate. ``citations`` are indexes, from 0, into the citations of all answers, one answer
    after the other.
    """

    text: str
    citations: list[int]


class ProseOut(Response):
    """What a language model wrote from the cited quotes, without the sentences that they don't support: ``dropped``
    counts those. ``text`` is the sentences together. ``failed`` gives the reason if nothing was written, else null.
    """

    text: str
    sentences: list[ProseSentenceOut]
    dropped: int
    failed: str | None

    @classmethod
    def of(cls, sentences: list[ProseSentenceOut], dropped: int, failed: str | None = None) -> "ProseOut":
        """Make it from the sentences that passed."""
        return cls(text=" ".join(one.text for one in sentences), sentences=sentences, dropped=dropped, failed=failed)


class AskResponse(Response):
    """The reply to a question. ``candidates`` are at most three other figures, less sure, beside an answer with one.
    ``prose`` is null if it was not requested. ``passing`` is the number of articles that pass the filters, null without
    any; ``undated_left_out`` of those left out only because they have no date.
    """

    question: str
    status: Status
    reason: NotFoundReason | None
    passing: int | None = None
    undated_left_out: int = 0
    answers: list[AnswerOut]
    candidates: list[CandidateOut]
    nearest: list[HitOut]
    prose: ProseOut | None = None
    archive: StateOut
    timings_ms: dict[str, float]


class ExplainedResponse(AskResponse):
    """A reply with every hit that was read."""

    read: list[ReadOut]


class SearchResponse(Response):
    """Hits, best first; ``passing`` and ``undated_left_out`` as in the reply to a question."""

    hits: list[HitOut]
    passing: int | None = None
    undated_left_out: int = 0

    @classmethod
    def of(cls, found: Found) -> Self:
        """Make it from what was found."""
        return cls.take(found, hits=[HitOut.of(one) for one in found.hits])


class BatchResponse(Response):
    """One reply per question, in the order of the request."""

    replies: list[ExplainedResponse | AskResponse]


def ask_response(reply: Reply, *, explain: bool = False) -> AskResponse:
    """Make the response to a question; with ``explain`` it has the hits that were read."""
    fields = {
        "answers": [AnswerOut.of(answer) for answer in reply.answers],
        "candidates": [CandidateOut.of(candidate) for candidate in reply.candidates],
        "nearest": [HitOut.of(found) for found in reply.nearest],
        "archive": StateOut.take(reply.state),
    }
    if explain:
        return ExplainedResponse.take(reply, **fields, read=[ReadOut.of_read(read) for read in reply.read])
    return AskResponse.take(reply, **fields)
