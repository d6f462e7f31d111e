"""Where the time of ingest goes: each stage by itself, one after the other, over the same real articles.

    python -m bench.stages [--articles 300]

In an ingest they overlap. Embedding is on all cores, the others on one.
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.measuring import real_articles, save
from qa.engine import open_engine
from qa.ingestion.pipeline import BATCH_CHUNKS, _batch, _cut, _embed, _write
from qa.settings import Settings


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    articles = parser.parse_args().articles
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = perf_counter()
        done = work()
        seconds[name] = perf_counter() - start
        return done

    with TemporaryDirectory() as room, open_engine(Settings(archive=Path(room)), create=True) as engine:
        engine.embedder.embed(["warm up"], kind="document")
        run = engine.archive.start_run()
        records = timed("reading and cleaning", lambda: [*real_articles(articles)])
        cut = timed("cutting", lambda: [_cut(engine, one) for one in records])
        batches = [*_batch(cut, BATCH_CHUNKS)]
        ready = timed("embedding", lambda: [_embed(engine, one) for one in batches])
        keep: Any = lambda writing, outcomes: None  # noqa: E731
        written = timed("copies, writing, indexing", lambda: [_write(engine, one, run, keep) for one in ready])
        timed("compaction", lambda: engine.archive.compact(force=True))
    assert sum(len(one) for one in written) == len(records)
    whole = sum(seconds.values())
    figures = {
        "articles": len(records),
        "chunks": sum(len(one.chunks) for one in cut if hasattr(one, "chunks")),
        "seconds": {name: round(one, 2) for name, one in seconds.items()},
        "share": {name: round(one / whole, 4) for name, one in seconds.items()},
    }
    save("stages", f"python -m bench.stages --articles {articles}", figures)


if __name__ == "__main__":
    main()
