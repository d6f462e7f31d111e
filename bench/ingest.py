"""Ingest against the bare embedder: the same chunks, block by block in turn, so that a drifting machine is fair.

    python -m bench.ingest [--articles 1000] [--block 100]

The bare embedder is sentence-transformers' own ``encode`` on the chunks' texts, ready in memory.
"""

import argparse
import resource
import statistics
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.measuring import real_articles, save
from corpus.chunking import chunk, context_title, embedded_text
from corpus.formats import Read
from index.embedding import SentenceTransformerEmbedder
from qa.engine import Engine, open_engine
from qa.ingestion.pipeline import ingest
from qa.settings import Settings


def texts_of(engine: Engine, records: list[Read]) -> list[str]:
    """What ingest embeds of these articles."""
    return [
        embedded_text(context_title(record.article.title, engine.embedder), record.article.text[one.start : one.end])
        for record in records
        for one in chunk(record.article, engine.embedder)
    ]


def resident_mb() -> float:
    """Resident memory of this process, now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--block", type=int, default=100)
    arguments = parser.parse_args()
    records = [record for record in real_articles(arguments.articles) if isinstance(record, Read)]
    blocks: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as room, open_engine(Settings(archive=Path(room)), create=True) as engine:
        assert isinstance(engine.embedder, SentenceTransformerEmbedder)
        model = engine.embedder._model
        model.encode(["warm up"] * 8)
        for start in range(0, len(records), arguments.block):
            block = records[start : start + arguments.block]
            texts = texts_of(engine, block)
            before = perf_counter()
            model.encode(texts, batch_size=32, show_progress_bar=False)
            between = perf_counter()
            added = sum(outcome.outcome == "added" for outcome in ingest(engine, block))
            after = perf_counter()
            assert added == len(block)
            rates = (len(texts) / (between - before), len(texts) / (after - between))
            blocks.append(
                {
                    "chunks": len(texts),
                    "bare_chunks_per_s": round(rates[0], 2),
                    "ingest_chunks_per_s": round(rates[1], 2),
                    "ratio": round(rates[1] / rates[0], 3),
                    "resident_mb": round(resident_mb()),
                }
            )
            print(blocks[-1], flush=True)
        before = perf_counter()
        engine.archive.compact()
        compaction = perf_counter() - before
    bare = sum(one["chunks"] / one["bare_chunks_per_s"] for one in blocks)
    ours = sum(one["chunks"] / one["ingest_chunks_per_s"] for one in blocks)
    figures = {
        "articles": len(records),
        "chunks": sum(one["chunks"] for one in blocks),
        "ratio_median": round(statistics.median(one["ratio"] for one in blocks), 3),
        "ratio_overall": round(bare / ours, 3),
        "compaction_s": round(compaction, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "blocks": blocks,
    }
    save("ingest", f"python -m bench.ingest --articles {arguments.articles} --block {arguments.block}", figures)


if __name__ == "__main__":
    main()
