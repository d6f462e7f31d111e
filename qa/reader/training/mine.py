"""Passages that the retriever takes for an answer and that hold none, for questions of the training set.

    python -m qa.reader.training.mine --data ../shared/data --work .training [--skip 0] [--questions 20000]

Both lists of the retriever are asked, words and vectors, over all training passages (dense retrieval's hard negatives:
Karpukhin et al., "Dense Passage Retrieval for Open-Domain Question Answering", EMNLP 2020). Questions are taken in the
order in which training comes to them; what was found is kept after every few hundred, and not looked for again.
"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from corpus.formats import Read
from corpus.types import Article
from index.retriever import search
from index.types import Filter
from qa.ingest import ingest
from qa.opening import Desk, open_desk
from qa.reader.inputs import Marks, packaged_tokenizer
from qa.reader.training.corpora import MINED, corpora, squad_train
from qa.reader.training.sources import Asked, Text
from qa.reader.training.train import order
from qa.settings import Settings

DEPTH = 30
"""Hits looked at."""
KEPT = 8
"""Texts kept for a question."""
BLOCK = 1_000
"""Questions between two times of keeping what was found."""


def article_ids(texts: Sequence[Text]) -> list[str]:
    """An article id for each passage: its article's name and its place there."""
    places: Counter[str] = Counter()
    ids: list[str] = []
    for text in texts:
        ids.append(f"train/{text.article}/{places[text.article]}")
        places[text.article] += 1
    return ids


def mined(desk: Desk, texts: Sequence[Text], asked: Sequence[Asked]) -> dict[str, list[int]]:
    """Each question with the numbers of the texts found for it that hold none of its answers, best first."""
    numbers = {article_id: number for number, article_id in enumerate(article_ids(texts))}
    vectors = desk.embedder.embed([one.question for one in asked], kind="query")
    kept: dict[str, list[int]] = {}
    with desk.archive.read() as snapshot:
        for row, one in enumerate(asked):
            hits = search(snapshot, one.question, vectors[row : row + 1], DEPTH, Filter())
            answers = {texts[one.text].text[a:b].casefold() for a, b in one.spans}
            found = dict.fromkeys(numbers[hit.article_id] for hit in hits if hit.article_id in numbers)
            kept[one.question] = [
                number
                for number in found
                if number != one.text and not any(answer in texts[number].text.casefold() for answer in answers)
            ][:KEPT]
    return kept


def main() -> None:
    """Mine, and keep what was found where training looks for it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".training"))
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    (texts, asked), held = squad_train(arguments.data)
    by_words = {one.question: one for one in asked}
    tokenizer = packaged_tokenizer()
    pool, sources = corpora(arguments.data, arguments.work, tokenizer, Marks.of(tokenizer))
    found = dict(pool.mined)
    coming = order(sources, arguments.seed)(0)[arguments.skip : arguments.skip + arguments.questions]
    words = dict.fromkeys(pool.questions[number].words for number in coming)
    missing = [by_words[one] for one in words if one in by_words and one not in found]
    with open_desk(Settings(archive=arguments.work / "passages"), create=True) as desk:
        with desk.archive.read() as snapshot:
            # What is held out stands among them: ``export`` asks about it.
            passages = [*texts, *held.texts]
            articles = [
                Article(name, text.title, text.text)
                for name, text in zip(article_ids(passages), passages, strict=True)
                if snapshot.view.digest(name) is None
            ]
        for _ in ingest(desk, (Read(article, article.id, ()) for article in articles)):
            pass
        for start in range(0, len(missing), BLOCK):
            found |= mined(desk, texts, missing[start : start + BLOCK])
            part = arguments.work / f"{MINED}.part"
            part.write_text(json.dumps(found), "utf-8")
            os.replace(part, arguments.work / MINED)
            print(f"{start + BLOCK:,} of {len(missing):,}", flush=True)


if __name__ == "__main__":
    main()
