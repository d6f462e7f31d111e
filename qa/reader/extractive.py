"""Any of Hugging Face's extractive question answering models as a reader, by name or path.

Its scores are the best span's start and end logits less those of "no answer" (the first piece), which models trained
on SQuAD 2.0 mean as such; of others they only order.
"""

import math
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.embedding import LOADING, precision_on
from index.errors import ModelError
from qa.reader.inputs import MAX_QUESTION, STRIDE, WINDOW
from qa.reader.spans import TRIED, best_spans, reading
from qa.reader.types import Passage, Reading, Span

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast


class ExtractiveReader:
    """Reads each passage with its title in front, in windows where it is long."""

    def __init__(self, model: str, *, device: str = "cpu") -> None:
        self.name = model
        self._device = device
        self._lock = threading.Lock()
        self._loaded: tuple[PreTrainedModel, PreTrainedTokenizerFast] | None = None

    def load(self) -> None:
        """Load the model now, rather than at the first question. Raises ModelError."""
        _ = self._model

    @property
    def _model(self) -> "tuple[PreTrainedModel, PreTrainedTokenizerFast]":
        with self._lock:
            if self._loaded is None:
                with LOADING:
                    self._loaded = _load(self.name, self._device)
            return self._loaded

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading for each passage, in their order. Raises ModelError."""
        network, tokenizer = self._model
        asked = _cut(tokenizer, question)
        return [reading(_spans(network, tokenizer, asked, passage)) for passage in passages]

    def confidence(self, score: float) -> float:
        """The logistic function of half the score, which is a sum of two log-odds; not calibrated."""
        return 1 / (1 + math.exp(-score / 2))


def _cut(tokenizer: "PreTrainedTokenizerFast", question: str) -> str:
    """The question, as much of it as is read."""
    ends = tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    return question if len(ends) <= MAX_QUESTION else question[: ends[MAX_QUESTION - 1][1]]


def _spans(
    network: "PreTrainedModel", tokenizer: "PreTrainedTokenizerFast", question: str, passage: Passage
) -> list[Span]:
    """The best spans of each window of a passage, which is read alone, so that nothing depends on others."""
    import torch

    if not passage.text:
        return []
    before = f"{passage.title}\n\n" if passage.title else ""
    rows = tokenizer(
        question,
        before + passage.text,
        truncation="only_second",
        max_length=min(WINDOW, tokenizer.model_max_length),
        stride=STRIDE,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in rows]
    spans: list[Span] = []
    for number, offsets in enumerate(rows["offset_mapping"]):
        inputs = {name: torch.tensor([rows[name][number]], device=network.device) for name in names}
        with torch.inference_mode():
            logits = network(**inputs)
        starts, ends = (one[0].float().cpu().numpy() for one in (logits.start_logits, logits.end_logits))
        behind = [a >= len(before) and of == 1 for (a, _), of in zip(offsets, rows.sequence_ids(number), strict=True)]
        outside = np.where(behind, 0, -np.inf).astype(np.float32)
        none = float(starts[0] + ends[0])
        spans += [
            Span(offsets[one.start][0] - len(before), offsets[one.end - 1][1] - len(before), round(one.score - none, 4))
            for one in best_spans(starts + outside, ends + outside, TRIED)
        ]
    return [span for span in spans if span.start < span.end]


def _load(name: str, device: str) -> "tuple[PreTrainedModel, PreTrainedTokenizerFast]":
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer, PreTrainedTokenizerFast

    try:
        tokenizer = AutoTokenizer.from_pretrained(name, use_fast=True)
        network = AutoModelForQuestionAnswering.from_pretrained(name, dtype=getattr(torch, precision_on(device)))
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"the reader {name!r} can't be loaded: {error}") from error
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise ModelError(f"the reader {name!r} has no tokenizer that gives offsets: it can't be used")
    return network.to(device).eval(), tokenizer
