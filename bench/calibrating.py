"""Confidence fitted, and measured on what it was not fitted on.

    python -m bench.calibrating fit [--questions 600]
    python -m bench.calibrating measure [--questions 300]

Fitted on RealtimeQA 2020-2021, asked to the articles of 2022-2023 with the short texts that hold its answers among
them, and again with every text taken out that holds one; and on the sample's questions. Measured on RealtimeQA
2022-2023, each question asked twice in the same way.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bench.asking import archive_of, news_gold
from bench.measuring import HERE, WORK, save
from bench.past import past, past_archive
from bench.quality import SAMPLE
from corpus.reading import read as read_files
from corpus.types import Article
from index.archive import Snapshot
from index.retriever import DEPTH
from index.retriever import search as retrieve
from index.types import EVERYTHING, Hit
from qa.ask import READ_PASSAGES, chosen, claims_of, with_articles
from qa.calibration import FITTED, Signs, Weights, confidence, signs
from qa.evaluation import Gold, f1, holds_any, read_gold
from qa.evidence import merged
from qa.ingest import ingest
from qa.meaning import asked
from qa.opening import Desk, open_desk
from qa.reading import best_first, read_until_sure
from qa.settings import Settings

BINS = 10


@dataclass(frozen=True)
class Judged:
    """The best statement to a question, and whether it is right; no statement is right where the answer was out."""

    signs: Signs
    right: bool
    answerable: bool


def judged(desk: Desk, gold: Gold, out: Callable[[Article], bool] | None = None) -> Judged | None:
    """Ask as ``qa.ask`` does, articles that are ``out`` left out; None where nothing is found or said."""
    vector = desk.embedder.embed([gold.question], kind="query")
    with desk.archive.read() as snapshot:
        hits = retrieve(snapshot, gold.question, vector, DEPTH, EVERYTHING)
        hits = _without(snapshot, hits, out) if out else hits
        found = with_articles(snapshot, chosen(snapshot, hits, READ_PASSAGES))
        claims = claims_of(
            desk, snapshot, gold.question, best_first(read_until_sure(desk.reader, gold.question, found))
        )
        chunks = snapshot.view.state.chunks
    if not claims:
        return None
    first = merged(claims)[0]
    text = claims[first.claims[0]].meaning.text
    right = not out and f1(text, gold.answers) >= 0.5
    found_signs = signs(gold.question, asked(gold.question), claims, first, chunks)
    return Judged(found_signs, right, bool(gold.answers) and not out)


def _without(snapshot: Snapshot, hits: Sequence[Hit], out: Callable[[Article], bool]) -> list[Hit]:
    articles = snapshot.view.articles([hit.article_no for hit in hits])
    return [hit for hit in hits if not out(articles[hit.article_no])]


def to_fit(questions: int) -> Iterator[Judged]:
    """All that confidence is fitted on."""
    with past_archive() as desk:
        told = [*past()]
        order = np.random.default_rng(0).permutation(len(told))[:questions]
        yield from _with_and_without(desk, [told[row][0] for row in order])
    with open_desk(Settings(archive=WORK / "sample"), create=True) as desk:
        for _ in ingest(desk, read_files([SAMPLE])):
            pass
        yield from filter(None, (judged(desk, gold) for gold in read_gold(HERE / "gold.jsonl")))


def to_measure(questions: int) -> Iterator[Judged]:
    """RealtimeQA 2022-2023, which nothing was fitted on."""
    gold = news_gold(["2022", "2023"])
    with archive_of("news") as desk:
        yield from _with_and_without(
            desk, [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[:questions]]
        )


def _with_and_without(desk: Desk, asked: Sequence[Gold]) -> Iterator[Judged]:
    """Each question, and again with every article taken out that holds an answer."""
    for gold in asked:
        for out in (None, lambda article, answers=gold.answers: holds_any(article.text, answers)):
            if one := judged(desk, gold, out):
                yield one


def fitted(found: Sequence[Judged]) -> Weights:
    """Logistic regression, lightly regularised."""
    from sklearn.linear_model import LogisticRegression

    table = np.array([one.signs for one in found])
    scale = table.std(0) + 1e-9
    regression = LogisticRegression(C=1.0).fit(table / scale, [one.right for one in found])
    return Weights(
        Signs(*(round(float(w), 3) for w in regression.coef_[0] / scale)), round(float(regression.intercept_[0]), 3)
    )


def figures(found: Sequence[Judged], probabilities: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Calibration error, area under the ROC curve, and the bar at which a tenth of the answers given are wrong."""
    from sklearn.metrics import roc_auc_score

    right = np.array([one.right for one in found])
    order = np.argsort(-probabilities, kind="stable")
    wrong = 1 - np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    within = np.flatnonzero(wrong <= 0.1)
    last = int(within[-1]) if len(within) else -1
    return {
        "questions": len(found),
        "right": round(float(right.mean()), 4),
        "expected_calibration_error": round(calibration_error(right, probabilities), 4),
        "area_under_roc": round(float(roc_auc_score(right, probabilities)), 4),
        "bar_of_a_tenth_wrong": round(float(probabilities[order[last]]), 3) if last >= 0 else None,
        "answered_at_it": round((last + 1) / len(order), 4),
    }


def calibration_error(right: npt.NDArray[np.bool_], probabilities: npt.NDArray[np.float64]) -> float:
    """Expected calibration error over bins of equal size (Naeini et al., "Obtaining well calibrated probabilities using
    Bayesian binning", AAAI 2015).
    """
    bins = np.array_split(np.argsort(probabilities, kind="stable"), BINS)
    return float(
        sum(len(one) * abs(right[one].mean() - probabilities[one].mean()) for one in bins if len(one)) / len(right)
    )


def main() -> None:
    """Collect, fit or measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["fit", "measure"])
    parser.add_argument("--questions", type=int, default=600)
    arguments = parser.parse_args()
    kept = WORK / f"calibrating_{arguments.what}.json"
    source = to_fit if arguments.what == "fit" else to_measure
    found = [*source(arguments.questions)]
    kept.write_text(json.dumps([(one.signs, one.right, one.answerable) for one in found]), "utf-8")
    weights = fitted(found) if arguments.what == "fit" else FITTED
    probabilities = np.array([confidence(one.signs, weights) for one in found])
    print(weights)
    save(
        f"calibrating_{arguments.what}",
        f"python -m bench.calibrating {arguments.what} --questions {arguments.questions}",
        {"weights": [*weights.signs, weights.bias], **figures(found, probabilities)},
    )


if __name__ == "__main__":
    main()
