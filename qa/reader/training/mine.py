"""Passages that the retriever takes for an answer and that hold none, for questions of the training set.

    python -m qa.reader.training.mine --data ../shared/data --work .training [--questions 20000]

Both lists of the retriever are asked, words and vectors, over all training passages (dense retrieval's hard negatives:
Karpukhin et al., "Dense Passage Retrieval for Open-Domain Question Answering", EMNLP 2020).
"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.formats import Read
from corpus.types import Article
from index.retriever import search
from index.types import Filter
from qa.evaluation import holds_any
from qa.ingest import ingest
from qa.opening import Desk, open_desk
from qa.reader.training.corpora import MINED, squad_train
from qa.reader.training.sources import Asked, Text
from qa.settings import Settings

DEPTH = 30
"""Hits looked at."""
KEPT = 8
"""Texts kept for a question."""
_EMBEDDED = 256


def article_ids(texts: Sequence[Text]) -> list[str]:
    """An article id for each passage: its article's name and its place there."""
    places: Counter[str] = Counter()
    ids: list[str] = []
    for text in texts:
        ids.append(f"train/{text.article}/{places[text.article]}")
        places[text.article] += 1
    return ids


def mined(desk: Desk, texts: Sequence[Text], asked: Sequence[Asked]) -> Iterator[tuple[str, list[int]]]:
    """Each question with the numbers of the texts found for it that hold none of its answers, best first."""
    numbers = {article_id: number for number, article_id in enumerate(article_ids(texts))}
    for start in range(0, len(asked), _EMBEDDED):
        part = asked[start : start + _EMBEDDED]
        vectors = desk.embedder.embed([one.question for one in part], kind="query")
        with desk.archive.read() as snapshot:
            for row, one in enumerate(part):
                hits = search(snapshot, one.question, vectors[row : row + 1], DEPTH, Filter())
                answers = {texts[one.text].text[a:b] for a, b in one.spans}
                found = dict.fromkeys(numbers[hit.article_id] for hit in hits if hit.article_id in numbers)
                wrong = [
                    number for number in found if number != one.text and not holds_any(texts[number].text, answers)
                ]
                if wrong:
                    yield one.question, wrong[:KEPT]


def main() -> None:
    """Mine, and keep what was found where training looks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".training"))
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    texts, asked = squad_train(arguments.data)[0]
    chosen = np.random.default_rng(arguments.seed).permutation(len(asked))[: arguments.questions]
    with open_desk(Settings(archive=arguments.work / "passages"), create=True) as desk:
        articles = (Article(name, text.title, text.text) for name, text in zip(article_ids(texts), texts, strict=True))
        for _ in ingest(desk, (Read(article, article.id, ()) for article in articles)):
            pass
        found = dict(mined(desk, texts, [asked[int(row)] for row in chosen]))
    part = arguments.work / f"{MINED}.part"
    part.write_text(json.dumps(found), "utf-8")
    os.replace(part, arguments.work / MINED)
    print(f"{len(found):,} questions with texts that look like an answer")


if __name__ == "__main__":
    main()
