"""Runs jobs: uploaded files are unpacked, read and ingested one after the other, in the background.

A job's files are kept in the archive, under ``jobs/``, until it is over. Progress is counted in the transaction that
makes it, so that a job continues in the right place after a restart or in another process.
"""

import json
import logging
import os
import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from itertools import chain, islice
from pathlib import Path
from typing import Literal, NamedTuple

from filelock import Timeout

from corpus.completing import GivenFields, complete
from corpus.errors import FormatError, ReadOnlyStore, StoreError
from corpus.formats import Read
from corpus.reading import count, is_readable, read, readable
from corpus.storage.jobs import Became, Job, Rejection
from corpus.storage.writing import Writing
from corpus.types import Rejected
from corpus.unpacking import KINDS, is_packed, unpack
from index.errors import SearchError
from index.files import sync_directory
from index.locks import Turn
from qa.engine import Engine
from qa.errors import KindError
from qa.ingestion.outcomes import Keep, Outcome
from qa.ingestion.pipeline import ingest

AGAIN = 2.0
"""Seconds between two looks for jobs that another process took on."""
AFTER_FAILURE = 15.0
"""Seconds after which a job that could not go on, as the disk was full, is tried again."""
FORGOTTEN = 86_400.0
"""Seconds after which an upload that became no job is removed."""
LONGEST_NAME = 200
"""Bytes of a file's name that are kept."""
NOTHING_GIVEN = GivenFields()
_GIVEN = "given.fields"  # a name that no upload can have

_log = logging.getLogger(__name__)


class _CancelledError(Exception):
    """The job is not to go on."""


class Upload(NamedTuple):
    """A place for a file on its way in: in ``directory``, under the name of the job it will be."""

    job_id: str
    directory: Path


class JobRunner:
    """The jobs of an archive. Any number of processes may hold one; one of them at a time works."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._root = engine.archive.directory / "jobs"
        self._turn = Turn(engine.archive.directory / "jobs.lock")
        self._wake = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work, where the archive can be written."""
        if self._engine.archive.store.read_only:
            return
        self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the batch at work."""
        self._stopped = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def get(self, job_id: str) -> Job | None:
        """The job of this id, or None."""
        with self._engine.archive.store.read() as view:
            return view.jobs.get(job_id)

    def newest(self, limit: int) -> list[Job]:
        """The last ``limit`` jobs, the newest first."""
        with self._engine.archive.store.read() as view:
            return view.jobs.newest(limit)

    def report(self, job_id: str, *, after: int, limit: int) -> tuple[Job | None, list[Rejection]]:
        """A job, or None, and up to ``limit`` of its rejected records after record ``after``."""
        with self._engine.archive.store.read() as view:
            return view.jobs.get(job_id), view.jobs.rejections(job_id, after=after, limit=limit)

    def undated(self, job: Job) -> int:
        """How many of a job's articles have no date, of those that came in no later job."""
        with self._engine.archive.store.read() as view:
            return view.undated(job.run)

    def place(self) -> Upload:
        """A new directory for a file to be written to. Raises StoreError when it can't be made."""
        if self._engine.archive.store.read_only:
            raise ReadOnlyStore(self._engine.archive.directory)
        job_id = uuid.uuid4().hex
        directory = self._root / job_id
        try:
            directory.mkdir(parents=True)
        except OSError as error:
            raise StoreError(f"{self._root} can't be written: {error.strerror or error}") from error
        return Upload(job_id, directory)

    def queue(self, upload: Upload, file: Path, name: str, given: GivenFields = NOTHING_GIVEN) -> Job:
        """Make a job of a file that was written to its place; durable when this returns. ``given`` is what its articles
        get that they lack.

        Raises KindError when it is of no kind that can be read; StoreError.
        """
        name = clean_name(name)
        os.replace(file, upload.directory / name)
        with (upload.directory / name).open("rb") as written:
            os.fsync(written.fileno())
        if given:
            _write_json(upload.directory / _GIVEN, asdict(given))
        sync_directory(upload.directory)
        sync_directory(self._root)
        with self._engine.archive.store.write() as writing:
            job = writing.jobs.add(upload.job_id, name)
        self._wake.set()
        return job

    def discard(self, upload: Upload) -> None:
        """Leave nothing of an upload that did not become a job."""
        shutil.rmtree(upload.directory, ignore_errors=True)

    def cancel(self, job_id: str) -> bool:
        """Cancel a job and keep what it has done; remove one that is over. False if there is none."""
        with self._engine.archive.store.write() as writing:
            found = writing.jobs.end(job_id, "cancelled") or writing.jobs.forget(job_id)
        self._wake.set()
        return found

    def _work(self) -> None:
        while not self._stopped:
            again = AGAIN
            try:
                with self._turn.taken(wait=False):
                    self._clear()
                    while not self._stopped and (job := self._next()) is not None:
                        self._do(job)
            except Timeout:
                pass  # another process is at work
            except (StoreError, SearchError, sqlite3.Error, OSError):
                _log.exception("a job can't go on now; it is tried again")
                again = AFTER_FAILURE
            self._wake.wait(again)
            self._wake.clear()

    def _next(self) -> Job | None:
        with self._engine.archive.store.read() as view:
            return next(iter(view.jobs.open()), None)

    def _clear(self) -> None:
        """Remove the files of jobs that are over, and of uploads that ended long ago without becoming one."""
        for directory in self._root.iterdir() if self._root.is_dir() else ():
            job = self.get(directory.name)
            with suppress(FileNotFoundError):  # an upload that was refused meanwhile takes its own away
                late = job is None and time.time() - directory.stat().st_mtime > FORGOTTEN
                if late or (job is not None and job.over):
                    shutil.rmtree(directory, ignore_errors=True)

    def _do(self, job: Job) -> None:
        """Do a job, or what is left of it."""
        directory = self._root / job.id
        try:
            found = _unpack(directory, job.name)
            if job.state == "queued":
                job = self._begun(job, len(found.refused) + count(found.files))
            read = chain(found.refused, complete(_read(found.files), _given(directory)))
            records = islice(read, job.done, None)
            for _ in ingest(self._engine, records, run=job.run, keep=_keep(job.id)):
                if self._stopped:
                    return
            self._end(job, "done")
        except _CancelledError:
            pass
        except FormatError as error:
            self._end(job, "failed", str(error))
        except FileNotFoundError:
            self._end(job, "failed", "its file is gone: hand it over again")
        except (StoreError, SearchError, sqlite3.Error, OSError):
            raise  # the disk is full, say: it is tried again
        except Exception:
            _log.exception("job %s failed", job.id)
            self._end(job, "failed", "something went wrong that should not have; the server's log says what")
        shutil.rmtree(directory, ignore_errors=True)

    def _begun(self, job: Job, records: int) -> Job:
        run = self._engine.archive.start_run()
        with self._engine.archive.store.write() as writing:
            begun = writing.jobs.begin(job.id, run=run, records=records) and writing.jobs.get(job.id)
        if not begun:
            raise _CancelledError
        return begun

    def _end(self, job: Job, state: Literal["done", "failed"], problem: str | None = None) -> None:
        with self._engine.archive.store.write() as writing:
            writing.jobs.end(job.id, state, problem)
        self._engine.archive.compact()


class _Unpacked(NamedTuple):
    files: Path
    refused: list[Rejected]


def clean_name(name: str) -> str:
    """The last part of a file's name, as it may be kept. Raises KindError where such a file can't be read."""
    name = "".join(one for one in name.replace("\\", "/").rpartition("/")[2] if one.isprintable()).strip().lstrip(".")
    kind = "".join(Path(name).suffixes[-2:])
    if len(name.encode(errors="replace")) > LONGEST_NAME:
        name = f"upload{kind}"
    if not (is_readable(name) or is_packed(name)):
        raise KindError(
            f"{name[:80] or 'a file without a name'} is not a readable kind of file; accepted are {readable()}, "
            f"and several of them packed as {', '.join(KINDS)}"
        )
    return name


def _unpack(directory: Path, name: str) -> _Unpacked:
    """The files of a job. Unpacked into another place first: what was not finished is begun again."""
    upload, files = directory / name, directory / "files"
    if not is_packed(name):
        files.mkdir(exist_ok=True)
        if upload.exists():
            os.replace(upload, files / name)
        return _Unpacked(files, [])
    report = directory / "refused.json"
    if not report.exists():
        shutil.rmtree(files, ignore_errors=True)
        refused = unpack(upload, files)
        _write_json(report, [(one.where, one.reason) for one in refused])
    return _Unpacked(files, [Rejected(*one) for one in json.loads(report.read_text("utf-8"))])


def _given(directory: Path) -> GivenFields:
    """What was given with a job's file, as it was checked then."""
    try:
        return GivenFields(**json.loads((directory / _GIVEN).read_text("utf-8")))
    except FileNotFoundError:
        return NOTHING_GIVEN


def _write_json(path: Path, value: object) -> None:
    """Write a file of which either all is there or nothing."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def _read(files: Path) -> Iterator[Read | Rejected]:
    """The records in the files, placed by file name only: the archive's location is not revealed."""
    before = f"{files}/"
    for record in read([files]):
        yield replace(record, where=record.where.removeprefix(before))


def _keep(job_id: str) -> Keep:
    def keep(writing: Writing, outcomes: Sequence[Outcome]) -> None:
        if not writing.jobs.note(job_id, [Became(one.where, one.outcome, one.reason) for one in outcomes]):
            raise _CancelledError

    return keep
