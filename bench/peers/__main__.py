"""Citewire and its peers side by side, each in a process of its own, one after the other, in one run.

    python -m venv .venv-peers && .venv-peers/bin/pip install -r bench/peers/requirements.txt
    python -m bench.peers --python .venv-peers/bin/python [--articles 1000] [--paragraphs 2067] [--systems NAME ...]
    python -m bench.peers --python .venv-peers/bin/python --chunks 10000 100000

``news``: real articles, asked the sample's questions, for speed and memory. ``squad``: paragraphs of SQuAD's
development set as articles, asked its questions, for what is found; a hit is the right paragraph with a gold answer.
With ``--chunks``: how long a question takes among so many chunks, whose vectors are brought along (``bench.windows``:
what ingest cuts of 10,000 real articles, and where these are too few, windows that overlap them).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np

from bench.asking import news_gold, squad_articles, squad_gold
from bench.measuring import HERE, real_articles, save
from bench.peers.systems import SYSTEMS, Article, Half
from bench.windows import LENGTHS, embedded
from corpus.formats import Read
from corpus.types import Rejected
from qa.evaluation.gold import Gold, read_gold

QUESTIONS = 400
FEWER = 100
"""Questions among many chunks: some peers take seconds for one."""


def measured(
    name: str, python: str, articles: Sequence[Article], questions: Sequence[Gold], vectors: Half | None = None
) -> dict[str, Any]:
    """One system, in its own process."""
    with tempfile.TemporaryDirectory() as room:
        articles_file, questions_file = Path(room) / "articles.jsonl", Path(room) / "questions.jsonl"
        articles_file.write_text("\n".join(json.dumps(one._asdict()) for one in articles), "utf-8")
        asked = [
            {"question": one.question, "answers": one.answers, "article_ids": one.article_ids} for one in questions
        ]
        questions_file.write_text("\n".join(map(json.dumps, asked)), "utf-8")
        command = [python, "-m", "bench.peers.one", name, str(articles_file), str(questions_file)]
        if vectors is not None:
            np.save(Path(room) / "vectors.npy", vectors)
            command.append(str(Path(room) / "vectors.npy"))
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent, env=environment)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def held() -> Iterator[tuple[Article, Half]]:
    """Chunks with their vectors, each as an article."""
    cut = ((one, one.chunks, one.vectors) for one in embedded(10_000))
    windows = ((one, *one.windows(length)) for one in embedded(10_000) for length in LENGTHS)
    for one, chunks, vectors in chain(cut, windows):
        for chunk, vector in zip(chunks, vectors, strict=True):
            text = one.article.text[chunk.start : chunk.end]
            yield Article(f"{one.article.id}-{chunk.start}-{chunk.end}", one.article.title, text), vector


def among(counts: Sequence[int], python: str) -> dict[str, Any]:
    """Every system among so many chunks."""
    pairs = list(islice(held(), max(counts)))
    gold = news_gold(["2022", "2023"])
    asked = [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[:FEWER]]
    figures: dict[str, Any] = {}
    for count in sorted(counts):
        articles, vectors = [one for one, _ in pairs[:count]], np.stack([vector for _, vector in pairs[:count]])
        figures[str(count)] = {}
        for name in SYSTEMS:
            used = sys.executable if name == "citewire" else python
            figures[str(count)][name] = _without_hits(measured(name, used, articles, asked, vectors))
            print(count, name, figures[str(count)][name], flush=True)
    return figures


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="the peers' python")
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--paragraphs", type=int, default=2_067)
    parser.add_argument("--systems", choices=SYSTEMS, nargs="+", help="only these, in this order")
    parser.add_argument("--chunks", type=int, nargs="+")
    arguments = parser.parse_args()
    if arguments.chunks:
        command = f"python -m bench.peers --chunks {' '.join(map(str, arguments.chunks))}"
        return save("peers_chunks", command, among(arguments.chunks, arguments.python))
    news = _articles(real_articles(arguments.articles))
    dev = [one for one in _articles(squad_articles()) if one.id.startswith("dev/")][: arguments.paragraphs]
    known = {one.id for one in dev}
    gold = [one for one in squad_gold("dev") if one.article_ids[0] in known]
    asked = [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[:QUESTIONS]]
    figures: dict[str, Any] = {"news": {}, "squad": {}}
    for name in arguments.systems or SYSTEMS:
        python = sys.executable if name == "citewire" else arguments.python
        for label, articles, questions in (("news", news, read_gold(HERE / "gold.jsonl")), ("squad", dev, asked)):
            if not articles:
                continue
            figure = measured(name, python, articles, questions)
            figures[label][name] = figure if label == "squad" else _without_hits(figure)
            print(label, name, figures[label][name], flush=True)
    command = f"python -m bench.peers --articles {arguments.articles} --paragraphs {arguments.paragraphs}"
    if arguments.systems:
        return save("peers_some", f"{command} --systems {' '.join(arguments.systems)}", figures)
    return save("peers", command, figures)


def _without_hits(figures: dict[str, Any]) -> dict[str, Any]:
    """For questions whose gold articles are not among these."""
    return {key: one for key, one in figures.items() if not key.startswith("hit_")}


def _articles(records: Iterable[Read | Rejected]) -> list[Article]:
    read = (one.article for one in records if isinstance(one, Read))
    return [Article(one.id, one.title, one.text) for one in read]


if __name__ == "__main__":
    main()
