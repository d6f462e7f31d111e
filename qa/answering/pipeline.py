"""The answering pipeline: question -> hits -> reading -> a second look -> evidence -> answers with citations."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from index.archive import Snapshot
from index.retriever import DEPTH
from index.retriever import search as retrieve
from index.types import EVERYTHING, Filter, Hit
from qa.answering.calibration import calibrate, weights_for
from qa.answering.citations import cite, cite_headline
from qa.answering.claims import make_claims, merge_claims
from qa.answering.disagreement import CANDIDATES, Shown, runners_up, weigh
from qa.answering.filtering import narrow_filter
from qa.answering.origins import one_per_origin
from qa.answering.question import check_question
from qa.answering.reranking import merit, order_by_merit, read_all, read_until_sure
from qa.answering.retrieval import attach_articles, choose_passages
from qa.answering.second_look import look_again
from qa.answering.types import (
    Answer,
    Candidate,
    Claim,
    Found,
    NotFoundReason,
    Question,
    ReadPassage,
    Reply,
    RetrievedPassage,
    Statement,
)
from qa.engine import Engine

READ_PASSAGES = 10
"""Hits that are read."""
RERANKED = 20
"""Hits that are read to order them, where fewer are wanted."""
NEAREST = 3
"""Number of hits shown if there is no answer."""


def ask(engine: Engine, question: Question) -> Reply:
    """Answer a question from the archive. Raises QuestionError when it is empty, too long or without a word, and
    FilterError when nothing can pass its filter.
    """
    text = check_question(question.text)
    clock = _Clock()
    vector = engine.embedder.embed([text], kind="query")
    clock.lap("embed")
    with engine.archive.read() as snapshot:
        where, passing, undated_left_out = narrow_filter(snapshot, question.where, question.as_of)
        hits = retrieve(snapshot, text, vector, DEPTH, where)
        found = choose_passages(engine, snapshot, hits, READ_PASSAGES, where)
        clock.lap("retrieve")
        read: Sequence[ReadPassage] = order_by_merit(read_until_sure(engine.reader, text, found))
        clock.lap("read")
        bar = engine.bar if question.min_confidence is None else question.min_confidence
        claims, statements = _statements(engine, snapshot, text, read)
        headlines: list[ReadPassage] = []
        if statements and statements[0].confidence >= bar:
            more, headlines = look_again(engine, snapshot, text, vector, where, claims, statements[0], read)
            if more is not read:
                read = more
                claims, statements = _statements(engine, snapshot, text, read)
        clock.lap("compare")
        status, shown = weigh(text, claims, statements, max(bar, engine.bar))
        answers = _answers(snapshot, claims, shown, question.k)
        candidates = _candidates(snapshot, claims, runners_up(text, claims, statements, shown))
        candidates += _headline_candidates(engine, snapshot, text, read, headlines)
        reason = _reason(snapshot, hits, answers, bar)
        clock.lap("cite")
    return Reply(
        question=text,
        status="not_found" if reason else status,
        reason=reason,
        state=snapshot.view.state,
        answers=() if reason else answers,
        candidates=() if reason else tuple(candidates[:CANDIDATES]),
        nearest=tuple(found[:NEAREST]) if reason else (),
        read=tuple(read),
        timings_ms=clock.timings(),
        passing=passing,
        undated_left_out=undated_left_out,
    )


def search(
    engine: Engine, query: str, *, k: int = 10, where: Filter = EVERYTHING, rerank: bool = False
) -> tuple[RetrievedPassage, ...]:
    """The hits of ``find``, for those who ask nothing else."""
    return find(engine, query, k=k, where=where, rerank=rerank).hits


def find(engine: Engine, query: str, *, k: int = 10, where: Filter = EVERYTHING, rerank: bool = False) -> Found:
    """The ``k`` best chunks that pass the filter. Raises QuestionError and FilterError as ``ask`` does.

    With ``rerank`` the reader orders them, and their scores are their merit; ``RERANKED`` are read where fewer are
    wanted.
    """
    text = check_question(query)
    vector = engine.embedder.embed([text], kind="query")
    with engine.archive.read() as snapshot:
        where, passing, undated_left_out = narrow_filter(snapshot, where)
        hits = attach_articles(snapshot, retrieve(snapshot, text, vector, max(k, RERANKED) if rerank else k, where))
        state = snapshot.view.state
    if rerank:
        hits = [
            replace(
                one.found, hit=replace(one.found.hit, rank=rank, score=merit(one.reading.score, one.found.hit.score))
            )
            for rank, one in enumerate(order_by_merit(read_all(engine.reader, text, hits))[:k], 1)
        ]
    return Found(tuple(hits), state, passing, undated_left_out)


def _statements(
    engine: Engine, snapshot: Snapshot, text: str, read: Sequence[ReadPassage]
) -> tuple[list[Claim], list[Statement]]:
    """The claims that what was read makes, and the statements of them, the likeliest first."""
    claims = make_claims(engine, snapshot, text, read)
    chunks = snapshot.view.state.chunks
    return claims, calibrate(text, claims, merge_claims(claims), chunks, weights_for(engine.reader.name))


def _answers(snapshot: Snapshot, claims: Sequence[Claim], shown: Sequence[Shown], k: int) -> tuple[Answer, ...]:
    """The statements that are shown, cited."""
    return tuple(
        Answer(
            confidence=one.statement.confidence,
            citations=tuple(cite(snapshot.view, claims[row]) for row in one_per_origin(claims, one.statement, k)),
            role=one.role,
            meaning=claims[one.statement.claims[0]].meaning,
            about=one.about,
        )
        for one in shown
    )


def _candidates(snapshot: Snapshot, claims: Sequence[Claim], statements: Sequence[Statement]) -> list[Candidate]:
    """Statements that are told as found less surely, cited."""
    best = ((claims[one.claims[0]], one.confidence) for one in statements)
    return [Candidate(claim.meaning.text, confidence, cite(snapshot.view, claim)) for claim, confidence in best]


def _headline_candidates(
    engine: Engine, snapshot: Snapshot, text: str, read: Sequence[ReadPassage], headlines: Sequence[ReadPassage]
) -> list[Candidate]:
    """What only headlines say, of articles that were read."""
    articles = {one.found.article.id: one.found.article for one in read}
    claims, statements = _statements(engine, snapshot, text, headlines)
    best = ((claims[one.claims[0]], one.confidence) for one in statements)
    return [
        Candidate(
            claim.meaning.text,
            confidence,
            cite_headline(snapshot.view, articles[claim.found.article.id], claim),
            in_headline=True,
        )
        for claim, confidence in best
    ]


def _reason(snapshot: Snapshot, hits: Sequence[Hit], answers: Sequence[Answer], bar: float) -> NotFoundReason | None:
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
