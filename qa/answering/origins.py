"""Where a report was first made, and how many independent origins an answer has."""

from collections.abc import Iterable, Mapping, Sequence

from corpus.provenance.attribution import agency, attributed, plain
from corpus.storage.view import Copy
from qa.answering.types import Claim, RetrievedPassage, Statement, sentence_of
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
    named = attributed(sentence_of(found, span))
    if named and named != plain(found.article.source or ""):
        return agencies.get(named, named)
    return agencies.get(agency(copies[0].source) or "", copies[0].article_id)


def count_origins(claims: Sequence[Claim], statement: Statement) -> set[str]:
    """Who says it, each independent origin once."""
    return {claims[row].origin for row in statement.claims}


def one_per_origin(claims: Sequence[Claim], statement: Statement, k: int) -> list[int]:
    """The claims to cite, at most ``k``: one an origin, in the statement's order."""
    first: dict[str, int] = {}
    for row in statement.claims:
        first.setdefault(claims[row].origin, row)
    return [*first.values()][:k]
