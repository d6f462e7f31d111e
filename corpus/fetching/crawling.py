"""From an address to articles: a page, the entries of a feed with the pages they link to, the pages of a sitemap."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TypeAlias

from corpus.dates import Order, parse_date
from corpus.errors import FetchError, FormatError
from corpus.fetching import content_sniffing as documents
from corpus.fetching.addresses import Address, parse
from corpus.fetching.client import Client
from corpus.formats import Read, feed, page_id, sitemap
from corpus.formats.html.page import article_from_html
from corpus.formats.xml_roots import NAMING, read_root
from corpus.formats.xml_tree import Element, local
from corpus.storage.visits import Visit, key
from corpus.types import Rejected

DEEPEST = 3
"""How deep sitemaps may name sitemaps."""

_Records: TypeAlias = Iterator[Read | Rejected]
_Listed: TypeAlias = Generator[Read | Rejected, None, bool]
"""Gives what a document names; returns whether all of it was had, or will not be had by asking again."""


class Follower:
    """Reads what addresses name.

    ``known`` tells how something was found the last time, by its key; ``note`` takes how it is found now, after the
    records that came of it; ``holds`` tells whether the archive has the page of an address.
    """

    def __init__(
        self,
        client: Client,
        *,
        known: Callable[[str], Visit | None],
        note: Callable[[Visit], None],
        holds: Callable[[str], bool],
        order: Order | None = None,
    ) -> None:
        self._client = client
        self._known = known
        self._note = note
        self._holds = holds
        self._order = order

    def named(self, text: str) -> _Records:
        """Read what an address names; where that can't be had, it is rejected with the reason. Raises FetchStopped."""
        try:
            yield from self.read(text)
        except FetchError as error:
            yield Rejected(text, str(error))

    def read(self, text: str) -> _Records:
        """Read what is at an address; nothing if it is unchanged. Raises FetchError, FetchStopped."""
        address = str(parse(text))
        known = self._known(key("", address))
        if known is not None and known.mark == "page" and not self._holds(address):
            known = None
        yield from self._read(address, known, mark="", deep=0, been={address})

    def follow(self, root: Element, where: str) -> _Records:
        """Read what a feed or sitemap in a file names. Raises FetchStopped."""
        yield from self._listed(root, where, at=None, deep=0, been=set())

    def _read(self, address: str, known: Visit | None, *, mark: str, deep: int, been: set[str]) -> _Records:
        fetched = self._client.get(
            address, etag=known.etag if known else None, modified=known.modified if known else None
        )
        visit = Visit(key("", address), mark, taken=True, etag=fetched.etag, modified=fetched.modified)
        if fetched.body is None:
            self._note(replace(visit, mark=mark or (known.mark if known else "")))
            return
        body = documents.unpacked(fetched, self._client.bounds.body)
        document = documents.xml(body, fetched)
        if document is None:
            if deep:
                raise FetchError("the sitemap is a page", lasting=True)
            html, warnings = documents.page(body, fetched)
            yield article_from_html(
                html, where=address, article_id=page_id(address), url=address, order=self._order, warnings=warnings
            )
            self._note(replace(visit, mark="page"))
            return
        root, warnings = document
        if local(root) in NAMING:
            complete = yield from _warned(
                self._listed(root, address, at=fetched.address, deep=deep, been=been), warnings
            )
        else:
            yield from _readable(root, address, self._order)
            complete = True
        if complete:
            self._note(visit)

    def _listed(self, root: Element, where: str, *, at: Address | None, deep: int, been: set[str]) -> _Listed:
        match local(root):
            case "sitemapindex":
                return (yield from self._index(root, at, deep, been))
            case "urlset":
                return (yield from self._pages(root, where, at))
            case _:
                return (yield from self._entries(root, where, at))

    def _entries(self, root: Element, where: str, at: Address | None) -> _Listed:
        """Read the entries of a feed, and the linked pages of those that have only a summary."""
        entries = feed.entries(root)
        if not entries:
            yield Rejected(where, "the feed holds no entries")
        complete = True
        for position, entry in enumerate(entries, 1):
            place = f"{where}[{position}]"
            if at is not None and entry.link:
                entry = entry._replace(link=_joined(entry.link, at))
            if entry.content or not entry.link or entry.shared:
                yield feed.article(entry, where=place, order=self._order)
                continue
            visit = Visit(key(where, entry.link), key(*map(str, entry)), taken=True)
            known = self._known(visit.key)
            if known is not None and known.mark == visit.mark:
                continue
            try:
                page, notes = self._page(entry.link)
                outcome = feed.article(entry, where=place, order=self._order, page=page, notes=notes)
                if isinstance(outcome, Rejected):
                    raise FetchError(outcome.reason, lasting=True)
                yield outcome
            except FetchError as error:
                complete = complete and error.lasting
                if known is not None and known.taken:
                    # A summary must not take the place of the whole text.
                    yield Rejected(place, f"its page can't be fetched again, so the article is unchanged: {error}")
                else:
                    visit = replace(visit, taken=False)
                    yield feed.article(
                        entry, where=place, order=self._order, notes=[f"its page can't be fetched: {error}"]
                    )
                if not error.lasting:
                    continue
            self._note(visit)
        return complete

    def _pages(self, root: Element, where: str, at: Address | None) -> _Listed:
        """Read the pages that a sitemap names, those that are new or changed by its word."""
        complete = True
        for named in sitemap.pages(root):
            visit = Visit(key(where, named.address), named.modified or named.published, taken=True)
            known = self._known(visit.key)
            if known is not None and known.mark == visit.mark:
                continue
            try:
                address = str(_at_home(named.address, at))
                html, warnings = self._page(address)
                yield self._named_page(named, address, html, warnings)
            except FetchError as error:
                yield Rejected(named.address, str(error))
                if not error.lasting:
                    complete = False
                    continue
                visit = replace(visit, taken=False)
            self._note(visit)
        return complete

    def _named_page(self, named: sitemap.Page, address: str, html: str, warnings: list[str]) -> Read | Rejected:
        published = parse_date(named.published, url=address, order=self._order) if named.published else None
        if named.published and published is None:
            warnings = [*warnings, f"its date {named.published[:40]!r} can't be read as one certain date; left out"]
        return article_from_html(
            html,
            where=address,
            article_id=page_id(address),
            title=named.title or None,
            source=named.source or None,
            url=address,
            published_at=published,
            language=named.language,
            order=self._order,
            warnings=warnings,
        )

    def _index(self, root: Element, at: Address | None, deep: int, been: set[str]) -> _Listed:
        """Read the sitemaps that an index names, those that are new or changed by its word.

        They may change while it does not, so that it is never had once and for all.
        """
        for named in sitemap.sitemaps(root):
            try:
                address = str(_at_home(named.address, at))
                if address in been:
                    raise FetchError("it was listed before: the sitemaps form a circle", lasting=True)
                if deep == DEEPEST:
                    raise FetchError(f"sitemap indexes are nested more than {DEEPEST} deep", lasting=True)
                been.add(address)
                known = self._known(key("", address))
                if known is None or not named.modified or known.mark != named.modified:
                    yield from self._read(address, known, mark=named.modified, deep=deep + 1, been=been)
            except FetchError as error:
                yield Rejected(named.address, str(error))
        return False

    def _page(self, address: str) -> tuple[str, list[str]]:
        """Fetch a page as text, with warnings about its encoding. Raises FetchError."""
        fetched = self._client.get(address)
        body = documents.unpacked(fetched, self._client.bounds.body)
        if documents.xml(body, fetched) is not None:
            raise FetchError("it is a feed or a sitemap where a page was expected", lasting=True)
        return documents.page(body, fetched)


def _readable(root: Element, where: str, order: Order | None) -> _Records:
    try:
        yield from read_root(root, where=where, order=order)
    except FormatError as error:
        raise FetchError(str(error)) from None


def _warned(records: _Listed, warnings: list[str]) -> _Listed:
    """Give each article the warnings of the document that named it."""
    while True:
        try:
            record = next(records)
        except StopIteration as end:
            return bool(end.value)
        yield replace(record, warnings=(*warnings, *record.warnings)) if isinstance(record, Read) else record


def _joined(link: str, at: Address) -> str:
    """Make a relative link whole; what can't be is left as it is, and said when it is asked for."""
    try:
        return link if "://" in link else str(parse(link, base=at))
    except FetchError:
        return link


def _at_home(text: str, at: Address | None) -> Address:
    """Take an address apart that a sitemap names: the standard lets one name only what is on its own host.

    Raises FetchError for another, so that nobody's sitemap sends us to others' doors.
    """
    address = parse(text, base=at)
    if at is not None:
        one, other = address.host.removeprefix("www."), at.host.removeprefix("www.")
        if one != other and not one.endswith(f".{other}") and not other.endswith(f".{one}"):
            raise FetchError(f"the sitemap of {at.host} lists a page of another host", lasting=True)
    return address
