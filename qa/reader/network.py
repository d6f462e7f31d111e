"""The trained reader's network: MiniLM with three heads. With ``training`` and ``extractive`` the modules that import
torch for reading.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

WORD_EMBEDDINGS = "embeddings.word_embeddings.weight"
"""The word embeddings' name in the packaged model."""
FROZEN = f"encoder.{WORD_EMBEDDINGS}"
"""The one tensor that is not trained, more than half of the packaged model: it is taken from there."""


class Logits(NamedTuple):
    """What the network says of a batch: for each piece whether an answer starts or ends there, (rows, pieces), and for
    each row whether it answers the question, (rows,).
    """

    starts: Tensor
    ends: Tensor
    answers: Tensor


class ReaderNetwork(nn.Module):
    """MiniLM that reads a question and a passage together, with heads for start, end and answerability."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.encoder = encoder
        self.spans = nn.Linear(width, 2)
        self.pooler = nn.Linear(width, width)
        self.answers = nn.Linear(width, 1)

    @classmethod
    def from_packaged(cls, model: Path, dropout: float = 0.0) -> "ReaderNetwork":
        """The embedding model with new heads: where training starts."""
        encoder = BertModel.from_pretrained(
            model,
            add_pooling_layer=False,
            attn_implementation="sdpa",
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
        )
        network = cls(encoder)
        network.get_parameter(FROZEN).requires_grad_(False)
        return network

    @classmethod
    def from_weights(cls, config: BertConfig, weights: Mapping[str, Tensor]) -> "ReaderNetwork":
        """The network with all its weights, the frozen ones included. Raises RuntimeError when one is missing."""
        # Weights that are replaced at once are not drawn at random first, which takes half a second.
        with torch.device("meta"):
            network = cls(BertModel(config, add_pooling_layer=False))
        network.load_state_dict(dict(weights), strict=True, assign=True)
        pieces = config.max_position_embeddings
        for name, buffer in (
            ("position_ids", torch.arange(pieces)[None]),
            ("token_type_ids", torch.zeros(1, pieces, dtype=torch.long)),
        ):
            network.encoder.embeddings.register_buffer(name, buffer, persistent=False)
        return network.eval()

    def forward(self, ids: Tensor, types: Tensor, mask: Tensor) -> Logits:
        """``ids``, ``types`` and ``mask`` are (rows, pieces): word pieces, 0 for the question and 1 behind it, 1 where
        there is a piece and 0 where the row is padded.
        """
        states = self.encoder(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        starts, ends = self.spans(states).unbind(-1)
        return Logits(starts, ends, self.answers(torch.tanh(self.pooler(states[:, 0]))).squeeze(-1))
