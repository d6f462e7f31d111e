"""The blend of the reader's two scores, fitted on what it judged, and weights averaged between two trainings."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from qa.reader.weights import Blend


class Judged(NamedTuple):
    """A passage read for a question: its logits, its rank among those found, from 0, its fused score there, and whether
    it answers.
    """

    question: int
    rank: int
    answers: float
    spans: float
    fused: float
    right: bool


def average(one: Mapping[str, Tensor], other: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """The weights between two: ``share`` of the one, the rest of the other."""
    return {name: share * tensor.float() + (1 - share) * other[name].float() for name, tensor in one.items()}


def fit_blend(found: Sequence[Judged]) -> Blend:
    """The blend under which scores are log-odds: logistic regression."""
    regression = LogisticRegression(C=100.0).fit(_features(found), [one.right for one in found])
    (answers, spans), (bias,) = regression.coef_[0], regression.intercept_
    return Blend(round(float(answers), 4), round(float(spans), 4), round(float(bias), 4))


def ranked_first(found: Sequence[Judged], blend: Blend, weight: float = 0.0) -> float:
    """Of the questions whose right passage was read, the share for which it comes first, by the reader's score and
    ``weight`` times the fused one.
    """
    scores = _features(found) @ np.array(blend[:2]) + weight * np.array([one.fused for one in found])
    best: dict[int, tuple[float, bool]] = {}
    for one, score in zip(found, scores, strict=True):
        best[one.question] = max(best.get(one.question, (-np.inf, False)), (float(score), one.right))
    answerable = {one.question for one in found if one.right}
    return round(sum(best[question][1] for question in answerable) / len(answerable), 4)


def retrieved_first(found: Sequence[Judged]) -> float:
    """Of the questions whose right passage was read, the share for which the retriever put it first."""
    answerable = {one.question for one in found if one.right}
    return round(sum(one.right for one in found if one.rank == 0) / len(answerable), 4)


def _features(found: Sequence[Judged]) -> npt.NDArray[np.float64]:
    return np.array([(one.answers, one.spans) for one in found], np.float64)
