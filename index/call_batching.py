"""Does the work that several threads request at the same time in one call.

No thread waits for others to arrive: if no call is running it starts one at once, and requests made meanwhile share the
next call. One request at a time is as fast as without batching; under load one batch serves several.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Shared(Generic[Item, Result]):
    """A function from items to results, in order, that threads may call side by side.

    What it gives for an item must not depend on the others beside it.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]]) -> None:
        self._work = work
        self._waiting: list[tuple[Sequence[Item], Future[Sequence[Result]]]] = []
        self._adding = threading.Lock()
        self._working = threading.Lock()

    def __call__(self, items: Sequence[Item]) -> Sequence[Result]:
        """One result an item. An error of the work is raised in every thread whose items were in it."""
        mine: Future[Sequence[Result]] = Future()
        with self._adding:
            self._waiting.append((items, mine))
        with self._working:
            if not mine.done():
                self._do()
        return mine.result()

    def _do(self) -> None:
        with self._adding:
            jobs, self._waiting = self._waiting, []
        try:
            results = self._work([item for items, _ in jobs for item in items])
        except BaseException as error:
            for _, theirs in jobs:
                theirs.set_exception(error)
            return
        start = 0
        for items, theirs in jobs:
            theirs.set_result(results[start : start + len(items)])
            start += len(items)
