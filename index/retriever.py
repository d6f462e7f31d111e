"""A query into ranked hits: dense and lexical search, fused."""

from index.archive import Snapshot
from index.filters import passing
from index.fusion import fuse, ranked
from index.types import Filter, Hit, Vectors

DEPTH = 100
"""Chunks taken from each list; more when more hits are wanted."""


def search(snapshot: Snapshot, text: str, vector: Vectors, k: int, where: Filter) -> list[Hit]:
    """The ``k`` best chunks that pass the filter: ``k`` of them whenever ``k`` chunks pass.

    ``vector`` is the query's own, (1, dimensions). Ties break by article id, then by start.
    """
    depth = max(DEPTH, k)
    articles = passing(snapshot.view, where) if where else None
    allowed = None if articles is None else snapshot.chunks_of(articles)
    if allowed is not None and not len(allowed):
        return []
    dense = snapshot.dense.search(vector, depth, allowed=allowed)
    numbers = None if articles is None or where.article_ids is None else articles.tolist()
    lexical = snapshot.words.search(text, depth, where=where, articles=numbers)
    rows = snapshot.view.locate([one.id for one in (*dense, *lexical)])
    # The words may be a step ahead of this view, or behind it, while another process writes.
    dense, lexical = ([one for one in found if one.id in rows] for found in (dense, lexical))
    places = {row.id: (row.article_id, row.start) for row in rows.values()}
    fused = fuse(ranked(dense, places, depth), ranked(lexical, places, depth), places)
    return [
        Hit(
            chunk_id=one.id,
            article_no=rows[one.id].article,
            article_id=rows[one.id].article_id,
            start=rows[one.id].start,
            end=rows[one.id].end,
            score=one.score,
            rank=rank,
            dense_rank=one.dense_rank,
            lexical_rank=one.lexical_rank,
        )
        for rank, one in enumerate(fused[:k], 1)
    ]
