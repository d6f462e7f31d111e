"""Texts and questions in word pieces, with sentence borders and answers counted in them."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from corpus.sentences import sentences
from qa.reader.inputs import MAX_QUESTION, MAX_TITLE
from qa.reader.training.sources import Source, Text, TrainingQuestion

Ids = npt.NDArray[np.int32]


class EncodedText(NamedTuple):
    """A text's title and words in pieces; its sentences as ``[start, end)`` in pieces, one behind the other."""

    title: Ids
    ids: Ids
    sentences: tuple[tuple[int, int], ...]
    article: str


class EncodedQuestion(NamedTuple):
    """A question in pieces, and its answers as ``[start, end)`` in the pieces of its text."""

    words: str
    ids: Ids
    text: int
    spans: tuple[tuple[int, int], ...]


def encode_texts(tokenizer: Tokenizer, texts: Sequence[Text]) -> tuple[list[EncodedText], list[list[tuple[int, int]]]]:
    """The texts in pieces; and for each the characters ``[start, end)`` of each of its pieces."""
    titles = tokenizer.encode_batch([text.title for text in texts], add_special_tokens=False)
    bodies = tokenizer.encode_batch([text.text for text in texts], add_special_tokens=False)
    encoded = [
        EncodedText(
            np.array(title.ids[:MAX_TITLE], np.int32),
            np.array(body.ids, np.int32),
            _sentences(text.text, body.offsets),
            text.article,
        )
        for text, title, body in zip(texts, titles, bodies, strict=True)
    ]
    return encoded, [body.offsets for body in bodies]


def encode_questions(
    tokenizer: Tokenizer, asked: Sequence[TrainingQuestion], offsets: Sequence[Sequence[tuple[int, int]]]
) -> list[EncodedQuestion]:
    """The questions in pieces, those left out that have answers which no piece holds."""
    encodings = tokenizer.encode_batch([one.question for one in asked], add_special_tokens=False)
    encoded: list[EncodedQuestion] = []
    for one, encoding in zip(asked, encodings, strict=True):
        spans = tuple(
            (found[0], found[-1] + 1)
            for start, end in one.spans
            if (found := [row for row, (a, b) in enumerate(offsets[one.text]) if a < end and start < b])
        )
        if spans or not one.spans:
            encoded.append(EncodedQuestion(one.question, question_ids(encoding.ids), one.text, spans))
    return encoded


def encode(tokenizer: Tokenizer, source: Source) -> tuple[list[EncodedText], list[EncodedQuestion]]:
    """A whole source in pieces."""
    texts, offsets = encode_texts(tokenizer, source.texts)
    return texts, encode_questions(tokenizer, source.asked, offsets)


def question_ids(ids: Sequence[int]) -> Ids:
    """A question's pieces, as many as are read."""
    return np.array(ids[:MAX_QUESTION], np.int32)


def _sentences(text: str, offsets: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The sentences in pieces: a piece belongs to the sentence it starts in, or to the one before a gap."""
    starts = [start for start, _ in offsets]
    borders = [0, *(int(np.searchsorted(starts, start)) for start, _ in sentences(text)[1:]), len(starts)]
    borders = [*accumulate(borders, max)]
    return tuple((a, b) for a, b in pairwise(borders) if a < b)
