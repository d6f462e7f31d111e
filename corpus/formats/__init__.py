"""One module a file format: each turns a file into articles, or says why it could not.

This one holds what they share: the outcome of reading a record, and the making of an article from its fields.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from corpus.dates import Order, date_in_byline, date_in_dateline, date_in_url
from corpus.errors import ArticleError
from corpus.languages import detect
from corpus.types import MAX_ID, Article, Rejected

_CAMPAIGN = re.compile(r"(?:utm_\w+|at_(?:medium|campaign\w*)|fbclid|gclid|mc_[ce]id|ns_\w+|cmpid)=", re.IGNORECASE)

UNDATED = "no date is stated, so that questions limited to a period do not find it"
"""The warning about an article that has no date."""


class FeedEntry(NamedTuple):
    """What a feed calls an article: by an id of its own, and by the page that it links to, which may be ``fetched``."""

    guid: str
    page: str
    fetched: bool = False


UNDATED = "no date is stated, so that questions limited to a period do not find it"
"""The warning for an article without any date."""


@dataclass(frozen=True, slots=True)
class Read:
    """An article that was read, where it stood, and what had to be assumed or left out.

    ``entry`` is what a feed calls it; ``is_summary`` tells that its text is only a summary of it, ``language_guessed``
    that nothing states its language.
    """

    article: Article
    where: str
    warnings: tuple[str, ...] = ()
    entry: FeedEntry | None = field(default=None, compare=False)
    is_summary: bool = field(default=False, compare=False)
    language_guessed: bool = field(default=False, compare=False)


def make(
    *,
    where: str,
    title: str,
    text: str,
    article_id: str | None = None,
    source: str | None = None,
    url: str | None = None,
    published_at: str | None = None,
    authors: Iterable[str] = (),
    language: str | None = None,
    warnings: Iterable[str] = (),
) -> Read | Rejected:
    """Make an article from fields as they were found; the text enters as it is.

    Without ``article_id``, its URL identifies the article, and without that its title and text. A URL that is
    not http(s) is left out with a warning; the language is detected where none is given.
    """
    notes = list(warnings)
    address = url.strip() if url else ""
    if address and not is_web_address(address):
        notes.append(f"the url {address[:80]!r} is no http(s) address; left out")
        address = ""
    title = " ".join(title.split())
    stated = _code(language)
    try:
        article = Article(
            id=article_id or (address if 0 < len(address) <= 512 else "") or _digest(title, text),
            title=title,
            text=text,
            source=_tidy(source),
            url=address or None,
            published_at=published_at,
            authors=tuple(name for author in authors if (name := _tidy(author))),
            language=stated or detect(text),
        )
    except ArticleError as error:
        return Rejected(where, str(error))
    return Read(article, where, tuple(notes), language_guessed=stated is None)


def infer_date(text: str, url: str | None, order: Order | None, notes: list[str]) -> str | None:
    """Read the day of publication from an article's address, dateline or byline, where nothing else states it.

    What is assumed is added to ``notes``.
    """
    for day, place in (
        (date_in_url(url) if url else None, "address"),
        (date_in_dateline(text, order=order), "dateline"),
        (date_in_byline(text, order=order), "byline"),
    ):
        if day is not None:
            notes.append(f"no date is stated; {day} was taken from its {place}")
            return day
    return None


def is_web_address(url: str) -> bool:
    """Say whether a URL is one that a reader may be sent to: http(s), with a host, without blanks."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s\x00-\x1f]", url)
    except ValueError:
        return False


def page_id(address: str) -> str:
    """Give the id of the page at an address: the address, without what campaigns add, nor a place in the page."""
    address = address.strip().partition("#")[0]
    before, mark, query = address.partition("?")
    if mark:
        kept = [part for part in query.split("&") if not _CAMPAIGN.match(part)]
        address = f"{before}?{'&'.join(kept)}" if kept else before
    return address[:MAX_ID]


def _digest(title: str, text: str) -> str:
    # Lone surrogates pass here: Article refuses them, with their place.
    return hashlib.sha256(f"{title}\n{text}".encode(errors="surrogatepass")).hexdigest()[:16]


def _tidy(value: str | None) -> str | None:
    return (" ".join(value.split()) or None) if value else None


def _code(language: str | None) -> str | None:
    """Reduce "en-US" or "en_GB" to "en"; None for what is no language code."""
    match = re.fullmatch(r"([A-Za-z]{2,3})(?:[-_].*)?", (language or "").strip())
    return match[1].lower() if match else None
