"""How much is answered and how much refused at each bar, to choose the default by.

    python -m bench.refusing [--questions 300]

Quiz questions of RealtimeQA 2020-2021, each asked to the ten texts nearest to it among those that hold the answers of
all of them: every other one with its own text left out, and with every other text that holds its answer.
"""

import argparse
from collections.abc import Sequence

import numpy as np

from bench.measuring import save
from bench.past import past
from index.embedding import SentenceTransformerEmbedder
from qa.evaluation import Gold, f1, holds_any, mean
from qa.reader.trained import TrainedReader
from qa.types import Passage

READ = 10
BARS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def asked(count: int) -> list[tuple[Gold, str]]:
    """A random ``count`` of the questions of those years, with the text that holds the answer."""
    told = [(gold, article.text) for gold, article in past()]
    return [told[row] for row in np.random.default_rng(0).permutation(len(told))[:count]]


def at_bar(best: Sequence[tuple[bool, float, float]], bar: float) -> dict[str, float]:
    """Of (answerable, confidence, F1): shares answered and refused, and of the answers given those that are wrong."""
    given = [one for one in best if one[1] >= bar]
    return {
        "answerable_answered": _share([confidence >= bar for answerable, confidence, _ in best if answerable]),
        "unanswerable_refused": _share([confidence < bar for answerable, confidence, _ in best if not answerable]),
        "answers_wrong": _share([not answerable or right < 0.5 for answerable, _, right in given]),
    }


def _share(values: Sequence[bool]) -> float:
    return round(mean(values) or 0.0, 3)


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=300)
    count = parser.parse_args().questions
    embedder, reader = SentenceTransformerEmbedder(), TrainedReader()
    questions = asked(count)
    texts = [text for _, text in questions]
    vectors = embedder.embed(texts, kind="document")
    queries = embedder.embed([gold.question for gold, _ in questions], kind="query")
    best: list[tuple[bool, float, float]] = []
    for number, (gold, _) in enumerate(questions):
        near = np.argsort(-(vectors @ queries[number]), kind="stable")
        answerable = number % 2 == 0
        taken = [text for text in near if answerable or not holds_any(texts[text], gold.answers)][:READ]
        readings = reader.read(gold.question, [Passage("", texts[text]) for text in taken])
        place = max(range(len(readings)), key=lambda one: readings[one].score)
        text = texts[taken[place]][readings[place].spans[0].start : readings[place].spans[0].end]
        best.append((answerable, reader.confidence(readings[place].score), f1(text, gold.answers)))
    figures = {"questions": len(best), "at_bar": {str(bar): at_bar(best, bar) for bar in BARS}}
    save("refusing", f"python -m bench.refusing --questions {count}", figures)


if __name__ == "__main__":
    main()
