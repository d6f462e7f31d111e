"""What each constant of reciprocal rank fusion finds, to choose it by; nothing is read.

    python -m bench.fusing squad [--questions 1000]
    python -m bench.fusing news [--questions 1000]

``squad``: questions about the held-out training articles, over all paragraphs. ``news``: the quiz questions of
RealtimeQA 2020-2021 over their own texts among the articles of 2022-2023. Hits are counted as ``bench.asking`` counts
them, over the archives it fills.
"""

import argparse
from collections.abc import Sequence

import numpy as np

from bench.asking import DATA, archive_of, squad_gold
from bench.measuring import save
from bench.past import past, past_archive
from index.archive import Snapshot
from index.fusion import RRF_K, fuse, rank_hits
from index.retriever import DEPTH
from index.types import EVERYTHING, Vectors
from qa.evaluation.gold import Gold
from qa.evaluation.metrics import holds_any, mean
from qa.reader.training.corpora import squad_train

CONSTANTS = (1, 2, 5, 10, 20, 60)
CUTS = (1, 5, 10, 20)


def found(snapshot: Snapshot, gold: Gold, vector: Vectors) -> dict[str, list[bool]]:
    """For each list, and for the lists fused with each constant, whether each of the first hits is right."""
    dense, lexical = snapshot.indexes.rankings(snapshot.view, gold.question, vector[None], DEPTH, EVERYTHING)
    rows = snapshot.view.locate([one.id for one in (*dense, *lexical)])
    places = {row.id: (row.article_id, row.start) for row in rows.values()}
    right_rows = [row for row in rows.values() if row.article_id in gold.article_ids]
    articles = snapshot.view.articles([row.article for row in right_rows])
    right = {row.id for row in right_rows if holds_any(articles[row.article].text[row.start : row.end], gold.answers)}
    by_vector, by_words = rank_hits(dense, places, DEPTH), rank_hits(lexical, places, DEPTH)
    orders = {"dense": by_vector, "lexical": by_words}
    for constant in CONSTANTS:
        orders[f"fused_{constant}"] = [one.id for one in fuse(by_vector, by_words, places, constant)]
    return {name: [chunk_id in right for chunk_id in order[: max(CUTS)]] for name, order in orders.items()}


def hits(orders: Sequence[list[bool]]) -> dict[str, float]:
    """The share of questions with a right chunk among the first."""
    return {f"hit_at_{cut}": round(mean([any(order[:cut]) for order in orders]) or 0.0, 4) for cut in CUTS}


def held_out() -> list[Gold]:
    """The questions about SQuAD's held-out training articles."""
    articles = {text.article for text in squad_train(DATA)[1].texts}
    return [one for one in squad_gold("train") if one.article_ids[0].split("/")[1] in articles]


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["squad", "news"])
    parser.add_argument("--questions", type=int, default=1000)
    arguments = parser.parse_args()
    squad = arguments.set == "squad"
    gold = held_out() if squad else [one for one, _ in past()]
    asked = [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[: arguments.questions]]
    with archive_of("squad") if squad else past_archive() as engine:
        vectors = engine.embedder.embed([one.question for one in asked], kind="query")
        with engine.archive.read() as snapshot:
            orders = [found(snapshot, one, vector) for one, vector in zip(asked, vectors, strict=True)]
    save(
        f"fusing_{arguments.set}",
        f"python -m bench.fusing {arguments.set} --questions {arguments.questions}",
        {
            "questions": len(asked),
            "constant": RRF_K,
            "hits": {name: hits([one[name] for one in orders]) for name in orders[0]},
        },
    )


if __name__ == "__main__":
    main()
