"""Gold questions -> measures of retrieval, answers, citations and refusals.

A question without an answer scores zero in every measure of answers, never nothing: refusing must not pay.
"""

import json
import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from time import perf_counter

from pydantic import BaseModel, Field, ValidationError

from qa.answering.pipeline import ask, search
from qa.answering.types import Found, Question
from qa.engine import Desk
from qa.errors import GoldError, QuestionError

DEPTH = 10
"""Hits looked at."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A question with every wording of its answer, and the articles that hold one.

    No ``answers`` means that it must be refused; no ``article_ids`` that any article with the answer is right.
    """

    question: str
    answers: tuple[str, ...]
    article_ids: tuple[str, ...] = ()
    line: int = 0


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


class _Line(BaseModel):
    question: str = Field(min_length=1)
    answers: list[str]
    article_ids: list[str] = []


def read_gold(path: Path) -> list[Gold]:
    """Read a file of gold questions, one JSON object a line; fields it does not know are left alone.

    Raises GoldError naming the line that is wrong, or when there is none to ask.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} can't be read: {error}") from error
    gold = [_gold(line, number, path) for number, line in enumerate(lines, 1) if line.strip()]
    if not gold:
        raise GoldError(f"{path} holds no question")
    return gold


def _gold(line: str, number: int, path: Path) -> Gold:
    try:
        fields = _Line.model_validate(json.loads(line), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"])) or "the line"
        raise GoldError(f"{path}, line {number}: {where}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{path}, line {number} is not valid JSON: {error}") from None
    if not all(re.search(r"\w", answer) for answer in fields.answers):
        raise GoldError(f"{path}, line {number}: an answer holds no word")
    return Gold(fields.question, tuple(fields.answers), tuple(fields.article_ids), number)


def evaluate(desk: Desk, gold: Iterable[Gold], *, min_confidence: float | None = None) -> Report:
    """Ask every question and sum up. Raises GoldError for a question that can't be asked."""
    return Report.of([_scored(desk, one, min_confidence) for one in gold])


def _scored(desk: Desk, gold: Gold, min_confidence: float | None) -> Scored:
    start = perf_counter()
    try:
        reply = ask(desk, Question(gold.question, min_confidence=min_confidence))
        milliseconds = 1000 * (perf_counter() - start)
        hits = search(desk, gold.question, k=DEPTH) if gold.answers else ()
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


def first_hit(hits: Sequence[Found], gold: Gold) -> int | None:
    """Rank, from 1, of the first hit in a right article that holds an answer on word borders; None without one."""
    for rank, found in enumerate(hits, 1):
        if (not gold.article_ids or found.article.id in gold.article_ids) and holds_any(found.text, gold.answers):
            return rank
    return None


def holds_any(text: str, answers: Iterable[str]) -> bool:
    """Whether one of the answers stands in ``text`` on word borders."""
    return any(holds(text, answer) for answer in answers)


def holds(text: str, answer: str) -> bool:
    """Whether ``answer`` stands in ``text`` on word borders, whatever the case, the spacing and the apostrophes.

    A number's separators belong to it: "400,000" does not stand in "1,400,000", nor "2" in "2.5".
    """
    wanted = _plain(answer)
    if not wanted:
        return False
    before = r"(?<!\w)" if re.match(r"\w", wanted) else ""
    behind = r"(?!\w)" if re.search(r"\w$", wanted) else ""
    if wanted[0].isdigit():
        before += r"(?<![0-9][.,])"
    if wanted[-1].isdigit():
        behind += r"(?![.,][0-9])"
    return re.search(before + re.escape(wanted) + behind, _plain(text)) is not None


def exact_match(answer: str, gold: Sequence[str]) -> float:
    """1.0 when the answer is one of the gold answers, normalised; else 0.0.

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", EMNLP 2016.
    """
    return float(bool(answer) and normalise(answer) in map(normalise, gold))


def f1(answer: str, gold: Sequence[str]) -> float:
    """Harmonic mean of precision and recall over normalised tokens, the best over the gold answers (ibid.)."""
    if not answer:
        return 0.0
    return max((_f1(normalise(answer).split(), normalise(one).split()) for one in gold), default=0.0)


def _f1(answer: Sequence[str], gold: Sequence[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)  # "A" is an article to the rule, and an answer all the same
    common = (Counter(answer) & Counter(gold)).total()
    return 2 * common / (len(answer) + len(gold)) if common else 0.0


def normalise(text: str) -> str:
    """Lower case, without punctuation, the articles a, an, the, and extra space: as SQuAD compares answers."""
    bare = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def mean(values: Iterable[float]) -> float | None:
    """Arithmetic mean, None of nothing."""
    found = [float(value) for value in values]
    return sum(found) / len(found) if found else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Nearest-rank percentile: the least value that ``percent`` of the values don't exceed; None of nothing."""
    return sorted(values)[max(1, ceil(len(values) * percent / 100)) - 1] if values else None


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").casefold().split())
