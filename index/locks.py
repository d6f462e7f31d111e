"""Locks between threads and processes."""

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import StoreError

PATIENCE = 5.0
"""Seconds after which a waiting process logs what it waits for."""

_log = logging.getLogger(__name__)


class Turn:
    """The right to do something, that one has at a time among threads and processes."""

    def __init__(self, path: Path) -> None:
        self._thread = threading.Lock()
        self._file = FileLock(path, thread_local=False)
        # Beside the lock, as opening the lock to wait for it empties it. It may outlive its process, and is only looked
        # at while somebody holds the lock.
        self._holder = path.with_suffix(".holder")

    @contextmanager
    def taken(self, *, wait: bool = True) -> Iterator[None]:
        """Hold it. Without ``wait``, raises Timeout if it is taken; StoreError if its file can't be opened."""
        if not self._thread.acquire(blocking=wait):
            raise Timeout(self._file.lock_file)
        try:
            with ExitStack() as stack:
                try:
                    stack.enter_context(self._file.acquire(timeout=PATIENCE if wait else 0))
                except Timeout:
                    if not wait:
                        raise
                    _log.warning("waiting for process %s, which holds %s", self._who(), self._file.lock_file)
                    stack.enter_context(self._file.acquire(timeout=-1))
                except OSError as error:
                    where = Path(self._file.lock_file).parent
                    raise StoreError(f"{where} can't be written: {error.strerror or error}") from error
                with suppress(OSError):  # a full disk: who waits is told less
                    self._holder.write_text(str(os.getpid()))
                yield
        finally:
            self._thread.release()

    def _who(self) -> str:
        try:
            return self._holder.read_text()[:20] or "unknown"
        except OSError:
            return "unknown"
