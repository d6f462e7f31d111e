"""The loss that training minimises."""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from qa.reader.network import Logits
from qa.reader.training.batches import Batch


class Tensors(NamedTuple):
    """A batch where the network is: ``qa.reader.training.batches.Batch``, field for field."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    text: Tensor
    starts: Tensor
    ends: Tensor
    groups: Tensor

    @classmethod
    def of(cls, batch: Batch, device: str) -> "Tensors":
        """The batch on this device."""
        return cls(*(torch.from_numpy(one).to(device, non_blocking=True) for one in batch))


def loss(logits: Logits, batch: Tensors) -> tuple[Tensor, Tensor]:
    """The loss of spans and the loss of answerability of a batch.

    Spans: -log of the probability of any right start (end), under a softmax over the text of all rows of a group, so
    that logits compare across the passages of a question (shared normalisation with marginal likelihood: Clark and
    Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension", ACL 2018). Groups without an answer have
    none. Answerability: binary cross-entropy of each row.
    """
    text, groups = batch.text, batch.groups
    answered = batch.starts.any(1)
    spans = (_span(logits.starts, batch.starts, text, groups) + _span(logits.ends, batch.ends, text, groups)) / 2
    return spans, functional.binary_cross_entropy_with_logits(logits.answers, answered.float())


def _span(logits: Tensor, right: Tensor, text: Tensor, groups: Tensor) -> Tensor:
    """Mean over the groups with an answer."""
    all_of = _by_group(_logsumexp(logits, text), groups)
    right_of = _by_group(_logsumexp(logits, right), groups)
    answered = torch.zeros_like(groups).index_add(0, groups, right.any(1).long()) > 0
    # Without a branch, which would have to wait for a GPU.
    return ((all_of - right_of) * answered).sum() / answered.sum().clamp_min(1)


def _logsumexp(logits: Tensor, where: Tensor) -> Tensor:
    """(rows,) of (rows, pieces); very small where a row has none."""
    return logits.float().masked_fill(~where, -1e4).logsumexp(1)


def _by_group(values: Tensor, groups: Tensor) -> Tensor:
    """Logsumexp of the rows of each group, (rows,): there are at most as many groups; what is left is very small."""
    table = values.new_full((len(groups), len(groups)), -1e9)
    table[groups, torch.arange(len(groups), device=groups.device)] = values
    return table.logsumexp(1)
