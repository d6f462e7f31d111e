"""Gold questions -> measures of retrieval, answers, citations and refusals.

A question without an answer scores zero in every measure of answers, never nothing: refusing must not pay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter

from qa.answering.pipeline import ask, search
from qa.answering.types import Question, RetrievedPassage
from qa.engine import Engine
from qa.errors import GoldError, QuestionError
from qa.evaluation.gold import Gold
from qa.evaluation.metrics import exact_match, f1, holds_any, mean, percentile

DEPTH = 10
"""Hits looked at."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What one question scored. ``rank`` is that of the first hit with the answer, from 1, or None."""

    answerable: bool
    refused: bool
    milliseconds: float
    rank: int | None = None
    exact: float = 0.0
    f1: float = 0.0
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Means over the questions they are about, 0 to 1; None where there is none. Latencies are those of ``ask``.

    ``hit_at_n``, ``mrr``, ``exact_match``, ``f1`` and ``first_citation`` are about answerable questions.
    ``refused_unanswerable`` should be high, ``refused_answerable`` low.
    """

    questions: int
    answerable: int
    unanswerable: int
    hit_at_1: float | None
    hit_at_3: float | None
    hit_at_5: float | None
    hit_at_10: float | None
    mrr: float | None
    exact_match: float | None
    f1: float | None
    first_citation: float | None
    refused_unanswerable: float | None
    refused_answerable: float | None
    latency_p50_ms: float | None
    latency_p95_ms: float | None

    @classmethod
    def of(cls, scored: Sequence[Scored]) -> "Report":
        """Sum up what the questions scored."""
        answerable = [one for one in scored if one.answerable]
        unanswerable = [one for one in scored if not one.answerable]
        milliseconds = [one.milliseconds for one in scored]
        hits = {n: mean(one.rank is not None and one.rank <= n for one in answerable) for n in (1, 3, 5, DEPTH)}
        return cls(
            questions=len(scored),
            answerable=len(answerable),
            unanswerable=len(unanswerable),
            hit_at_1=hits[1],
            hit_at_3=hits[3],
            hit_at_5=hits[5],
            hit_at_10=hits[10],
            mrr=mean(1 / one.rank if one.rank else 0.0 for one in answerable),
            exact_match=mean(one.exact for one in answerable),
            f1=mean(one.f1 for one in answerable),
            first_citation=mean(one.cited for one in answerable),
            refused_unanswerable=mean(one.refused for one in unanswerable),
            refused_answerable=mean(one.refused for one in answerable),
            latency_p50_ms=percentile(milliseconds, 50),
            latency_p95_ms=percentile(milliseconds, 95),
        )


def evaluate(engine: Engine, gold: Iterable[Gold], *, min_confidence: float | None = None) -> Report:
    """Ask every question and sum up. Raises GoldError for a question that can't be asked."""
    return Report.of([_score(engine, one, min_confidence) for one in gold])


def _score(engine: Engine, gold: Gold, min_confidence: float | None) -> Scored:
    start = perf_counter()
    try:
        reply = ask(engine, Question(gold.question, min_confidence=min_confidence))
        milliseconds = 1000 * (perf_counter() - start)
        hits = search(engine, gold.question, k=DEPTH) if gold.answers else ()
    except QuestionError as error:
        raise GoldError(f"line {gold.line}: {gold.question[:80]!r} can't be asked: {error}") from error
    text = reply.answers[0].text if reply.answers else ""
    quote = reply.answers[0].citations[0].quote if reply.answers else ""
    return Scored(
        answerable=bool(gold.answers),
        refused=not reply.answers,
        milliseconds=milliseconds,
        rank=first_hit(hits, gold),
        exact=exact_match(text, gold.answers),
        f1=f1(text, gold.answers),
        cited=holds_any(quote, gold.answers),
    )


# The measures


def first_hit(hits: Sequence[RetrievedPassage], gold: Gold) -> int | None:
    """Rank, from 1, of the first hit in a right article that holds an answer on word borders; None without one."""
    for rank, found in enumerate(hits, 1):
        if (not gold.article_ids or found.article.id in gold.article_ids) and holds_any(found.text, gold.answers):
            return rank
    return None
