"""The reader over whole archives: what it makes of what the retriever finds, at every depth.

    python -m bench.asking squad [--questions 1000] [--depth 20]
    python -m bench.asking news [--questions 1000] [--depth 20]

``squad``: every paragraph of SQuAD 1.1, train and dev, is an article of its own; the dev questions are asked. ``news``:
the quiz questions of RealtimeQA 2022-2023 over its articles, those that name articles with the answer. A hit is a chunk
of a right article that holds a gold answer. Neither set was trained on or chosen by. Archives stay under ``.bench``.
"""

import argparse
import json
import lzma
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bench.measuring import RESULTS, SHARED, WORK, save, spread
from corpus.formats import Read
from corpus.reading import read
from corpus.types import Article, Rejected
from index.retriever import DEPTH
from index.retriever import search as retrieve
from index.types import EVERYTHING
from qa.answering.reranking import merit, read_all
from qa.answering.retrieval import attach_articles, choose_hits
from qa.engine import Engine, open_engine
from qa.evaluation.gold import Gold
from qa.evaluation.metrics import exact_match, f1, holds_any, mean
from qa.ingestion.pipeline import ingest
from qa.settings import Settings

DATA = SHARED / "data"
DEPTHS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50)
NEWS_ARTICLES = DATA / "realtimeqa-2020-2023-articles.jsonl.xz"
TIMED = 40
"""Questions whose answers are timed at each depth."""


@dataclass(frozen=True)
class Trace:
    """What one question met, a value for each passage in the order it was retrieved."""

    right: list[bool]
    dense: list[int | None]
    lexical: list[int | None]
    scores: list[float]
    fused: list[float]
    exact: list[float]
    f1: list[float]


def squad_articles() -> Iterator[Read | Rejected]:
    """Each paragraph as an article."""
    for part in ("train", "dev"):
        for title, number, paragraph in _paragraphs(part):
            article = Article(_id(part, title, number), title.replace("_", " "), paragraph["context"])
            yield Read(article, article.id, ())


def squad_gold(part: str) -> list[Gold]:
    """The questions of one part; only their own paragraph is a right article."""
    return [
        Gold(question["question"], tuple(one["text"] for one in question["answers"]), (_id(part, title, number),))
        for title, number, paragraph in _paragraphs(part)
        for question in paragraph["qas"]
    ]


def news_gold(years: Sequence[str]) -> list[Gold]:
    """The quiz questions of those years that name articles with their answer."""
    return [gold for gold, _ in dated_news(years)]


def dated_news(years: Sequence[str]) -> list[tuple[Gold, date]]:
    """The same, each with the day of its quiz."""
    with lzma.open(DATA / "realtimeqa-2020-2023-questions.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    return [
        (Gold(row["question"], tuple(row["answers"]), tuple(row["article_ids"])), date.fromisoformat(row["date"][:10]))
        for row in rows
        if row["date"][:4] in years and row["article_ids"] and row["answers"]
    ]


@contextmanager
def archive_of(name: str) -> Iterator[Engine]:
    """The archive of a set, filled with what it lacks."""
    with _filled(f"{name}-open", squad_articles() if name == "squad" else read([NEWS_ARTICLES])) as engine:
        yield engine


@contextmanager
def part_of_news(asked: Sequence[Gold], most: int) -> Iterator[Engine]:
    """A smaller archive of news: the articles that hold an answer to what is asked, and others, ``most`` together."""
    wanted = {article_id for gold in asked for article_id in gold.article_ids}
    articles = [one for one in read([NEWS_ARTICLES]) if isinstance(one, Read)]
    articles.sort(key=lambda one: one.article.id not in wanted)
    with _filled(f"news-{most}", articles[:most]) as engine:
        yield engine


@contextmanager
def _filled(name: str, articles: Iterable[Read | Rejected]) -> Iterator[Engine]:
    with open_engine(Settings(archive=WORK / name), create=True) as engine:
        with engine.archive.read() as snapshot:
            view = snapshot.view
            missing = [one for one in articles if isinstance(one, Rejected) or view.digest(one.article.id) is None]
        for _ in ingest(engine, missing):
            pass
        engine.archive.compact()
        yield engine


def trace(engine: Engine, gold: Gold, depth: int) -> Trace:
    """Retrieve, and read the first ``depth`` passages."""
    vector = engine.embedder.embed([gold.question], kind="query")
    with engine.archive.read() as snapshot:
        hits = retrieve(snapshot, gold.question, vector, DEPTH, EVERYTHING)
        found = attach_articles(snapshot, choose_hits(snapshot, hits, depth))
    read = read_all(engine.reader, gold.question, found)
    firsts = [(one.found.text, one.reading.spans[:1]) for one in read]
    texts = ["".join(text[span.start : span.end] for span in spans) for text, spans in firsts]
    return Trace(
        right=[one.article.id in gold.article_ids and holds_any(one.text, gold.answers) for one in found],
        dense=[one.hit.dense_rank for one in found],
        lexical=[one.hit.lexical_rank for one in found],
        scores=[one.reading.score for one in read],
        fused=[one.hit.score for one in found],
        exact=[exact_match(text, gold.answers) for text in texts],
        f1=[f1(text, gold.answers) for text in texts],
    )


def ordered(trace: Trace, depth: int) -> list[int]:
    """The passages when ``depth`` of them are read: these by merit, then the others as they were retrieved."""
    merits = [merit(score, fused) for score, fused in zip(trace.scores, trace.fused, strict=True)]
    read = range(min(depth, len(merits)))
    return [*sorted(read, key=lambda row: -merits[row]), *range(len(read), len(merits))]


def figures(traces: Sequence[Trace], depth: int) -> dict[str, Any]:
    """The measures when ``depth`` passages are read; 0 for the retriever alone, which has no answers."""
    orders = [ordered(one, depth) for one in traces]
    measured = {
        f"hit_at_{k}": _share(
            any(one.right[row] for row in order[:k]) for one, order in zip(traces, orders, strict=True)
        )
        for k in (1, 5, 10)
    }
    if depth:
        for name in ("exact", "f1"):
            values = [getattr(one, name)[order[0]] if order else 0.0 for one, order in zip(traces, orders, strict=True)]
            measured[name] = _share(values)
            if name == "f1":
                measured["answer_right"] = _share(value >= 0.5 for value in values)
    return measured


def timed(engine: Engine, asked: Sequence[Gold], depths: Sequence[int]) -> dict[str, dict[str, float]]:
    """Milliseconds to embed a question, to retrieve for it, and to read so many passages: they take turns."""
    laps: dict[str, list[float]] = {}

    def lap(name: str, start: float) -> float:
        laps.setdefault(name, []).append(1000 * (perf_counter() - start))
        return perf_counter()

    for gold in asked:
        start = perf_counter()
        vector = engine.embedder.embed([gold.question], kind="query")
        start = lap("embed", start)
        with engine.archive.read() as snapshot:
            hits = retrieve(snapshot, gold.question, vector, DEPTH, EVERYTHING)
            found = attach_articles(snapshot, choose_hits(snapshot, hits, max(depths)))
        start = lap("retrieve", start)
        for depth in depths:
            read_all(engine.reader, gold.question, found[:depth])
            start = lap(f"read_{depth}", start)
    return {name: spread(values) for name, values in laps.items()}


def _share(values: Any) -> float:
    return round(mean(values) or 0.0, 4)


def _paragraphs(part: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    with lzma.open(DATA / f"squad-{part}-v1.1.json.xz", "rt", encoding="utf-8") as file:
        for article in json.load(file)["data"]:
            for number, paragraph in enumerate(article["paragraphs"]):
                yield article["title"], number, paragraph


def _id(part: str, title: str, number: int) -> str:
    return f"{part}/{title}/{number}"


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=["squad", "news"])
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--depth", type=int, default=20)
    arguments = parser.parse_args()
    gold = squad_gold("dev") if arguments.set == "squad" else news_gold(["2022", "2023"])
    depths = [depth for depth in DEPTHS if depth <= arguments.depth]
    asked = [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[: arguments.questions]]
    with archive_of(arguments.set) as engine:
        traces = [trace(engine, one, arguments.depth) for one in asked]
        milliseconds = timed(engine, asked[:TIMED], depths)
    _keep(WORK / f"{arguments.set}-open.traces.json", traces)
    at_depth = {depth: figures(traces, depth) for depth in (0, *depths)}
    plot(arguments.set, {depth: at_depth[depth] for depth in depths}, milliseconds)
    save(
        f"asking_{arguments.set}",
        f"python -m bench.asking {arguments.set} --questions {arguments.questions} --depth {arguments.depth}",
        {"questions": len(asked), "at_depth": at_depth, "milliseconds": milliseconds},
    )


def plot(name: str, at_depth: dict[int, dict[str, Any]], milliseconds: dict[str, dict[str, float]]) -> None:
    """Quality against passages read and against the time it takes, as an SVG beside the figures."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    times = [milliseconds[f"read_{depth}"]["p50"] for depth in at_depth]
    for measure, label in (("hit_at_1", "hit@1"), ("hit_at_5", "hit@5"), ("exact", "exact match"), ("f1", "F1")):
        values = [one[measure] for one in at_depth.values()]
        left.plot([*at_depth], values, marker="o", label=label)
        right.plot(times, values, marker="o", label=label)
    left.set(xlabel="passages read", ylabel="share of questions", title=f"{name}: quality against depth")
    right.set(xlabel="milliseconds of reading (median)", title="... and against time")
    for axes in (left, right):
        axes.grid(alpha=0.3)
    left.legend()
    figure.savefig(RESULTS / f"asking_{name}.svg", metadata={"Date": None})


def _keep(path: Path, traces: Sequence[Trace]) -> None:
    path.write_text(json.dumps([asdict(one) for one in traces]), "utf-8")


if __name__ == "__main__":
    main()
