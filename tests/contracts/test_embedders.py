"""What every embedder promises, over each implementation."""

import os
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from index.embedding import Embedder, SentenceTransformerEmbedder, full_batches, pad, unit
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


def test_vectors_are_of_length_one_however_the_model_rounds() -> None:
    rounded = np.array([[0.6, 0.803], [0.0, 0.0]], np.float32)
    assert np.linalg.norm(unit(rounded), axis=1).tolist() == pytest.approx([1.0, 0.0])


def test_batches_on_a_gpu_are_of_one_size_for_a_length_and_have_every_text() -> None:
    counts = [5, 120, 5, 121, 240, *[120] * 150, 9_000]
    found = [*full_batches(counts)]
    assert {row for rows in found for row in rows} == {*range(len(counts))}
    sizes = {
        pad(counts[rows[0]] + 2): {len(other) for other in found if counts[other[0]] == counts[rows[0]]}
        for rows in found
    }
    assert sizes == {8: {1024}, 128: {64}, 248: {33}, 9_008: {1}}
    assert all(pad(counts[row] + 2) == pad(counts[rows[0]] + 2) for rows in found for row in rows)
