"""Calibration of scores into confidence: the probability that the cited sentences state this answer to the question.

A logistic regression over a few signs of a statement (Platt, "Probabilistic outputs for support vector machines",
1999), fitted by ``python -m bench.calibrating`` on questions that nothing else was fitted on, answerable and not. Other
reports in the archive don't count: two answers that contradict each other can both be stated.
"""

import math
import re
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from index.analysis import terms
from qa.answering.normalization import expected_answer
from qa.answering.origins import count_origins
from qa.answering.types import Claim, Statement
from qa.language.answer_types import Kind
from qa.language.names import names_in, standing
from qa.reader import DEFAULT_READER

_WORD = re.compile(r"\w+")
_YEAR = re.compile(r"\b\d{4}\b")


class Signs(NamedTuple):
    """What confidence is made of."""

    score: float
    """Log-odds of the reader that the best passage answers."""
    retrieved: float
    """The fused score of that passage."""
    words: float
    """The share of the question's words that stand in it, title included."""
    names: float
    """The share of the question's names and years that do; 1 where it has none."""
    kind: float
    """1 where a figure, a date or a name was asked for and is given, 0 where none was asked for, -1 where it isn't."""
    origins: float
    """Log2 of the independent origins that say so."""
    size: float
    """Log10 of the archive's chunks: the more there are, the more look like an answer."""


class Looked(NamedTuple):
    """What is looked for of a question: the kind of answer, its words, its names and years."""

    kind: Kind | None
    words: Set[str]
    names: Set[str]

    @classmethod
    def of(cls, question: str) -> "Looked":
        """Make it from the question."""
        return cls(expected_answer(question).kind, terms(question), names_in(question) | {*_YEAR.findall(question)})


class Weights(NamedTuple):
    """What each sign weighs, and the bias."""

    signs: Signs
    bias: float


PLAIN = Weights(Signs(1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), 0.0)
"""A reader's own word."""
FITTED = Weights(Signs(0.65, 14.762, -1.613, -0.166, -0.287, 0.485, -0.03), -3.294)
"""For the shipped reader, by ``bench.calibrating fit``."""


def signs(looked: Looked, claims: Sequence[Claim], statement: Statement, chunks: int) -> Signs:
    """The signs of a statement, in an archive of so many chunks."""
    best = claims[min(statement.claims)]  # claims stand in the order of merit
    return Signs(
        score=_log_odds(best.confidence),
        retrieved=best.found.hit.score,
        words=_share(looked.words & terms(best.passage), looked.words),
        names=_share(standing(looked.names, best.passage), looked.names),
        kind=_kind(looked.kind, best),
        origins=math.log2(len(count_origins(claims, statement))),
        size=math.log10(max(1, chunks)),
    )


def weights_for(reader: str) -> Weights:
    """The weights for a reader, by its name."""
    return FITTED if reader == DEFAULT_READER else PLAIN


def calibrate(
    question: str, claims: Sequence[Claim], statements: Sequence[Statement], chunks: int, weights: Weights
) -> list[Statement]:
    """The statements with their calibrated confidence, the best first."""
    looked = Looked.of(question)
    found = [replace(one, confidence=probability(signs(looked, claims, one, chunks), weights)) for one in statements]
    return sorted(found, key=lambda one: -one.confidence)


def probability(found: Signs, weights: Weights) -> float:
    """The calibrated probability."""
    total = weights.bias + sum(sign * weight for sign, weight in zip(found, weights.signs, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _kind(kind: Kind | None, claim: Claim) -> float:
    meaning = claim.meaning
    match kind:
        case "count" | "amount":
            fits = meaning.figure is not None
        case "time":
            fits = meaning.days is not None
        case "name":
            fits = any(word[0].isupper() for word in _WORD.findall(meaning.text))
        case None:
            return 0.0
    return 1.0 if fits else -1.0


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))


def _share(there: Set[str], wanted: Set[str]) -> float:
    return len(there) / len(wanted) if wanted else 1.0
