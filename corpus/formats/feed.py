"""News feeds that were saved as files: RSS 2.0, 1.0 and 0.9x, and Atom (RFC 4287). Each entry is an article.

Broken feeds are mended only where one thing alone can be meant (corpus.formats.xml_documents): what mends more changes
words that are to be cited.
"""

import contextlib
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import urljoin

from corpus.cleaning import tidy
from corpus.dates import Order, parse_date
from corpus.formats import FeedEntry, Read, is_web_address, page_id
from corpus.formats.html.page import article_from_html
from corpus.formats.xml_tree import Element, find, find_all, language, local, words
from corpus.types import Rejected

ROOTS = frozenset({"rss", "RDF", "feed", "entry"})
"""Names of the elements that a feed can have at its root."""

_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
# RSS's own elements: modules have titles, links and authors of theirs too.
_SPACES = (
    "",
    "{http://purl.org/rss/1.0/",
    "{http://my.netscape.com/rdf/simple/0.9/",
    "{http://backend.userland.com/rss2",
)
# RFC 4287's and Dublin Core's elements in RSS, where it has no date of its own.
_ATOM = "{http://www.w3.org/2005/Atom}"
_DATES = (
    *(f"{_DUBLIN_CORE}date", f"{_ATOM}published", f"{_ATOM}updated"),
    *(f"{{http://purl.org/dc/terms/}}{name}" for name in ("issued", "created", "available", "modified")),
    "{http://prismstandard.org/namespaces/basic/2.0/}publicationDate",
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ESCAPED_HTML = re.compile(
    r"<(p|div|span|b|i|em|strong|a|ul|ol|li|h[1-6]|blockquote|figure|table|section|article)(?:\s[^<>]*)?>.*</\1\s*>"
    r"|<(?:br|img|hr)\s?/?>|<img\s[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_ESCAPED_BLOCK = re.compile(r"\s*<(p|div|ul|ol|h[1-6]|blockquote|section|article|figure)[\s>]", re.IGNORECASE)
_SHOWN_TAGS = 100_000  # characters in which tags are looked for, to tell what a text is
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
# "jane@post.example (Jane Doe)", as RSS has its authors.
_MAILBOX = re.compile(r"\S+@\S+\s*\((?P<name>[^()]+)\)")


class Entry(NamedTuple):
    """What an entry says, in the words of either kind of feed. ``shared``: its link is not of a page of its own."""

    identity: str
    title: str
    link: str
    content: str
    summary: str
    published: list[str]
    authors: list[str]
    source: str
    language: str | None
    shared: bool = False

    @property
    def own_id(self) -> str:
        """What tells the entry from others of its page."""
        told = "\n".join((self.title, *self.published))
        return self.identity or hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def article_id(self) -> str | None:
        """The address of the entry's own page, which a sitemap has too; else its own id.

        That is enough where it is a URI. "1042" may be another outlet's as well, but not together with a link that
        several entries share.
        """
        if self.link and not self.shared and is_web_address(self.link):
            return page_id(self.link)
        if ":" in self.identity or not self.link:
            return self.identity or None
        return f"{self.link}#{self.own_id}" if self.shared else self.link


def read(root: Element, *, where: str, order: Order | None = None) -> Iterator[Read | Rejected]:
    """Read the entries of a feed one by one, cleaned as pages are; one with a summary only is taken, with a warning.

    Each stands at "file[position]", counted from 1.
    """
    found = entries(root)
    if not found:
        yield Rejected(where, "the feed holds no entries")
    for position, entry in enumerate(found, 1):
        yield article(entry, where=f"{where}[{position}]", order=order)


def entries(root: Element) -> list[Entry]:
    """Give the entries of a feed, in its order."""
    found = list(_atom(root) if local(root) in ("feed", "entry") else _rss(root))
    identities = Counter(entry.identity for entry in found)
    # An id that entries of different pages have in common, such as "N/A", is none.
    common = {one for one, times in identities.items() if times > 1 and _pages_of(one, found) > 1}
    found = [entry._replace(identity="") if entry.identity in common else entry for entry in found]
    # An entry that comes twice shares its page with nobody.
    links = Counter(link for link, _ in {(entry.link, entry.own_id) for entry in found})
    home = _home(root)
    return [
        entry._replace(shared=bool(entry.link) and (links[entry.link] > 1 or _same_page(entry.link, home)))
        for entry in found
    ]


def _pages_of(identity: str, found: list[Entry]) -> int:
    return len({entry.link for entry in found if entry.identity == identity})


def _home(root: Element) -> str:
    """Give the page that a feed is the feed of: a ticker's entries have no other."""
    if local(root) in ("feed", "entry"):
        return _link(root) if local(root) == "feed" else ""
    return _words(find(root, "channel"), "link")


def _same_page(link: str, home: str) -> bool:
    return bool(home) and link.rstrip("/") == home.rstrip("/")


def article(
    entry: Entry, *, where: str, order: Order | None = None, page: str | None = None, notes: Iterable[str] = ()
) -> Read | Rejected:
    """Make an article of an entry: of what it holds, or of the whole ``page`` behind it, where that was had."""
    text = page or entry.content or entry.summary
    if not text.strip():
        return Rejected(where, "the entry holds no text, only a title or a link")
    said = list(notes)
    if page is None and not entry.content:
        said.append("the feed holds only a summary of it")
    days = [day for one in entry.published if (day := parse_date(one, url=entry.link, order=order))]
    if any(entry.published) and not days:
        said.append(
            f"its date {next(filter(None, entry.published))[:40]!r} can't be read as one certain date; left out"
        )
    made = article_from_html(
        text,
        where=where,
        article_id=entry.article_id,
        title=entry.title or None,
        source=entry.source or None,
        url=entry.link or None,
        published_at=days[0] if days else None,
        authors=tuple(dict.fromkeys(entry.authors)),
        language=entry.language,
        order=order,
        warnings=said,
    )
    if isinstance(made, Rejected):
        return made
    named = FeedEntry(entry.identity, entry.link, fetched=page is not None) if entry.identity and entry.link else None
    return replace(made, entry=named, is_summary=page is None and not entry.content)


def _rss(root: Element) -> Iterator[Entry]:
    """Give the items of RSS: in the channel, or beside it as RSS 1.0 has them."""
    channel = find(root, "channel")
    outlet, tongue = _words(channel, "title"), _words(channel, "language") or language(root)
    for item in (*find_all(channel, "item"), *find_all(root, "item")):
        guid = find(item, "guid")
        identity = words(guid) or item.get(_ABOUT) or ""
        link = _words(item, "link")
        if not link and guid is not None and guid.get("isPermaLink", "true") == "true" and is_web_address(identity):
            link = identity
        creators = [words(one) for one in item.iterfind(f"{_DUBLIN_CORE}creator")]
        yield Entry(
            identity=identity,
            title=_plain(_words(item, "title")),
            link=link,
            content=_paragraphs(_unescaped(item.findtext(_ENCODED) or "")),
            summary=_paragraphs(_unescaped("".join(_itertext(item, "description")))),
            published=[_words(item, "pubDate"), *(words(item.find(name)) for name in _DATES)],
            authors=creators or _mailbox(_words(item, "author")),
            source=_plain(_words(item, "source") or outlet),
            language=words(item.find(f"{_DUBLIN_CORE}language")) or language(item) or tongue,
        )


def _atom(root: Element) -> Iterator[Entry]:
    """Give the entries of an Atom feed, or the one that is the root."""
    feed = root if local(root) == "feed" else None
    for entry in [root] if feed is None else find_all(feed, "entry"):
        # Where the entry was first, if this feed gathers those of others.
        origin, content = find(entry, "source"), find(entry, "content")
        authors = next((found for one in (entry, origin, feed) if (found := list(find_all(one, "author", "name")))), [])
        yield Entry(
            identity=words(find(entry, "id")),
            title=_plain(_markup(find(entry, "title"))),
            link=_link(entry),
            content=_markup(content),
            summary=_markup(find(entry, "summary")),
            published=[words(find(entry, "published")), words(find(entry, "updated"))],
            authors=[words(author) for author in authors],
            source=_plain(_markup(find(origin, "title")) or _markup(find(feed, "title"))),
            language=language(content, entry, feed),
        )


def _itertext(item: Element | None, name: str) -> Iterator[str]:
    """Give the text of RSS's own element of this name, the first there is."""
    for child in () if item is None else item:
        if local(child) == name and str(child.tag).rpartition("}")[0] in _SPACES:
            yield from child.itertext()
            return


def _words(item: Element | None, name: str) -> str:
    return " ".join("".join(_itertext(item, name)).split())


def _mailbox(author: str) -> list[str]:
    match = _MAILBOX.fullmatch(author)
    if match is not None:
        return [match["name"].strip()]
    return [author] if author and "@" not in author else []


def _markup(element: Element | None) -> str:
    """Give the HTML of an Atom text; "" where it is kept elsewhere, or is neither text nor HTML."""
    if element is None or element.get("src"):
        return ""
    match element.get("type", "text").partition(";")[0].strip().lower():
        case "text" | "text/plain":
            text = "".join(element.itertext())
            # Without a type it is text by the standard; programs leave it out where they write HTML.
            is_html = element.get("type") is None and _ESCAPED_HTML.search(text[:_SHOWN_TAGS])
            return _paragraphs(text if is_html else escape(text))
        case "xhtml":
            from lxml import etree

            # Without namespaces the elements are HTML's.
            for one in element.iter():
                one.tag = local(one)
            inside = "".join(etree.tostring(child, encoding="unicode", method="html") for child in element)
            return escape(element.text or "") + inside
        case kind if kind == "text/html" or "/" not in kind:
            # Programs write "CDATA" where they mean "html".
            return _paragraphs(_unescaped("".join(element.itertext())))
        case _:
            return ""


def _unescaped(html: str) -> str:
    """Take off what was escaped once too often: marks of CDATA, and tags where there are no others."""
    if "<![CDATA[" in html:
        html = html.replace("<![CDATA[", "").replace("]]>", "")
    if "&lt;" in html and not _TAG.search(html):
        once = unescape(html)
        if _ESCAPED_BLOCK.match(once) and _ESCAPED_HTML.search(once[:_SHOWN_TAGS]):
            return once
    return html


def _paragraphs(html: str) -> str:
    """Make paragraphs of what blank lines part, in a text without tags."""
    if _TAG.search(html):
        return html
    return "".join(f"<p>{part}</p>" for part in _BLANK_LINE.split(html.strip()) if part)


def _plain(markup: str) -> str:
    """Give the words of a title: without tags, those too that were escaped once too often, nor what nobody sees."""
    text = unescape(_TAG.sub("", _unescaped(markup)))
    if _ESCAPED_HTML.search(text[:_SHOWN_TAGS]):
        text = _TAG.sub("", text)
    return tidy(" ".join(text.split()))


def _link(entry: Element) -> str:
    """Give the address of an entry's page; a relative one is joined to the base that the feed states."""
    links = [link for link in find_all(entry, "link") if link.get("rel", "alternate") == "alternate"]
    links.sort(key=lambda link: link.get("type", "text/html") != "text/html")
    for link in links:
        href = (link.get("href") or "").strip()
        bases = [base for one in (link, *link.iterancestors()) if (base := one.get(_BASE))]
        with contextlib.suppress(ValueError):
            for base in bases:
                href = urljoin(base, href)
        if href:
            return href
    return ""
