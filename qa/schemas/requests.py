"""The bodies and query strings of requests. Used for HTTP only; elsewhere data moves as the dataclasses of
``qa.answering.types`` and ``index.types``.

Types are strict: ``"5"`` is not a number and 20260128 not a date, because a wrong guess would answer another question.
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
from index.types import Filter, Undated
from qa.answering.question import MAX_QUESTION, check_question
from qa.answering.types import Question

MAX_ARTICLES = 100
"""Maximum number of articles in one request."""
MAX_QUESTIONS = 100
"""Maximum number of questions in one request."""
MAX_CITATIONS = 1_000
"""Maximum number of citations in one request."""
MAX_NAMES = 10_000
"""Maximum number of outlets or ids in a filter, and of authors of an article."""
MAX_FIELDS = 100
"""Maximum number of fields in an object; with more, none is looked at."""
MAX_PAGE = 500
"""Maximum number of articles on one page of a list."""
CURSOR = "^after:([0-9a-f]{2})+$"
"""A cursor: the UTF-8 bytes of the last id on the previous page."""


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
"""JSON can write half of a surrogate pair; UTF-8 can't, so it could be neither stored nor returned."""
QuestionText = Annotated[
    str,
    AfterValidator(_unicode),
    WithJsonSchema({"type": "string", "maxLength": MAX_QUESTION, "pattern": r"^[^\u0000]*[\p{L}\p{N}_][^\u0000]*$"}),
]
"""A question's text. The schema only describes what ``qa.answering.pipeline`` refuses, with better messages."""
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
    """Base of every request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _few(cls, value: Any) -> Any:
        # Each unknown field would be reported separately, at some hundred bytes of memory.
        if isinstance(value, dict) and len(value) > MAX_FIELDS:
            raise PydanticCustomError("fields", "has {count} fields", {"count": len(value)})
        return value


class Filters(StrictRequest):
    """Limits the articles that are searched. Outlets (``sources``) match whatever the case, the form of apostrophes
    and the encoding of accents; one that no article has is an error. Dates are inclusive. ``undated``: whether
    articles without a date pass; by default they don't with a date filter or ``as_of``, else they do.
    """

    sources: Names | None = None
    published_from: Day | None = None
    published_to: Day | None = None
    article_ids: Names | None = None
    undated: Undated | None = None

    def where(self) -> Filter:
        """Convert to a filter of the index."""
        return Filter(
            sources=None if self.sources is None else tuple(self.sources),
            published_from=self.published_from,
            published_to=self.published_to,
            article_ids=None if self.article_ids is None else tuple(self.article_ids),
            undated=self.undated,
        )


class QuestionIn(StrictRequest):
    """A question. ``k`` limits the citations per answer; ``min_confidence`` 0 always gives the best candidate."""

    question: QuestionText
    k: Count = 5
    filters: Filters | None = None
    as_of: Day | None = None
    min_confidence: Probability | None = None
    explain: StrictBool = False

    def asked(self) -> Question:
        """Convert to a question of ``qa.answering``."""
        where = (self.filters or Filters()).where()
        return Question(self.question, self.k, where, self.as_of, self.min_confidence)


class AskRequest(QuestionIn):
    """A single question; with ``prose`` the server's language model, if it has one, writes about the answers."""

    prose: StrictBool = False


class BatchRequest(StrictRequest):
    """Several questions, answered one after the other, without prose."""

    questions: Annotated[list[QuestionIn], Field(min_length=1, max_length=MAX_QUESTIONS)]


class AskQuery(StrictRequest):
    """A question in a query string, with the names of ``AskRequest`` and its filters; ``sources`` may be repeated."""

    q: QuestionText
    k: int = Field(default=5, ge=1, le=100)
    sources: Names | None = None
    published_from: Day | None = None
    published_to: Day | None = None
    article_ids: Names | None = None
    undated: Undated | None = None
    as_of: Day | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    explain: bool = False
    prose: bool = False

    def asked(self) -> Question:
        """Convert to a question of ``qa.answering``."""
        filters = Filters(
            sources=self.sources,
            published_from=self.published_from,
            published_to=self.published_to,
            article_ids=self.article_ids,
            undated=self.undated,
        )
        return Question(self.q, self.k, filters.where(), self.as_of, self.min_confidence)


class SearchRequest(StrictRequest):
    """A query; with ``rerank`` the reader reranks the hits."""

    query: QuestionText
    k: Count = 10
    filters: Filters | None = None
    rerank: StrictBool = False

    def where(self) -> Filter:
        """Convert the filters to a filter of the index."""
        return (self.filters or Filters()).where()


class ArticleIn(StrictRequest):
    """An article as ``text``, stored verbatim, or as ``html``, from which the article is extracted.

    Without ``id`` its url identifies it, and without a url its title and text. A ``published_at`` that is not an ISO
    8601 date, or date-time with time zone, is left out with a warning.
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
    """Articles to add. Each is checked separately: a bad one never fails the others."""

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
    """The page of a list of articles: where it starts and how many it has; with ``job``, of that job's articles, those
    that came in no later one.
    """

    cursor: Annotated[Text, WithJsonSchema({"type": "string", "pattern": CURSOR})] | None = None
    limit: int = Field(default=50, ge=1, le=MAX_PAGE)
    job: Annotated[Text, Field(max_length=100)] | None = None


class JobQuery(StrictRequest):
    """Which of a job's rejected records are listed: those after number ``after``, at most ``limit``."""

    after: int = Field(default=0, ge=0, le=2**53)
    limit: int = Field(default=100, ge=1, le=MAX_PAGE)


class FeedbackRequest(StrictRequest):
    """Feedback on an answer: ``answer`` is null if the archive gave none; ``correct`` is the correct answer, empty if
    the archive holds none. ``article_ids`` are the articles that hold it.
    """

    question: QuestionText
    verdict: Literal["right", "wrong"]
    answer: Annotated[Text, Field(max_length=MAX_QUESTION)] | None = None
    correct: Annotated[Text, Field(max_length=MAX_QUESTION)] | None = None
    article_ids: Annotated[list[Text], Field(max_length=100)] = []

    def said(self) -> Feedback:
        """Convert to feedback of the archive."""
        return Feedback(check_question(self.question), self.verdict, self.answer, self.correct, tuple(self.article_ids))


class ArticleQuery(StrictRequest):
    """Which version of an article is shown."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None


class DeleteQuery(StrictRequest):
    """How thoroughly an article is deleted."""

    erase: bool = False


class CitationIn(StrictRequest):
    """The fields of a citation that can be checked."""

    article_id: Text
    start: Whole
    end: Whole
    quote: Text
    article_sha256: Text

    def reference(self) -> Reference:
        """Convert to a reference of the archive."""
        return Reference(self.article_id, self.start, self.end, self.quote, self.article_sha256)


class VerifyRequest(StrictRequest):
    """Citations to check against the archive."""

    citations: list[CitationIn] = Field(max_length=MAX_CITATIONS)
