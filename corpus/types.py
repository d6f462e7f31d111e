"""Article and Chunk, the two things a corpus consists of; their invariants are checked on creation."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from corpus.errors import ArticleError

MAX_ID = 512
"""Longest article id, in characters."""
MAX_TITLE = 2_000
"""Longest title, in characters."""
MAX_SOURCE = 1_000
"""Longest name of a source, in characters."""
MAX_TEXT = 20_000_000
"""Longest article text, in characters. A longer one is a file that holds many articles, or none."""


@dataclass(frozen=True)
class Article:
    """One news text. Its text is final: every offset that is ever handed out counts its code points.

    ``published_at`` is an ISO 8601 date (``2026-01-28``) or a date-time with zone
    (``2026-01-28T09:30:00+08:00``), or None; ``language`` is an ISO 639-1 code or None.

    Raises ArticleError when a field can't stand: empty text, NUL, a lone surrogate, a bad id.
    """

    id: str
    title: str
    text: str
    source: str | None = None
    url: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None

    def __post_init__(self) -> None:
        if not self.id or len(self.id) > MAX_ID:
            raise ArticleError(f"an article id must have 1 to {MAX_ID} characters; this one has {len(self.id)}")
        if not self.text.strip():
            raise ArticleError("the text is empty")
        if len(self.text) > MAX_TEXT:
            raise ArticleError(
                f"the text has {len(self.text):,} characters, more than the {MAX_TEXT:,} one article may have"
            )
        if len(self.title) > MAX_TITLE:
            raise ArticleError(
                f"the title has {len(self.title):,} characters, more than the {MAX_TITLE:,} a title may have"
            )
        if self.source is not None and len(self.source) > MAX_SOURCE:
            raise ArticleError(
                f"the source has {len(self.source):,} characters, more than the {MAX_SOURCE:,} its name may have"
            )
        fields = {"id": self.id, "title": self.title, "text": self.text, "source": self.source, "url": self.url}
        for name, value in (*fields.items(), *(("authors", author) for author in self.authors)):
            if value is not None:
                check_characters(name, value)
        if self.published_at is not None:
            day_of(self.published_at)

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the text in UTF-8: what a citation's ``article_sha256`` is compared with."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def digest(self) -> str:
        """Hexadecimal SHA-256 over every field: tells an unchanged article from an updated one."""
        fields = [
            self.id,
            self.title,
            self.text,
            self.source,
            self.url,
            self.published_at,
            list(self.authors),
            self.language,
        ]
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()

    def page_at(self, place: int) -> int | None:
        """The page on which the character at ``place`` stands: pages end with a form feed. None without any."""
        return self.text.count("\f", 0, place) + 1 if "\f" in self.text else None

    @property
    def day(self) -> date | None:
        """The day of publication, in the outlet's own time zone: what date filters compare."""
        return None if self.published_at is None else day_of(self.published_at)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not become an article: where it stood and why, for the person who gave it."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one article, ``[start, end)`` in code points of its text; ``tokens`` by tiktoken."""

    start: int
    end: int
    tokens: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ArticleError(
                f"a chunk must be a run [start, end) with 0 <= start < end; got [{self.start}, {self.end})"
            )


def check_characters(name: str, value: str) -> None:
    """Raise ArticleError where ``value`` holds a NUL or a lone surrogate: neither can be stored and cited exactly."""
    if "\0" in value:
        raise ArticleError(f"the {name} holds a NUL character (at {value.index(chr(0))})")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(f"the {name} holds a lone surrogate (at {error.start}): not valid Unicode") from None


def day_of(published_at: str) -> date:
    """The date part of an ISO 8601 date or date-time. Raises ArticleError when it is neither."""
    try:
        return date.fromisoformat(published_at[:10])
    except ValueError:
        raise ArticleError(f"{published_at!r} is not an ISO 8601 date or date-time") from None
