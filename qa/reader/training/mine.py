"""Texts that share a question's words and hold none of its answers: what BM25 finds for it (the hard negatives of
Karpukhin et al., "Dense Passage Retrieval for Open-Domain Question Answering", EMNLP 2020).
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from qa.reader.training.sources import Text, TrainingQuestion

LOOKED_AT = 24
"""Texts looked at for a question."""
KEPT = 8
"""Texts kept for it."""
COMMON = 0.2
"""Words in more of the texts than this say little and cost most."""
_K1, _B = 1.2, 0.75
_BLOCK = 500
_WORD = re.compile(r"\w+")


def mine(texts: Sequence[Text], asked: Sequence[TrainingQuestion]) -> Mapping[str, list[int]]:
    """For each question the numbers of the texts found for it that hold none of its answers, best first."""
    words = CountVectorizer(analyzer=lambda text: _WORD.findall(text.casefold()), max_df=COMMON, dtype=np.float32)
    weights = _bm25(words.fit_transform([text.text for text in texts]).tocsr()).T.tocsr()
    lowered = [text.text.casefold() for text in texts]
    found: dict[str, list[int]] = {}
    for start in range(0, len(asked), _BLOCK):
        block = asked[start : start + _BLOCK]
        scores = (words.transform([one.question for one in block]).sign() @ weights).tocsr()
        for one, begin, end in zip(block, scores.indptr, scores.indptr[1:], strict=False):
            best = np.argsort(-scores.data[begin:end], kind="stable")[:LOOKED_AT]
            answers = {lowered[one.text][a:b] for a, b in one.spans}
            found[one.question] = [
                number
                for number in scores.indices[begin:end][best].tolist()
                if number != one.text and not any(answer in lowered[number] for answer in answers)
            ][:KEPT]
    return found


def _bm25(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """The weight of each word in each text, (texts, words), of how often it stands there."""
    lengths = np.asarray(counts.sum(1)).ravel()
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (counts.shape[0] - held + 0.5) / (held + 0.5))
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    longer = _K1 * (1 - _B + _B * lengths[rows] / lengths.mean())
    weights = counts.copy()
    weights.data = counts.data * (_K1 + 1) / (counts.data + longer) * rarity[counts.indices]
    return weights.astype(np.float32)
