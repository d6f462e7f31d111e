"""Reranking: reads the passages, all of them, or in the order found until the rest can't win."""

from collections.abc import Iterable, Sequence

from qa.answering.types import ReadPassage, RetrievedPassage
from qa.reader import Reader
from qa.reader.types import Passage

FIRST = 5
"""Passages that are always read."""
SURE = 0.97
"""Confidence of an answer at which the passages found after the first ``FIRST`` are not read."""

RETRIEVED = 10.0
"""What the fused score of a passage, at most 2 / (RRF_K + 1), weighs beside the reader's log-odds. With it the right
passage comes first more often than by either alone (docs/decisions/0007-fusing-by-rank.md).
"""


def merit(score: float, fused: float) -> float:
    """What a passage is ordered by: the reader's score, and how well it was retrieved."""
    return score + RETRIEVED * fused


def read_all(reader: Reader, question: str, found: Sequence[RetrievedPassage]) -> list[ReadPassage]:
    """Every passage read, in the order given."""
    readings = reader.read(question, [Passage(one.article.title, one.text) for one in found])
    return [*map(ReadPassage, found, readings)]


def read_until_sure(reader: Reader, question: str, found: Sequence[RetrievedPassage]) -> list[ReadPassage]:
    """The first passages read, and the others only where none of these is a sure answer."""
    read = read_all(reader, question, found[:FIRST])
    if found[FIRST:] and max(reader.confidence(one.reading.score) for one in read) < SURE:
        read += read_all(reader, question, found[FIRST:])
    return read


def order_by_merit(read: Iterable[ReadPassage]) -> list[ReadPassage]:
    """By merit; ties by article id, then by start."""
    return sorted(
        read,
        key=lambda one: (-merit(one.reading.score, one.found.hit.score), one.found.article.id, one.found.hit.start),
    )
