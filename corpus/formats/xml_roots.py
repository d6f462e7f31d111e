"""XML files: what their root element says they are, and the reader for it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from corpus.dates import Order
from corpus.decoding import read_bytes
from corpus.errors import FormatError
from corpus.formats import Read, feed, newsml, nitf, sitemap
from corpus.formats.xml_documents import is_feed, parse_document
from corpus.formats.xml_tree import Element, local, parse
from corpus.types import Rejected

NAMING = feed.ROOTS | sitemap.ROOTS
"""Roots of documents that name pages."""
ROOTS = NAMING | newsml.ROOTS | {"nitf"}
"""Roots of documents that can be read."""

_HEAD = 16_384
_RECORD = re.compile(rb"<(?:\w+:)?(?:newsItem|item|entry)[\s>]")


Follow = Callable[[Element, str], Iterator[Read | Rejected]]
"""Reads what a feed or sitemap at "where" names, out of the web as well."""


def read(
    path: Path, *, where: str, order: Order | None = None, follow: Follow | None = None
) -> Iterator[Read | Rejected]:
    """Read a NewsML-G2 or NITF document, an RSS or Atom feed, a sitemap, whatever the file is called.

    What feeds and sitemaps name is followed into the web only where ``follow`` is given. Raises OSError where it can't
    be opened, and FormatError where it is none of them.
    """
    data = read_bytes(path)
    # Agencies' documents are what they declare, or damaged.
    head = data[:_HEAD].replace(b"\0", b"").decode("latin-1")
    root, warnings = parse_document(data) if is_feed(head) else (parse(data), [])
    for record in read_root(root, where=where, order=order, follow=follow):
        yield replace(record, warnings=(*warnings, *record.warnings)) if isinstance(record, Read) else record


def read_root(
    root: Element, *, where: str, order: Order | None = None, follow: Follow | None = None
) -> Iterator[Read | Rejected]:
    """Read a document by its root, as ``read`` does. Raises FormatError."""
    name = local(root)
    if follow is not None and name in NAMING:
        yield from follow(root, where)
    elif name in newsml.ROOTS:
        yield from newsml.read(root, where=where)
    elif name == "nitf":
        yield nitf.read(root, where=where)
    elif name in feed.ROOTS:
        yield from feed.read(root, where=where, order=order)
    elif name in sitemap.ROOTS:
        yield from sitemap.read(root, where=where)
    else:
        raise FormatError(f"its root element {name[:80]!r} is of no kind of news that can be read")


def count(path: Path) -> int:
    """How many articles a file has, by its tags."""
    try:
        return max(1, sum(1 for _ in _RECORD.finditer(read_bytes(path))))
    except (FormatError, OSError):
        return 1
