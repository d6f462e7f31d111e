"""What a request may hold. HTTP only; beyond it data moves as the dataclasses of ``qa.answering.types`` and
``index.types``.

Types are strict: ``"5"`` is no number and 20260128 no date, because guessing what was meant answers another question.
Query strings, which have no types, are read leniently.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from corpus.storage.feedback import Feedback
from corpus.types import MAX_ID, MAX_TITLE
from corpus.verification import Reference
from index.types import Filter
from qa.answering.question import MAX_QUESTION, check_question
from qa.answering.types import Question

MAX_ARTICLES = 100
"""Most articles of one request."""
MAX_QUESTIONS = 100
"""Most questions of one request."""
MAX_CITATIONS = 1_000
"""Most citations verified by one request."""
MAX_NAMES = 10_000
"""Most outlets or ids of a filter, and authors of an article."""
MAX_FIELDS = 100
"""Fields of an object beyond which they are not looked at."""
MAX_PAGE = 500
"""Most articles listed at once."""
CURSOR = "^after:([0-9a-f]{2})+$"
"""A cursor: the UTF-8 bytes of the id that the page before ended with."""


def _day(value: object) -> date | None:
    if isinstance(value, date) or value is None:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "must be a date such as 2026-01-28")


def _some(values: list[str]) -> list[str]:
    if not values:
        raise PydanticCustomError("empty_filter", "is empty: leave it out to search everything")
    return values


def _whole(value: object) -> object:
    """JSON has one kind of number: 5.0 is an integer there."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _unicode(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        where = {"at": error.start}
        raise PydanticCustomError("surrogate", "holds a lone surrogate (at {at}): not valid Unicode", where) from None
    return value


Text = Annotated[str, AfterValidator(_unicode)]
"""JSON can write half of a surrogate pair; no UTF-8 can, so it could be neither stored nor said back."""
QuestionText = Annotated[
    str,
    AfterValidator(_unicode),
    WithJsonSchema({"type": "string", "maxLength": MAX_QUESTION, "pattern": r"^[^\u0000]*[\p{L}\p{N}_][^\u0000]*$"}),
]
"""What is asked. What ``qa.answering.pipeline`` refuses is only described here: it says why in better words."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Names = Annotated[
    list[Text],
    Field(max_length=MAX_NAMES),
    AfterValidator(_some),
    WithJsonSchema({"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MAX_NAMES}),
]
Whole = Annotated[int, Field(strict=True), BeforeValidator(_whole)]
Count = Annotated[int, Field(strict=True, ge=1, le=100), BeforeValidator(_whole)]
Probability = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


class StrictRequest(BaseModel):
    """What every request has in common: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _few(cls, value: Any) -> Any:
        # Each that is too many would be told by itself, at some hundred bytes of memory.
        if isinstance(value, dict) and len(value) > MAX_FIELDS:
            raise PydanticCustomError("fields", "has {count} fields", {"count": len(value)})
        return value


class Filters(StrictRequest):
    """Which articles may be found. Dates are inclusive; undated articles fall out of date filters."""

    sources: Names | None = None
    published_from: Day | None = None
    published_to: Day | None = None
    article_ids: Names | None = None

    def where(self) -> Filter:
        """Say the same in the words of the search."""
        return Filter(
            sources=None if self.sources is None else tuple(self.sources),
            published_from=self.published_from,
            published_to=self.published_to,
            article_ids=None if self.article_ids is None else tuple(self.article_ids),
        )


class QuestionIn(StrictRequest):
    """A question. ``k`` bounds the citations of one answer; ``min_confidence`` 0 gives the best answer there is."""

    question: QuestionText
    k: Count = 5
    filters: Filters | None = None
    as_of: Day | None = None
    min_confidence: Probability | None = None
    explain: StrictBool = False

    def asked(self) -> Question:
        """Say the same in the words of answering."""
        where = (self.filters or Filters()).where()
        return Question(self.question, self.k, where, self.as_of, self.min_confidence)


class AskRequest(QuestionIn):
    """A question asked alone; with ``prose`` the server's writer, where it has one, writes about the answer."""

    prose: StrictBool = False


class BatchRequest(StrictRequest):
    """Questions that are asked one after the other, without prose."""

    questions: Annotated[list[QuestionIn], Field(min_length=1, max_length=MAX_QUESTIONS)]


class AskQuery(StrictRequest):
    """A question in a query string: the names of ``AskRequest`` and its filters, ``sources`` repeated for several."""

    q: QuestionText
    k: int = Field(default=5, ge=1, le=100)
    sources: Names | None = None
    published_from: Day | None = None
    published_to: Day | None = None
    article_ids: Names | None = None
    as_of: Day | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    explain: bool = False
    prose: bool = False

    def asked(self) -> Question:
        """Say the same in the words of answering."""
        filters = Filters(
            sources=self.sources,
            published_from=self.published_from,
            published_to=self.published_to,
            article_ids=self.article_ids,
        )
        return Question(self.q, self.k, filters.where(), self.as_of, self.min_confidence)


class SearchRequest(StrictRequest):
    """A query; with ``rerank`` the reader orders the hits."""

    query: QuestionText
    k: Count = 10
    filters: Filters | None = None
    rerank: StrictBool = False

    def where(self) -> Filter:
        """Say the filter in the words of the search."""
        return (self.filters or Filters()).where()


class ArticleIn(StrictRequest):
    """An article as ``text``, stored verbatim, or as ``html``, from which the article is taken.

    Without ``id`` its url identifies it, and without that its title and text. A ``published_at`` that is no ISO 8601
    date, or date-time with zone, is left out with a warning, whatever it is.
    """

    id: Annotated[str, Field(min_length=1, max_length=MAX_ID), AfterValidator(_unicode)] | None = None
    title: Annotated[str, Field(max_length=MAX_TITLE), AfterValidator(_unicode)] | None = None
    text: Text | None = None
    html: Text | None = None
    source: Text | None = None
    url: Text | None = None
    published_at: Annotated[Any, WithJsonSchema({"type": ["string", "null"], "examples": ["2026-01-28"]})] = None
    authors: Annotated[list[Text], Field(max_length=MAX_NAMES)] | None = None
    language: Text | None = None


class ArticlesRequest(StrictRequest):
    """Articles to put in. Each is looked at by itself: a bad one never fails the others."""

    articles: Annotated[
        list[Any],
        Field(max_length=MAX_ARTICLES),
        WithJsonSchema(
            {
                "type": "array",
                "maxItems": MAX_ARTICLES,
                "items": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/ArticleIn"},
                        {"description": "Anything else is rejected in its outcome."},
                    ]
                },
            }
        ),
    ]


class ArticlesQuery(StrictRequest):
    """Where a list of articles goes on, and how many of them it gives."""

    cursor: Annotated[Text, WithJsonSchema({"type": "string", "pattern": CURSOR})] | None = None
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)


class JobQuery(StrictRequest):
    """Which of a job's rejected records are told: those behind number ``after``, so many of them."""

    after: int = Field(default=0, ge=0, le=2**53)
    limit: int = Field(default=100, ge=1, le=MAX_PAGE)


class FeedbackRequest(StrictRequest):
    """What somebody says of an answer: ``answer`` is null where the archive gave none; ``correct`` is what would have
    been right, empty where the archive holds no answer. ``article_ids`` are those that hold it.
    """

    question: QuestionText
    verdict: Literal["right", "wrong"]
    answer: Annotated[Text, Field(max_length=MAX_QUESTION)] | None = None
    correct: Annotated[Text, Field(max_length=MAX_QUESTION)] | None = None
    article_ids: Annotated[list[Text], Field(max_length=100)] = []

    def said(self) -> Feedback:
        """Say the same in the words of the archive."""
        return Feedback(check_question(self.question), self.verdict, self.answer, self.correct, tuple(self.article_ids))


class ArticleQuery(StrictRequest):
    """Which of an article's texts is shown."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class DeleteQuery(StrictRequest):
    """How thoroughly an article goes."""

    erase: bool = False


class CitationIn(StrictRequest):
    """The part of a citation that can be checked."""

    article_id: Text
    start: Whole
    end: Whole
    quote: Text
    article_sha256: Text

    def reference(self) -> Reference:
        """Say the same in the words of the archive."""
        return Reference(self.article_id, self.start, self.end, self.quote, self.article_sha256)


class VerifyRequest(StrictRequest):
    """Citations to check against the archive."""

    citations: list[CitationIn] = Field(max_length=MAX_CITATIONS)
