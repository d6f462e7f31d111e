import math

import numpy as np
import pytest
import torch

from qa.reader.training.blending import Judged, average, fit_blend, ranked_first, retrieved_first
from qa.reader.training.card import card
from qa.reader.weights import Blend, Stretch

# Two questions with three passages each: the first's right one is found second, the other's is found first.
FOUND = [
    Judged(0, 0, answers=1.0, spans=2.0, fused=0.0, right=False),
    Judged(0, 1, answers=3.0, spans=1.0, fused=0.0, right=True),
    Judged(0, 2, answers=-2.0, spans=0.0, fused=0.0, right=False),
    Judged(1, 0, answers=0.5, spans=4.0, fused=0.0, right=True),
    Judged(1, 1, answers=0.8, spans=1.0, fused=0.0, right=False),
    Judged(2, 0, answers=5.0, spans=5.0, fused=0.0, right=False),
]


def test_the_share_ranked_first_counts_only_questions_whose_passage_was_read() -> None:
    assert retrieved_first(FOUND) == 0.5
    assert ranked_first(FOUND, Blend(answers=1.0)) == 0.5
    assert ranked_first(FOUND, Blend(answers=1.0, spans=0.3)) == 1.0


def test_the_blend_makes_scores_log_odds() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(4_000, 2))
    odds = 2.0 * features[:, 0] + 0.5 * features[:, 1] - 1.0
    right = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    found = [Judged(0, 0, float(a), float(s), 0.0, bool(r)) for (a, s), r in zip(features, right, strict=True)]
    blend = fit_blend(found)
    assert (blend.answers, blend.spans, blend.bias) == pytest.approx((2.0, 0.5, -1.0), abs=0.2)
    assert all(math.isfinite(one) for one in blend)


def test_the_fused_score_weighs_beside_the_readers() -> None:
    found = [Judged(0, 0, 2.0, 0.0, 0.1, False), Judged(0, 1, 1.0, 0.0, 0.3, True)]
    assert [ranked_first(found, Blend(answers=1.0), weight) for weight in (0.0, 10.0)] == [0.0, 1.0]


def test_weights_are_averaged_by_their_share() -> None:
    found = average({"one": torch.tensor([1.0, 2.0])}, {"one": torch.tensor([0.0, 4.0])}, 0.25)
    assert found["one"].tolist() == [0.25, 3.5]


def test_the_card_says_what_was_trained_and_measured() -> None:
    training = [
        Stretch(questions=30_000, pieces=5_000_000, steps=2_000, seconds=3_600.0, peak=3e-4, seed=1),
        Stretch(questions=20_000, pieces=3_000_000, steps=1_000, seconds=1_800.0, peak=1.6e-4, seed=2, share=0.4),
    ]
    text = card(
        11_100_000,
        "abc",
        training,
        Blend(0.5, 0.25, -1.0),
        {"exact_match": 70.1, "f1": 80.2},
        300,
        first=0.9,
        before=0.7,
    )
    for said in (
        "11.1 MB",
        "sha256 `abc`",
        "50,000 questions",
        "1.5 hours",
        "| 30,000 | 5,000,000 | 0.0003 | 1 | 1 |",
        "| 20,000 | 3,000,000 | 0.00016 | 2 | 0.4 |",
        "F1 80.2",
        "90.0%",
        "70.0%",
        "-1.0",
    ):
        assert said in " ".join(text.split())
    assert "{" not in text
