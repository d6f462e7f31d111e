"""Taking turns, among threads and processes."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import StoreError


class Turn:
    """The right to do something, that one has at a time among threads and processes."""

    def __init__(self, path: Path) -> None:
        self._thread = threading.Lock()
        self._file = FileLock(path, thread_local=False)

    @contextmanager
    def taken(self, *, wait: bool = True) -> Iterator[None]:
        """Hold it. Without ``wait``, Timeout when somebody has it; StoreError when its file can't be opened."""
        if not self._thread.acquire(blocking=wait):
            raise Timeout(self._file.lock_file)
        try:
            with ExitStack() as stack:
                try:
                    stack.enter_context(self._file.acquire(timeout=-1 if wait else 0))
                except Timeout:
                    raise
                except OSError as error:
                    where = Path(self._file.lock_file).parent
                    raise StoreError(f"{where} can't be written: {error.strerror or error}") from error
                yield
        finally:
            self._thread.release()
