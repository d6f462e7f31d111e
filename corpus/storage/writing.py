"""Writes to the store inside one transaction: adds articles with their chunks and vectors, and deletes them."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import astuple
from typing import Literal

import numpy as np
import numpy.typing as npt

from corpus.errors import StoreError
from corpus.provenance.families import join, leave
from corpus.provenance.near_duplicates import Sketched, fingerprint, sketch
from corpus.storage.feedback import FeedbackLog
from corpus.storage.jobs import Jobs
from corpus.storage.view import View, sha256_of_chunks
from corpus.storage.visits import Visits
from corpus.types import Article, Chunk

Written = Literal["added", "updated", "unchanged", "repeated", "missed"]
"""What became of an article put into the store. ``repeated``: its id came before in the same run, with another text.
``missed``: it came without chunks, being in the archive already, and somebody changed or deleted it just then.
"""


class Writing:
    """What can be done inside one write transaction. Made by ``Store.write``."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._changed = False
        self.jobs = Jobs(db)
        self.feedback = FeedbackLog(db)
        self.visits = Visits(db)
        self.generation = int(db.execute("SELECT generation FROM state").fetchone()[0]) + 1

    @property
    def view(self) -> View:
        """The store as this transaction has made it so far."""
        return View(self._db)

    def start_run(self) -> int:
        """Number a new run of ingest, within which one id should come once."""
        self._db.execute("UPDATE state SET run = run + 1")
        return int(self._db.execute("SELECT run FROM state").fetchone()[0])

    def put(
        self,
        article: Article,
        chunks: Sequence[Chunk],
        vectors: npt.NDArray[np.float16],
        *,
        run: int = 0,
        again: bool = False,
    ) -> Written:
        """Add an article, or replace the one of the same id; ``vectors`` is (chunks, dimensions), float16.

        An earlier text is kept as a version. With a ``run``, an id that came before in the same run is not
        overwritten by another text: one of the two would be lost. ``again`` says that none would.
        """
        if len(chunks) != len(vectors):
            raise StoreError(f"{len(chunks)} chunks came with {len(vectors)} vectors")
        old = self._db.execute(
            "SELECT no, digest, sha256, run FROM articles LEFT JOIN seen ON article = no WHERE id = ?", (article.id,)
        ).fetchone()
        if old and old[1] == article.digest:
            self._see(old[0], run)
            return "unchanged"
        if old and run and old[3] == run and not again:
            return "repeated"
        if not chunks:
            return "missed"
        self._changed = True
        pairs = list(zip(chunks, vectors, strict=True))
        day = article.day.toordinal() if article.day else None
        sketched = Sketched(sketch(article.text), article.source, day)
        row = {
            "id": article.id,
            "title": article.title,
            "source": article.source,
            "url": article.url,
            "published_at": article.published_at,
            "day": day,
            "authors": json.dumps(article.authors, ensure_ascii=False),
            "language": article.language,
            "sha256": article.sha256,
            "digest": article.digest,
            "fingerprint": fingerprint(article.text),
            "family": 0,
            "sketch": sketched.sketch,
            "chunked": sha256_of_chunks(((*astuple(chunk), vector.tobytes()) for chunk, vector in pairs)),
            "text": article.text,
        }
        if old:
            self._remove_chunks(old[0])
            leave(self._db, old[0])
            if old[2] != article.sha256:
                self._db.execute(
                    "INSERT INTO versions "
                    "SELECT id, sha256, title, published_at, day, ?, text FROM articles WHERE no = ?",
                    (self.generation, old[0]),
                )
            assignments = ", ".join(f"{name} = :{name}" for name in row)
            self._db.execute(f"UPDATE articles SET {assignments} WHERE no = :no", {**row, "no": old[0]})
            no = old[0]
        else:
            columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            no = self._db.execute(f"INSERT INTO articles ({columns}) VALUES ({values})", row).lastrowid
            self._db.execute("UPDATE state SET articles = articles + 1")
        join(self._db, no, sketched)
        self._db.executemany(
            'INSERT INTO chunks (article, start, "end", tokens, vector) VALUES (?, ?, ?, ?, ?)',
            ((no, chunk.start, chunk.end, chunk.tokens, vector.tobytes()) for chunk, vector in pairs),
        )
        self._db.execute("UPDATE state SET chunks = chunks + ?", (len(chunks),))
        self._see(no, run)
        return "updated" if old else "added"

    def _see(self, no: int, run: int) -> None:
        if run:
            self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (no, run))

    def delete(self, article_id: str) -> bool:
        """Delete an article and its earlier texts; False when there is none of that id."""
        old = self._db.execute("SELECT no FROM articles WHERE id = ?", (article_id,)).fetchone()
        if old is None:
            return False
        self._changed = True
        self._db.execute(
            "INSERT OR REPLACE INTO withdrawn SELECT id, sha256, ?1 FROM articles WHERE no = ?2 "
            "UNION SELECT article_id, sha256, ?1 FROM versions WHERE article_id = ?3",
            (self.generation, old[0], article_id),
        )
        self._remove_chunks(old[0])
        leave(self._db, old[0])
        self._db.execute("DELETE FROM versions WHERE article_id = ?", (article_id,))
        self._db.execute("DELETE FROM seen WHERE article = ?", (old[0],))
        self._db.execute("DELETE FROM articles WHERE no = ?", (old[0],))
        self._db.execute("UPDATE state SET articles = articles - 1")
        return True

    def _remove_chunks(self, no: int) -> None:
        self._db.execute("INSERT INTO removed (chunk) SELECT id FROM chunks WHERE article = ? ORDER BY id", (no,))
        gone = self._db.execute("DELETE FROM chunks WHERE article = ?", (no,)).rowcount
        self._db.execute("UPDATE state SET chunks = chunks - ?", (gone,))

    def finish(self) -> None:
        """Number the generation when anything changed; called by ``Store.write`` just before the commit."""
        if self._changed:
            self._db.execute("UPDATE state SET generation = ?", (self.generation,))
