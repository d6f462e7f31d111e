"""The training loop: seeded, resumable, on a processor or a GPU."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from qa.reader.network import ReaderNetwork
from qa.reader.training.batches import Batch, batches
from qa.reader.training.groups import Pool
from qa.reader.training.loss import loss
from qa.reader.training.schedule import learning_rate, mix
from qa.reader.weights import Stretch

QUESTIONS = 640
"""Questions whose examples are sorted by length together: large enough for full batches, small enough for memory."""


@dataclass(frozen=True)
class Recipe:
    """What can be chosen. ``pieces`` is the length of the whole training in word pieces, padding counted."""

    pieces: int
    batch_pieces: int = 2_800
    peak: float = 3e-4
    decay: float = 0.01
    seed: int = 1


@dataclass
class Progress:
    """How far training has come."""

    pieces: int = 0
    questions: int = 0
    steps: int = 0
    seconds: float = 0.0


class Trainer:
    """Trains a network in place. In bfloat16 the optimizer keeps the weights in float32 beside it."""

    def __init__(
        self,
        network: ReaderNetwork,
        recipe: Recipe,
        device: str,
        dtype: torch.dtype,
        earlier: Sequence[Stretch] = (),
    ) -> None:
        self.network = network.to(device=device, dtype=dtype)
        self.recipe = recipe
        self.progress = Progress()
        self.earlier = [*earlier]
        self._device = device
        self._trained = [one for one in network.parameters() if one.requires_grad]
        low = dtype != torch.float32
        self._masters = [one.detach().float().clone() if low else one for one in self._trained]
        plain = [one for one in self._masters if one.ndim < 2]
        matrices = [one for one in self._masters if one.ndim >= 2]
        self._optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": recipe.decay}, {"params": plain, "weight_decay": 0.0}],
            lr=recipe.peak,
            betas=(0.9, 0.98),
            fused=True,
        )

    def save(self, path: Path) -> None:
        """Write all that is needed to go on from here; the file is whole or not there."""
        state = {
            "network": {name: one for name, one in self.network.state_dict().items() if "word_embeddings" not in name},
            "masters": [one.detach() for one in self._masters],
            "optimizer": self._optimizer.state_dict(),
            "progress": vars(self.progress),
            "recipe": vars(self.recipe),
            "earlier": [one._asdict() for one in self.earlier],
        }
        part = path.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, path)

    def resume(self, path: Path) -> None:
        """Go on from what ``save`` wrote."""
        state = torch.load(path, map_location=self._device, weights_only=True)
        self.network.load_state_dict(state["network"], strict=False)
        for master, saved in zip(self._masters, state["masters"], strict=True):
            master.data.copy_(saved)
        self._optimizer.load_state_dict(state["optimizer"])
        self.progress = Progress(**state["progress"])
        self.earlier = [Stretch(**one) for one in state["earlier"]]

    def train(self, pool: Pool, numbers: Callable[[int], Sequence[int]], after: Callable[["Trainer"], None]) -> None:
        """Learn until the recipe's length. ``numbers`` gives the questions of an epoch in order; ``after`` is called
        between pools of questions, where training can be left off.
        """
        while self.progress.pieces < self.recipe.pieces:
            start = perf_counter()
            losses = [self._step(batch) for batch in self._next(pool, numbers)]
            self.progress.seconds += perf_counter() - start
            spans, answers = np.mean(losses, axis=0)
            print(
                json.dumps(
                    {
                        **{name: round(value) for name, value in vars(self.progress).items()},
                        "spans": round(float(spans), 3),
                        "answers": round(float(answers), 3),
                        "pieces_a_second": round(self.progress.pieces / self.progress.seconds),
                    }
                ),
                flush=True,
            )
            after(self)

    def _next(self, pool: Pool, numbers: Callable[[int], Sequence[int]]) -> Iterator[Batch]:
        """Batches of the next questions; what is drawn depends on the seed and the place alone."""
        rng = np.random.default_rng([self.recipe.seed, self.progress.questions])
        now = mix(self.progress.pieces / self.recipe.pieces)
        groups = [group for number in self._questions(numbers) for group in pool.groups(number, now, rng)]
        self.progress.questions += QUESTIONS
        yield from batches(groups, self.recipe.batch_pieces, rng)

    def _questions(self, numbers: Callable[[int], Sequence[int]]) -> Iterator[int]:
        place, epoch = self.progress.questions, 0
        while place >= len(order := numbers(epoch)):
            place -= len(order)
            epoch += 1
        taken = [*order[place : place + QUESTIONS]]
        yield from taken
        yield from numbers(epoch + 1)[: QUESTIONS - len(taken)]

    def _step(self, batch: Batch) -> tuple[float, float]:
        rate = learning_rate(min(1.0, (self.progress.pieces + batch.ids.size) / self.recipe.pieces), self.recipe.peak)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        ids, types, mask = (torch.from_numpy(one).to(self._device) for one in (batch.ids, batch.types, batch.mask))
        logits = self.network(ids, types, mask)
        spans, answers = loss(type(logits)(*(one.float().cpu() for one in logits)), batch)
        (spans + answers).backward()  # type: ignore[no-untyped-call]
        for trained, master in zip(self._trained, self._masters, strict=True):
            if trained is not master and trained.grad is not None:
                master.grad = trained.grad.float()
                trained.grad = None
        torch.nn.utils.clip_grad_norm_(self._masters, 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        for trained, master in zip(self._trained, self._masters, strict=True):
            if trained is not master:
                trained.data.copy_(master)
        self.progress.pieces += int(batch.ids.size)
        self.progress.steps += 1
        return float(spans.detach()), float(answers.detach())


def order(sources: Sequence[tuple[Sequence[int], float]], seed: int) -> Callable[[int], Sequence[int]]:
    """The questions of an epoch in random order: each source's numbers as often as its weight says."""

    def numbers(epoch: int) -> Sequence[int]:
        rng = np.random.default_rng([seed, epoch, 7])
        taken: list[int] = []
        for found, weight in sources:
            while weight >= 1:
                taken += found
                weight -= 1
            taken += [int(one) for one in rng.permutation(np.array(found, np.int64))[: round(weight * len(found))]]
        return [taken[row] for row in rng.permutation(len(taken))]

    return numbers
