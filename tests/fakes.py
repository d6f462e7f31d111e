"""An embedder that can be computed by hand."""

import re
import zlib
from collections.abc import Sequence
from typing import Literal

import numpy as np

from index.embedding import Pieces
from index.types import Vectors


class BagEmbedder:
    """Each word counts in the dimension of its CRC-32; the vector is the counts, made length one.

    A text without words points along dimension 0. A word is one piece.
    """

    name = "bag-of-words"
    precision = "float32"
    limit = 254

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()) or [""]:
                vectors[row, zlib.crc32(word.encode()) % self.dimensions if word else 0] += 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def embed_pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Each word is a piece, with the vector of the text that it would be alone."""
        words = [tuple(re.findall(r"\w+", text.casefold())) for text in texts]
        wholes = self.embed(texts, kind="document")
        return [
            Pieces(
                whole,
                found,
                self.embed(found, kind="document") if found else np.zeros((0, self.dimensions), np.float32),
            )
            for whole, found in zip(wholes, words, strict=True)
        ]


class Bag(BagEmbedder):
    """Takes the place of the real model, which takes seconds to load."""

    def __init__(self, model: str, *, device: str) -> None:
        super().__init__()
        self.name = model

    def load(self) -> None:
        pass
