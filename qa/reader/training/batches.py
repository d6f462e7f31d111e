"""Groups into batches of like length, as arrays."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from index.embedding import pad
from qa.reader.training.examples import Example


class Batch(NamedTuple):
    """Rows of several groups, padded with zeros: each array is (rows, pieces) but ``groups``, which is (rows,).

    ``text`` is True where there is text, ``starts`` and ``ends`` where an answer's first and last piece stands.
    """

    ids: npt.NDArray[np.int64]
    types: npt.NDArray[np.int64]
    mask: npt.NDArray[np.int64]
    text: npt.NDArray[np.bool_]
    starts: npt.NDArray[np.bool_]
    ends: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.int64]


def batches(groups: Sequence[list[Example]], pieces: int, rng: np.random.Generator) -> list[Batch]:
    """The groups in batches of at most ``pieces`` word pieces, padding counted, in random order."""
    ordered = sorted(groups, key=_longest)
    taken = [_batch(part) for part in _parts(ordered, pieces)]
    return [taken[row] for row in rng.permutation(len(taken))]


def _parts(ordered: Sequence[list[Example]], pieces: int) -> Iterator[list[list[Example]]]:
    part: list[list[Example]] = []
    rows = 0
    for group in ordered:  # the longest so far
        if part and (rows + len(group)) * _longest(group) > pieces:
            yield part
            part, rows = [], 0
        part.append(group)
        rows += len(group)
    if part:
        yield part


def _longest(group: Sequence[Example]) -> int:
    return pad(max(len(row.ids) for row in group))


def _batch(groups: Sequence[list[Example]]) -> Batch:
    rows = [(number, row) for number, group in enumerate(groups) for row in group]
    shape = (len(rows), max(map(_longest, groups)))
    ids, types, mask = (np.zeros(shape, np.int64) for _ in range(3))
    text, starts, ends = (np.zeros(shape, np.bool_) for _ in range(3))
    batch = Batch(ids, types, mask, text, starts, ends, np.array([number for number, _ in rows], np.int64))
    for place, (_, row) in enumerate(rows):
        length = len(row.ids)
        batch.ids[place, :length] = row.ids
        batch.mask[place, :length] = 1
        question = row.ids.index(row.ids[-1])  # the first border
        batch.types[place, question + 1 : length] = 1
        batch.text[place, row.start : length - 1] = True
        for start, end in row.spans:
            batch.starts[place, start] = True
            batch.ends[place, end - 1] = True
    return batch
