"""What every embedder promises, over each implementation."""

import os
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from index.embedding import Embedder, SentenceTransformerEmbedder
from tests.fakes import BagEmbedder

TEXTS = [
    "Regulators approved the chips.",
    "The ferry was late again, and nobody on the quay was surprised by it.",
    "A kayak.",
    "北京批准了芯片",
    "🚣",
    "word " * 240,
    "Regulators approved the chips.",
]


@cache
def minilm() -> Embedder:
    return SentenceTransformerEmbedder()


@cache
def on_device() -> Embedder:
    """On the device that is named to be tested: ``CITEWIRE_TEST_DEVICE=cuda make test``."""
    return SentenceTransformerEmbedder(device=os.environ["CITEWIRE_TEST_DEVICE"])


MAKERS = {
    "minilm": minilm,
    "bag": BagEmbedder,
    **({"device": on_device} if "CITEWIRE_TEST_DEVICE" in os.environ else {}),
}


@pytest.fixture(params=MAKERS.values(), ids=[*MAKERS])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    make: Callable[[], Embedder] = request.param
    return make()


def test_vectors_have_the_shape_and_length_promised(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS, kind="document")
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_no_text_gives_no_vector(embedder: Embedder) -> None:
    assert embedder.embed([], kind="document").shape == (0, embedder.dimensions)


def test_a_vector_is_the_same_whatever_shares_its_batch(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS, kind="document").astype(np.float16)
    for row, text in enumerate(TEXTS):
        alone = embedder.embed([text], kind="document").astype(np.float16)
        assert (alone[0] == together[row]).all(), text[:30]
    backwards = embedder.embed(TEXTS[::-1] * 3, kind="document").astype(np.float16)
    assert (backwards[: len(TEXTS)][::-1] == together).all()


def test_the_nearer_text_scores_higher(embedder: Embedder) -> None:
    query = embedder.embed(["Were the chips approved by regulators?"], kind="query")
    scores = embedder.embed(TEXTS[:3], kind="document") @ query[0]
    assert scores.argmax() == 0


def test_pieces_are_counted_and_those_that_fit_are_not_cut_off(embedder: Embedder) -> None:
    assert embedder.count(["", "a boat", "word " * 240]) == [0, 2, 240]
    longest = "word " * embedder.limit
    assert embedder.count([longest]) == [embedder.limit]
    # The last word still changes the vector: nothing was cut.
    full, other = embedder.embed([longest, longest.removesuffix("word ") + "kayak"], kind="document")
    assert not np.allclose(full, other, atol=1e-4)
