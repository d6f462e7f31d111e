"""NewsML-G2, in which news agencies send their items (IPTC, https://iptc.org/standards/newsml-g2/): text items only."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from corpus.dates import parse_date
from corpus.formats import Read, make, nitf
from corpus.formats.html.tidying import plain_raised
from corpus.formats.xml_tree import Element, attribute, find, find_all, language, local, paragraphs, people, words
from corpus.types import Rejected

ROOTS = frozenset(
    {"newsMessage", "newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem"}
)
"""Names of the elements that a NewsML-G2 document can have at its root."""

_INLINE = (
    "a abbr acronym b bdi bdo big br cite code data dfn em font i ins kbd mark q ruby samp small span strong sub sup"
    " time tt u var wbr"
).split()
_WITHOUT = "aside audio del figure head iframe img nav object s script strike style svg template video".split()


def read(root: Element, *, where: str) -> Iterator[Read | Rejected]:
    """Read the items of a message, or the one that is the root, each as one article or with why it is none.

    An item of a message stands at "file[position]", counted from 1. Of several versions of one the last counts.
    """
    if local(root) != "newsMessage":
        yield _item(root, where)
        return
    items = [item for item in find_all(root, "itemSet") for item in item if local(item) in ROOTS]
    if not items:
        yield Rejected(where, "the message holds no item")
    last: dict[str | None, int] = {}
    for item in items:
        guid = attribute(item, "guid")
        last[guid] = max(_version(item), last.get(guid, 0))
    for position, item in enumerate(items, 1):
        at, guid = f"{where}[{position}]", attribute(item, "guid")
        if guid is not None and _version(item) < last[guid]:
            yield Rejected(
                at, f"version {_version(item)} of {guid}, of which the message holds version {last[guid]} too"
            )
        else:
            yield _item(item, at)


def _item(item: Element, where: str) -> Read | Rejected:
    kind = local(item)
    if kind != "newsItem":
        return Rejected(where, f"a {kind} holds no news text")
    guid, meta, content = attribute(item, "guid"), find(item, "itemMeta"), find(item, "contentMeta")
    if objection := _withheld(meta, guid):
        return Rejected(where, objection)
    inside, text = _content(item)
    if not text:
        return Rejected(where, _without_text(item, meta))
    title = words(find(content, "headline")) or words(find(meta, "title"))
    authors = tuple(name for by in find_all(content, "by") for name in people(words(by)))
    named = tuple(name for creator in find_all(content, "creator") if (name := words(find(creator, "name"))))
    return make(
        where=where,
        article_id=guid,
        title=title or (inside.title if inside else ""),
        text="\n\n".join(text[1:] if title and len(text) > 1 and text[0] == title else text),
        source=_source(item, meta) or (inside.source if inside else None),
        url=inside.url if inside else None,
        published_at=_published(content, meta) or (inside.published_at if inside else None),
        authors=authors or named or (inside.authors if inside else ()),
        language=attribute(find(content, "language"), "tag") or language(item) or (inside.language if inside else None),
    )


def _version(item: Element) -> int:
    number = attribute(item, "version") or ""
    return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 1


def _withheld(meta: Element | None, guid: str | None) -> str | None:
    """Say why an item must not be taken: its provider took it back, or holds it back until a time to come."""
    status = _code(find(meta, "pubStatus")) or "usable"
    if status in ("canceled", "cancelled"):
        return f"its provider has canceled it (pubStatus): delete {guid or 'it'} if the archive has it"
    if status != "usable":
        return f"its pubStatus is {status}, not usable"
    return _embargo(words(find(meta, "embargoed")))


def _embargo(until: str) -> str | None:
    if not until:
        return None
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        return f"it is under an embargo whose end, {until[:40]!r}, can't be read"
    if (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) <= datetime.now(UTC):
        return None
    return f"it is under embargo until {until}: read it again then"


def _content(item: Element) -> tuple[nitf.Nitf | None, list[str]]:
    """Find the first content that is text: NITF, XHTML, or plain."""
    for inline in find_all(item, "contentSet", "inlineXML"):
        plain_raised(inline)
        for document in inline:
            if local(document) == "nitf":
                inside = nitf.parts(document)
                if inside.paragraphs:
                    return inside, inside.paragraphs
            elif found := paragraphs(document, inline=_INLINE, without=_WITHOUT):
                return None, found
    for data in find_all(item, "contentSet", "inlineData"):
        if (data.get("contenttype") or "text/plain").startswith("text/plain") and not data.get("encoding"):
            blocks = re.split(r"\n[ \t\r]*\n", "".join(data.itertext()))
            if found := [" ".join(block.split()) for block in blocks if block.strip()]:
                return None, found
    return None, []


def _without_text(item: Element, meta: Element | None) -> str:
    kind = _code(find(meta, "itemClass"))
    elsewhere = find(item, "contentSet", "remoteContent") is not None
    return f"it holds no text{f' ({kind})' if kind else ''}{'; its content is kept elsewhere' if elsewhere else ''}"


def _source(item: Element, meta: Element | None) -> str | None:
    """Give the provider, else who has the copyright, by name or else by code."""
    for party in (find(meta, "provider"), find(item, "rightsInfo", "copyrightHolder")):
        if found := words(find(party, "name")) or _code(party):
            return found
    return None


def _published(content: Element | None, meta: Element | None) -> str | None:
    """Give the day of first publication, else that of this version."""
    stated = ((content, "contentCreated"), (meta, "firstCreated"), (meta, "versionCreated"))
    return next((day for element, name in stated if (day := parse_date(words(find(element, name))))), None)


def _code(element: Element | None) -> str | None:
    """Give what a controlled value says, without its vocabulary: "stat:canceled", ".../pubstatusg2/canceled"."""
    value = attribute(element, "qcode") or attribute(element, "uri")
    return re.split(r"[:/#]", value)[-1].strip() or None if value else attribute(element, "literal")
