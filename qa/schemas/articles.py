"""Responses about the archive itself: outcomes, articles, verdicts, an overview."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from corpus.storage.view import Copy, Overview, Version
from corpus.types import Article, Chunk
from corpus.verification import Verdict
from qa.answering.origins import first_report
from qa.schemas.answers import CopyOut, FirstReportOut, Response

if TYPE_CHECKING:
    # It loads the embedder and the indexes, which a client doesn't need.
    from qa.ingestion.outcomes import Outcome


class OutcomeOut(Response):
    """The outcome of one article of a request; ``id`` is null if it has none."""

    id: str | None
    outcome: Literal["added", "updated", "unchanged", "rejected"]
    reason: str | None
    warnings: list[str]

    @classmethod
    def of(cls, outcome: "Outcome", *, given: str | None) -> "OutcomeOut":
        """Make it from an outcome of ingest and the id that the article was ``given`` in the request."""
        return cls.take(outcome, id=given if outcome.id is None else outcome.id)


class OutcomesResponse(Response):
    """One outcome per article, in the order of the request."""

    outcomes: list[OutcomeOut]


class _ArticleFields(Response):
    id: str
    title: str
    source: str | None
    url: str | None
    published_at: str | None
    authors: list[str]
    language: str | None
    sha256: str


class ArticleSummary(_ArticleFields):
    """An article without its text; ``chunks`` is the number of its chunks."""

    chunks: int

    @classmethod
    def of(cls, article: Article, chunks: int) -> "ArticleSummary":
        """Make it from an article and the number of its chunks."""
        return cls.take(article, chunks=chunks)


class ArticlesResponse(Response):
    """Articles ordered by id; ``next_cursor`` is null on the last page."""

    articles: list[ArticleSummary]
    next_cursor: str | None


class ChunkOut(Response):
    """A chunk of an article, in code points; ``tokens`` are counted with the bundled encoding."""

    start: int
    end: int
    tokens: int


class VersionOut(Response):
    """An earlier text of an article: its sha256, with the title and date of that time."""

    sha256: str
    title: str
    published_at: str | None


class ArticleResponse(_ArticleFields):
    """A full article; ``origin`` is the id of the article that made its report first, ``copies`` are the others with
    the same report, and ``versions`` its earlier texts, latest first. An earlier text has no chunks; ``current`` is the
    sha256 of the current text.
    """

    text: str
    chunks: list[ChunkOut]
    origin: str
    first_report: FirstReportOut | None
    copies: list[CopyOut]
    versions: list[VersionOut]
    current: str

    @classmethod
    def of(
        cls,
        article: Article,
        chunks: Sequence[Chunk],
        family: Sequence[Copy],
        versions: Sequence[Version],
        shown: tuple[Version, str] | None = None,
    ) -> "ArticleResponse":
        """Make it from an article, its chunks, the articles with the same report (including itself, origin first) and
        its earlier texts, one of which may be ``shown`` instead.
        """
        earlier = {} if shown is None else {**shown[0]._asdict(), "text": shown[1]}
        return cls.take(
            article,
            current=article.sha256,
            chunks=[] if shown else [ChunkOut.take(one) for one in chunks],
            origin=family[0].article_id,
            first_report=(first := first_report(article, family)) and FirstReportOut.take(first),
            copies=[CopyOut.take(one) for one in family if one.article_id != article.id],
            versions=[VersionOut.take(one) for one in versions],
            **earlier,
        )


class VerdictOut(Response):
    """The verdict on one citation."""

    verdict: Verdict


class VerifyResponse(Response):
    """One verdict per citation, in the order of the request."""

    results: list[VerdictOut]


class OutletOut(Response):
    """An outlet that a filter can name, and how many articles it has."""

    source: str
    articles: int


class ArchiveResponse(Response):
    """What the archive holds, and the models and index in use. ``precision`` is null if no model was loaded.
    ``recall_at_10``: the share of exact search's hits that the dense index found when it was built; null if exact.
    ``writer``: whether a language model is set up to write prose; ``may_write``: whether this request's
    key, if one is needed, may change the archive.
    """

    generation: int
    articles: int
    chunks: int
    model: str
    precision: str | None
    index: str
    recall_at_10: float | None
    writer: bool
    may_write: bool
    first_published: str | None
    last_published: str | None
    sources: list[OutletOut]
    articles_without_source: int
    articles_without_date: int = 0

    @classmethod
    def of(
        cls,
        overview: Overview,
        *,
        model: str,
        precision: str | None,
        index: str,
        recall: float | None,
        writer: bool,
        may_write: bool,
    ) -> "ArchiveResponse":
        """Make it from an overview; ``index`` is the kind of the dense index, ``recall`` its recall."""
        return cls.take(
            overview,
            overview.state,
            model=model,
            precision=precision,
            index=index,
            recall_at_10=recall,
            writer=writer,
            may_write=may_write,
            sources=[OutletOut.take(outlet) for outlet in overview.outlets if outlet.source is not None],
            articles_without_date=overview.undated,
            articles_without_source=sum(outlet.articles for outlet in overview.outlets if outlet.source is None),
        )


class Health(Response):
    """The server's health."""

    status: Literal["ok", "ready"]
