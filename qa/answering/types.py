"""The types of answering: spans, citations, answers."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from corpus.sentences import sentences
from corpus.storage.view import Copy, State
from corpus.types import Article
from index.types import EVERYTHING, Filter, Hit
from qa.answering.normalization import Meaning
from qa.language.dates import Days, relative
from qa.reader.types import Reading, Span

Status = Literal["answered", "conflicting", "ambiguous", "not_found"]
NotFoundReason = Literal["empty_archive", "nothing_matches_filter", "no_relevant_article", "low_confidence"]
Role = Literal["current", "earlier"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what bounds its answer. ``min_confidence`` None means the reader's own bar.

    ``as_of`` answers from what was published by that day.
    """

    text: str
    k: int = 5
    where: Filter = EVERYTHING
    as_of: date | None = None
    min_confidence: float | None = None


class FirstReport(NamedTuple):
    """Who reported something before an article did: an article of the archive, or only an outlet that is named."""

    source: str | None
    article_id: str | None = None
    title: str | None = None
    url: str | None = None
    published_at: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """``article.text[start:end] == quote``; the answer stands in it at ``[answer_start, answer_end)``.

    ``prefix`` and ``suffix`` are what stands just before and behind the quote; ``origin`` is what
    independent reports are counted by; ``copies`` are the other articles that hold the quote. ``first_report`` is there
    only where the sentence names another outlet as its source, or one of the copies is an agency's or earlier.
    """

    article: Article
    start: int
    end: int
    answer_start: int
    answer_end: int
    score: float
    prefix: str
    suffix: str
    deep_link: str | None
    origin: str
    copies: tuple[Copy, ...] = ()
    first_report: FirstReport | None = None

    @property
    def quote(self) -> str:
        """One to three whole sentences of the article."""
        return self.article.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        """The page on which the quote begins, where the article has pages."""
        return self.article.page_at(self.start)

    @property
    def days(self) -> list[Days]:
        """What the quote's relative dates mean, seen from the article's day; placed in the article's text."""
        found = relative(self.quote, self.article.day)
        return [one._replace(start=self.start + one.start, end=self.start + one.end) for one in found]

    @property
    def answer(self) -> str:
        """What was found in the quote, to the character."""
        return self.article.text[self.answer_start : self.answer_end]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer from the archive with the citations that support it, best first."""

    confidence: float
    citations: tuple[Citation, ...]
    role: Role = "current"
    meaning: Meaning | None = None
    about: str | None = None
    """What distinguishes the event from those of the other answers, if they concern different ones."""

    @property
    def text(self) -> str:
        """The slice of the first citation that answers."""
        return self.citations[0].answer

    @property
    def origins(self) -> int:
        """How many independent origins say so, among what was read."""
        return len({citation.origin for citation in self.citations})

    @property
    def dates(self) -> tuple[str | None, str | None]:
        """First and last day of publication among the citations."""
        days = sorted(
            (citation.article.day, citation.article.published_at)
            for citation in self.citations
            if citation.article.day is not None
        )
        return (days[0][1], days[-1][1]) if days else (None, None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another figure that was found, less surely: it stands in the citation's quote, or, where ``in_headline`` says so,
    only in the headline of the article, which is then cited by its first sentences with an empty answer.
    """

    text: str
    confidence: float
    citation: Citation
    in_headline: bool = False


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """A hit with its article."""

    hit: Hit
    article: Article

    @property
    def text(self) -> str:
        """The chunk's text, to the character."""
        return self.article.text[self.hit.start : self.hit.end]


class ReadPassage(NamedTuple):
    """A hit that was read, and what the reader made of it."""

    found: RetrievedPassage
    reading: Reading


@dataclass(frozen=True, slots=True)
class Found:
    """The hits for a query, best first, with what its filter did, as ``Reply`` says it."""

    hits: tuple[RetrievedPassage, ...]
    state: State
    passing: int | None = None
    undated_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """All that is said to a question. ``answers`` is empty, and ``nearest`` is not, when the archive doesn't say.

    ``candidates`` are other figures that were found, less surely, beside an answer with one. ``passing`` is how many
    articles pass the filter, None without one; ``undated_left_out`` how many it left out only for having no date.
    """

    question: str
    status: Status
    state: State
    reason: NotFoundReason | None = None
    answers: tuple[Answer, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    nearest: tuple[RetrievedPassage, ...] = ()
    read: tuple[ReadPassage, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
    passing: int | None = None
    undated_left_out: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """What a span says, and where: ``origin`` tells independent reports apart. It is the id of an article, or the
    plain name of the outlet behind it.
    """

    meaning: Meaning
    confidence: float
    origin: str
    found: RetrievedPassage
    span: Span

    @property
    def day(self) -> date | None:
        """When it was published."""
        return self.found.article.day

    @property
    def moment(self) -> datetime | None:
        """When on that day, where its outlet says so: midnight says no more than the day."""
        published = self.found.article.published_at
        if published is None or len(published) <= len("2026-01-28"):
            return None
        try:
            told = datetime.fromisoformat(published)
        except ValueError:
            return None
        if (told.hour, told.minute, told.second) == (0, 0, 0):
            return None
        return told if told.tzinfo else told.replace(tzinfo=UTC)

    @property
    def sentence(self) -> str:
        """The sentence that it stands in, or those."""
        return sentence_of(self.found, self.span)

    @property
    def passage(self) -> str:
        """What was read around it, the article's title in front."""
        return f"{self.found.article.title}\n{self.found.text}"


def sentence_of(found: RetrievedPassage, span: Span) -> str:
    """The sentence of a passage that the span stands in, or those."""
    return " ".join(found.text[a:b] for a, b in sentences(found.text) if a < span.end and span.start < b)


def beside(found: RetrievedPassage, span: Span) -> tuple[str, str]:
    """The words of that sentence before the span, and those behind it."""
    around = [(a, b) for a, b in sentences(found.text) if a < span.end and span.start < b]
    first, last = (around[0][0], around[-1][1]) if around else span[:2]
    return found.text[min(first, span.start) : span.start], found.text[span.end : max(last, span.end)]


@dataclass(frozen=True, slots=True)
class Statement:
    """One answer: the claims that say it, the one that words it best in front."""

    claims: tuple[int, ...]
    confidence: float
