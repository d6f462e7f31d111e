"""The quiz questions of RealtimeQA 2022-2023, with and without the day of the quiz as ``as_of``.

    python -m bench.dated [--questions 300]

A question is asked to all articles, and to what was published by its day. The first citation is right when its quote
holds a gold answer, the answer when its F1 is at least a half.
"""

import argparse
from datetime import date
from typing import Any

import numpy as np

from bench.asking import archive_of, dated_news
from bench.measuring import save
from qa.answering.pipeline import ask
from qa.answering.types import Question
from qa.engine import Engine
from qa.evaluation.gold import Gold
from qa.evaluation.metrics import f1, holds_any, mean


def measured(engine: Engine, asked: list[tuple[Gold, date]], *, dated: bool) -> dict[str, Any]:
    """The rates over all questions, answered or not."""
    cited: list[bool] = []
    right: list[bool] = []
    for gold, day in asked:
        reply = ask(engine, Question(gold.question, as_of=day if dated else None, min_confidence=0.0))
        answers = reply.answers[:1]
        cited += [any(holds_any(one.citations[0].quote, gold.answers) for one in answers)]
        right += [any(f1(one.text, gold.answers) >= 0.5 for one in answers)]
    return {"first_citation": round(mean(cited) or 0.0, 4), "answer_right": round(mean(right) or 0.0, 4)}


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=300)
    count = parser.parse_args().questions
    gold = dated_news(["2022", "2023"])
    asked = [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[:count]]
    with archive_of("news") as engine:
        found = {name: measured(engine, asked, dated=dated) for name, dated in (("without", False), ("as_of", True))}
    save("dated", f"python -m bench.dated --questions {count}", {"questions": len(asked), **found})


if __name__ == "__main__":
    main()
