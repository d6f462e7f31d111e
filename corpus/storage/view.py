"""Reads the store inside one read transaction: everything from one View belongs to one generation."""

import hashlib
import json
import logging
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.errors import CorpusError, DamagedArticle
from corpus.provenance.attribution import agency
from corpus.storage.feedback import FeedbackLog
from corpus.storage.jobs import Jobs
from corpus.storage.visits import Visits
from corpus.types import Article, Chunk

_log = logging.getLogger(__name__)

_LAST = 2**63 - 1
_OF_RUN = "SELECT article FROM seen WHERE run = ?"
_FIELDS = "id, title, text, sha256, source, url, published_at, authors, language"


class State(NamedTuple):
    """Where the archive stands: its generation and how much it holds."""

    generation: int
    articles: int
    chunks: int


class ChunkRow(NamedTuple):
    """Where a chunk stands: its article (by number and by id) and its place in the article's text."""

    id: int
    article: int
    article_id: str
    start: int
    end: int


class ChunkText(NamedTuple):
    """What the full-text index holds of a chunk; ``day`` is a proleptic ordinal (``date.toordinal``)."""

    id: int
    article: int
    title: str
    text: str
    source: str | None
    day: int | None


class Fingerprint(NamedTuple):
    """What the copies of one text share, the family of those that are one report, and the day of publication as a
    proleptic ordinal.
    """

    text: str
    family: int
    day: int | None


class Copy(NamedTuple):
    """An article among those that share a text."""

    article_id: str
    source: str | None
    url: str | None
    title: str = ""
    published_at: str | None = None


class Version(NamedTuple):
    """What is known of a text that an article had before it was changed."""

    sha256: str
    title: str
    published_at: str | None


class Outlet(NamedTuple):
    """A source and how many articles it has."""

    source: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Overview:
    """An overview of what an archive holds."""

    state: State
    first_published: str | None
    last_published: str | None
    outlets: tuple[Outlet, ...]
    undated: int = 0


class View:
    """A consistent view of the store. Made by ``Store.read``; not to be shared between threads."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        # The first read fixes what the transaction sees.
        self.state = State(*db.execute("SELECT generation, articles, chunks FROM state").fetchone())
        self.jobs = Jobs(db)
        self.feedback = FeedbackLog(db)
        self.visits = Visits(db)
        self._found: dict[tuple[str, tuple[object, ...]], npt.NDArray[np.int64]] = {}

    # Articles

    def article(self, article_id: str) -> Article | None:
        """The article of this id, or None."""
        row = self._db.execute(f"SELECT {_FIELDS} FROM articles WHERE id = ?", (article_id,)).fetchone()
        return _article(row) if row else None

    def articles(self, numbers: Sequence[int]) -> dict[int, Article]:
        """The articles of these numbers, those that exist and are what was stored."""
        query = f"SELECT no, {_FIELDS} FROM articles WHERE no IN (SELECT value FROM json_each(?))"
        return dict(_sound(self._db.execute(query, (json.dumps([*numbers]),))))

    def page(self, *, after: str = "", limit: int = 100, run: int | None = None) -> list[tuple[Article, int]]:
        """Up to ``limit`` articles in order of id, after the id ``after``, each with its number of chunks; with ``run``
        those that came last in that run of ingest.
        """
        where = "id > ?" if run is None else f"id > ? AND no IN ({_OF_RUN})"
        query = (
            f"SELECT (SELECT count(*) FROM chunks WHERE article = no), {_FIELDS} FROM articles WHERE no IN "
            f"(SELECT no FROM articles WHERE {where} ORDER BY id LIMIT ?) ORDER BY id"
        )
        values = (after, limit) if run is None else (after, run, limit)
        # Not looked at whether they are what was stored: a list shows no text, and goes on behind one that is not.
        return [(_article(row[1:], checked=False), row[0]) for row in self._db.execute(query, values)]

    def digest(self, article_id: str) -> str | None:
        """The digest of the article of this id, or None: equal digests mean an unchanged article."""
        row = self._db.execute("SELECT digest FROM articles WHERE id = ?", (article_id,)).fetchone()
        return row[0] if row else None

    def at_address(self, addresses: Sequence[str]) -> list[str]:
        """The ids of the articles with one of these URLs, in order."""
        query = "SELECT id FROM articles WHERE url IN (SELECT value FROM json_each(?)) ORDER BY id"
        return [article_id for (article_id,) in self._db.execute(query, (json.dumps([*addresses]),))]

    def copies(self, article_id: str, *, quote: str | None = None) -> list[Copy]:
        """The articles of one report: this one and its copies; with a ``quote`` those whose text holds it, apart from
        white space. An agency's own stands first; else the earliest (undated last), then by id.
        """
        query = (
            "SELECT id, source, url, title, published_at, CASE WHEN ? THEN text END FROM articles "
            "WHERE family = (SELECT family FROM articles WHERE id = ?) ORDER BY day IS NULL, day, id"
        )
        words = "" if quote is None else " ".join(quote.split())
        # Texts are read only to look for a quote: a wire story may have hundreds of copies.
        rows = self._db.execute(query, (bool(words), article_id))
        copies = [Copy(*row) for *row, text in rows if not words or words in " ".join(text.split())]
        return sorted(copies, key=lambda copy: agency(copy.source) is None)

    def versions(self, article_id: str) -> list[Version]:
        """The earlier texts of an article, the last of them first."""
        query = (
            "SELECT sha256, title, published_at FROM versions WHERE article_id = ? "
            "ORDER BY replaced_in DESC, rowid DESC"
        )
        return [Version(*row) for row in self._db.execute(query, (article_id,))]

    def version(self, article_id: str, sha256: str) -> str | None:
        """An earlier text of an article, by its sha256, or None."""
        query = "SELECT text FROM versions WHERE article_id = ? AND sha256 = ?"
        row = self._db.execute(query, (article_id, sha256)).fetchone()
        return row[0] if row else None

    def published_anew(self, day: int) -> tuple[int, ...]:
        """The numbers of the articles whose text of today was published after this day (a proleptic ordinal), and an
        earlier one by then.
        """
        query = (
            "SELECT DISTINCT no FROM versions v JOIN articles ON id = article_id "
            "WHERE v.day <= ?1 AND articles.day > ?1 ORDER BY no"
        )
        return tuple(no for (no,) in self._db.execute(query, (day,)))

    def as_they_stood(self, numbers: Sequence[int], day: int) -> dict[int, Article]:
        """The articles of these numbers with the last of their earlier texts that was published by this day; those that
        have one which is what was stored.
        """
        query = (
            "SELECT no, article_id, v.title, v.text, v.sha256, source, url, v.published_at, authors, language "
            "FROM versions v JOIN articles ON id = article_id "
            "WHERE no IN (SELECT value FROM json_each(?)) AND v.day <= ? ORDER BY v.day, replaced_in"
        )
        return dict(_sound(self._db.execute(query, (json.dumps([*numbers]), day))))

    def withdrawn(self, article_id: str, sha256: str | None = None) -> bool:
        """Whether this text once stood under this id, or any did, before the article was deleted."""
        query = "SELECT 1 FROM withdrawn WHERE article_id = ?1 AND (sha256 = ?2 OR ?2 IS NULL)"
        return self._db.execute(query, (article_id, sha256)).fetchone() is not None

    def overview(self) -> Overview:
        """Counts, date range and outlets, the largest first."""
        first, last = self._db.execute(
            "SELECT (SELECT published_at FROM articles WHERE day IS NOT NULL ORDER BY day, published_at LIMIT 1), "
            "(SELECT published_at FROM articles WHERE day IS NOT NULL ORDER BY day DESC, published_at DESC LIMIT 1)"
        ).fetchone()
        outlets = self._db.execute("SELECT source, count(*) AS n FROM articles GROUP BY source ORDER BY n DESC, source")
        return Overview(self.state, first, last, tuple(Outlet(*row) for row in outlets), self.count("day IS NULL", ()))

    def outlets(self) -> list[str]:
        """The sources that articles have, each once, in order of their code points."""
        # Each is looked up behind the one before: DISTINCT would read the index of all articles.
        query = (
            "WITH RECURSIVE named (source) AS (SELECT min(source) FROM articles UNION ALL "
            "SELECT (SELECT min(source) FROM articles WHERE source > named.source) FROM named WHERE source IS NOT NULL)"
            " SELECT source FROM named WHERE source IS NOT NULL"
        )
        return [source for (source,) in self._db.execute(query)]

    # Chunks

    def chunks(self, article_id: str) -> list[Chunk]:
        """The chunks of an article, in order."""
        query = (
            'SELECT start, "end", tokens FROM chunks WHERE article = (SELECT no FROM articles WHERE id = ?) '
            "ORDER BY start"
        )
        return [Chunk(*row) for row in self._db.execute(query, (article_id,))]

    def locate(self, chunk_ids: Sequence[int]) -> dict[int, ChunkRow]:
        """Where these chunks stand, those that exist."""
        query = (
            'SELECT c.id, c.article, a.id, c.start, c."end" FROM chunks c JOIN articles a ON a.no = c.article '
            "WHERE c.id IN (SELECT value FROM json_each(?))"
        )
        rows = self._db.execute(query, (json.dumps([*chunk_ids]),))
        return {row[0]: ChunkRow(*row) for row in rows}

    def fingerprints(self, numbers: Sequence[int]) -> dict[int, Fingerprint]:
        """What tells the origins of these articles (by number) apart, and which of them came first."""
        query = "SELECT no, fingerprint, family, day FROM articles WHERE no IN (SELECT value FROM json_each(?))"
        return {no: Fingerprint(*row) for no, *row in self._db.execute(query, (json.dumps([*numbers]),))}

    # What derived indexes replay

    def vectors(
        self, *, after: int, up_to: int = _LAST, dimensions: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]:
        """Ids (n,) and vectors (n, dimensions) of every chunk with such an id, in order of id."""
        ids = self.places(after=after, up_to=up_to)[:, 0]
        vectors = np.empty((len(ids), dimensions), np.float16)
        rows = self._db.execute("SELECT vector FROM chunks WHERE id > ? AND id <= ? ORDER BY id", (after, up_to))
        for row, (blob,) in enumerate(rows):
            vectors[row] = np.frombuffer(blob, np.float16)
        return ids, vectors

    def removed(self, *, after: int) -> tuple[int, npt.NDArray[np.int64]]:
        """The last sequence number of the log of removals, and the chunks removed after number ``after``."""
        return self.last_removal(), self._ids("SELECT chunk FROM removed WHERE seq > ?", after)

    def texts(self, *, after: int) -> Iterator[ChunkText]:
        """Every chunk with an id above ``after``, in order of id, with what the full-text index holds of it."""
        query = 'SELECT c.article, c.id, c.start, c."end" FROM chunks c WHERE c.id > ? ORDER BY c.id'
        for no, rows in groupby(self._db.execute(query, (after,)), key=itemgetter(0)):
            title, source, day, text = self._db.execute(
                "SELECT title, source, day, text FROM articles WHERE no = ?", (no,)
            ).fetchone()
            for _, chunk_id, start, end in rows:
                yield ChunkText(chunk_id, no, title, text[start:end], source, day)

    def last_chunk(self) -> int:
        """The highest id of any chunk, 0 when there is none."""
        return int(self._db.execute("SELECT coalesce(max(id), 0) FROM chunks").fetchone()[0])

    def last_removal(self) -> int:
        """The highest sequence number in the log of removals, 0 when nothing was ever removed."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM removed").fetchone()[0])

    def places(self, *, after: int, up_to: int = _LAST) -> npt.NDArray[np.int64]:
        """(n, 2): id and article number of every chunk with such an id, in order of id."""
        # All of them come from an index that leaves the vectors out; the newest, or a few, are looked up.
        index = "" if after or up_to < _LAST else "INDEXED BY chunks_article"
        rows = self._db.execute(f"SELECT id, article FROM chunks {index} WHERE id > ? AND id <= ?", (after, up_to))
        places = np.fromiter(chain.from_iterable(rows), np.int64).reshape(-1, 2)
        return places[np.argsort(places[:, 0])]

    def numbers(self, where: str, values: Sequence[object]) -> npt.NDArray[np.int64]:
        """Numbers of the articles that meet an SQL condition over the columns ``id``, ``no``, ``source`` and ``day``.
        Asked for once more, they are those found before: of a million that takes most of a second.
        """
        asked = where, tuple(values)
        if asked not in self._found:
            self._found[asked] = self._ids(f"SELECT no FROM articles WHERE {where}", *values)
        return self._found[asked]

    def count(self, where: str, values: Sequence[object]) -> int:
        """How many articles meet such a condition."""
        return int(self._db.execute(f"SELECT count(*) FROM articles WHERE {where}", values).fetchone()[0])

    def _ids(self, query: str, *values: object) -> npt.NDArray[np.int64]:
        return np.fromiter((row[0] for row in self._db.execute(query, values)), np.int64)

    def miscounted(self) -> list[str]:
        """Counts that are wrong."""
        counted = self._db.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM chunks)").fetchone()
        if tuple(counted) == (self.state.articles, self.state.chunks):
            return []
        return [
            f"store: {counted[0]} articles and {counted[1]} chunks where {self.state.articles} and "
            f"{self.state.chunks} are recorded"
        ]

    def damaged(self) -> list[str]:
        """Articles that can't be read or are not what was stored, with their chunks; earlier texts that are not."""
        found: list[str] = []
        # Ids and numbers come from their index: articles are named where their own pages can't be read.
        for article_id, no in self._db.execute("SELECT id, no FROM articles ORDER BY id").fetchall():
            try:
                wrong = self._wrong(no)
            except (sqlite3.DatabaseError, ValueError, CorpusError) as error:
                wrong = f"it can't be read ({error})"
            if wrong:
                found.append(f"article {article_id!r}: {wrong}")
        for article_id, sha256, text in self._db.execute("SELECT article_id, sha256, text FROM versions"):
            if hashlib.sha256(text.encode()).hexdigest() != sha256:
                found.append(f"article {article_id!r}: an earlier text is not what was stored (sha256 differs)")
        return found

    def _wrong(self, no: int) -> str | None:
        query = f"SELECT digest, chunked, {_FIELDS} FROM articles WHERE no = ?"
        row = self._db.execute(query, (no,)).fetchone()
        if row is None:
            return "it is missing"
        digest, chunked, *fields = row
        try:
            article = _article(fields)
        except DamagedArticle:
            return "its text is not what was stored (sha256 differs)"
        if article.digest != digest:
            return "what is known about it is not what was stored (sha256 differs)"
        query = 'SELECT start, "end", tokens, vector FROM chunks WHERE article = ? ORDER BY id'
        if sha256_of_chunks(self._db.execute(query, (no,))) != chunked:
            return "its chunks are not what was stored (sha256 differs)"
        return None


def sha256_of_chunks(rows: Iterable[tuple[int, int, int, bytes]]) -> str:
    """Hexadecimal SHA-256 over chunks in order: start, end, tokens, vector."""
    digest = hashlib.sha256()
    for start, end, tokens, vector in rows:
        digest.update(struct.pack("<3q", start, end, tokens))
        digest.update(vector)
    return digest.hexdigest()


def _sound(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, Article]]:
    """Articles with their numbers, without those that are not what was stored."""
    for number, *row in rows:
        try:
            yield number, _article(row)
        except (CorpusError, ValueError) as error:
            _log.error("left out: %s", error)


def _article(row: Sequence[str], *, checked: bool = True) -> Article:
    article_id, title, text, sha256, source, url, published_at, authors, language = row
    article = Article(article_id, title, text, source, url, published_at, tuple(json.loads(authors)), language)
    if checked and article.sha256 != sha256:  # what is not what was stored is never cited
        raise DamagedArticle(f"the text of article {article_id!r} is not what was stored: `citewire check` says more")
    return article
