"""Tells pages from XML: the content decides, and the server's Content-Type is only a hint."""

import re

from corpus.errors import FetchError, FormatError
from corpus.fetching.client import Fetched
from corpus.fetching.gunzip import Unpacking
from corpus.formats.html.page import decode_page
from corpus.formats.xml_documents import parse_document
from corpus.formats.xml_roots import ROOTS
from corpus.formats.xml_tree import Element

MAX_PAGE = 8 * 2**20
"""Bytes of a page that is read as one article."""

_HEAD = 4096
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
_GZIP = b"\x1f\x8b"
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_UNSAID = frozenset({"", "text/plain", "application/octet-stream"})


def unpacked(fetched: Fetched, most: int) -> bytes:
    """Give a body, unpacked where it is a gzip file, as sitemaps are; at most ``most`` bytes. Raises FetchError."""
    body = fetched.body or b""
    if body.startswith(_GZIP):
        unpack = Unpacking(most)
        body = unpack.more(body)
        unpack.end()
    if not body.strip():
        raise FetchError("the response is empty")
    return body


def xml(body: bytes, fetched: Fetched) -> tuple[Element, list[str]] | None:
    """Parse a body that is XML into its root, with warnings about its encoding; None where it is a page.

    Raises FetchError where it is neither, or no good XML.
    """
    name = _root(body)
    if name in ROOTS or (fetched.kind not in _PAGES and name.lower() != "html" and "xml" in fetched.kind):
        try:
            return parse_document(body, fetched.charset)
        except FormatError as error:
            raise FetchError(str(error)) from None
    if fetched.kind in _PAGES or (fetched.kind in _UNSAID and name.lower() in ("html", "head", "body")):
        return None
    kind = f" ({fetched.kind[:60]})" if fetched.kind else ""
    raise FetchError(f"it is neither a page nor a feed nor a sitemap{kind}", lasting=True)


def page(body: bytes, fetched: Fetched) -> tuple[str, list[str]]:
    """Decode a page, with warnings about its encoding. Raises FetchError where it is none."""
    if len(body) > MAX_PAGE:
        raise FetchError(f"the page has more than {MAX_PAGE // 2**20} MB", lasting=True)
    try:
        return decode_page(body, fetched.charset)
    except FormatError as error:
        raise FetchError(str(error), lasting=True) from None


def _root(body: bytes) -> str:
    """Name the first element, as far as the document's beginning tells; "" where it begins with none."""
    head = body[:_HEAD].replace(b"\0", b"").decode("latin-1").lstrip("ÿþï»¿")
    place = 0
    while found := _PROLOG.match(head, place):
        place = found.end()
    tag = _TAG.match(head, place)
    return tag[1] if tag else ""
