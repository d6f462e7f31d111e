"""Watches directories and addresses: scans the ones and fetches the others, round after round.

Each one knows when it is due again.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from corpus.completing import GivenFields, complete
from corpus.dates import Order
from corpus.errors import FetchError, FetchStopped
from corpus.formats import Read
from corpus.reading import read_file, walk
from corpus.storage.visits import Visit, key
from corpus.types import Rejected
from qa.engine import Engine
from qa.ingestion.outcomes import Outcome
from qa.ingestion.pipeline import ingest
from qa.ingestion.visit_log import VisitLog

if TYPE_CHECKING:
    from corpus.fetching.crawling import Follower

EVERY_FOLDER = 10.0
EVERY_ADDRESS = 900.0
"""Default number of seconds between two scans."""
SETTLING = 2.0
"""Most seconds after which a file that is new or changed is looked at a second time."""
LONGEST = 21_600.0
"""Most seconds after which an address that fails is asked again, unless its host asks for more."""
_LONGEST_ASKED = 86_400.0


class Watched(Protocol):
    """Something watched. ``due`` is when it is to be looked at, by time.monotonic; ``settled`` tells whether the last
    look left nothing that a look soon after could take.
    """

    name: str
    due: float
    settled: bool

    def look(self) -> Iterator[Read | Rejected]:
        """Read what is new or changed; sets ``due`` anew. Raises nothing for what can't be read or had."""
        ...

    def news(self) -> str | None:
        """What is to be said of the last look, once: that it fails, or that it works again."""
        ...


class Reporter(Protocol):
    """Receives what happens during a watch."""

    def begin(self) -> None:
        """Begin a look."""

    def outcome(self, outcome: Outcome) -> None:
        """Tell what became of a record."""

    def note(self, name: str, words: str) -> None:
        """Tell something of what is watched under this name."""


def keep_watch(
    engine: Engine,
    sources: Sequence[Watched],
    memory: VisitLog,
    reporter: Reporter,
    stop: threading.Event,
    *,
    once: bool = False,
) -> None:
    """Look at each of the sources when it is due, and put what is new into the archive; until ``stop`` is set.

    Raises corpus.errors.StoreError when the archive can't be written, index.errors.SearchError when it can't follow.
    """
    looks = Counter[str]()
    while not stop.is_set():
        for source in sources:
            if source.due > time.monotonic() or stop.is_set():
                continue
            if _ingest(engine, source.look(), memory, reporter):
                engine.archive.compact()
            looks[source.name] += 1
            if news := source.news():
                reporter.note(source.name, news)
        if once and all(source.settled or looks[source.name] > 1 for source in sources):
            for source in sources:
                if not source.settled:
                    reporter.note(source.name, "files still being written are left for the next scan")
            break
        stop.wait(max(0.0, min(source.due for source in sources) - time.monotonic()))


def _ingest(engine: Engine, records: Iterator[Read | Rejected], memory: VisitLog, reporter: Reporter) -> bool:
    """Ingest what a look found; whether it changed anything."""
    passed = complete(memory.through(records), GivenFields())
    changed = False
    # A look that finds nothing writes nothing.
    first = next(passed, None)
    if first is not None:
        reporter.begin()
        for outcome in ingest(engine, chain([first], passed), keep=memory.keep):
            changed = changed or outcome.outcome in ("added", "updated")
            reporter.outcome(outcome)
    memory.finish()
    return changed


class Folder:
    """A directory, or one file. A file is read when two looks find it the same, and it is not as it was last read."""

    def __init__(
        self, path: Path, memory: VisitLog, stop: threading.Event, *, every: float, order: Order | None
    ) -> None:
        self.name = str(path)
        self.due = 0.0
        self.settled = True
        self._path = path
        self._memory = memory
        self._stop = stop
        self._every = every
        self._order = order
        self._last: dict[Path, str] = {}

    def look(self) -> Iterator[Read | Rejected]:
        """Read what is new or changed, and has stopped changing."""
        found: dict[Path, str] = {}
        self.settled = True
        for one in self._files():
            if self._stop.is_set():
                return
            if isinstance(one, Rejected):
                yield one
                continue
            path, name = one
            try:
                about = path.stat()
            except OSError:  # it went just now
                continue
            stamp = found[path] = f"{about.st_mtime_ns} {about.st_size} {self._order}"
            visit = Visit(key("file", str(path.absolute())), stamp, taken=True)
            known = self._memory.known(visit.key)
            if known is not None and known.mark == stamp:
                continue
            if self._last.get(path) != stamp:
                self.settled = False
                continue
            try:
                path.open("rb").close()
            except OSError as error:  # it may be readable the next time, without a change that shows
                yield Rejected(str(path), f"can't be read: {error.strerror or error}")
                continue
            yield from read_file(path, name, order=self._order)
            self._memory.note(visit)
        self._last = found
        self.due = time.monotonic() + (self._every if self.settled else min(self._every, SETTLING))

    def news(self) -> str | None:
        """Nothing: what fails is a rejection."""
        return None

    def _files(self) -> Iterator[tuple[Path, str] | Rejected]:
        """The files in the directory, except those of an archive in it."""
        if self._path.is_file():
            yield self._path, self._path.name
            return
        archive, here = self._memory.archive.resolve(), self._path.resolve()
        aside = f"{archive.relative_to(here).as_posix()}/" if archive.is_relative_to(here) else None
        for one in walk(self._path):
            if isinstance(one, Rejected) or aside is None or not one[1].startswith(aside):
                yield one


class Site:
    """An address. One that fails is asked again after pauses that grow."""

    settled = True

    def __init__(self, address: str, follower: "Follower", *, every: float) -> None:
        self.name = address
        self.due = 0.0
        self._follower = follower
        self._every = every
        self._failures = 0
        self._news: str | None = None

    def look(self) -> Iterator[Read | Rejected]:
        """Read what is new or changed."""
        pause = self._every
        with suppress(FetchStopped):
            try:
                yield from self._follower.read(self.name)
            except FetchError as error:
                pause = self._failed(error)
            else:
                self._news = "can be had again" if self._failures else None
                self._failures = 0
        self.due = time.monotonic() + pause

    def news(self) -> str | None:
        """That it fails, the first time; that it works again."""
        said, self._news = self._news, None
        return said

    def _failed(self, error: FetchError) -> float:
        """Count a failure; gives the seconds after which to ask again."""
        self._failures += 1
        pause = max(self._every, min(self._every * 2.0 ** min(self._failures, 20), LONGEST))
        pause = max(pause, min(error.after, _LONGEST_ASKED))
        if self._failures == 1:
            self._news = f"can't be fetched: {error}; next attempt in {pause:,.0f} seconds, then less and less often"
        return pause
