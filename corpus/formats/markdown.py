"""Markdown files: one article each, with or without front matter."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.cleaning import clean
from corpus.dates import Order
from corpus.decoding import decode
from corpus.errors import FormatError
from corpus.formats import Read
from corpus.formats.jsonl import AUTHOR_NAMES, DATE_NAMES, SOURCE_NAMES, article_from_record
from corpus.types import Rejected

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"(?P<name>[A-Za-z_][\w-]*):[ \t]*(?P<value>.*)")
_TAG = re.compile(r"<[^>]*>")


def read(data: bytes, *, article_id: str, where: str, order: Order | None = None) -> Read | Rejected:
    """Read the bytes of a Markdown file as one article: its words without the markup, cleaned.

    The title is the front matter's, or a first heading's; other front matter fields count as in a JSON record.
    """
    try:
        source, warnings = decode(data)
    except FormatError as error:
        return Rejected(where, str(error))
    fields, body = front_matter(source.replace("\r\n", "\n").replace("\r", "\n"))
    heading, paragraphs = plain(body)
    given = next((value for key in ("title", "headline") if isinstance(value := fields.get(key), str)), "")
    found = clean("\n\n".join(paragraphs), title=given or heading or None, order=order)
    if not found.text:
        return Rejected(where, "the file is empty")
    # What the page's own lines say stands in for what the front matter leaves out.
    stated = ((DATE_NAMES, found.published_at), (SOURCE_NAMES, found.source), (AUTHOR_NAMES, list(found.authors)))
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
    go, and so do HTML tags.
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    paragraphs = [paragraph for token in tokens if (paragraph := _words(token))]
    heading = None
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        heading = " ".join(_words(tokens[1]).split()) or None
    return heading, paragraphs[1:] if heading else paragraphs


def _words(token: Token) -> str:
    match token.type:
        case "inline":
            # A line break inside a paragraph is the editor's, not the author's.
            return " ".join("".join(_inline(token)).split())
        case "fence" | "code_block":
            return token.content.strip()
        case "html_block":
            return " ".join(_TAG.sub(" ", token.content).split())
        case _:
            return ""


def _inline(token: Token) -> Iterator[str]:
    for child in token.children or ():
        if child.type in ("text", "code_inline", "text_special"):
            yield child.content
        elif child.type in ("softbreak", "hardbreak"):
            yield "\n"


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
