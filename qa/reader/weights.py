"""The shipped reader's file: matrices in 8 bits with a scale for each row, checked by sha256 before it is loaded.

What was not trained is not in it: the word embeddings are the packaged embedding model's own.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

SHIPPED = Path(str(files("qa.reader") / "weights" / "reader.safetensors"))
SHA256 = "b27c3f3e8ca2611d8d2d04d92b66814aa6c2d9845f670dc83fef53852fd89a3e"
_SCALE = ".scale"


class Blend(NamedTuple):
    """How a passage's score, the log-odds that it answers, is made of what the network says; fitted on held-out
    questions of the training set.
    """

    answers: float = 1.0
    """Weight of the answerability logit."""
    spans: float = 0.0
    """Weight of the best span's start and end logits, added up."""
    bias: float = 0.0


def load(path: Path = SHIPPED, sha256: str | None = SHA256) -> "tuple[dict[str, Tensor], Blend]":
    """The trained weights in float32, and how their scores are blended.

    Raises ModelError when the file is missing or is not the one with this sha256; None takes any.
    """
    import torch
    from safetensors import SafetensorError, safe_open

    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"the reader's weights can't be read: {error}: install citewire again") from error
    if sha256 is not None and (found := hashlib.sha256(content).hexdigest()) != sha256:
        raise ModelError(
            f"{path} is not the reader Citewire knows (sha256 {found[:12]}..., expected {sha256[:12]}...): "
            "install citewire again"
        )
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 it is no mapping
            blend = Blend(**json.loads((file.metadata() or {})["blend"]))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{path} is not a reader: {error}") from error
    return {
        name: one.float() * tensors[name + _SCALE][:, None] if one.dtype == torch.int8 else one.float()
        for name, one in tensors.items()
        if not name.endswith(_SCALE)
    }, blend


class Stretch(NamedTuple):
    """A stretch of training: how long it was and how it went; ``share`` is that of its end in the weights, the rest
    being what it started from.
    """

    questions: int
    pieces: int
    steps: int
    seconds: float
    peak: float
    seed: int
    share: float = 1.0


def stretches(path: Path) -> list[Stretch]:
    """The training that made a file, from the first stretch on; none where the file doesn't say."""
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        return [Stretch(**one) for one in json.loads((file.metadata() or {}).get("training", "[]"))]


def save(path: Path, weights: "Mapping[str, Tensor]", blend: Blend, training: Sequence[Stretch] = ()) -> str:
    """Write the weights and what made them, and return the file's sha256."""
    import torch
    from safetensors.torch import save_file

    packed: dict[str, Tensor] = {}
    for name, one in weights.items():
        if one.ndim < 2:
            packed[name] = one.detach().half()
            continue
        scale = (one.detach().float().abs().amax(1) / 127).clamp_min(1e-12)
        packed[name] = (one.detach().float() / scale[:, None]).round().to(torch.int8)
        packed[name + _SCALE] = scale
    told = {"blend": json.dumps(blend._asdict()), "training": json.dumps([one._asdict() for one in training])}
    save_file(packed, path, metadata=told)
    return hashlib.sha256(path.read_bytes()).hexdigest()
