"""What searching costs as an archive grows to a million chunks, vectors and words apart, and what the archive weighs.

    python -m bench.million [--chunks 10000 30000 100000 300000 1000000]

The chunks are overlapping windows of real articles with real vectors (``bench.windows``); the questions are the quiz
questions of RealtimeQA 2022-2023. Articles get a day each, so that a filter can let through any part of them. The
archive stays under ``.bench/million``; sizes that it has outgrown can't be measured again.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import faiss
import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt

from bench.asking import news_gold
from bench.measuring import RESULTS, WORK, save, spread
from bench.serving import memory, served
from bench.windows import LENGTHS, embedded
from corpus.types import Chunk
from index.archive import Archive, Prepared, Snapshot
from index.local.indexes import LocalSearch
from index.retriever import DEPTH, search
from index.types import EVERYTHING, Filter, Half, Ids, Vectors
from qa.engine import open_engine
from qa.settings import Settings

PLACE = WORK / "million"
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
SHARES = (0.0001, 0.001, 0.01, 0.1, 0.5)
QUESTIONS = 300
NEAREST = 10
_FIRST = date(2000, 1, 1)


def grow(archive: Archive, sizes: Sequence[int]) -> Iterator[int]:
    """Put windows into the archive up to each size in turn; gives the chunks that there are then."""
    with archive.read() as snapshot:
        state = snapshot.view.state
    count, wanted = state.chunks, [size for size in sizes if size > state.chunks]
    if state.chunks in sizes:
        yield state.chunks
    batch: list[Prepared] = []
    for number, one in enumerate(embedded(10_000)):
        if not wanted:
            break
        if number < state.articles:
            continue
        windows: dict[Chunk, npt.NDArray[np.float16]] = {}
        for length in LENGTHS:
            windows.update(zip(*one.windows(length), strict=True))
        places = sorted(windows, key=lambda chunk: (chunk.start, chunk.end))[: wanted[0] - count]
        day = (_FIRST + timedelta(days=number)).isoformat()
        vectors = np.stack([windows[place] for place in places])
        batch.append(Prepared(replace(one.article, published_at=day), places, vectors))
        count += len(places)
        if len(batch) == 50 or count == wanted[0]:
            archive.put(batch)
            batch = []
        if count == wanted[0]:
            yield wanted.pop(0)


def timed(work: Callable[[int], object], count: int) -> dict[str, float]:
    """Milliseconds of one call after another; a first round warms files and caches."""
    laps: list[float] = []
    for _ in range(2):
        laps = [perf_counter()]
        for number in range(count):
            work(number)
            laps.append(perf_counter())
    return spread([1000 * (b - a) for a, b in pairwise(laps)])


def nearest(vectors: Half, rows: Ids, questions: Vectors) -> list[set[int]]:
    """The rows nearest to each question, among these, by scoring them all."""
    found = faiss.ResultHeap(len(questions), NEAREST, keep_max=True)
    for start in range(0, len(rows), 50_000):
        part = rows[start : start + 50_000]
        scores = questions @ vectors[part].astype(np.float32).T
        found.add_result(scores, np.tile(part, (len(questions), 1)))
    found.finalize()
    return [{*row.tolist()} for row in found.I]


def searching(snapshot: Snapshot, texts: Sequence[str], questions: Vectors, where: Filter = EVERYTHING) -> Any:
    """The time of a whole retrieval beyond embedding the question."""
    given: list[int] = []

    def work(number: int) -> None:
        given.append(len(search(snapshot, texts[number], questions[number : number + 1], NEAREST, where)))

    times = timed(work, len(texts))
    assert set(given) == {NEAREST}
    return times


def measured(archive: Archive, texts: Sequence[str], questions: Vectors, *, filters: bool) -> dict[str, Any]:
    """Times and recall at the size that the archive has."""
    with archive.read() as snapshot:
        indexes, view = snapshot.indexes, snapshot.view
        assert isinstance(indexes, LocalSearch)
        ids, vectors = view.vectors(after=0, dimensions=questions.shape[1])
        figures: dict[str, Any] = {"kind": indexes.kind, "recall_when_built": indexes.recall}
        figures["dense_ms"] = timed(lambda one: indexes.dense.search(questions[one : one + 1], DEPTH), len(texts))
        figures["lexical_ms"] = timed(lambda one: indexes.words.search(texts[one], DEPTH, where=EVERYTHING), len(texts))
        figures["retrieval_ms"] = searching(snapshot, texts, questions)
        everything = np.arange(len(ids))
        figures["recall_at_10"] = recall(indexes, None, ids, nearest(vectors, everything, questions), questions)
        if filters:
            articles = view.state.articles
            numbers = view.places(after=0)[:, 1]
            figures["filtered"] = {}
            for share in SHARES:
                where = Filter(published_to=_FIRST + timedelta(days=max(0, round(share * articles) - 1)))
                passing = np.isin(numbers, view.numbers("day <= ?", [where.published_to.toordinal()]))  # type: ignore[union-attr]
                truth = nearest(vectors, np.flatnonzero(passing), questions)
                figures["filtered"][f"{share:.2%}"] = {
                    "chunks": int(passing.sum()),
                    "retrieval_ms": searching(snapshot, texts, questions, where),
                    "recall_at_10": recall(indexes, ids[passing], ids, truth, questions),
                }
    return figures


def recall(indexes: LocalSearch, allowed: Ids | None, ids: Ids, truth: list[set[int]], questions: Vectors) -> float:
    """The part of the ten nearest that a dense search finds."""
    shares: list[float] = []
    for number, rows in enumerate(truth):
        found = indexes.dense.search(questions[number : number + 1], DEPTH, allowed=allowed)[:NEAREST]
        shares.append(len({one.id for one in found} & {*ids[[*rows]].tolist()}) / NEAREST)
    return round(float(np.mean(shares)), 4)


def weight(directory: Path, chunks: int) -> dict[str, int]:
    """Bytes a chunk on disk, by what they are for."""
    names = {"archive.sqlite3": "store", ".faiss": "vectors and codes", ".npy": "ids"}
    sizes = dict.fromkeys([*names.values(), "words"], 0)
    for path in directory.rglob("*"):
        if path.is_file():
            sizes[names.get(path.name) or names.get(path.suffix) or "words"] += path.stat().st_size
    return {name: round(size / chunks) for name, size in sizes.items()} | {"all": round(sum(sizes.values()) / chunks)}


def serving(texts: Sequence[str]) -> dict[str, Any]:
    """A server over the archive: until ready, a search, an answer, and memory after them."""
    with served(PLACE) as (process, port, ready):
        connection = HTTPConnection("127.0.0.1", port)

        def post(path: str, body: dict[str, Any]) -> None:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            assert response.status == 200, response.read()
            response.read()

        started = memory(process.pid)
        search_ms = timed(lambda one: post("/v1/search", {"query": texts[one]}), len(texts))
        laps = [perf_counter()]
        for text in texts[:40]:
            post("/v1/ask", {"question": text})
            laps.append(perf_counter())
        return {
            "ready_s": round(ready, 2),
            "search_over_http_ms": search_ms,
            "ask_ms": spread([1000 * (b - a) for a, b in pairwise(laps)]),
            "memory_mb_started": started,
            "memory_mb": memory(process.pid),
        }


def draw(sizes: dict[str, Any]) -> None:
    """Time against size, vectors and words apart."""
    counts = [int(size) for size in sizes]
    figure, axes = plt.subplots(figsize=(7, 4.5))
    for name, label in (("dense_ms", "vectors"), ("lexical_ms", "words"), ("retrieval_ms", "whole retrieval")):
        axes.plot(counts, [one[name]["p50"] for one in sizes.values()], marker="o", label=label)
    axes.set(xscale="log", yscale="log", xlabel="chunks", ylabel="milliseconds, median")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(RESULTS / "million.svg")


def main() -> None:
    """Measure, print, draw and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, nargs="+", default=SIZES)
    parser.add_argument("--served", action="store_true", help="only what it is like to be served; keep the rest")
    arguments = parser.parse_args()
    wanted = sorted(arguments.chunks)
    gold = news_gold(["2022", "2023"])
    texts = [gold[row].question for row in np.random.default_rng(0).permutation(len(gold))[:QUESTIONS]]
    sizes: dict[str, Any] = {}
    if arguments.served:
        sizes = json.loads((RESULTS / "million.json").read_text("utf-8"))["sizes"]
        wanted = [int(size) for size in sizes]
    with open_engine(Settings(archive=PLACE), create=True) as engine:
        questions = engine.embedder.embed(texts, kind="query")
        faiss.omp_set_num_threads(2)  # to build
        for size in () if arguments.served else grow(engine.archive, wanted):
            start = perf_counter()
            engine.archive.compact(force=True)
            built = perf_counter() - start
            faiss.omp_set_num_threads(1)  # to search
            sizes[str(size)] = {
                "build_s": round(built, 1),
                **measured(engine.archive, texts, questions, filters=size >= 100_000),
                "bytes_a_chunk": weight(PLACE, size),
            }
            faiss.omp_set_num_threads(2)
            print(size, sizes[str(size)], flush=True)
    figures = {"questions": len(texts), "sizes": sizes, "served": serving(texts)}
    save("million", f"python -m bench.million --chunks {' '.join(map(str, wanted))}", figures)
    draw(sizes)


if __name__ == "__main__":
    main()
