"""Spreads torch's work over the processor's cores, with one independent thread per core.

By torch's own way all cores share each operation and wait for one another at its end, spinning: several threads that
compute at once wait for each other, and beside another process everything takes many times as long
(docs/decisions/0015-cores.md). Spread like this nothing waits, and an item is computed by the same steps whatever else
goes on.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_counting = threading.Lock()


class Cores:
    """As many threads as torch would use. For a GPU none: what it is given it does in turn."""

    def __init__(self, device: str = "cpu") -> None:
        self._device = device
        self._making = threading.Lock()

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """What the work gives for each item, in order. Raises what the work raises."""
        if self._device != "cpu":
            return [*map(work, items)]
        with self._making:
            threads = self._threads
        return [*threads.map(work, items)]

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        import torch

        # A thread sets the number for itself; but one that computes for the first time takes what was set last. So each
        # takes it before it sets its own, and in the end it is set as it was.
        def by_itself(_: int) -> None:
            together.wait()
            torch.get_num_threads()
            torch.set_num_threads(1)

        with _counting:
            count = torch.get_num_threads()
            together = threading.Barrier(count)
            threads = ThreadPoolExecutor(count, "cores")
            _ = [*threads.map(by_itself, range(count))]
            torch.set_num_threads(count)
        return threads
