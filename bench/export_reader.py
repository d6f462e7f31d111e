"""A checkpoint into the file that is shipped: packed, its scores blended on held-out questions, and measured there.

    python -m bench.export_reader --data ../shared/data --work .training [--average FILE --share 0.4]

Where training started from weights, averaging them with its end is better than either (Wortsman et al., "Model soups",
ICML 2022): ``--share`` is that of the checkpoint.

The held-out questions are asked to all training passages, in an archive made in ``--work``, as users ask: what the
retriever finds for them is read, and so is each one's own passage with something in the question swapped, so that it
answers no more. The blend is fitted so that scores are the log-odds that a passage answers.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from corpus.formats import Read
from corpus.types import Article
from index.embedding import packaged_model
from index.retriever import search
from index.types import Filter
from qa.answering.reranking import RETRIEVED
from qa.engine import Engine, open_engine
from qa.evaluation.metrics import exact_match, f1, holds_any
from qa.ingestion.pipeline import ingest
from qa.reader import weights
from qa.reader.inputs import EncodedRow, packaged_tokenizer
from qa.reader.spans import best_spans, whole_words
from qa.reader.trained import PassageLogits, TrainedReader
from qa.reader.training.blending import Judged, average, fit_blend, ranked_first, retrieved_first
from qa.reader.training.card import card
from qa.reader.training.corpora import squad_train
from qa.reader.training.likeness import Likeness
from qa.reader.training.sources import Source, Text, TrainingQuestion
from qa.reader.training.swaps import Like, swap
from qa.reader.types import Passage
from qa.reader.weights import Blend, Stretch
from qa.settings import Settings

READ = 10
"""Passages read for a question."""
WEIGHTS = (0.0, 2.0, 5.0, 8.0, 10.0, 15.0, 20.0, 28.0)
"""Weights of the fused score beside the reader's that are compared, to choose
``qa.answering.reranking.RETRIEVED`` by.
"""


def article_ids(texts: Sequence[Text]) -> list[str]:
    """An article id for each passage: its article's name and its place there."""
    places: Counter[str] = Counter()
    ids: list[str] = []
    for text in texts:
        ids.append(f"train/{text.article}/{places[text.article]}")
        places[text.article] += 1
    return ids


@contextmanager
def passages(directory: Path, texts: Sequence[Text]) -> Iterator[Engine]:
    """The archive of these passages, filled with those that it lacks."""
    with open_engine(Settings(archive=directory), create=True) as engine:
        with engine.archive.read() as snapshot:
            articles = [
                Article(name, text.title, text.text)
                for name, text in zip(article_ids(texts), texts, strict=True)
                if snapshot.view.digest(name) is None
            ]
        for _ in ingest(engine, (Read(article, article.id, ()) for article in articles)):
            pass
        yield engine


def read_own(reader: TrainedReader, held: Source, asked: Sequence[TrainingQuestion]) -> dict[str, float]:
    """Exact match and F1, in percent, with the right passage given."""
    pairs: list[tuple[float, float]] = []
    for one in asked:
        text = held.texts[one.text]
        (reading,) = reader.read(one.question, [Passage(text.title, text.text)])
        found = text.text[reading.spans[0].start : reading.spans[0].end]
        gold = [text.text[a:b] for a, b in one.spans]
        pairs.append((exact_match(found, gold), f1(found, gold)))
    exact, overlap = np.mean(pairs, axis=0) * 100
    return {"exact_match": round(float(exact), 1), "f1": round(float(overlap), 1)}


def judged(engine: Engine, reader: TrainedReader, held: Source, asked: Sequence[TrainingQuestion]) -> Iterator[Judged]:
    """What the retriever finds for each question, read."""
    ids = article_ids(held.texts)
    for number, one in enumerate(asked):
        vector = engine.embedder.embed([one.question], kind="query")
        gold = {held.texts[one.text].text[a:b] for a, b in one.spans}
        with engine.archive.read() as snapshot:
            hits = search(snapshot, one.question, vector, READ, Filter())
            articles = snapshot.view.articles([hit.article_no for hit in hits])
        texts = [articles[hit.article_no].text[hit.start : hit.end] for hit in hits]
        passages = [Passage(articles[hit.article_no].title, text) for hit, text in zip(hits, texts, strict=True)]
        for row, said in reader.said(one.question, passages):
            rank = row.passage
            right = hits[rank].article_id == ids[one.text] and holds_any(texts[rank], gold)
            # Another passage with the answer in it may answer too: it is left out.
            if right or not holds_any(texts[rank], gold):
                yield Judged(number, rank, said.answers, _best(row, said), hits[rank].score, right)


def judged_swapped(
    reader: TrainedReader, held: Source, asked: Sequence[TrainingQuestion], like: Like
) -> Iterator[Judged]:
    """The passage of each question, read for the question with a name, figure or word swapped."""
    rng = np.random.default_rng(0)
    for number, one in enumerate(asked):
        own = held.texts[one.text]
        others = [asked[int(row)].question for row in rng.integers(len(asked), size=4)]
        if other := swap(one.question, own.text, others, like, rng):
            for row, said in reader.said(other, [Passage(own.title, own.text)]):
                yield Judged(-1 - number, 0, said.answers, _best(row, said), 0.0, right=False)


def _best(row: EncodedRow, said: PassageLogits) -> float:
    return best_spans(*whole_words(said.starts, said.ends, row.inside), 1)[0].score


def _stretch(state: Mapping[str, Any], share: float) -> Stretch:
    recipe = state["recipe"]
    return Stretch(**state["progress"], peak=recipe["peak"], seed=recipe["seed"], share=share)


def main() -> None:
    """Pack, fit, measure; print the file's sha256."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".training"))
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--average", type=Path, help="weights to average the checkpoint's with")
    parser.add_argument("--share", type=float, default=0.4)
    parser.add_argument("--out", type=Path, default=weights.SHIPPED)
    arguments = parser.parse_args()
    state = torch.load(arguments.work / "checkpoint.pt", map_location="cpu", weights_only=True)
    if arguments.average is not None:
        state["network"] = average(state["network"], weights.load(arguments.average, None)[0], arguments.share)
    share = arguments.share if arguments.average is not None else 1.0
    training = [*(Stretch(**one) for one in state["earlier"]), _stretch(state, share)]
    weights.save(arguments.out, state["network"], Blend(answers=1.0))
    trained, held = squad_train(arguments.data)
    order = np.random.default_rng(0).permutation(len(held.asked))[: arguments.questions]
    asked = [held.asked[row] for row in order]
    reader = TrainedReader(path=arguments.out, sha256=None)
    own = read_own(reader, held, asked)
    print(json.dumps({**state["progress"], **own}), flush=True)
    with passages(arguments.work / "passages", [*trained.texts, *held.texts]) as engine:
        found = [*judged(engine, reader, held, asked)]
    like = Likeness.packaged(packaged_tokenizer(), packaged_model())
    blend = fit_blend([*found, *judged_swapped(reader, held, asked, like)])
    for one in (Blend(1.0), Blend(0.0, 1.0), fit_blend(found), blend):
        print(one, ranked_first(found, one), flush=True)
    for weight in WEIGHTS:
        print(f"with {weight} times the fused score", ranked_first(found, blend, weight), flush=True)
    sha256 = weights.save(arguments.out, state["network"], blend, training)
    text = card(
        arguments.out.stat().st_size,
        sha256,
        training,
        blend,
        own,
        len(asked),
        first=ranked_first(found, blend, RETRIEVED),
        before=retrieved_first(found),
    )
    (arguments.out.parent / "README.md").write_text(text, "utf-8")
    print(f'{arguments.out}: SHA256 = "{sha256}"')


if __name__ == "__main__":
    main()
