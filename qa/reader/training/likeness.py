"""How alike words are in kind: cities are like cities, numbers like numbers, "wrote" like "published"."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from qa.reader.network import WORD_EMBEDDINGS


class Likeness:
    """Cosine of the mean word embeddings of two phrases, with what all words have in common taken off."""

    def __init__(self, tokenizer: Tokenizer, table: npt.NDArray[np.float32]) -> None:
        self._tokenizer = tokenizer
        self._table = table - table.mean(0)
        self._table /= np.linalg.norm(self._table, axis=1, keepdims=True)
        self._seen: dict[str, npt.NDArray[np.float32]] = {}

    @classmethod
    def packaged(cls, tokenizer: Tokenizer, model: Path) -> "Likeness":
        """By the word embeddings of the packaged model."""
        return cls(tokenizer, load_file(model / "model.safetensors")[WORD_EMBEDDINGS].astype(np.float32))

    def __call__(self, phrase: str, others: Sequence[str]) -> npt.NDArray[np.float32]:
        """How like ``phrase`` each of ``others`` is, (others,), -1 to 1."""
        return np.stack([self._vector(one) for one in others]) @ self._vector(phrase)

    def _vector(self, phrase: str) -> npt.NDArray[np.float32]:
        if phrase not in self._seen:
            ids = self._tokenizer.encode(phrase, add_special_tokens=False).ids
            mean = self._table[ids].sum(0)
            self._seen[phrase] = mean / max(1e-6, float(np.linalg.norm(mean)))
        return self._seen[phrase]
