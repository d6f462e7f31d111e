"""The quiz questions of RealtimeQA 2020-2021, which settings may be chosen on, as an archive: the short text with a
question's answer is an article of its own among the articles of 2022-2023.
"""

import json
import lzma
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from bench.asking import DATA, archive_of
from corpus.formats import Read
from corpus.types import Article
from qa.engine import Engine, open_engine
from qa.evaluation.gold import Gold
from qa.evaluation.metrics import holds_any
from qa.ingestion.pipeline import ingest
from qa.settings import Settings


def past() -> Iterator[tuple[Gold, Article]]:
    """The questions of RealtimeQA 2020-2021 with the text that holds each one's answer."""
    with lzma.open(DATA / "realtimeqa-2020-2023-questions.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    for number, row in enumerate(rows):
        if row["date"] < "2022" and row["evidence"] and holds_any(row["evidence"], row["answers"]):
            article = Article(f"evidence/{number}", "", row["evidence"], published_at=row["date"])
            yield Gold(row["question"], tuple(row["answers"]), (article.id,)), article


@contextmanager
def past_archive(news: AbstractContextManager[Engine] | None = None) -> Iterator[Engine]:
    """The news archive, or another one of ``news``, with the texts of 2020-2021 among its articles."""
    with news or archive_of("news") as engine:
        of = engine.archive.directory
    directory = of.with_name(f"{of.name}-past")
    if not directory.exists():
        shutil.copytree(of, directory)
    with open_engine(Settings(archive=directory)) as engine:
        for _ in ingest(engine, (Read(article, article.id, ()) for _, article in past())):
            pass
        yield engine
