"""The state of files and addresses at the last visit, so that unchanged ones cost one short answer, or no request.
Kept in the store, in the transaction that stores the articles: a restored archive knows the sources of its articles.
"""

import hashlib
import sqlite3
from dataclasses import astuple, dataclass

# Made when first written to: an older version reads the archive as well without it.
_TABLE = """
CREATE TABLE IF NOT EXISTS visits (
    key TEXT PRIMARY KEY,
    mark TEXT NOT NULL,
    taken INTEGER NOT NULL,
    etag TEXT,
    modified TEXT
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """How something was found. ``mark`` changes when it does; ``taken`` tells whether it became an article, or what it
    holds did. ``etag`` and ``modified`` are its server's.
    """

    key: str
    mark: str
    taken: bool
    etag: str | None = None
    modified: str | None = None


def key(*parts: str) -> str:
    """Name what is visited: only a hash of where it is, so that an erased article leaves no address here."""
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


class Visits:
    """The visits in a store, inside one transaction. Given by ``View.visits`` to read, ``Writing.visits`` to write."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def get(self, name: str) -> Visit | None:
        """The last visit of this key, or None."""
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'visits'").fetchone():
            return None
        row = self._db.execute("SELECT key, mark, taken, etag, modified FROM visits WHERE key = ?", (name,)).fetchone()
        return Visit(row[0], row[1], bool(row[2]), *row[3:]) if row else None

    def note(self, visit: Visit) -> None:
        """Keep a visit in the place of the one before."""
        self._db.execute(_TABLE)
        self._db.execute("INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?)", astuple(visit))
