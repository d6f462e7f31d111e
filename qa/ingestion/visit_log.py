"""The archive's log of what was fetched and watched."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus.formats import Read, page_id
from corpus.storage.visits import Visit
from corpus.storage.writing import Writing
from corpus.types import Rejected
from qa.engine import Engine
from qa.ingestion.identity import forms, names
from qa.ingestion.outcomes import Outcome


class VisitLog:
    """How things were found the last time, and how they are found now: kept with the articles that came of them, so
    that no crash leaves something taken for read whose articles are not in the archive.

    ``through`` and ``note`` belong to whoever reads, ``keep`` and ``finish`` to whoever writes. Without ``deleted``, an
    article whose very text was deleted from the archive is passed over.
    """

    def __init__(self, engine: Engine, *, deleted: bool = True) -> None:
        self._engine = engine
        self._deleted = deleted
        self._passed = 0
        self._done = 0
        self._waiting: deque[tuple[int, Visit]] = deque()
        self._fresh: dict[str, Visit] = {}
        self._missed = False

    def known(self, key: str) -> Visit | None:
        """How this was found the last time, or None."""
        found = self._fresh.get(key)
        if found is None:
            with self._engine.archive.store.read() as view:
                found = view.visits.get(key)
            if found is not None:
                self._fresh[key] = found
        return found

    @property
    def archive(self) -> Path:
        """The directory of the archive."""
        return self._engine.archive.directory

    def holds(self, address: str) -> bool:
        """Whether the archive has the page of this address."""
        with self._engine.archive.store.read() as view:
            return view.digest(page_id(address)) is not None or bool(view.at_address(forms(address)))

    def note(self, visit: Visit) -> None:
        """Remember how something is found, once all that was read so far is in the archive."""
        self._fresh[visit.key] = visit
        self._waiting.append((self._passed, visit))

    def through(self, records: Iterable[Read | Rejected]) -> Iterator[Read | Rejected]:
        """Pass records on, counted."""
        for record in records:
            if isinstance(record, Read) and not self._deleted and self._was_deleted(record):
                continue
            self._passed += 1
            yield record

    def keep(self, writing: Writing, outcomes: Sequence[Outcome]) -> None:
        """Write down what is certain with these outcomes (qa.ingestion.outcomes.Keep)."""
        self._done += len(outcomes)
        # One that slipped through must be read again, and so what named it.
        self._missed = self._missed or any(outcome.again for outcome in outcomes)
        while not self._missed and self._waiting and self._waiting[0][0] <= self._done:
            writing.visits.note(self._waiting.popleft()[1])

    def finish(self) -> None:
        """Write down the rest, when every outcome was given."""
        self._done = self._passed
        if self._missed:
            self._waiting.clear()
            self._fresh.clear()
            self._missed = False
        elif self._waiting:
            with self._engine.archive.store.write() as writing:
                self.keep(writing, [])

    def _was_deleted(self, record: Read) -> bool:
        with self._engine.archive.store.read() as view:
            known = [*names(record)]
            return all(view.digest(name) is None for name in known) and any(
                view.withdrawn(name, record.article.sha256) for name in known
            )
