from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from index.errors import ModelError
from qa.reader import weights
from qa.reader.weights import Blend, Stretch


def test_what_is_saved_is_loaded_within_half_a_step_of_its_row(tmp_path: Path) -> None:
    matrix = torch.tensor([[0.5, -1.27, 0.011], [0.0, 0.0, 0.0]])
    vector = torch.tensor([1.5, -2.25])
    path = tmp_path / "reader.safetensors"
    training = [Stretch(questions=640, pieces=93_400, steps=35, seconds=49.5, peak=3e-4, seed=1, share=0.4)]
    digest = weights.save(path, {"matrix": matrix, "vector": vector}, Blend(0.5, 0.25, -1.0), training)
    loaded, blend = weights.load(path, digest)
    assert blend == Blend(0.5, 0.25, -1.0)
    assert weights.stretches(path) == training
    assert loaded.keys() == {"matrix", "vector"}
    assert torch.equal(loaded["vector"], vector)
    # 127 steps to the largest of a row, here 0.01 each.
    assert (loaded["matrix"] - matrix).abs().max() <= 0.005 + 1e-6
    assert loaded["matrix"].dtype == torch.float32


def test_a_file_that_is_not_the_reader_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "reader.safetensors"
    with pytest.raises(ModelError, match="can't be read"):
        weights.load(path, None)
    weights.save(path, {"vector": torch.ones(2)}, Blend())
    with pytest.raises(ModelError, match=r"not the reader Citewire knows \(sha256 [0-9a-f]{12}\.\.\., expected abc"):
        weights.load(path, "abc")
    path.write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="is not a reader"):
        weights.load(path, None)
    save_file({"vector": torch.ones(2)}, path)
    with pytest.raises(ModelError, match="is not a reader"):
        weights.load(path, None)


def test_the_shipped_file_is_the_one_the_code_knows() -> None:
    trained, blend = weights.load()
    assert "encoder.embeddings.word_embeddings.weight" not in trained
    assert blend.answers > 0
    assert weights.SHIPPED.stat().st_size < 16_000_000
