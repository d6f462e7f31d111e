"""Families of articles that are one report, kept inside a write transaction: joined and split as articles change."""

import json
import sqlite3

from corpus.provenance.near_duplicates import Sketched, bands, families, one_report

_NEAR = """
    SELECT no, sketch, source, day, family FROM articles
    WHERE no IN (SELECT article FROM bands WHERE key IN (SELECT value FROM json_each(?))) AND no != ?
"""
_REST = "SELECT no, sketch, source, day FROM articles WHERE family = ? AND no != ? ORDER BY no"


def join(db: sqlite3.Connection, no: int, article: Sketched) -> None:
    """Put the article of this number into the family of those that are the same report, making one of several."""
    keys = bands(article.sketch)
    near = db.execute(_NEAR, (json.dumps(keys), no))
    joined = {family for _, *other, family in near if one_report(article, Sketched(*other))}
    family = min(joined, default=no)
    db.execute("UPDATE articles SET family = ? WHERE no = ?", (family, no))
    others = ((family, other) for other in joined - {family})
    db.executemany("UPDATE articles SET family = ? WHERE family = ?", others)
    db.executemany("INSERT INTO bands VALUES (?, ?)", ((key, no) for key in keys))


def leave(db: sqlite3.Connection, no: int) -> None:
    """Take an article out of its family, and split the family where it alone held it together."""
    sketch, family = db.execute("SELECT sketch, family FROM articles WHERE no = ?", (no,)).fetchone()
    db.executemany("DELETE FROM bands WHERE key = ? AND article = ?", ((key, no) for key in bands(sketch)))
    rest = db.execute(_REST, (family, no)).fetchall()
    heads = families([Sketched(*row[1:]) for row in rest])
    db.executemany(
        "UPDATE articles SET family = ? WHERE no = ?",
        ((rest[head][0], row[0]) for row, head in zip(rest, heads, strict=True)),
    )
