"""A reader without training: the sentence nearest to the question, as a whole and word by word.

It finds whole sentences, and its confidence is only a monotone function of its score; a trained reader replaces it.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.sentences import is_heading, sentences
from index.embedding import Embedder, Pieces
from index.types import Vectors
from qa.language.answer_types import fit
from qa.language.answer_types import wanted as wanted_kind
from qa.reader import NOTHING
from qa.reader.types import Passage, Reading, Span

_COMMON = frozenset(
    "a an and are as at be been by can could did do does for from had has have how in is it its many much of on or "
    "that the their them they this to was we were what when where which who whom whose why will with would you s t "
    "? ! , . : ; ' \" ’ “ ” ( ) -".split()
)
NEIGHBOURS = 0.5
PASSAGE = 0.5
"""What the question's words count where they stand beside a sentence, or elsewhere in its passage."""
KIND = 0.2
"""What a sentence loses that has nothing of the kind asked for: no number for "how many"."""
# Of these weights and their like, tried on 130 questions of SQuAD's training set, each over five paragraphs of its
# article: 83 % right sentences, 92 % with the neighbours that a quote has. Cosine alone: 78 % and 89 %.


class _Matched(NamedTuple):
    """How near a sentence is: as a whole, and for each word of the question its nearest word's cosine, (words,)."""

    whole: float
    words: npt.NDArray[np.float32]


class SentenceReader:
    """Compares sentences with the question: cosine of the two, and of each of its words with the nearest of theirs
    (late interaction: Khattab and Zaharia, "ColBERT", SIGIR 2020).

    A reading depends on the passages beside it: the rarer a word is among them, the more it tells.
    """

    name = "sentences"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def load(self) -> None:
        """Nothing: the embedder is all it reads with."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading for each passage, in their order: its sentences, without headings, best first."""
        spans = [_quotable(passage.text) for passage in passages]
        texts = [
            passage.text[start:end] for passage, found in zip(passages, spans, strict=True) for start, end in found
        ]
        asked, *pieces = self._embedder.embed_pieces([question, *texts])
        wanted = [row for row, word in enumerate(asked.words) if word not in _COMMON] or [*range(len(asked.words))]
        rarity = _rarity([asked.words[row] for row in wanted], pieces)
        matched = iter([_matched(asked, asked.vectors[wanted], one) for one in pieces])
        kind = wanted_kind(question)
        fitting = iter([fit(kind, text, question) for text in texts])
        return [
            _reading(found, [next(matched) for _ in found], [next(fitting) for _ in found], rarity) for found in spans
        ]

    def confidence(self, score: float) -> float:
        """A logistic curve, fitted on 400 questions of RealtimeQA 2020-2021 over the evidence texts of half of them."""
        return 1 / (1 + math.exp(-4.5 * (score - 1.4)))


def _reading(
    spans: Sequence[tuple[int, int]],
    matched: Sequence[_Matched],
    fitting: Sequence[float],
    rarity: npt.NDArray[np.float32],
) -> Reading:
    if not spans:
        return Reading(NOTHING, ())
    words = np.array([one.words for one in matched])
    passage = float(rarity @ words.max(axis=0))
    scored: list[Span] = []
    for row, (start, end) in enumerate(spans):
        window = float(rarity @ words[max(0, row - 1) : row + 2].max(axis=0))
        score = matched[row].whole + float(rarity @ words[row]) + NEIGHBOURS * window + PASSAGE * passage
        scored.append(Span(start, end, round(score - KIND * (1 - fitting[row]), 6)))
    scored.sort(key=lambda span: (-span.score, span.start))
    return Reading(scored[0].score, tuple(scored))


def _quotable(text: str) -> list[tuple[int, int]]:
    """The sentences that can be quoted: headings say nothing by themselves, but where there is nothing else."""
    spans = sentences(text)
    return [span for span in spans if not is_heading(text[slice(*span)])] or spans


def _matched(asked: Pieces, wanted: Vectors, sentence: Pieces) -> _Matched:
    if not len(sentence.vectors):
        return _Matched(float(asked.whole @ sentence.whole), np.zeros(len(wanted), np.float32))
    return _Matched(float(asked.whole @ sentence.whole), (wanted @ sentence.vectors.T).max(axis=1))


def _rarity(words: Sequence[str], texts: Sequence[Pieces]) -> npt.NDArray[np.float32]:
    """Inverse frequency of each word among the sentences at hand, made to sum to one; (words,)."""
    counts = Counter(word for text in texts for word in set(text.words))
    weights = np.array([math.log(1 + (len(texts) + 1) / (1 + counts[word])) for word in words], np.float32)
    return weights / max(float(weights.sum()), 1e-9)
