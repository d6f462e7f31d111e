"""NITF, the markup of news texts that agencies send and libraries keep (IPTC, https://iptc.org/standards/nitf/)."""

import re
from typing import NamedTuple

from corpus.dates import parse_date
from corpus.formats import Read, is_web_address, make
from corpus.formats.html.tidying import plain_raised
from corpus.formats.xml_tree import Element, attribute, find, find_all, language, paragraphs, people, words
from corpus.types import Rejected

_INLINE = (
    "a alt-code b bdo br chron city classifier copyrite copyrite.holder copyrite.year country em event frac frac-den"
    " frac-num frac-sep function i lang location money name.family name.given num object.title org person postaddr"
    " pronounce q region span state strong sub sublocation sup time u virtloc"
).split()
_WITHOUT = ("media", "meta", "object")
_WITHHELD = ("canceled", "cancelled", "withheld", "embargoed")
# "20260128T093000+0100": the norm of the standard's dates.
_NORM = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})")


class Nitf(NamedTuple):
    """What a NITF document says of itself; "" and None where it doesn't."""

    title: str
    paragraphs: list[str]
    authors: tuple[str, ...]
    article_id: str | None
    source: str | None
    url: str | None
    published_at: str | None
    language: str | None


def read(root: Element, *, where: str) -> Read | Rejected:
    """Read a document whose root is ``nitf`` as one article: the paragraphs of its body, joined by blank lines."""
    status = attribute(find(root, "head", "docdata"), "management-status") or ""
    if status.lower() in _WITHHELD:
        return Rejected(where, f"its management-status is {status}")
    found = parts(root)
    return make(
        where=where,
        article_id=found.article_id,
        title=found.title,
        text="\n\n".join(found.paragraphs),
        source=found.source,
        url=found.url,
        published_at=found.published_at,
        authors=found.authors,
        language=found.language,
    )


def parts(root: Element) -> Nitf:
    """Take a document apart.

    The day is that of issue, else that of the publication or of the story. A dateline opens the text, where the text
    doesn't itself. Text that stands twice, as its lead and in full, counts once, as the New York Times' archive has it.
    """
    data, publication = find(root, "head", "docdata"), find(root, "head", "pubdata")
    top, content = find(root, "body", "body.head"), find(root, "body", "body.content")
    identity, dateline = find(data, "doc-id"), find(top, "dateline")
    url = attribute(publication, "ex-ref")
    return Nitf(
        title=words(find(top, "hedline", "hl1")) or words(find(root, "head", "title")),
        paragraphs=_text(content, dateline),
        authors=_authors(top),
        article_id=attribute(identity, "id-string"),
        source=attribute(publication, "name")
        or attribute(find(data, "doc.copyright"), "holder")
        or attribute(identity, "regsrc"),
        url=url if url and is_web_address(url) else None,
        published_at=_published(
            attribute(find(data, "date.issue"), "norm"),
            attribute(publication, "date.publication"),
            attribute(find(dateline, "story.date"), "norm"),
            words(find(dateline, "story.date")),
        ),
        language=language(root, find(root, "body"), content),
    )


def _text(content: Element | None, dateline: Element | None) -> list[str]:
    if content is None:
        return []
    full = [block for block in find_all(content, "block") if block.get("class") == "full_text"]
    found: list[str] = []
    plain_raised(content)
    for element in full or [content]:
        found += paragraphs(element, inline=_INLINE, without=_WITHOUT)
    place = words(find(dateline, "location"))
    if found and place and not found[0].casefold().startswith(place.casefold()):
        found.insert(0, words(dateline))
    return found


def _authors(top: Element | None) -> tuple[str, ...]:
    """Give those of the bylines, as printed where they stand in several forms too; whom an element names, by it."""
    lines = list(find_all(top, "byline"))
    printed = [line for line in lines if line.get("class") == "print_byline"]
    found: list[str] = []
    for line in printed or lines:
        named = [words(person) for person in find_all(line, "person")]
        role = words(find(line, "byttl"))
        found += named or people(words(line).removesuffix(role))
    return tuple(dict.fromkeys(found))


def _published(*stated: str | None) -> str | None:
    """Give the first day that is sure, of dates as they stand."""
    for text in stated:
        if text and (day := parse_date(_extended(text))) is not None:
            return day
    return None


def _extended(text: str) -> str:
    """Write the basic form of an ISO 8601 date-time, as the standard's ``norm`` attributes have it, in the extended."""
    match = _NORM.fullmatch(text.strip())
    if match is None:
        return text
    year, month, day, hour, minute, second, zone = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}"
