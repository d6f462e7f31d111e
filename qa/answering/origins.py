"""Where a report was first made, and how many independent origins an answer has."""

from collections.abc import Iterable, Mapping, Sequence

from corpus.provenance.attribution import agency, attributed, plain
from corpus.storage.view import Copy
from corpus.types import Article
from qa.answering.types import Claim, FirstReport, RetrievedPassage, Statement, sentence_of
from qa.reader.types import Span


def first_reports(copies: Iterable[Sequence[Copy]]) -> dict[str, str]:
    """By the plain name of each agency, the id of its article, the earliest id of several: all that it reported is one
    origin. ``copies`` are the families of what was read, each with its first report in front.
    """
    named = sorted((one.article_id, name) for one, *_ in copies if (name := agency(one.source)))
    return {name: article_id for article_id, name in reversed(named)}


def origin_of(found: RetrievedPassage, span: Span, copies: Sequence[Copy], agencies: Mapping[str, str]) -> str:
    """Where this was first reported: by the outlet that the sentence names, by an agency, or in the first of the
    ``copies`` of the article. An article's id, or an outlet's plain name where none of its articles was read.
    """
    if named := named_source(found, span):
        return agencies.get(plain(named), plain(named))
    return agencies.get(agency(copies[0].source) or "", copies[0].article_id)


def named_source(found: RetrievedPassage, span: Span) -> str | None:
    """The other outlet that the sentence names as its source, as it is written there."""
    named = attributed(sentence_of(found, span))
    return named if named and plain(named) != plain(found.article.source or "") else None


def first_report(article: Article, copies: Sequence[Copy], named: str | None = None) -> FirstReport | None:
    """Who reported it before the article did, as far as anybody says so: the outlet that it names, or the first of its
    ``copies`` where that is an agency's or was published on an earlier day.
    """
    if named:
        return FirstReport(named)
    first = copies[0] if copies else None  # an earlier text of the article may hold a quote that no copy holds
    if first is None or first.article_id == article.id:
        return None
    if not agency(first.source) and not _earlier(first.published_at, article.published_at):
        return None
    return FirstReport(first.source, first.article_id, first.title, first.url, first.published_at)


def _earlier(one: str | None, other: str | None) -> bool:
    """Whether the one day comes before the other; both are ISO 8601."""
    return one is not None and other is not None and one[:10] < other[:10]


def count_origins(claims: Sequence[Claim], statement: Statement) -> set[str]:
    """Who says it, each independent origin once."""
    return {claims[row].origin for row in statement.claims}


def one_per_origin(claims: Sequence[Claim], statement: Statement, k: int) -> list[int]:
    """The claims to cite, at most ``k``: one an origin, in the statement's order."""
    first: dict[str, int] = {}
    for row in statement.claims:
        first.setdefault(claims[row].origin, row)
    return [*first.values()][:k]
