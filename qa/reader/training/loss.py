"""What training makes small."""

import torch
from torch import Tensor
from torch.nn import functional

from qa.reader.network import Logits
from qa.reader.training.batches import Batch


def loss(logits: Logits, batch: Batch) -> tuple[Tensor, Tensor]:
    """The loss of spans and the loss of answerability of a batch.

    Spans: -log of the probability of any right start (end), under a softmax over the text of all rows of a group, so
    that logits compare across the passages of a question (shared normalisation with marginal likelihood: Clark and
    Gardner, "Simple and Effective Multi-Paragraph Reading Comprehension", ACL 2018). Groups without an answer have
    none. Answerability: binary cross-entropy of each row.
    """
    text, starts, ends = (torch.from_numpy(one) for one in (batch.text, batch.starts, batch.ends))
    groups = torch.from_numpy(batch.groups)
    answered = starts.any(1)
    spans = (_span(logits.starts, starts, text, groups) + _span(logits.ends, ends, text, groups)) / 2
    return spans, functional.binary_cross_entropy_with_logits(logits.answers, answered.float())


def _span(logits: Tensor, right: Tensor, text: Tensor, groups: Tensor) -> Tensor:
    """Mean over the groups with an answer."""
    all_of = _by_group(_logsumexp(logits, text), groups)
    right_of = _by_group(_logsumexp(logits, right), groups)
    answered = _by_group(right.any(1).float().log(), groups) > -torch.inf
    return (all_of - right_of)[answered].mean() if bool(answered.any()) else logits.sum() * 0


def _logsumexp(logits: Tensor, where: Tensor) -> Tensor:
    """(rows,) of (rows, pieces); very small where a row has none."""
    return logits.float().masked_fill(~where, -1e4).logsumexp(1)


def _by_group(values: Tensor, groups: Tensor) -> Tensor:
    """Logsumexp of the rows of each group, (groups,)."""
    count = int(groups.max()) + 1
    table = values.new_full((count, len(groups)), -torch.inf)
    table[groups, torch.arange(len(groups))] = values
    return table.logsumexp(1)
