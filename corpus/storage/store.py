"""The store of articles, chunks and vectors: a SQLite file. Everything else in an archive is derived from it.

Readers work in a read transaction (``Store.read``), a consistent view however long it lasts; writers take turns in
``Store.write``. WAL with ``synchronous=FULL``: what a writer committed survives ``kill -9`` and a power cut.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from corpus.errors import IncompatibleStore, ReadOnlyStore, StoreError
from corpus.storage.schema import ADDED, FORMAT, INDEXES, SCHEMA
from corpus.storage.view import View
from corpus.storage.writing import Writing

FILE = "archive.sqlite3"
_BUSY_MS = 60_000
_PAGES = 10_000  # of a copy, written at a time: between them it may be stopped


class Store:
    """Articles, chunks and vectors of one archive. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read_only = path.exists() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
        """Whether it can't be written, by its medium or its permissions."""
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._seen: tuple[int, ...] = ()

    @classmethod
    def open(cls, directory: Path, *, settings: Mapping[str, str] | None = None, create: bool = False) -> "Store":
        """Open the store in ``directory``, making it first when ``create`` is set.

        ``settings`` are kept at creation and compared at every later opening (the embedding model, the chunk
        encoding); None opens without comparing, for work that needs no model.

        Raises StoreError when there is none or it can't be read, IncompatibleStore when a newer version or other
        settings made it.
        """
        path = directory / FILE
        if not path.exists():
            if not create:
                raise StoreError(f"there is no archive in {directory}: make one with `citewire ingest`")
            try:
                directory.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"can't make an archive in {directory}: {error.strerror or error}") from error
        store = cls(path)
        try:
            store._prepare(settings or {}, create=create)
        except sqlite3.Error as error:
            store.close()
            raise StoreError(f"{path} can't be opened: {error}") from error
        except StoreError:
            store.close()
            raise
        return store

    def _prepare(self, settings: Mapping[str, str], *, create: bool) -> None:
        with self._connection() as db:
            if create and not self.read_only:
                # Two processes may make the same archive at once: the second finds the tables under the lock.
                db.execute("BEGIN IMMEDIATE")
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'settings'").fetchone():
                    _run(db, SCHEMA)
                    rows = [("format", str(FORMAT)), *settings.items()]
                    db.executemany("INSERT INTO settings VALUES (?, ?)", rows)
                db.execute("COMMIT")
            found = dict(db.execute("SELECT key, value FROM settings"))
        stated = found.pop("format", "0")
        made = int(stated) if stated.isdecimal() else 0
        if made == FORMAT - 1:
            if self.read_only:
                raise IncompatibleStore(
                    f"{self.path} was made by an earlier version of Citewire, and is read-only: open a copy of it that "
                    "can be written, which brings it up to date"
                )
            self._upgrade()
            made = FORMAT
        if made != FORMAT:
            whose = "a newer" if made > FORMAT else "an older"
            raise IncompatibleStore(
                f"{self.path} was made by {whose} version of Citewire (archive format {made}; this version reads "
                f"{FORMAT}). Open it with that version, or ingest the articles into a new archive."
            )
        self._improve()
        for key, value in settings.items():
            if found.get(key) != value:
                raise IncompatibleStore(
                    f"{self.path} was made with {key} {found.get(key)!r}, and is being opened with {value!r}. "
                    f"Name the {key} it was made with, or ingest the articles into a new archive."
                )

    def _upgrade(self) -> None:
        """Bring a store of the format before to this one."""
        with self._connection() as db:
            db.execute("BEGIN IMMEDIATE")
            # Another process may have done it just now.
            if db.execute("SELECT value FROM settings WHERE key = 'format'").fetchone() != (str(FORMAT),):
                _run(db, ADDED)
                db.execute("UPDATE settings SET value = ? WHERE key = 'format'", (str(FORMAT),))
            db.execute("COMMIT")

    def _improve(self) -> None:
        """Give a store of an earlier version the indexes of this one, if it may be written."""
        with suppress(sqlite3.OperationalError), self._connection() as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_url'").fetchone():
                db.execute("BEGIN IMMEDIATE")
                _run(db, INDEXES)
                db.execute("COMMIT")

    def settings(self) -> dict[str, str]:
        """The settings the store was made with, its format among them."""
        with self._connection() as db:
            return dict(db.execute("SELECT key, value FROM settings"))

    def close(self) -> None:
        """Close every idle connection; the last one folds the write-ahead log into the file."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            self._close_stale()
        seen = self._seen
        with self._lock:
            db = self._idle.pop() if self._idle else None
        if db is None and self.read_only:
            db = self._opened_read_only()
        elif db is None:
            db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000)
            try:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA foreign_keys = ON")
                # What is deleted is overwritten, not only given free: an erased article leaves nothing in free pages.
                db.execute("PRAGMA secure_delete = ON")
            except sqlite3.Error:
                db.close()
                raise
        try:
            yield db
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        finally:
            with self._lock:
                stale = seen != self._seen
                if not stale:
                    self._idle.append(db)
            if stale:
                db.close()

    def _opened_read_only(self) -> sqlite3.Connection:
        """Open a file that can't be written. Where nobody has it open it has no log, and SQLite must be told that it
        needs none (https://www.sqlite.org/wal.html#read_only_databases).
        """
        log = self.path.with_name(f"{self.path.name}-wal")
        alone = "" if log.exists() and log.stat().st_size else "&immutable=1"
        place = f"{self.path.absolute().as_uri()}?mode=ro{alone}"
        db = sqlite3.connect(place, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000, uri=True)
        try:
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            db.close()
            if alone or (isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)):
                raise
            raise StoreError(
                f"{self.path} was not closed: its last changes are in {log.name}, which can only be read where the "
                "archive can be written. Open it there once, or a copy of it."
            ) from error
        return db

    def _close_stale(self) -> None:
        """Close what was opened before somebody else, who may, wrote the file: nothing tells SQLite of that."""
        seen = []
        for name in (self.path.name, f"{self.path.name}-wal"):
            try:
                about = self.path.with_name(name).stat()
                seen += [about.st_mtime_ns, about.st_size, about.st_ino]
            except OSError:
                seen.append(0)
        if (*seen,) != self._seen:
            self.close()
            self._seen = (*seen,)

    @contextmanager
    def read(self) -> Iterator[View]:
        """A consistent view of the store, however long it is held and whatever is written meanwhile."""
        with self._connection() as db:
            db.execute("BEGIN")
            try:
                yield View(db)
            finally:
                if db.in_transaction:
                    db.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """One write transaction: all of it is durable when the block ends, none of it when the block raises.

        Raises StoreError when the disk is full or the file can't be written, ReadOnlyStore where it never can.
        """
        if self.read_only:
            raise ReadOnlyStore(self.path.parent)
        with self._connection() as db:
            try:
                db.execute("BEGIN IMMEDIATE")
                writing = Writing(db)
                yield writing
                writing.finish()
                db.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreError(f"{self.path} can't be written: {error}. The archive is as it was before.") from error

    def fold(self) -> None:
        """Bring the write-ahead log into the file and cut it to nothing: what it held of deleted texts is gone.

        Raises StoreError where somebody goes on reading what it holds for longer than a writer waits.
        """
        if self.read_only:
            raise ReadOnlyStore(self.path.parent)
        with self._connection() as db:
            busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise StoreError(
                f"{self.path} is being read by a process that began before the deletion: the text is deleted, but "
                "traces of it stay in the write-ahead log until that process ends. Erase again then."
            )

    def copy(self, path: Path) -> None:
        """Write the store as it is now to another file; readers and writers can continue meanwhile.

        Raises StoreError when it can't be written.
        """
        with self._connection() as db:
            db.execute("BEGIN")
            try:
                db.execute("SELECT generation FROM state").fetchone()  # from here on it stands still
                with closing(sqlite3.connect(path)) as other:
                    other.execute("PRAGMA journal_mode = OFF")
                    db.backup(other, pages=_PAGES)
            except sqlite3.Error as error:
                raise StoreError(f"{path} can't be written: {error}") from error
            finally:
                db.execute("ROLLBACK")

    def problems(self, *, quick: bool = False) -> list[str]:
        """What is wrong with the store by SQLite's integrity check, and unless it must be ``quick`` by what is kept of
        every article's content; empty when the store is whole.
        """
        found: list[str] = []
        with self._connection() as db:
            for pragma in ("integrity_check", "foreign_key_check"):
                try:
                    rows = [row if len(row) > 1 else row[0] for row in db.execute(f"PRAGMA {pragma}")]
                except sqlite3.DatabaseError as error:
                    rows = [str(error)]
                found += [f"store: {row}" for row in rows if row != "ok"]
        try:
            with self.read() as view:
                found += view.miscounted() + ([] if quick else view.damaged())
        except sqlite3.DatabaseError as error:
            found.append(f"store: {error}")
        return found


def _run(db: sqlite3.Connection, statements: str) -> None:
    """Each by itself: ``executescript`` would commit first."""
    for statement in statements.split(";\n"):
        db.execute(statement)
