"""Sitemaps (sitemaps.org, with Google's news extension): files that name pages, or further sitemaps, and hold no text.

Their articles are at the addresses they name; who may use the network has them fetched (corpus.fetching.crawling).
"""

from collections.abc import Iterator
from typing import NamedTuple

from corpus.formats.xml_tree import Element, find, find_all, local, words
from corpus.types import Rejected

ROOTS = frozenset({"urlset", "sitemapindex"})
"""Names of the elements that a sitemap can have at its root."""


class Page(NamedTuple):
    """A page that a sitemap names. What it says of the page is "" or None where it says nothing; ``modified`` is when
    that last changed.
    """

    address: str
    modified: str
    title: str
    published: str
    source: str
    language: str | None


def read(root: Element, *, where: str) -> Iterator[Rejected]:
    """Say that there is nothing to read in it without the network."""
    named = f"further sitemaps ({len(sitemaps(root))})"
    if local(root) == "urlset":
        named = f"pages ({len(pages(root))})"
    yield Rejected(
        where,
        f"a sitemap holds no articles, only the addresses of {named}: `citewire ingest --allow-network` fetches them",
    )


def pages(root: Element) -> list[Page]:
    """Give the pages that a sitemap names, each address once, in its order; entries without one are passed over."""
    found: dict[str, Page] = {}
    for url in find_all(root, "url"):
        address, news = words(find(url, "loc")), find(url, "news")
        if address and address not in found:
            found[address] = Page(
                address,
                modified=words(find(url, "lastmod")),
                title=words(find(news, "title")),
                published=words(find(news, "publication_date")),
                source=words(find(news, "publication", "name")),
                language=words(find(news, "publication", "language")) or None,
            )
    return list(found.values())


def sitemaps(root: Element) -> list[Page]:
    """Give the sitemaps that an index names, as pages of which only the address and the last change are told."""
    found: dict[str, Page] = {}
    for one in find_all(root, "sitemap"):
        address = words(find(one, "loc"))
        if address and address not in found:
            found[address] = Page(address, words(find(one, "lastmod")), "", "", "", None)
    return list(found.values())
