"""Spans -> claims with their origin -> statements: claims that say the same are one answer, cited once an origin."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.provenance.attribution import agency, attributed, plain
from corpus.sentences import sentences
from corpus.storage.view import Copy
from index.archive import Snapshot
from qa.answering.normalization import Asked, Meaning, asked, can_answer, meaning, same
from qa.answering.reranking import merit
from qa.answering.types import Found, Read
from qa.engine import Desk
from qa.reader.types import Span

SUPPORT = 0.3
"""The least part of an answer's confidence that a span must have of its own to be cited for it too."""
WELL = 0.6
"""The part of it that a span needs to lend the answer its words: the most precise of these is the answer's text."""
BESIDE = 300
"""Characters beside an answer in which its sentence stands: whether "Friday" is past or ahead, what a figure counts."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a span says, and where: ``origin`` tells independent reports apart. It is the id of an article, or the
    plain name of the outlet behind it.
    """

    meaning: Meaning
    confidence: float
    origin: str
    found: Found
    span: Span
    copies: tuple[Copy, ...] = ()
    """The articles with the report, the first in front."""

    @property
    def day(self) -> date | None:
        """When it was published."""
        return self.found.article.day

    @property
    def sentence(self) -> str:
        """The sentence that it stands in, or those."""
        return sentence_of(self.found, self.span)

    @property
    def passage(self) -> str:
        """What was read around it, the article's title in front."""
        return f"{self.found.article.title}\n{self.found.text}"


def sentence_of(found: Found, span: Span) -> str:
    """The sentence of a passage that the span stands in, or those."""
    return " ".join(found.text[a:b] for a, b in sentences(found.text) if a < span.end and span.start < b)


def first_reports(copies: Iterable[Sequence[Copy]]) -> dict[str, str]:
    """By the plain name of each agency, the id of its article, the earliest id of several: all that it reported is one
    origin. ``copies`` are the families of what was read, each with its first report in front.
    """
    named = sorted((one.article_id, name) for one, *_ in copies if (name := agency(one.source)))
    return {name: article_id for article_id, name in reversed(named)}


def origin_of(found: Found, span: Span, copies: Sequence[Copy], agencies: Mapping[str, str]) -> str:
    """Where this was first reported: by the outlet that the sentence names, by an agency, or in the first of the
    ``copies`` of the article. An article's id, or an outlet's plain name where none of its articles was read.
    """
    named = attributed(sentence_of(found, span))
    if named and named != plain(found.article.source or ""):
        return agencies.get(named, named)
    return agencies.get(agency(copies[0].source) or "", copies[0].article_id)


@dataclass(frozen=True, slots=True)
class Statement:
    """One answer: the claims that say it, the one that words it best in front."""

    claims: tuple[int, ...]
    confidence: float


def merged(claims: Sequence[Claim]) -> list[Statement]:
    """The statements that the claims make, best first; ``claims`` stand best first, and each is part of one.

    A claim joins the first statement whose best claim says the same. What supports a statement too weakly is left out.
    """
    groups: list[list[int]] = []
    for row, claim in enumerate(claims):
        for group in groups:
            if same(claims[group[0]].meaning, claim.meaning):
                group.append(row)
                break
        else:
            groups.append([row])
    return [_statement(claims, group) for group in groups]


def _statement(claims: Sequence[Claim], group: Sequence[int]) -> Statement:
    sure = max(claims[row].confidence for row in group)
    rows = [row for row in group if claims[row].confidence >= SUPPORT * sure]
    well = [row for row in rows if claims[row].confidence >= WELL * sure]
    first = min(well, key=lambda row: (claims[row].meaning.room, row))
    return Statement((first, *(row for row in rows if row != first)), sure)


def origins_of(claims: Sequence[Claim], statement: Statement) -> set[str]:
    """Who says it, each independent origin once."""
    return {claims[row].origin for row in statement.claims}


def by_origin(claims: Sequence[Claim], statement: Statement, k: int) -> list[int]:
    """The claims to cite, at most ``k``: one an origin, in the statement's order."""
    first: dict[str, int] = {}
    for row in statement.claims:
        first.setdefault(claims[row].origin, row)
    return [*first.values()][:k]


def claims_of(desk: Desk, snapshot: Snapshot, question: str, read: Sequence[Read]) -> list[Claim]:
    """What the spans say, the best first; of equal ones the one published first."""
    asks = asked(question)
    copies = {one.found.article.id: snapshot.view.copies(one.found.article.id) for one in read}
    agencies = first_reports(copies.values())
    claims = (
        _claim(asks, desk.reader.confidence(span.score), found, span, copies[found.article.id], agencies)
        for found, reading in read
        for span in reading.spans
    )
    return sorted(
        (one for one in claims if can_answer(one.meaning, asks)),
        key=lambda one: (
            -merit(one.span.score, one.found.hit.score),
            str(one.day or "9999"),
            one.found.article.id,
            one.found.hit.start + one.span.start,
        ),
    )


def _claim(
    asks: Asked,
    confidence: float,
    found: Found,
    span: Span,
    copies: Sequence[Copy],
    agencies: Mapping[str, str],
) -> Claim:
    """What a span says. A figure's wording and currency in front of it belong to the answer: nobody is told "400,000"
    where it says "more than 400,000".
    """
    text, day = found.text, found.article.day
    before, behind = text[max(0, span.start - BESIDE) : span.start], text[span.end : span.end + BESIDE]
    said = meaning(text[span.start : span.end], asks, day, before, behind)
    if said.figure and said.figure.start < 0:
        span = span._replace(start=span.start + said.figure.start)
        said = meaning(text[span.start : span.end], asks, day, behind=behind)
    return Claim(said, confidence, origin_of(found, span, copies, agencies), found, span, tuple(copies))
