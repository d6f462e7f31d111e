"""The whole way out: question -> hits -> reading -> evidence -> answers with citations."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import perf_counter

from corpus.storage.view import Copy
from index.archive import Snapshot
from index.retriever import DEPTH
from index.retriever import search as retrieve
from index.types import EVERYTHING, Filter, Hit
from qa.answering.calibration import calibrated, weights_for
from qa.answering.citations import cite
from qa.answering.claims import Claim, by_origin, first_reports, merged, origin_of
from qa.answering.disagreement import weighed
from qa.answering.normalization import Asked, asked, can_answer, meaning
from qa.answering.reranking import best_first, merit, read_all, read_until_sure
from qa.answering.retrieval import as_it_stood
from qa.answering.types import Answer, Found, Question, Read, Reason, Reply, Status
from qa.engine import Desk
from qa.errors import QuestionError
from qa.reader.types import Span

MAX_QUESTION = 2_000
"""Longest question, in characters."""
READ_PASSAGES = 10
"""Hits that are read."""
PER_ORIGIN = 3
"""Chunks of one origin among them: copies of one report must not crowd out the others."""
RERANKED = 20
"""Hits that are read to order them, where fewer are wanted."""
BESIDE = 60
"""Characters beside an answer in which the wording of its figure stands, and the thing that it counts."""
NEAREST = 3
"""Hits shown where there is no answer."""


def ask(desk: Desk, question: Question) -> Reply:
    """Answer a question from the archive. Raises QuestionError when it is empty, too long or without a word."""
    text = checked(question.text)
    clock = _Clock()
    vector = desk.embedder.embed([text], kind="query")
    clock.lap("embed")
    with desk.archive.read() as snapshot:
        where = _narrowed(snapshot, question)
        hits = retrieve(snapshot, text, vector, DEPTH, where)
        found = _stood(desk, snapshot, with_articles(snapshot, chosen(snapshot, hits, READ_PASSAGES)), where)
        clock.lap("retrieve")
        read = best_first(read_until_sure(desk.reader, text, found))
        clock.lap("read")
        bar = desk.bar if question.min_confidence is None else question.min_confidence
        claims = claims_of(desk, snapshot, text, read)
        status, answers = _answers(desk, snapshot, question, claims, bar)
        reason = _reason(snapshot, hits, answers, bar)
        clock.lap("cite")
    return Reply(
        question=text,
        status="not_found" if reason else status,
        reason=reason,
        state=snapshot.view.state,
        answers=() if reason else answers,
        nearest=tuple(found[:NEAREST]) if reason else (),
        read=tuple(read),
        timings_ms=clock.timings(),
    )


def search(
    desk: Desk, query: str, *, k: int = 10, where: Filter = EVERYTHING, rerank: bool = False
) -> tuple[Found, ...]:
    """The ``k`` best chunks that pass the filter. Raises QuestionError as ``ask`` does.

    With ``rerank`` the reader orders them, and their scores are their merit; ``RERANKED`` are read where fewer are
    wanted.
    """
    text = checked(query)
    vector = desk.embedder.embed([text], kind="query")
    with desk.archive.read() as snapshot:
        found = with_articles(snapshot, retrieve(snapshot, text, vector, max(k, RERANKED) if rerank else k, where))
    if not rerank:
        return tuple(found)
    return tuple(
        replace(one.found, hit=replace(one.found.hit, rank=rank, score=merit(one.reading.score, one.found.hit.score)))
        for rank, one in enumerate(best_first(read_all(desk.reader, text, found))[:k], 1)
    )


def checked(text: str) -> str:
    """The question without surrounding space. Raises QuestionError when it can't be asked."""
    if len(text) > MAX_QUESTION:
        raise QuestionError(f"the question has {len(text):,} characters; at most {MAX_QUESTION:,} can be asked")
    text = text.strip()
    if not text:
        raise QuestionError("the question is empty")
    if not re.search(r"\w", text):
        raise QuestionError("the question holds no word")
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise QuestionError("the question holds a character that is not valid text")
    return text


def _narrowed(snapshot: Snapshot, question: Question) -> Filter:
    """The question's filter, with ``as_of`` as the last day of publication; what was published by then and anew since
    passes as well.
    """
    if question.as_of is None:
        return question.where
    last = min(question.as_of, question.where.published_to or question.as_of)
    return replace(question.where, published_to=last, also=snapshot.view.published_anew(last.toordinal()))


def _stood(desk: Desk, snapshot: Snapshot, found: Sequence[Found], where: Filter) -> list[Found]:
    """What was found, in the text of the filter's last day where that was published anew since."""
    anew = {one.hit.article_no for one in found}.intersection(where.also)
    if not anew or where.published_to is None:
        return [*found]
    earlier = snapshot.view.as_they_stood([*anew], where.published_to.toordinal())
    # An earlier text that is not what was stored is not read, nor is today's in its place.
    there = [one for one in found if one.hit.article_no in earlier or one.hit.article_no not in anew]
    return as_it_stood(there, earlier, desk.embedder)


def chosen(snapshot: Snapshot, hits: Sequence[Hit], count: int) -> list[Hit]:
    """The ``count`` best hits to read: each passage once, from its earliest copy, and few of one origin."""
    fingerprints = snapshot.view.fingerprints([hit.article_no for hit in hits])
    passages: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        passages.setdefault((fingerprints[hit.article_no].text, hit.start), []).append(hit)
    taken: Counter[int] = Counter()
    best: list[Hit] = []
    for copies in passages.values():
        origin = fingerprints[copies[0].article_no].family
        if taken[origin] < PER_ORIGIN and len(best) < count:
            taken[origin] += 1
            best.append(min(copies, key=lambda hit: (fingerprints[hit.article_no].day or 10**7, hit.article_id)))
    return best


def with_articles(snapshot: Snapshot, hits: Sequence[Hit]) -> list[Found]:
    """The hits with the articles they stand in, without those whose text is not what was stored."""
    articles = snapshot.view.articles([hit.article_no for hit in hits])
    return [Found(hit, articles[hit.article_no]) for hit in hits if hit.article_no in articles]


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


def _answers(
    desk: Desk, snapshot: Snapshot, question: Question, claims: Sequence[Claim], bar: float
) -> tuple[Status, tuple[Answer, ...]]:
    """The claims merged, set against each other, and cited; the best stands first."""
    if not claims:
        return "not_found", ()
    chunks = snapshot.view.state.chunks
    statements = calibrated(question.text, claims, merged(claims), chunks, weights_for(desk.reader.name))
    status, shown = weighed(question.text, claims, statements, max(bar, desk.bar))
    return status, tuple(
        Answer(
            confidence=one.statement.confidence,
            citations=tuple(cite(claims[row]) for row in by_origin(claims, one.statement, question.k)),
            role=one.role,
            meaning=claims[one.statement.claims[0]].meaning,
            about=one.about,
        )
        for one in shown
    )


def _reason(snapshot: Snapshot, hits: Sequence[Hit], answers: Sequence[Answer], bar: float) -> Reason | None:
    """Why there is no answer; None when there is one."""
    if not snapshot.view.state.chunks:
        return "empty_archive"
    if not hits:
        return "nothing_matches_filter"
    if answers and answers[0].confidence >= bar:
        return None
    # Vectors are always near something; an article with none of the question's words is not about it.
    return "low_confidence" if any(hit.lexical_rank for hit in hits) else "no_relevant_article"


class _Clock:
    """Laps of one request, in milliseconds."""

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = perf_counter()
        self._laps[name] = round(1000 * (now - self._last), 2)
        self._last = now

    def timings(self) -> dict[str, float]:
        """The laps with their total."""
        return {**self._laps, "total": round(1000 * (self._last - self._start), 2)}
