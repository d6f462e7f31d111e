"""The training loop: seeded, resumable, on a processor or a GPU."""

import json
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from qa.reader.network import Logits, ReaderNetwork
from qa.reader.training.batches import Batch, batches
from qa.reader.training.groups import Mix, Pool
from qa.reader.training.loss import Tensors, loss
from qa.reader.training.schedule import learning_rate, mix
from qa.reader.weights import Stretch

QUESTIONS = 640
"""Questions whose examples are sorted by length together: large enough for full batches, small enough for memory."""


@dataclass(frozen=True)
class Recipe:
    """What can be chosen. ``pieces`` is the length of the whole training in word pieces, padding counted; where
    ``seconds`` are over first, training has come to its end as well, its learning rate down to nothing.
    """

    pieces: int
    seconds: float = float("inf")
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
        self, network: ReaderNetwork, recipe: Recipe, device: str, dtype: torch.dtype, earlier: Sequence[Stretch] = ()
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

    @property
    def done(self) -> float:
        """How far training has come, 0 to 1."""
        return self._done(0)

    def train(
        self, pool: Pool, numbers: Callable[[int], Sequence[int]], after: Callable[["Trainer"], None], workers: int = 0
    ) -> None:
        """Learn until the recipe's end. ``numbers`` gives the questions of an epoch in order; ``after`` is called
        between blocks of questions, where training can be left off. Batches are made by so many other processes while
        earlier ones are learned from, as a GPU needs them; theirs are mixed for where training was two blocks a process
        before.
        """
        self.network.train()
        with _drawing(pool, numbers, workers) as draw:
            waiting: deque[Callable[[], list[Batch]]] = deque()
            place = self.progress.questions
            while self.done < 1:
                start = perf_counter()
                while len(waiting) <= 2 * workers:
                    waiting.append(draw(self.recipe, place, mix(self.done)))
                    place += QUESTIONS
                losses = torch.stack([self._step(batch) for batch in waiting.popleft()()]).mean(0).tolist()
                self.progress.questions += QUESTIONS
                self.progress.seconds += perf_counter() - start
                self._tell(*losses)
                after(self)

    def _done(self, pieces: int) -> float:
        """How far training will have come when so many more pieces are learned from."""
        read = (self.progress.pieces + pieces) / self.recipe.pieces
        return min(1.0, max(read, self.progress.seconds / self.recipe.seconds))

    def _tell(self, spans: float, answers: float) -> None:
        told = {
            **{name: round(value) for name, value in vars(self.progress).items()},
            "spans": round(spans, 3),
            "answers": round(answers, 3),
            "pieces_a_second": round(self.progress.pieces / self.progress.seconds),
        }
        print(json.dumps(told), flush=True)

    def _step(self, batch: Batch) -> Tensor:
        """Learn from a batch; the loss of its spans and of its answerability, (2,)."""
        rate = learning_rate(self._done(batch.ids.size), self.recipe.peak)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        here = Tensors.of(batch, self._device)
        logits = self.network(here.ids, here.types, here.mask)
        losses = torch.stack(loss(Logits(*(one.float() for one in logits)), here))
        losses.sum().backward()  # type: ignore[no-untyped-call]
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
        return losses.detach()


@contextmanager
def _drawing(
    pool: Pool, numbers: Callable[[int], Sequence[int]], workers: int
) -> Iterator[Callable[[Recipe, int, Mix], Callable[[], list[Batch]]]]:
    """What makes the batches from a place on, here when they are asked for or in other processes before."""
    if not workers:
        yield lambda *where: partial(_drawn, pool, numbers, *where)
        return
    # Forked, so that all share the texts in memory; they compute with numpy alone.
    forked = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, forked, initializer=_share, initargs=(pool, numbers)) as executor:
        yield lambda *where: executor.submit(_drawn_from_shared, *where).result
        executor.shutdown(cancel_futures=True)


_shared: tuple[Pool, Callable[[int], Sequence[int]]]


def _share(pool: Pool, numbers: Callable[[int], Sequence[int]]) -> None:
    global _shared
    _shared = pool, numbers


def _drawn_from_shared(recipe: Recipe, place: int, now: Mix) -> list[Batch]:
    return _drawn(*_shared, recipe, place, now)


def _drawn(pool: Pool, numbers: Callable[[int], Sequence[int]], recipe: Recipe, place: int, now: Mix) -> list[Batch]:
    """Batches of the questions from this place on; what is drawn depends on the seed and the place alone."""
    rng = np.random.default_rng([recipe.seed, place])
    groups = [group for number in _questions(numbers, place) for group in pool.groups(number, now, rng)]
    return batches(groups, recipe.batch_pieces, rng)


def _questions(numbers: Callable[[int], Sequence[int]], place: int) -> Iterator[int]:
    epoch = 0
    while place >= len(order := numbers(epoch)):
        place -= len(order)
        epoch += 1
    taken = [*order[place : place + QUESTIONS]]
    yield from taken
    yield from numbers(epoch + 1)[: QUESTIONS - len(taken)]


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
