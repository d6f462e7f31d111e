"""The reader with the right passage given: SQuAD 1.1, and SQuAD 2.0 where it may refuse.

    python -m bench.reading [--questions 3000]

A random sample of the development sets, which nothing was trained on or chosen by. SQuAD 2.0's figure is the best that
one threshold on the score gives, as its own evaluation reports (Rajpurkar, Jia and Liang, ACL 2018).
"""

import argparse
import json
import lzma
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.measuring import SHARED, save
from qa.evaluation.metrics import exact_match, f1, mean
from qa.reader import Reader
from qa.reader.trained import TrainedReader
from qa.reader.types import Passage


class Given(NamedTuple):
    """A question with its passage, and every answer that people gave; none where the passage has none."""

    question: str
    passage: Passage
    answers: tuple[str, ...]


def given(path: Path, count: int) -> list[Given]:
    """A random ``count`` of the questions of a file in SQuAD's form."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        found = [
            Given(
                question["question"],
                Passage(article["title"].replace("_", " "), paragraph["context"]),
                tuple(answer["text"] for answer in question["answers"]),
            )
            for article in json.load(file)["data"]
            for paragraph in article["paragraphs"]
            for question in paragraph["qas"]
        ]
    return [found[row] for row in np.random.default_rng(0).permutation(len(found))[:count]]


def answered(reader: Reader, asked: Sequence[Given]) -> dict[str, Any]:
    """Exact match and F1 of the best span, whatever its score."""
    texts: list[str] = []
    for one in asked:
        (reading,) = reader.read(one.question, [one.passage])
        texts.append(one.passage.text[reading.spans[0].start : reading.spans[0].end])
    pairs = [*zip(texts, asked, strict=True)]
    return {
        "questions": len(asked),
        "exact_match": _percent([exact_match(text, one.answers) for text, one in pairs]),
        "f1": _percent([f1(text, one.answers) for text, one in pairs]),
    }


def refusing(reader: Reader, asked: Sequence[Given]) -> dict[str, Any]:
    """F1 with refusals counted right where there is no answer, at the best threshold; and the shares at it."""
    scores, gains = np.empty(len(asked)), np.empty(len(asked))
    for row, one in enumerate(asked):
        (reading,) = reader.read(one.question, [one.passage])
        scores[row] = reading.score
        gains[row] = f1(one.passage.text[reading.spans[0].start : reading.spans[0].end], one.answers)
    without = np.array([not one.answers for one in asked])
    # Answering the ``n`` with the highest scores: their F1, and one for each refused question without an answer.
    order = np.argsort(-scores, kind="stable")
    totals = (
        np.concatenate([[0], np.cumsum(gains[order])])
        + without.sum()
        - np.concatenate([[0], np.cumsum(without[order])])
    )
    best = int(totals.argmax())
    refused = np.ones(len(asked), bool)
    refused[order[:best]] = False
    return {
        "questions": len(asked),
        "without_answer": int(without.sum()),
        "f1": _percent([totals[best] / len(asked)]),
        "threshold": round(float(scores[order[best - 1]]), 3) if best else None,
        "refused_without_answer": _percent(refused[without]),
        "refused_with_answer": _percent(refused[~without]),
    }


def _percent(values: Sequence[float]) -> float:
    return round(100 * (mean(values) or 0.0), 2)


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=3000)
    count = parser.parse_args().questions
    reader = TrainedReader()
    data = SHARED / "data"
    figures = {
        "squad_1.1_dev": answered(reader, given(data / "squad-dev-v1.1.json.xz", count)),
        "squad_2.0_dev": refusing(reader, given(data / "squad-dev-v2.0.json.xz", count)),
    }
    save("reading", f"python -m bench.reading --questions {count}", figures)


if __name__ == "__main__":
    main()
