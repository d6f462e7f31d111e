"""Examples: what stands in one row of a training batch, and where the answer stands in it.

Most are cut to a few sentences: the one that answers and some from around it or from elsewhere in the passage. Two such
cost what one whole passage does, and teach more.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from qa.reader.inputs import WINDOW, Marks, head
from qa.reader.training.encoding import EncodedText, Ids

SHORTEST = 20
LONGEST = 90
"""Word pieces that a cut text is meant to have: between these."""
SHORT_OF = 12
"""Pieces that may be missing of that: half a sentence, so that texts are not mostly longer."""
NEAR = 0.6
"""How often the next sentence to be added stands beside those that are in, rather than anywhere."""


class Example(NamedTuple):
    """A row: its pieces, how many stand before the text, and the answers as ``[start, end)`` in pieces of the row."""

    ids: list[int]
    start: int
    spans: tuple[tuple[int, int], ...]


def cut(text: EncodedText, spans: Sequence[tuple[int, int]], rng: np.random.Generator) -> list[int]:
    """The numbers of the sentences to read, in order: those of one answer, and others up to a random length."""
    start, end = spans[int(rng.integers(len(spans)))]
    wanted = int(rng.integers(SHORTEST, LONGEST + 1))
    return grown(text, [row for row, (a, b) in enumerate(text.sentences) if a < end and start < b], wanted, rng)


def grown(text: EncodedText, first: Sequence[int], wanted: int, rng: np.random.Generator) -> list[int]:
    """The sentences in ``first`` with others, until about ``wanted`` pieces are in."""
    taken = set(first)
    size = sum(text.sentences[row][1] - text.sentences[row][0] for row in taken)
    left = [row for row in range(len(text.sentences)) if row not in taken]
    while left and size < wanted - SHORT_OF:
        beside = [row for row in left if row - 1 in taken or row + 1 in taken]
        pool = beside if beside and rng.random() < NEAR else left
        row = pool[int(rng.integers(len(pool)))]
        taken.add(row)
        left.remove(row)
        size += text.sentences[row][1] - text.sentences[row][0]
    return sorted(taken)


def unanswering(text: EncodedText, spans: Sequence[tuple[int, int]]) -> list[int]:
    """The numbers of the sentences that hold no answer."""
    return [row for row, (a, b) in enumerate(text.sentences) if not any(a < end and start < b for start, end in spans)]


def example(
    marks: Marks,
    question: Ids,
    text: EncodedText,
    spans: Sequence[tuple[int, int]],
    sentences: Sequence[int] | None = None,
) -> Example:
    """The row for a question and some sentences of a text, all of them by default; cut off at the window's end."""
    before = head(marks, question.tolist(), text.title.tolist())
    ids = list(before)
    found: list[tuple[int, int]] = []
    for a, b in _runs(text, sentences):
        shift = len(ids) - a
        found += [(start + shift, end + shift) for start, end in spans if a <= start and end <= b]
        ids += text.ids[a:b].tolist()
    ids = [*ids[: WINDOW - 1], marks.border]
    return Example(ids, len(before), tuple(span for span in found if span[1] < len(ids)))


def _runs(text: EncodedText, sentences: Sequence[int] | None) -> list[tuple[int, int]]:
    """The pieces of those sentences as ``[start, end)``, neighbours as one run."""
    if sentences is None:
        return [(0, len(text.ids))]
    runs: list[tuple[int, int]] = []
    for row in sentences:
        a, b = text.sentences[row]
        if runs and runs[-1][1] == a:
            runs[-1] = (runs[-1][0], b)
        else:
            runs.append((a, b))
    return runs
