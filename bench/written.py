"""The reader over the whole article of each held question that was written over real news.

    python -m bench.written [--weights FILE ...]

Each question of the ``held`` part is asked of all passages of its article: whether the best span is right, and how well
the score tells the questions that the article answers from those that it doesn't. For choosing between trainings; the
articles are in no training set.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sklearn.metrics import roc_auc_score

from bench.measuring import NEWS, SHARED, save
from qa.evaluation.metrics import f1, holds_any
from qa.reader import weights
from qa.reader.trained import TrainedReader
from qa.reader.training.sources import Source
from qa.reader.training.written import written
from qa.reader.types import Passage

LOST = 0.1
"""The share of right answers that a bar may cost, where it is said how many others it refuses."""


class Best(NamedTuple):
    """The best span of an article: its passage's score, whether there is an answer, and whether it is this one."""

    score: float
    answerable: bool
    right: bool
    overlap: float


def read(reader: TrainedReader, source: Source) -> Iterator[Best]:
    """The best span for each question, among all passages of its article."""
    articles: dict[str, list[int]] = {}
    for number, text in enumerate(source.texts):
        articles.setdefault(text.article, []).append(number)
    for one in source.asked:
        numbers = articles[source.texts[one.text].article]
        passages = [Passage(source.texts[number].title, source.texts[number].text) for number in numbers]
        readings = reader.read(one.question, passages)
        row = max(range(len(readings)), key=lambda place: readings[place].score)
        span = readings[row].spans[0]
        found = passages[row].text[span.start : span.end]
        gold = [source.texts[one.text].text[a:b] for a, b in one.spans]
        right = bool(gold) and (holds_any(found, gold) or any(holds_any(answer, [found]) for answer in gold))
        yield Best(readings[row].score, bool(gold), right, f1(found, gold) if gold else 0.0)


def measured(found: list[Best]) -> dict[str, Any]:
    """Right answers, the area under the ROC curve of answerability, and what a bar refuses."""
    answerable = [one for one in found if one.answerable]
    right = sorted(one.score for one in answerable if one.right)
    bar = right[int(LOST * len(right))]
    wrong = [one for one in found if not one.right]
    return {
        "right": f"{len(right)} of {len(answerable)}",
        "f1": round(100 * sum(one.overlap for one in answerable) / len(answerable), 1),
        "area_under_roc_answerable": round(roc_auc_score([o.answerable for o in found], [o.score for o in found]), 3),
        "area_under_roc_right": round(roc_auc_score([o.right for o in found], [o.score for o in found]), 3),
        "wrong_refused_at_a_tenth_of_right_lost": f"{sum(o.score < bar for o in wrong)} of {len(wrong)}",
    }


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, nargs="*", default=[weights.SHIPPED])
    arguments = parser.parse_args()
    source, _ = written(SHARED / "data" / "reader_train.jsonl.xz", NEWS, "held")
    figures = {
        path.stem: measured([*read(TrainedReader(path=path, sha256=None), source)]) for path in arguments.weights
    }
    save("written", "python -m bench.written", figures)


if __name__ == "__main__":
    main()
