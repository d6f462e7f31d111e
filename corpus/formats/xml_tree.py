"""XML trees: parsed so that a file reaches nothing outside itself, and the words of their paragraphs."""

import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Any, TypeAlias

from corpus.errors import FormatError

Element: TypeAlias = Any
"""An lxml element: the package brings no types."""

MAX_TAGS = 2_000_000
"""Most tags of one document: as a tree each takes some hundred bytes, and no news has as many."""

_XML = "{http://www.w3.org/XML/1998/namespace}"
_BY = re.compile(r"by:?\s+", re.IGNORECASE)
_AND = re.compile(r"\s*;\s*|,?\s+(?:and|&)\s+")


def parse(data: bytes, *, encoding: str | None = None) -> Element:
    """Parse a document into its root element. Raises FormatError where it is not well-formed, or not as it should be.

    It is in ``encoding``, where that is known, whatever it declares.
    No entity of its own is resolved, no DTD and no other file is read, XInclude is not carried out; libxml2 bounds the
    depth (256) and the length of a text (10 MB). Names of HTML's characters (``&eacute;``) stand for these where a DTD
    lets them pass.
    """
    from lxml import etree

    if data.count(b"<") > 2 * MAX_TAGS:
        raise FormatError(f"it has more than {MAX_TAGS:,} tags, the most one XML file may have")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding=encoding,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(f"not well-formed XML: {' '.join((error.msg or 'no element').split())}") from None
    for parent in dict.fromkeys(entity.getparent() for entity in root.iter(etree.Entity)):
        _resolve(parent, etree.Entity)
    return root


def local(element: Element) -> str:
    """Name an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def find(element: Element | None, *path: str) -> Element | None:
    """Find the first descendant that a path of names leads to, whatever their namespaces; None where there is none."""
    return next(find_all(element, *path), None)


def find_all(element: Element | None, *path: str) -> Iterator[Element]:
    """Find each descendant that a path of names leads to, in the document's order, whatever their namespaces."""
    if element is None:
        return
    if not path:
        yield element
        return
    for child in element:
        if local(child) == path[0]:
            yield from find_all(child, *path[1:])


def words(element: Element | None) -> str:
    """Give the words of an element and all it holds; "" for None. Runs of whitespace become a space."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def attribute(element: Element | None, name: str) -> str | None:
    """Give an attribute of an element that may not be there; None also where it is blank."""
    return None if element is None else (element.get(name) or "").strip() or None


def language(*elements: Element | None) -> str | None:
    """Give the first ``xml:lang`` that the elements have."""
    return next((found for one in elements if one is not None and (found := one.get(f"{_XML}lang"))), None)


def people(byline: str) -> tuple[str, ...]:
    """Give the names of a byline: "By Jane Doe and John Roe"."""
    return tuple(name for part in _AND.split(_BY.sub("", byline.strip(), count=1)) if (name := part.strip()))


def paragraphs(element: Element, *, inline: Iterable[str], without: Iterable[str]) -> list[str]:
    """Give the paragraphs under an element: every element that is not ``inline`` sets its words apart.

    What stands in elements called ``without`` is left out; whitespace inside a paragraph becomes a space.
    """
    found: list[str] = []
    pieces: list[str] = []
    _collect(element, frozenset(inline), frozenset(without), pieces, found)
    _finish(pieces, found)
    return found


def _collect(
    element: Element, inline: frozenset[str], without: frozenset[str], pieces: list[str], found: list[str]
) -> None:
    # As deep as the tree, which the parser bounds.
    apart = local(element) not in inline
    if apart:
        _finish(pieces, found)
    # "1<frac>..." is one and a half, not eleven halves.
    pieces.append(f" {element.text or ''}" if local(element) in ("br", "frac") else element.text or "")
    for child in element:
        if local(child) not in without:
            _collect(child, inline, without, pieces, found)
        pieces.append(child.tail or "")
    if apart:
        _finish(pieces, found)


def _finish(pieces: list[str], found: list[str]) -> None:
    if paragraph := " ".join("".join(pieces).split()):
        found.append(paragraph)
    pieces.clear()


def _resolve(parent: Element, kind: object) -> None:
    """Put the character that HTML gives a name in the place of each entity in an element.

    Raises FormatError for any other name.
    """
    before: Element | None = None
    pieces: list[str] = [parent.text or ""]
    for child in list(parent):
        if child.tag is kind:
            character = html5.get(f"{child.name};")
            if character is None:
                raise FormatError(
                    f"it uses the entity &{child.name[:40]}; of its own or of a DTD, which is not resolved"
                )
            pieces += (character, child.tail or "")
            child.tail = None
            parent.remove(child)
        else:
            _put(parent, before, pieces)
            before, pieces = child, [child.tail or ""]
    _put(parent, before, pieces)


def _put(parent: Element, before: Element | None, pieces: list[str]) -> None:
    """Set the text behind a child, or behind the beginning tag."""
    if before is None:
        parent.text = "".join(pieces)
    else:
        before.tail = "".join(pieces)
