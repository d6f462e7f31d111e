"""Jobs: uploaded files to be ingested, and the outcome of each of their records. Kept in the store, so that a job
continues where it was after any interruption.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

State = Literal["queued", "running", "done", "cancelled", "failed"]

TABLES = """
CREATE TABLE jobs (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    created TEXT NOT NULL,
    finished TEXT,
    run INTEGER NOT NULL,
    -- As many as were counted beforehand; null until they are.
    records INTEGER,
    added INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    problem TEXT
) STRICT;
CREATE INDEX jobs_state ON jobs (state);

CREATE TABLE rejections (
    job INTEGER NOT NULL REFERENCES jobs (no) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;
"""

# Made when first written to: an older version reads the archive as well without it. The warning "" counts articles that
# have no date.
_WARNINGS = """
CREATE TABLE IF NOT EXISTS job_warnings (
    job INTEGER NOT NULL REFERENCES jobs (no) ON DELETE CASCADE,
    warning TEXT NOT NULL,
    records INTEGER NOT NULL,
    place TEXT NOT NULL,
    PRIMARY KEY (job, warning)
) STRICT, WITHOUT ROWID
"""
_KINDS = 100
"""Different warnings of a job that are kept; what goes beyond is counted as one."""
_FURTHER = "further warnings"
_OPEN = ("queued", "running")
_IS_OPEN = f"state IN {_OPEN}"
_FIELDS = "id, name, state, created, finished, run, records, added, updated, unchanged, rejected, problem"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. Times are ISO 8601 in UTC; ``records`` is None until they were counted, ``run`` 0 until it
    began; ``problem`` says why it failed. ``undated`` of the articles that it stored, or found stored, have no date.
    """

    id: str
    name: str
    state: State
    created: str
    finished: str | None
    run: int
    records: int | None
    added: int
    updated: int
    unchanged: int
    rejected: int
    problem: str | None
    undated: int = 0

    @property
    def done(self) -> int:
        """Records that something became of."""
        return self.added + self.updated + self.unchanged + self.rejected

    @property
    def over(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state not in _OPEN


class Became(NamedTuple):
    """The outcome of a record: its place, the reason if it was rejected, its warnings, and whether the article has no
    date.
    """

    where: str
    outcome: Literal["added", "updated", "unchanged", "rejected"]
    reason: str | None
    warnings: tuple[str, ...] = ()
    undated: bool = False


class Rejection(NamedTuple):
    """A record that was rejected, by its number among those of its job, from 1."""

    number: int
    where: str
    reason: str


class Warned(NamedTuple):
    """A warning about records of a job: to how many it applies, and the place of the first of them."""

    warning: str
    records: int
    where: str


class Jobs:
    """The jobs of a store, inside one transaction. Given by ``View.jobs`` to read and by ``Writing.jobs`` to write."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, job_id: str) -> Job | None:
        """The job of this id, or None."""
        return next(self._jobs("WHERE id = ?", job_id), None)

    def newest(self, limit: int) -> list[Job]:
        """The last ``limit`` jobs, the newest first."""
        return [*self._jobs("ORDER BY no DESC LIMIT ?", limit)]

    def open(self) -> list[Job]:
        """Those that are not over, the oldest first."""
        return [*self._jobs(f"WHERE {_IS_OPEN} ORDER BY no")]

    def _jobs(self, which: str, *values: object) -> Iterator[Job]:
        undated = "(SELECT sum(records) FROM job_warnings WHERE job = no AND warning = '')" if self._warned() else "0"
        rows = self._db.execute(f"SELECT {_FIELDS}, coalesce({undated}, 0) FROM jobs {which}", values)
        return (Job(*row) for row in rows)

    def _warned(self) -> bool:
        """Whether any job may have warnings."""
        return self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'job_warnings'").fetchone() is not None

    def warnings(self, job_id: str) -> list[Warned]:
        """The warnings about records of a job, each once, those about most records first."""
        if not self._warned():
            return []
        query = (
            "SELECT warning, job_warnings.records, place FROM job_warnings JOIN jobs ON no = job "
            "WHERE id = ? AND warning != '' ORDER BY job_warnings.records DESC, warning"
        )
        return [Warned(*row) for row in self._db.execute(query, (job_id,))]

    def rejections(self, job_id: str, *, after: int = 0, limit: int = 100) -> list[Rejection]:
        """Up to ``limit`` rejected records of a job, in order, after record ``after``."""
        query = (
            "SELECT number, place, reason FROM rejections JOIN jobs ON no = job "
            "WHERE id = ? AND number > ? ORDER BY number LIMIT ?"
        )
        return [Rejection(*row) for row in self._db.execute(query, (job_id, after, limit))]

    def add(self, job_id: str, name: str) -> Job:
        """Queue a job; ``name`` is that of its file."""
        job = Job(job_id, name, "queued", _now(), None, 0, None, 0, 0, 0, 0, None)
        self._db.execute(f"INSERT INTO jobs ({_FIELDS}) VALUES ({', '.join('?' * 12)})", astuple(job)[:12])
        return job

    def begin(self, job_id: str, *, run: int, records: int) -> bool:
        """Set a queued job running; False if it is no longer queued."""
        query = "UPDATE jobs SET state = 'running', run = ?, records = ? WHERE id = ? AND state = 'queued'"
        return self._db.execute(query, (run, records, job_id)).rowcount == 1

    def note(self, job_id: str, became: Sequence[Became]) -> bool:
        """Count the outcomes of its next records; False, and nothing is counted, if it no longer runs."""
        job = self.get(job_id)
        if job is None or job.state != "running":
            return False
        kinds = [one.outcome for one in became]
        counted = [kinds.count(kind) for kind in ("added", "updated", "unchanged", "rejected")]
        self._db.execute(
            "UPDATE jobs SET added = added + ?, updated = updated + ?, unchanged = unchanged + ?, "
            "rejected = rejected + ? WHERE id = ?",
            (*counted, job_id),
        )
        self._reject(
            job_id, ((number, one) for number, one in enumerate(became, job.done + 1) if one.outcome == "rejected")
        )
        self._warn(job_id, became)
        return True

    def end(self, job_id: str, state: Literal["done", "cancelled", "failed"], problem: str | None = None) -> bool:
        """Record how a job ended; False if it had ended already."""
        query = f"UPDATE jobs SET state = ?, finished = ?, problem = ? WHERE id = ? AND {_IS_OPEN}"
        return self._db.execute(query, (state, _now(), problem, job_id)).rowcount == 1

    def forget(self, job_id: str) -> bool:
        """Remove a job that is over, with its report; False if there is none."""
        query = f"DELETE FROM jobs WHERE id = ? AND NOT {_IS_OPEN}"
        return self._db.execute(query, (job_id,)).rowcount == 1

    def _reject(self, job_id: str, rejected: Iterable[tuple[int, Became]]) -> None:
        (no,) = self._db.execute("SELECT no FROM jobs WHERE id = ?", (job_id,)).fetchone()
        rows = ((no, number, one.where, one.reason or "") for number, one in rejected)
        self._db.executemany("INSERT INTO rejections VALUES (?, ?, ?, ?)", rows)

    def _warn(self, job_id: str, became: Sequence[Became]) -> None:
        counts: Counter[str] = Counter()
        first: dict[str, str] = {}
        for one in became:
            for warning in dict.fromkeys((*filter(None, one.warnings), *([""] if one.undated else []))):
                counts[warning] += 1
                first.setdefault(warning, one.where)
        if not counts:
            return
        self._db.execute(_WARNINGS)
        (no,) = self._db.execute("SELECT no FROM jobs WHERE id = ?", (job_id,)).fetchone()
        known = {
            warning for (warning,) in self._db.execute("SELECT warning FROM job_warnings WHERE job = ?", (no,))
        } - {""}
        query = (
            "INSERT INTO job_warnings VALUES (?, ?, ?, ?) "
            "ON CONFLICT (job, warning) DO UPDATE SET records = records + excluded.records"
        )
        for warning, records in counts.items():
            kept = warning if warning in known or not warning or len(known) < _KINDS else _FURTHER
            known |= {kept} - {""}
            self._db.execute(query, (no, kept, records, first[warning]))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
