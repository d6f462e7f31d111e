"""Measures one system in a process of its own: what ``bench.peers`` starts, with the python of its environment, as
``python -m bench.peers.one SYSTEM ARTICLES.jsonl QUESTIONS.jsonl [VECTORS.npy]``; with vectors, each article is one
chunk that need not be embedded.
"""

import json
import resource
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from bench.peers.systems import SYSTEMS, Article


def main() -> None:
    """Measure, and print one line of JSON."""
    name, articles_file, questions_file, *vectors_file = sys.argv[1:]
    articles = [Article(**json.loads(line)) for line in Path(articles_file).read_text("utf-8").splitlines()]
    questions = [json.loads(line) for line in Path(questions_file).read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as room:
        opening = perf_counter()
        system = SYSTEMS[name](Path(room))
        system.warm()
        opened = perf_counter()
        before = perf_counter()
        if vectors_file:
            system.hold(articles, np.load(vectors_file[0]))
        chunks = len(articles) if vectors_file else system.put(articles)
        after = perf_counter()
        laps: list[float] = []
        hits = {1: 0, 5: 0, 10: 0}
        warm = questions[:5]
        for number, one in enumerate([*warm, *questions]):
            asked = perf_counter()
            found = system.find(one["question"])
            if number >= len(warm):
                laps.append(perf_counter() - asked)
                right = [_right(hit.article, hit.text, one) for hit in found]
                for k in hits:
                    hits[k] += any(right[:k])
    characters = sum(len(one.text) for one in articles)
    print(
        json.dumps(
            {
                "import_and_load_s": round(opened - opening, 2),
                "ingest_s": round(after - before, 2),
                "characters_a_second": round(characters / (after - before)),
                "chunks": chunks,
                "chunks_a_second": round(chunks / (after - before), 1),
                "question_ms_p50": round(1000 * median(laps), 2),
                "question_ms_p95": round(1000 * sorted(laps)[int(0.95 * len(laps))], 2),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
                **{f"hit_at_{k}": round(count / len(questions), 4) for k, count in hits.items()},
            }
        )
    )


def _right(article: str, text: str, question: dict[str, list[str]]) -> bool:
    return article in question["article_ids"] and any(one.casefold() in text.casefold() for one in question["answers"])


if __name__ == "__main__":
    main()
