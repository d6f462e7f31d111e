"""A full answer against embedding its question alone, in one run.

    python -m bench.answering [--articles 10000]

``ask`` at its default depth and the bare embedding of the same question take turns, over the archive that
``bench.retrieval`` keeps. It answers few of the questions, so that hardly any reading stops early: it is
the slow case that is measured.
"""

import argparse
from statistics import median
from time import perf_counter

from bench.measuring import HERE, WORK, save, spread
from bench.windows import fill
from qa.answering.pipeline import READ_PASSAGES, ask
from qa.answering.types import Question
from qa.engine import open_engine
from qa.evaluation.gold import read_gold
from qa.settings import Settings


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    arguments = parser.parse_args()
    questions = [one.question for name in ("gold", "seeds") for one in read_gold(HERE / f"{name}.jsonl")]
    embedding: list[float] = []
    answering: list[float] = []
    read: list[float] = []
    laps: list[dict[str, float]] = []
    with open_engine(Settings(archive=WORK / "retrieval"), create=True) as engine:
        fill(engine.archive, arguments.articles)
        for row, question in enumerate([*questions[:10], *questions]):
            start = perf_counter()
            engine.embedder.embed([question], kind="query")
            middle = perf_counter()
            reply = ask(engine, Question(question))
            if row >= 10:  # the first warm files and caches
                embedding.append(1000 * (middle - start))
                answering.append(1000 * (perf_counter() - middle))
                read.append(len(reply.read))
                laps.append(reply.timings_ms)
        with engine.archive.store.read() as view:
            state = view.state._asdict()
    embed, answer = spread(embedding), spread(answering)
    figures = {
        "archive": state,
        "depth": READ_PASSAGES,
        "passages_read": spread(read),
        "embed_question_ms": embed,
        "ask_ms": answer,
        "read_ms": spread([one["read"] for one in laps]),
        "evidence_ms": spread([one["cite"] for one in laps]),
        "evidence_to_reading_p50": round(median(one["cite"] / one["read"] for one in laps), 3),
        "ratio_p50": round(answer["p50"] / embed["p50"], 2),
        "ratio_p95": round(answer["p95"] / embed["p50"], 2),
    }
    save("answering", f"python -m bench.answering --articles {arguments.articles}", figures)


if __name__ == "__main__":
    main()
