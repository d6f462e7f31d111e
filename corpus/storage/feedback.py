"""Feedback on answers: right or wrong, and the correct answer. Kept in the store."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Verdict = Literal["right", "wrong"]

TABLES = """
CREATE TABLE feedback (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    created TEXT NOT NULL,
    question TEXT NOT NULL,
    verdict TEXT NOT NULL,
    -- What was answered, null where nothing was; and what would have been right, null where nobody said.
    answer TEXT,
    correct TEXT,
    article_ids TEXT NOT NULL
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody said of an answer: ``answer`` is None where the archive gave none, ``correct`` is the text that
    would have been right, "" where there is none in the archive, None where it was not said. ``article_ids`` say it.
    """

    question: str
    verdict: Verdict
    answer: str | None
    correct: str | None
    article_ids: tuple[str, ...]

    @property
    def answers(self) -> tuple[str, ...] | None:
        """The texts that are right by it, none where the question has to be refused; None where it doesn't tell."""
        if self.verdict == "right":
            return () if self.answer is None else (self.answer,)
        return None if self.correct is None else (self.correct,) if self.correct else ()


class FeedbackLog:
    """The feedback in a store, inside one transaction: ``View.feedback`` reads it, ``Writing.feedback`` adds to it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __iter__(self) -> Iterator[Feedback]:
        """All of it, the oldest first."""
        query = "SELECT question, verdict, answer, correct, article_ids FROM feedback ORDER BY no"
        for question, verdict, answer, correct, article_ids in self._db.execute(query):
            yield Feedback(question, verdict, answer, correct, tuple(json.loads(article_ids)))

    def add(self, said: Feedback) -> None:
        """Keep it."""
        row = (said.question, said.verdict, said.answer, said.correct, json.dumps(said.article_ids, ensure_ascii=False))
        columns = "created, question, verdict, answer, correct, article_ids"
        query = f"INSERT INTO feedback ({columns}) VALUES (?, ?, ?, ?, ?, ?)"
        self._db.execute(query, (datetime.now(UTC).isoformat(timespec="seconds"), *row))

    def forget(self, article_id: str) -> None:
        """Forget what was said of answers out of an article."""
        query = "DELETE FROM feedback WHERE EXISTS (SELECT 1 FROM json_each(article_ids) WHERE value = ?)"
        self._db.execute(query, (article_id,))
