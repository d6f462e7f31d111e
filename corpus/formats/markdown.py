"""Markdown files: one article each, with or without front matter."""

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.cleaning import clean
from corpus.dates import Order
from corpus.decoding import decode
from corpus.errors import FormatError
from corpus.formats import Read, infer_date
from corpus.formats.html.tidying import raised_text, tidy_page
from corpus.formats.jsonl import AUTHOR_NAMES, DATE_NAMES, SOURCE_NAMES, URL_NAMES, article_from_record
from corpus.formats.xml_tree import paragraphs
from corpus.types import Rejected

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"(?P<name>[A-Za-z_][\w-]*):[ \t]*(?P<value>.*)")
_STRUCK = re.compile(r"<(/?)(?:del|s|strike)(?:\s[^>]*)?>", re.IGNORECASE)
_RAISED = re.compile(r"<(/?)sup(?:\s[^>]*)?>", re.IGNORECASE)
_LINK = re.compile(r"<a\s", re.IGNORECASE)
_FARTHEST = 1_000  # pieces of a paragraph within which a tag must be closed
_INLINE = "a abbr b big cite code em font i ins kbd mark q small span strong sub sup time tt u var".split()


def read(data: bytes, *, article_id: str, where: str, order: Order | None = None) -> Read | Rejected:
    """Read the bytes of a Markdown file as one article: its words without the markup, cleaned.

    The title is the front matter's, or a first heading's; other front matter fields count as in a JSON record.
    """
    try:
        source, warnings = decode(data)
    except FormatError as error:
        return Rejected(where, str(error))
    fields, body = front_matter(source.replace("\r\n", "\n").replace("\r", "\n"))
    heading, parts = plain(body)
    given = next((value for key in ("title", "headline") if isinstance(value := fields.get(key), str)), "")
    found = clean("\n\n".join(parts), title=given or heading or None, order=order)
    if not found.text:
        return Rejected(where, "the file is empty")
    # What the page's own lines say stands in for what the front matter leaves out.
    day = found.published_at
    if not any(map(fields.get, DATE_NAMES)):
        address = next((value for name in URL_NAMES if isinstance(value := fields.get(name), str)), None)
        day = day or infer_date(found.text, address, order, warnings)
    stated = ((DATE_NAMES, day), (SOURCE_NAMES, found.source), (AUTHOR_NAMES, list(found.authors)))
    record: dict[str, object] = {
        **{names[0]: value for names, value in stated if not any(map(fields.get, names))},
        **fields,
        "id": article_id,
        "title": found.title,
        "text": found.text,
    }
    return article_from_record(record, where=where, order=order, warnings=warnings)


def front_matter(source: str) -> tuple[dict[str, object], str]:
    """Split off front matter: its simple ``key: value`` and ``key: [a, b]`` lines, and the rest of the file."""
    match = _FRONT_MATTER.match(source)
    if match is None:
        return {}, source
    fields: dict[str, object] = {}
    for line in match["fields"].split("\n"):
        if (field := _FIELD.fullmatch(line.rstrip())) is None:
            continue
        value = field["value"].strip()
        if value.startswith("[") and value.endswith("]"):
            fields[field["name"]] = [_unquoted(item) for item in value[1:-1].split(",") if item.strip()]
        elif value:
            fields[field["name"]] = _unquoted(value)
    return fields, source[match.end() :]


def plain(body: str) -> tuple[str | None, list[str]]:
    """Give the first heading, where the text begins with one, and the paragraphs without markup.

    Headings, list items, table rows, quotations and code are paragraphs of their own; links keep their words, images
    go, and so do HTML tags and what is struck out.
    """
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    parts = [part for token in tokens if (part := _words(token))]
    heading = None
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        heading = " ".join(_words(tokens[1]).split()) or None
    return heading, parts[1:] if heading else parts


def _words(token: Token) -> str:
    match token.type:
        case "inline":
            # A line break inside a paragraph is the editor's, not the author's.
            return " ".join(_inline(token.children or ()).split())
        case "fence" | "code_block":
            return token.content.strip()
        case "html_block":
            return _block(token.content)
        case _:
            return ""


def _inline(children: Sequence[Token]) -> str:
    found = ""
    place = 0
    while place < len(children):
        child = children[place]
        place += 1
        if child.type in ("text", "code_inline", "text_special"):
            found += child.content
        elif child.type in ("softbreak", "hardbreak"):
            found += "\n"
        elif end := _end(children, place - 1, _strikes):
            place = end
        elif end := _end(children, place - 1, _raises):
            inside = children[place : end - 1]
            note = any(one.type == "link_open" or _LINK.match(one.content) for one in inside)
            after = children[end].content if end < len(children) else ""
            found += raised_text(found, _inline(inside), after, note=note)
            place = end
    return found


def _end(children: Sequence[Token], start: int, marks: Callable[[Token], int]) -> int | None:
    """Give the place behind what a token begins, by the marks that open (1) and close (-1) it; None where none does."""
    if marks(children[start]) != 1:
        return None
    deep = 0
    for place in range(start, min(start + _FARTHEST, len(children))):
        deep += marks(children[place])
        if deep == 0:
            return place + 1
    return None


def _strikes(token: Token) -> int:
    if token.type in ("s_open", "s_close"):
        return token.nesting
    match = _STRUCK.fullmatch(token.content) if token.type == "html_inline" else None
    return 0 if match is None else (-1 if match[1] else 1)


def _raises(token: Token) -> int:
    match = _RAISED.fullmatch(token.content) if token.type == "html_inline" else None
    return 0 if match is None else (-1 if match[1] else 1)


def _block(content: str) -> str:
    """Give the words of a block of HTML."""
    from lxml.etree import ParserError
    from lxml.html import fragment_fromstring

    try:
        tree = fragment_fromstring(content, create_parent="div")
    except (ParserError, ValueError):
        return ""
    tidy_page(tree)
    return " ".join(paragraphs(tree, inline=_INLINE, without=("script", "style", "template")))


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
