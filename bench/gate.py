"""What must not get slower, as ratios taken in one run: part of what is checked before a change lands.

    python -m bench.gate

Over the sample archive with the models that are shipped: searching and answering against embedding the question alone,
ingest against the bare embedder. The limits leave room for a machine that others use too; a change that does a thing
twice does not pass them.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.ingest import texts_of
from bench.measuring import HERE
from bench.quality import SAMPLE
from corpus.formats import Read
from corpus.reading import read
from index.embedding import SentenceTransformerEmbedder
from qa.answering.pipeline import ask, search
from qa.answering.types import Question
from qa.engine import Engine, open_engine
from qa.evaluation.gold import read_gold
from qa.ingestion.pipeline import ingest
from qa.settings import Settings

LIMITS = {"search": 2.5, "answer": 45.0, "ingest": 1.6}
"""The most that each may take, as often as what it is compared with."""
WARM = 5


def asking(engine: Engine) -> dict[str, float]:
    """Searching and answering, each against embedding the question."""
    laps: list[tuple[float, float, float]] = []
    for gold in read_gold(HERE / "gold.jsonl"):
        times = [perf_counter()]
        engine.embedder.embed([gold.question], kind="query")
        times.append(perf_counter())
        search(engine, gold.question)
        times.append(perf_counter())
        ask(engine, Question(gold.question))
        times.append(perf_counter())
        laps.append((times[1] - times[0], times[2] - times[1], times[3] - times[2]))
    embed, searched, answered = (median(lap[place] for lap in laps[WARM:]) for place in range(3))
    return {"search": searched / embed, "answer": answered / embed}


def ingesting(engine: Engine, records: list[Read]) -> float:
    """Ingest against sentence-transformers' own ``encode`` on the same chunks."""
    assert isinstance(engine.embedder, SentenceTransformerEmbedder)
    texts = texts_of(engine, records)
    engine.embedder._model.encode(texts[:8])
    start = perf_counter()
    engine.embedder._model.encode(texts, batch_size=32, show_progress_bar=False)
    between = perf_counter()
    added = sum(outcome.outcome == "added" for outcome in ingest(engine, records))
    assert added == len(records)
    return (perf_counter() - between) / (between - start)


def main() -> None:
    """Measure, print, and end with 1 where a limit is passed."""
    records = [one for one in read([SAMPLE]) if isinstance(one, Read)]
    with tempfile.TemporaryDirectory() as room, open_engine(Settings(archive=Path(room)), create=True) as engine:
        ratios = {"ingest": ingesting(engine, records), **asking(engine)}
    for name, ratio in ratios.items():
        print(f"{name:<8}{ratio:6.2f}  (at most {LIMITS[name]:g})", flush=True)
    if slow := [name for name, ratio in ratios.items() if ratio > LIMITS[name]]:
        sys.exit(f"slower than it may be: {', '.join(slow)}")


if __name__ == "__main__":
    main()
