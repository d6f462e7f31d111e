"""Kinds of dense index over real vectors: what each finds, how long it takes, and what it weighs.

    python -m bench.kinds

The vectors are those of the chunks of 10,000 real articles (``bench.windows``), and the queries quiz questions about
news; random vectors mislead, as they have no neighbours. ``bench.million`` has larger archives.
"""

import argparse
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import faiss
import numpy as np

from bench.asking import news_gold
from bench.measuring import WORK, save, spread
from bench.windows import fill
from index.local.dense import DenseIndex, write_base
from index.types import Half, Vectors
from qa.engine import open_engine
from qa.settings import Settings

ARTICLES = 10_000
QUESTIONS = 300
NEAREST = 10
SHARES = (0.0001, 0.001, 0.01, 0.1, 0.5)
"""Parts of the archive that a filter lets through."""

Search = Callable[[Vectors], list[int]]


def vectors_and_questions() -> tuple[Half, Vectors]:
    """The archive's vectors, and those of the questions."""
    gold = news_gold(["2022", "2023"])
    taken = [gold[row].question for row in np.random.default_rng(0).permutation(len(gold))[:QUESTIONS]]
    with open_engine(Settings(archive=WORK / "retrieval"), create=True) as engine:
        fill(engine.archive, ARTICLES)
        with engine.archive.read() as snapshot:
            vectors = snapshot.view.vectors(after=0, dimensions=engine.embedder.dimensions)[1]
        return vectors, engine.embedder.embed(taken, kind="query")


def faiss_kind(name: str, vectors: Half, **settings: int) -> Callable[[], Search]:
    """A kind by faiss's own name for it, with the settings of its searches."""

    def build() -> Search:
        index = faiss.index_factory(vectors.shape[1], name, faiss.METRIC_INNER_PRODUCT)
        index.train(vectors[:: max(1, len(vectors) // 50_000)].astype(np.float32))
        for start in range(0, len(vectors), 65_536):
            index.add(vectors[start : start + 65_536].astype(np.float32))
        for key, value in settings.items():
            faiss.ParameterSpace().set_index_parameter(index, key, value)
        return lambda query: index.search(query, NEAREST)[1][0].tolist()

    return build


def own_kind(vectors: Half, exact_up_to: int, directory: Path, told: dict[str, Any]) -> DenseIndex:
    """A base of ours, written and mapped."""
    path = directory / f"{exact_up_to}.faiss"
    written = write_base(path, np.arange(len(vectors)), vectors, exact_up_to=exact_up_to)
    told |= {"kind": written.kind, "reach": written.reach, "recall_when_built": written.recall}
    told["bytes_a_chunk"] = round(path.stat().st_size / len(vectors))
    return DenseIndex.load(path, sha256=written.sha256, dimensions=vectors.shape[1], reach=written.reach)


def asked(search: Search, questions: Vectors, nearest: Sequence[set[int]]) -> dict[str, Any]:
    """Milliseconds a question, and the part of the ten nearest that is found."""
    laps = [perf_counter()]
    found: list[set[int]] = []
    for one in questions:
        found.append({*search(one[None])[:NEAREST]})
        laps.append(perf_counter())
    recall = np.mean([len(ours & theirs) / NEAREST for ours, theirs in zip(found, nearest, strict=True)])
    return {"milliseconds": spread([1000 * (b - a) for a, b in pairwise(laps)]), "recall": round(float(recall), 4)}


def filtered(dense: DenseIndex, exact: DenseIndex, questions: Vectors, count: int) -> dict[str, Any]:
    """The same with filters, against exact search; ``given`` is the least number of hits of the ten wanted."""
    figures: dict[str, Any] = {}
    for share in SHARES:
        allowed = np.sort(np.random.default_rng(1).permutation(count)[: max(NEAREST, int(share * count))])
        given: list[int] = []

        def search(query: Vectors, allowed: Any = allowed, given: list[int] = given) -> list[int]:
            hits = [hit.id for hit in dense.search(query, 100, allowed=allowed)]
            given.append(min(NEAREST, len(hits)))
            return hits

        nearest = [{hit.id for hit in exact.search(one[None], NEAREST, allowed=allowed)[:NEAREST]} for one in questions]
        figures[f"{share:.2%}"] = {**asked(search, questions, nearest), "given": min(given)}
    return figures


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    vectors, questions = vectors_and_questions()
    faiss.omp_set_num_threads(1)
    figures: dict[str, Any] = {"chunks": len(vectors), "questions": len(questions), "kinds": {}}
    with TemporaryDirectory() as directory:
        exact = own_kind(vectors, len(vectors), Path(directory), {})
        nearest = [{hit.id for hit in exact.search(one[None], NEAREST)[:NEAREST]} for one in questions]
        start = perf_counter()
        told: dict[str, Any] = {}
        ours = own_kind(vectors, 0, Path(directory), told)
        told["build_s"] = round(perf_counter() - start, 1)
        for name, dense in (("exact-float16", exact), ("ours", ours)):
            more = told if dense is ours else {}
            hundred: Search = lambda query, dense=dense: [hit.id for hit in dense.search(query, 100)]  # type: ignore[misc]  # noqa: E731
            figures["kinds"][name] = {**more, **asked(hundred, questions, nearest)}
        for name, settings in (
            ("SQ8", {}),
            ("HNSW16_SQ8", {"efSearch": 128}),
            ("HNSW32_SQ8", {"efSearch": 128}),
            ("IVF1024,SQfp16", {"nprobe": 32}),
            ("IVF1024,SQfp16", {"nprobe": 96}),
            ("IVF1024,RaBitQfs,Refine(SQfp16)", {"nprobe": 96, "k_factor_rf": 100}),
            ("IVF1024,PQ128x4fs,Refine(SQfp16)", {"nprobe": 102, "k_factor_rf": 100}),
        ):
            start = perf_counter()
            search = faiss_kind(name, vectors, **settings)()
            built = round(perf_counter() - start, 1)
            label = " ".join([name, *(f"{key}={value}" for key, value in settings.items())])
            figures["kinds"][label] = {"build_s": built, **asked(search, questions, nearest)}
        figures["filtered"] = {
            "exact": filtered(exact, exact, questions, len(vectors)),
            "ours": filtered(ours, exact, questions, len(vectors)),
        }
    save("kinds", "python -m bench.kinds", figures)


if __name__ == "__main__":
    main()
