"""A question and a passage as the network reads them: ``[CLS] question [SEP] title [SEP] text [SEP]`` in word pieces.

A text that is longer than the window is read in windows that overlap.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tokenizers import Tokenizer

from index.embedding import packaged_model
from qa.reader.types import Passage

WINDOW = 384
"""Word pieces a row has at most."""
MAX_QUESTION = 96
MAX_TITLE = 48
"""Word pieces that are read of a question and of a title."""
MARKS = 2
"""Pieces of a row that ``index.embedding.batches`` adds to a count by itself."""
STRIDE = 96
"""Word pieces that two windows of one text share, so that no answer falls between them."""


def packaged_tokenizer() -> Tokenizer:
    """The tokenizer of the packaged MiniLM, which neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(packaged_model() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


class EncodedRow(NamedTuple):
    """One row of a batch: a passage, or a window of it. The question ends before piece ``question``, the text begins at
    ``start`` and ends before the last piece; ``offsets`` are the characters ``[start, end)`` of its pieces, and
    ``inside`` says of each, and of the one behind them, whether it goes on with the word of the one before.
    """

    passage: int
    ids: list[int]
    question: int
    start: int
    offsets: list[tuple[int, int]]
    inside: list[bool]


class Marks(NamedTuple):
    """The ids of the pieces that stand around question, title and text: BERT's [CLS] and [SEP]."""

    first: int
    border: int

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> "Marks":
        """Those of this tokenizer's vocabulary."""
        vocabulary = tokenizer.get_vocab()
        return cls(vocabulary["[CLS]"], vocabulary["[SEP]"])


def head(marks: Marks, question: Sequence[int], title: Sequence[int]) -> list[int]:
    """All that stands before the text."""
    return [marks.first, *question[:MAX_QUESTION], marks.border, *title[:MAX_TITLE], marks.border]


def rows(tokenizer: Tokenizer, question: str, passages: Sequence[Passage]) -> list[EncodedRow]:
    """What is read: a row for each passage, several for a long one, none where there is no text."""
    marks = Marks.of(tokenizer)
    (asked,) = tokenizer.encode_batch([question], add_special_tokens=False)
    titles = tokenizer.encode_batch([passage.title for passage in passages], add_special_tokens=False)
    texts = tokenizer.encode_batch([passage.text for passage in passages], add_special_tokens=False)
    found: list[EncodedRow] = []
    for number, (title, text) in enumerate(zip(titles, texts, strict=True)):
        before = head(marks, asked.ids, title.ids)
        inside = [False, *(a == b for a, b in pairwise(text.word_ids)), False]
        for start, end in windows(len(text.ids), WINDOW - len(before) - 1):
            ids = [*before, *text.ids[start:end], marks.border]
            question_ends = before.index(marks.border) + 1
            found.append(
                EncodedRow(number, ids, question_ends, len(before), text.offsets[start:end], inside[start : end + 1])
            )
    return found


def windows(length: int, size: int) -> Iterator[tuple[int, int]]:
    """``[start, end)`` of runs of at most ``size`` that cover ``length``, each sharing ``STRIDE`` with the next."""
    start = 0
    while start < length:
        yield start, min(start + size, length)
        if start + size >= length:
            return
        start += size - STRIDE
