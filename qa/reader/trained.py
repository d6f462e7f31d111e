"""The reader that is shipped: one network reads the question with each passage, and says in one pass where the answer
stands and how likely it is that there is one.

A passage's reading depends on the question and the passage alone: on a processor each row is computed by itself, on a
core of its own (docs/decisions/0001-batch-invariant-embedding.md).
"""

import math
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.call_batching import Shared
from index.embedding import LOADING, batches, packaged_model, pad, precision_on
from index.torch_threads import Cores
from qa.reader import DEFAULT_READER, weights
from qa.reader.inputs import MARKS, EncodedRow, packaged_tokenizer, rows
from qa.reader.spans import TRIED, Scores, best_spans, reading, whole_words
from qa.reader.types import Passage, Reading, Span
from qa.reader.weights import Blend

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from qa.reader.network import ReaderNetwork

_GPU_PIECES = 2048  # word pieces that are read at a time


class PassageLogits(NamedTuple):
    """What the network says of one row: logits of starts and ends, (pieces of text,), and of answering at all."""

    starts: Scores
    ends: Scores
    answers: float


class TrainedReader:
    """MiniLM trained to read (``qa/reader/training``); its scores are log-odds that a passage answers the question."""

    name = DEFAULT_READER

    def __init__(
        self, *, device: str = "cpu", path: Path = weights.SHIPPED, sha256: str | None = weights.SHA256
    ) -> None:
        self._device = device
        self._file = (path, sha256)
        self._lock = threading.Lock()
        self._loaded: tuple[ReaderNetwork, Blend] | None = None
        # A GPU reads rows of several questions together; cores take them one by one as they come.
        self._cores = Cores(device)
        self._together = 1 if device == "cpu" else _GPU_PIECES
        self._all = self._said if device == "cpu" else Shared(self._said)

    def load(self) -> None:
        """Load the network now, rather than at the first question. Raises index.errors.ModelError."""
        _ = self._network

    @property
    def _network(self) -> "tuple[ReaderNetwork, Blend]":
        with self._lock:
            if self._loaded is None:
                with LOADING:
                    self._loaded = self._load()
            return self._loaded

    def _load(self) -> "tuple[ReaderNetwork, Blend]":
        import torch
        from safetensors.torch import load_file
        from transformers import BertConfig

        from qa.reader.network import FROZEN, WORD_EMBEDDINGS, ReaderNetwork

        trained, blend = weights.load(*self._file)
        model = packaged_model()
        frozen = load_file(model / "model.safetensors")[WORD_EMBEDDINGS]
        config = BertConfig.from_json_file(model / "config.json")
        network = ReaderNetwork.from_weights(config, {**trained, FROZEN: frozen})
        return network.to(device=self._device, dtype=getattr(torch, precision_on(self._device))), blend

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        return packaged_tokenizer()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading for each passage, in their order: its best spans that don't overlap. Raises ModelError."""
        spans: list[list[Span]] = [[] for _ in passages]
        for row, said in self.said(question, passages):
            spans[row.passage] += _spans(row, said, self._network[1])
        return [reading(found) for found in spans]

    def said(self, question: str, passages: Sequence[Passage]) -> Iterator[tuple[EncodedRow, PassageLogits]]:
        """What the network says of each passage, or of each window of a long one. Raises ModelError."""
        read = rows(self._tokenizer, question, passages)
        yield from zip(read, self._all(read), strict=True)

    def _said(self, read: Sequence[EncodedRow]) -> list[PassageLogits]:
        """What the network says of rows, which may be those of several questions."""
        network, _ = self._network
        places = [*batches([len(row.ids) - MARKS for row in read], self._together)]
        batched = self._cores.map(lambda batch: _said(network, [read[place] for place in batch]), places)
        said = dict(zip(chain(*places), chain(*batched), strict=True))
        return [said[place] for place in range(len(read))]

    def confidence(self, score: float) -> float:
        """The score is a log-odds: its logistic function."""
        return 1 / (1 + math.exp(-score))


def _said(network: "ReaderNetwork", batch: Sequence[EncodedRow]) -> list[PassageLogits]:
    """The logits of rows that are all padded to one length."""
    import torch

    shape = (len(batch), pad(max(len(row.ids) for row in batch)))
    ids, types, mask = (np.zeros(shape, np.int64) for _ in range(3))
    for place, row in enumerate(batch):
        length = len(row.ids)
        ids[place, :length], mask[place, :length], types[place, row.question : length] = row.ids, 1, 1
    device = network.spans.weight.device
    with torch.inference_mode():
        logits = network(*(torch.from_numpy(one).to(device) for one in (ids, types, mask)))
    starts, ends, answers = (one.float().cpu().numpy() for one in logits)
    texts = [slice(row.start, len(row.ids) - 1) for row in batch]
    return [PassageLogits(starts[row, text], ends[row, text], float(answers[row])) for row, text in enumerate(texts)]


def _spans(row: EncodedRow, said: PassageLogits, blend: Blend) -> list[Span]:
    """The best spans of a row in characters. The best one's score is the row's: the log-odds that it answers; the
    others' are as much lower as they are less likely.
    """
    found = best_spans(*whole_words(said.starts, said.ends, row.inside), TRIED)
    if not found:
        return []
    score = blend.answers * said.answers + blend.spans * found[0].score + blend.bias
    return [
        Span(row.offsets[one.start][0], row.offsets[one.end - 1][1], round(score - found[0].score + one.score, 4))
        for one in found
    ]
