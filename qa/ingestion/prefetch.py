"""Prefetching: an iterator whose items are made in the background, a few of them ahead."""

import queue
import threading
from collections.abc import Generator, Iterable
from typing import TypeVar, cast

T = TypeVar("T")


def prefetch(items: Iterable[T], *, waiting: int) -> Generator[T, None, None]:
    """The same items in the same order, at most ``waiting`` of them made before they are asked for.

    An error that ``items`` raises is raised here, in its place. Closing the iterator stops the work in the background
    after the item it is at.
    """
    made: queue.Queue[tuple[bool, object]] = queue.Queue(maxsize=waiting)
    stopped = threading.Event()

    def put(more: bool, value: object) -> bool:
        while not stopped.is_set():
            try:
                made.put((more, value), timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for item in items:
                if not put(True, item):
                    break
            else:
                put(False, None)
        except BaseException as error:  # whatever it is, it belongs to who asked for the items
            put(False, error)
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()  # so that iterators this one draws from stop too

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while True:
            more, value = made.get()
            if more:
                yield cast("T", value)
            elif isinstance(value, BaseException):
                raise value
            else:
                return
    finally:
        stopped.set()
        thread.join()
