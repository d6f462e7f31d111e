"""XML files: what their root element says they are, and the reader for it."""

import re
from collections.abc import Iterator
from pathlib import Path

from corpus.dates import Order
from corpus.decoding import read_bytes
from corpus.errors import FormatError
from corpus.formats import Read, feed, newsml, nitf
from corpus.formats.tree import local, parse
from corpus.types import Rejected

_RECORD = re.compile(rb"<(?:\w+:)?(?:newsItem|item|entry)[\s>]")


def read(path: Path, *, where: str, order: Order | None = None) -> Iterator[Read | Rejected]:
    """Read a NewsML-G2 or NITF document, an RSS or Atom feed, whatever the file is called.

    Raises OSError where it can't be opened, and FormatError where it is none of them.
    """
    root = parse(read_bytes(path))
    name = local(root)
    if name in newsml.ROOTS:
        yield from newsml.read(root, where=where)
    elif name == "nitf":
        yield nitf.read(root, where=where)
    elif name in feed.ROOTS:
        yield from feed.read(root, where=where, order=order)
    else:
        raise FormatError(f"its root element {name[:80]!r} is of no kind of news that can be read")


def count(path: Path) -> int:
    """How many articles a file has, by its tags."""
    try:
        return max(1, sum(1 for _ in _RECORD.finditer(read_bytes(path))))
    except (FormatError, OSError):
        return 1
