"""Citewire and its peers side by side, each in a process of its own, one after the other, in one run.

    python -m venv .venv-peers && .venv-peers/bin/pip install -r bench/peers/requirements.txt
    python -m bench.peers --python .venv-peers/bin/python [--articles 150] [--paragraphs 2067]

``news``: real articles, asked the sample's questions, for speed and memory. ``squad``: paragraphs of SQuAD's
development set as articles, asked its questions, for what is found; a hit is the right paragraph with a gold answer.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.asking import squad_articles, squad_gold
from bench.measuring import HERE, real_articles, save
from bench.peers.systems import SYSTEMS
from corpus.formats import Read
from qa.evaluation import Gold, read_gold

QUESTIONS = 400


def measured(name: str, python: str, articles: Sequence[Read], questions: Sequence[Gold]) -> dict[str, Any]:
    """One system, in its own process."""
    with tempfile.TemporaryDirectory() as room:
        articles_file, questions_file = Path(room) / "articles.jsonl", Path(room) / "questions.jsonl"
        rows = [{"id": one.article.id, "title": one.article.title, "text": one.article.text} for one in articles]
        articles_file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        asked = [
            {"question": one.question, "answers": one.answers, "article_ids": one.article_ids} for one in questions
        ]
        questions_file.write_text("\n".join(map(json.dumps, asked)), "utf-8")
        command = [python, "-m", "bench.peers.one", name, str(articles_file), str(questions_file)]
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
        done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent, env=environment)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="the peers' python")
    parser.add_argument("--articles", type=int, default=150)
    parser.add_argument("--paragraphs", type=int, default=2_067)
    arguments = parser.parse_args()
    news = [one for one in real_articles(arguments.articles) if isinstance(one, Read)]
    dev = [one for one in squad_articles() if isinstance(one, Read) and one.article.id.startswith("dev/")]
    dev = dev[: arguments.paragraphs]
    known = {one.article.id for one in dev}
    gold = [one for one in squad_gold("dev") if one.article_ids[0] in known]
    asked = [gold[row] for row in np.random.default_rng(0).permutation(len(gold))[:QUESTIONS]]
    figures: dict[str, Any] = {"news": {}, "squad": {}}
    for name in SYSTEMS:
        python = sys.executable if name == "citewire" else arguments.python
        for label, articles, questions in (("news", news, read_gold(HERE / "gold.jsonl")), ("squad", dev, asked)):
            figures[label][name] = measured(name, python, articles, questions)
            print(label, name, figures[label][name], flush=True)
    command = f"python -m bench.peers --articles {arguments.articles} --paragraphs {arguments.paragraphs}"
    save("peers", command, figures)


if __name__ == "__main__":
    main()
