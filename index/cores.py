"""Work of torch's spread over the processor's cores, a thread for each that computes by itself.

By torch's own way all cores share each operation and wait for one another at its end: several threads that compute at
once wait for each other, and many small batches take longer than they need. One caller with little to do is served
sooner that way all the same. An item comes out alike by either: both compute it by the same steps.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEW = 4
"""Items a core from which on spreading them is faster even for one caller: less of the last round is idle."""
_counting = threading.Lock()


class Cores:
    """As many threads as torch would use. For a GPU none: what it is given it does in turn."""

    def __init__(self, device: str = "cpu") -> None:
        self._device = device
        self._lock = threading.Lock()
        self._callers = 0

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """What the work gives for each item, in order. Raises what the work raises."""
        waiting = [*items]
        if self._device != "cpu":
            return [*map(work, waiting)]
        import torch

        few = len(waiting) < _FEW * torch.get_num_threads()
        with self._lock:
            self._callers += 1
        try:
            done: list[Result] = []
            while few and self._callers == 1 and len(done) < len(waiting):
                done.append(work(waiting[len(done)]))
            if len(done) == len(waiting):
                return done
            with self._lock:
                threads = self._threads
            return [*done, *threads.map(work, waiting[len(done) :])]
        finally:
            with self._lock:
                self._callers -= 1

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
