"""Archives for tests: articles of three short chunks, and what is found among them."""

from datetime import date
from pathlib import Path

import numpy as np

from corpus.types import Article, Chunk
from index.archive import Archive, Prepared
from index.backends import Server
from index.retriever import search
from index.types import EVERYTHING, Filter
from tests.fakes import BagEmbedder

EMBEDDER = BagEmbedder(32)
SOURCES = ("Ledger", 'The "Post", {daily} \\ weekly', None)


def prepared(number: int, text: str | None = None, **fields: str | None) -> Prepared:
    """An article of three chunks of twelve characters."""
    text = text or f"chips {number:05d} ,ships {number % 7:05d} ,crowd {number % 3:05d} ."
    article = Article(
        f"article-{number}",
        "",
        text,
        **{
            "source": SOURCES[number % 3],
            "published_at": f"2026-01-{1 + number % 28:02d}" if number % 4 else None,
            **fields,
        },  # type: ignore[arg-type]
    )
    chunks = [Chunk(start, min(start + 12, len(text)), 2) for start in range(0, len(text), 13)]
    vectors = EMBEDDER.embed([text[one.start : one.end] for one in chunks], kind="document")
    return Prepared(article, chunks, vectors.astype(np.float16))


def passes(number: int, where: Filter) -> bool:
    """Whether the article of this number should pass."""
    source = SOURCES[number % 3]
    day = date(2026, 1, 1 + number % 28) if number % 4 else None
    if not (
        (where.sources is None or source in where.sources)
        and (where.article_ids is None or f"article-{number}" in where.article_ids)
    ):
        return False
    first, last = where.published_from, where.published_to
    if day is None:
        return where.undated in ("include", "only") or (where.undated is None and first is None and last is None)
    return where.undated != "only" and (first or day) <= day <= (last or day)


def opened(directory: Path, milvus: str | None = None) -> Archive:
    """The archive in a directory, new if there is none; its indexes are files, or in Milvus."""
    return Archive.open(
        directory, settings={"model": "bag"}, dimensions=32, create=True, milvus=Server(milvus) if milvus else None
    )


def found(archive: Archive, query: str, k: int = 10, where: Filter = EVERYTHING) -> list[tuple[str, int, float]]:
    """Article, start and score of what is found."""
    vector = EMBEDDER.embed([query], kind="query")
    with archive.read() as snapshot:
        hits = search(snapshot, query, vector, k, where)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        return [(hit.article_id, hit.start, round(hit.score, 9)) for hit in hits]
