"""The ingest pipeline: articles that were read -> chunks -> vectors -> the archive -> outcomes.

Three stages that overlap: while one batch is written, the next is embedded, and what comes after it is read, cleaned
and cut. Each stage waits for the next one, so memory stays flat however much there is to read.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import NamedTuple

import numpy as np

from corpus.chunking import chunk, context_title, embedded_text
from corpus.errors import ArticleError
from corpus.formats import Read
from corpus.storage.writing import Writing, Written
from corpus.types import Chunk, Rejected
from index.archive import Prepared
from qa.engine import Engine
from qa.ingestion.outcomes import Keep, Outcome
from qa.ingestion.prefetch import prefetch

BATCH_CHUNKS = 128
"""Chunks embedded and written together: enough for batches of one length, few enough to stop soon when told to."""
_WAITING = 16  # articles cut and waiting for the embedder


class _Cut(NamedTuple):
    """An article with its chunks and what is embedded of each; neither when the archive has it already."""

    read: Read
    chunks: list[Chunk]
    texts: list[str]


class _Ready(NamedTuple):
    """An article ready to be stored."""

    read: Read
    prepared: Prepared


def ingest(
    engine: Engine,
    records: Iterable[Read | Rejected],
    *,
    at_once: int = BATCH_CHUNKS,
    run: int | None = None,
    keep: Keep = lambda writing, outcomes: None,
) -> Iterator[Outcome]:
    """Put articles into the archive; yields one outcome a record, in order, once it is durable and searchable.

    ``at_once`` chunks are embedded and written together. Stopping early keeps what was yielded, and perhaps a batch
    more. An ingest that goes on with another has its ``run``; what ``keep`` writes of a batch's outcomes is written
    with the batch or not at all, and what it raises ends the ingest without that batch. Raises
    corpus.errors.StoreError when the archive can't be written, index.errors.SearchError when the model or the indexes
    can't be used.
    """
    run = engine.archive.start_run() if run is None else run
    with (
        closing(prefetch((_cut(engine, record) for record in records), waiting=_WAITING)) as cut,
        closing(prefetch((_embed(engine, batch) for batch in _batch(cut, at_once)), waiting=1)) as embedded,
    ):
        for batch in embedded:
            yield from _write(engine, batch, run, keep)


def _cut(engine: Engine, record: Read | Rejected) -> _Cut | Rejected:
    if isinstance(record, Rejected):
        return record
    article = record.article
    with engine.archive.store.read() as view:
        if view.digest(article.id) == article.digest:
            return _Cut(record, [], [])
    try:
        chunks = chunk(article, engine.embedder)
    except ArticleError as error:
        return Rejected(record.where, str(error))
    title = context_title(article.title, engine.embedder)
    return _Cut(record, chunks, [embedded_text(title, article.text[one.start : one.end]) for one in chunks])


def _batch(items: Iterable[_Cut | Rejected], at_once: int) -> Iterator[list[_Cut | Rejected]]:
    batch: list[_Cut | Rejected] = []
    chunks = 0
    for item in items:
        batch.append(item)
        chunks += 1 if isinstance(item, Rejected) else 1 + len(item.chunks)
        if chunks >= at_once:
            yield batch
            batch, chunks = [], 0
    if batch:
        yield batch


def _embed(engine: Engine, batch: list[_Cut | Rejected]) -> list[_Ready | Rejected]:
    texts = [text for item in batch if isinstance(item, _Cut) for text in item.texts]
    vectors = engine.embedder.embed(texts, kind="document").astype(np.float16)
    ready: list[_Ready | Rejected] = []
    start = 0
    for item in batch:
        if isinstance(item, Rejected):
            ready.append(item)
            continue
        end = start + len(item.chunks)
        ready.append(_Ready(item.read, Prepared(item.read.article, item.chunks, vectors[start:end])))
        start = end
    return ready


def _write(engine: Engine, batch: list[_Ready | Rejected], run: int, keep: Keep) -> list[Outcome]:
    outcomes: list[Outcome] = []

    def beside(writing: Writing, written: list[Written]) -> None:
        became = iter(written)
        outcomes.extend(
            Outcome(item.where, None, "rejected", item.reason)
            if isinstance(item, Rejected)
            else _outcome(item, became, writing.displaced)
            for item in batch
        )
        keep(writing, outcomes)

    engine.archive.put([item.prepared for item in batch if isinstance(item, _Ready)], run=run, beside=beside)
    return outcomes


def _outcome(item: _Ready, became: Iterator[Written], displaced: Mapping[str, str]) -> Outcome:
    where, article_id, warnings = item.read.where, item.read.article.id, item.read.warnings
    match next(became):
        case "repeated":
            reason = f"the id {article_id!r} was used before in this ingest for another text; the first was kept"
            return Outcome(where, article_id, "rejected", reason, warnings)
        case "missed":
            reason = f"another process changed or deleted {article_id!r} meanwhile; ingest it again"
            return Outcome(where, article_id, "rejected", reason, warnings, again=True)
        case outcome:
            if outcome == "updated" and (outlet := displaced.get(article_id)) is not None:
                warnings = (*warnings, f"replaces an article of outlet {outlet} under the same id")
            undated = item.read.article.published_at is None
            return Outcome(where, article_id, outcome, None, warnings, undated=undated)
