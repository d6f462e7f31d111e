"""Readiness: whether the archive is checked and the models are loaded."""

import logging
import sqlite3
import threading
from time import monotonic

from corpus.errors import CorpusError
from index.errors import SearchError
from index.integrity import check
from qa.engine import Engine

AGAIN = 30.0
"""Seconds between a check that failed and the next."""
_WAIT = 2.0
"""Seconds that a first question for readiness waits; a small archive is checked in less."""

_log = logging.getLogger(__name__)


class Readiness:
    """Whether an engine can answer: its archive was checked, its models are loaded, and it can be read now."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._preparing: threading.Thread | None = None
        self._prepared = threading.Event()
        self._lock = threading.Lock()
        self._waiting = threading.Lock()
        self._again = 0.0
        self._problem = "the archive is being checked and the models are loading"

    def problem(self) -> str | None:
        """Why the engine can't answer, in words that reveal nothing, or None if it can.

        The first call starts the check in the background, and a call after a failed check starts another.
        """
        if not self._prepared.is_set():
            with self._lock:
                ended = self._preparing is not None and not self._preparing.is_alive()
                if self._preparing is None or (ended and monotonic() > self._again):
                    self._preparing = threading.Thread(target=self._prepare, daemon=True)
                    self._preparing.start()
            # One waits; many who do would keep everybody else from a thread.
            if self._waiting.acquire(blocking=False):
                try:
                    self._preparing.join(_WAIT)
                finally:
                    self._waiting.release()
            if not self._prepared.is_set():
                return self._problem
        try:
            with self._engine.archive.read():
                return None
        except (sqlite3.Error, CorpusError, SearchError, OSError) as error:
            _log.error("the archive can't be read: %s", error)
            return "the archive can't be read; see the server's log"

    def _prepare(self) -> None:
        try:
            self._check()
        finally:
            self._again = monotonic() + AGAIN

    def _check(self) -> None:
        try:
            # What is derived can be made anew, and a server that starts must not wait for a hand to do it.
            checked = check(self._engine.archive, repair=True, quick=True)
            for line in checked.found:
                _log.warning("the archive is damaged: %s%s", line, "" if line in checked.left else " (repaired)")
            if checked.left:
                self._problem = "the archive is damaged; `citewire check` shows what is wrong"
                return
            self._engine.embedder.embed(["ready?"], kind="query")
            self._engine.reader.load()
        except Exception as error:
            _log.error("the archive can't be opened for questions: %s", error)
            self._problem = "the archive or its models can't be used; see the server's log"
            return
        self._prepared.set()
