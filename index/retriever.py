"""Retrieval, from a query to ranked hits: dense and lexical search, fused."""

from index.archive import Snapshot
from index.fusion import fuse, rank_hits
from index.types import Filter, Hit, Vectors

DEPTH = 100
"""Chunks taken from each list; more when more hits are wanted."""


def search(snapshot: Snapshot, text: str, vector: Vectors, k: int, where: Filter) -> list[Hit]:
    """The ``k`` best chunks that pass the filter: ``k`` of them whenever ``k`` chunks pass.

    ``vector`` is the query's own, (1, dimensions). Ties break by article id, then by start.
    """
    depth = max(DEPTH, k)
    found = snapshot.indexes.rankings(snapshot.view, text, vector, depth, where)
    rows = snapshot.view.locate([one.id for one in (*found.dense, *found.lexical)])
    # The indexes may be a step ahead of this view, or behind it, while another process writes.
    dense, lexical = ([one for one in ranking if one.id in rows] for ranking in found)
    places = {row.id: (row.article_id, row.start) for row in rows.values()}
    fused = fuse(rank_hits(dense, places, depth), rank_hits(lexical, places, depth), places)
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
