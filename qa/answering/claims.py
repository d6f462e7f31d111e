"""Spans -> claims with their origin -> statements: claims that say the same are one answer, cited once an origin."""

from collections.abc import Mapping, Sequence

from corpus.storage.view import Copy
from index.archive import Snapshot
from qa.answering.normalization import (
    ExpectedAnswer,
    can_answer,
    dates_in_context,
    expected_answer,
    interpret,
    says_the_same,
)
from qa.answering.origins import first_reports, origin_of
from qa.answering.reranking import merit
from qa.answering.types import Claim, ReadPassage, RetrievedPassage, Statement, beside
from qa.engine import Engine
from qa.reader.types import Span

SUPPORT = 0.3
"""The least part of an answer's confidence that a span must have of its own to be cited for it too."""
WELL = 0.6
"""The part of it that a span needs to lend the answer its words: the most precise of these is the answer's text."""
BESIDE = 300
"""Characters beside an answer in which its sentence stands: whether "Friday" is past or ahead, what a figure counts."""


def merge_claims(claims: Sequence[Claim]) -> list[Statement]:
    """The statements that the claims make, best first; ``claims`` stand best first, and each is part of one.

    A claim joins the first statement whose best claim says the same. What supports a statement too weakly is left out.
    """
    groups: list[list[int]] = []
    for row, claim in enumerate(claims):
        for group in groups:
            if says_the_same(claims[group[0]].meaning, claim.meaning):
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


def make_claims(engine: Engine, snapshot: Snapshot, question: str, read: Sequence[ReadPassage]) -> list[Claim]:
    """What the spans say, the best first; of equal ones the one published first."""
    asks = expected_answer(question)
    copies = {one.found.article.id: snapshot.view.copies(one.found.article.id) for one in read}
    agencies = first_reports(copies.values())
    claims = (
        _claim(asks, engine.reader.confidence(span.score), found, span, copies[found.article.id], agencies)
        for found, reading in read
        for span in reading.spans
    )
    return sorted(
        (one for one in claims if can_answer(one.meaning, asks, *beside(one.found, one.span))),
        key=lambda one: (
            -merit(one.span.score, one.found.hit.score),
            str(one.day or "9999"),
            one.found.article.id,
            one.found.hit.start + one.span.start,
        ),
    )


def _claim(
    asks: ExpectedAnswer,
    confidence: float,
    found: RetrievedPassage,
    span: Span,
    copies: Sequence[Copy],
    agencies: Mapping[str, str],
) -> Claim:
    """What a span says. A figure's wording, sign, currency and magnitude belong to the answer, wherever they stand.
    So does the rest of a date: nobody is told "400,000" where it says "more than 400,000", nor "one" of "one and a half
    million", or "Monday" of "Easter Monday".
    """
    text, day = found.text, found.article.day
    before, behind = text[max(0, span.start - BESIDE) : span.start], text[span.end : span.end + BESIDE]
    said = interpret(text[span.start : span.end], asks, day, before, behind)
    start = end = 0
    if said.figure:
        start, end = said.figure.start, said.figure.said
    elif said.days:
        whole = dates_in_context(said.text, day, before, behind)[0]
        start, end = whole.start, whole.end
    if start < 0 or end > len(said.text):
        span = span._replace(start=span.start + min(0, start), end=max(span.end, span.start + end))
        before, behind = text[max(0, span.start - BESIDE) : span.start], text[span.end : span.end + BESIDE]
        said = interpret(text[span.start : span.end], asks, day, before, behind)
    return Claim(said, confidence, origin_of(found, span, copies, agencies), found, span)
