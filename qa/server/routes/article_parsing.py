"""Parses the articles of a request, each separately, into what ingest takes."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from corpus.dates import FIRST_YEAR, parse_iso
from corpus.formats import make
from corpus.formats.html.page import article_from_html
from corpus.reading import Read
from corpus.types import Rejected, day_of
from qa.schemas.requests import ArticleIn
from qa.schemas.validation import describe_errors


def parse_articles(articles: Sequence[object]) -> Iterator[Read | Rejected]:
    """Read each article of a request, in order; a bad one is rejected with the reason and the others stand.

    An id that comes twice keeps its first article; the second passes only when it is the same.
    """
    digests: dict[str, str] = {}
    for number, value in enumerate(articles, 1):
        where = f"article {number}"
        record = parse_article(value, where)
        if isinstance(record, Read):
            article = record.article
            if digests.setdefault(article.id, article.digest) != article.digest:
                record = Rejected(where, "another article in this request has the same id; the first was kept")
        yield record


def parse_article(value: object, where: str) -> Read | Rejected:
    """Read one article of a request."""
    try:
        given = ArticleIn.model_validate(value)
    except ValidationError as error:
        return Rejected(where, describe_errors(error.errors()))
    if (given.text is None) == (given.html is None):
        what = "neither" if given.text is None else "both"
        return Rejected(where, f"an article needs either text or html; this one has {what}")
    published_at, warnings = _published(given.published_at)
    if given.html is not None:
        return article_from_html(
            given.html,
            where=where,
            article_id=given.id,
            title=given.title or None,
            source=given.source,
            url=given.url,
            published_at=published_at,
            authors=tuple(given.authors or ()),
            language=given.language,
            warnings=warnings,
        )
    if given.title is None:
        return Rejected(where, "/title is missing")
    return make(
        where=where,
        article_id=given.id,
        title=given.title,
        text=given.text or "",
        source=given.source,
        url=given.url,
        published_at=published_at,
        authors=given.authors or (),
        language=given.language,
        warnings=warnings,
    )


def id_in(value: object) -> str | None:
    """Give the id that an article of a request came with, where it can be said back."""
    if isinstance(value, dict):
        try:
            return ArticleIn(id=value.get("id")).id
        except ValidationError:
            pass
    return None


def _published(value: object) -> tuple[str | None, list[str]]:
    if value is None:
        return None, []
    day = parse_iso(value) if isinstance(value, str) else None
    if day is not None and day_of(day).year >= FIRST_YEAR:
        return day, []
    said = "is not an ISO 8601 date, or date-time with time zone"
    if day is not None:
        said = f"is before {FIRST_YEAR}"
    elif value == "":
        said = "is empty"
    return None, [f"published_at {said}; left out"]
