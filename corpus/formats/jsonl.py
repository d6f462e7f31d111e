"""JSON Lines (one record a line) and JSON files: records under the field names that real archives use."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from corpus.dates import Order, parse_date
from corpus.decoding import decode, mark, open_bytes, read_bytes
from corpus.errors import FormatError
from corpus.formats import Read, make
from corpus.formats.html.page import article_from_html
from corpus.formats.json_replies import listed, of_fundus, said_of_cut
from corpus.types import Rejected

MAX_LINE = 64 * 2**20
"""Longest line, in bytes; in characters where the file is UTF-16."""
MAX_JSON = 200 * 2**20
"""Largest .json file, in bytes: it is parsed whole, where lines are read one by one."""

ID_NAMES = ("id", "_id", "guid", "uuid")
_TEXT = (
    "text",
    "content",
    "body",
    "article",
    "maintext",
    "full_text",
    "fulltext",
    "article_text",
    "articleBody",
    "plaintext",
)
_HTML = ("html", "content_html", "body_html", "raw_html", "article_html")
_TITLE = ("title", "headline", "name")
DATE_NAMES = (
    *("published_at", "date", "published", "publish_date", "published_date", "publication_date", "pub_date", "pubDate"),
    *(
        "date_publish",
        "date_published",
        "datePublished",
        "publishedAt",
        "published_time",
        "publish_time",
        "publishing_date",
    ),
    *("created_at", "timestamp"),
)
SOURCE_NAMES = (
    "source",
    "publisher",
    "outlet",
    "site",
    "site_name",
    "sitename",
    "source_name",
    "domain",
    "source_domain",
    "publication",
)
AUTHOR_NAMES = ("authors", "author", "byline")
URL_NAMES = ("url", "link", "source_url", "canonical_url")
_LANGUAGE = ("language", "lang")
TEXT_NAMES = (*_TEXT, *_HTML)
"""The fields that can hold an article's text."""
FIELD_NAMES = (*ID_NAMES, *TEXT_NAMES, *_TITLE, *DATE_NAMES, *SOURCE_NAMES, *AUTHOR_NAMES, *URL_NAMES, *_LANGUAGE)
"""Every field that is looked at."""


class _WrongTypeError(Exception):
    """A field holds something else than it must; the message is the reason of rejection."""


def read(path: Path, *, where: str, order: Order | None = None) -> Iterator[Read | Rejected]:
    """Read the records of a .jsonl or .ndjson file one by one; a bad one never ends the file.

    Each stands at "file:line". Raises OSError where the file can't be opened.
    """
    for number, line in _lines(path):
        at = f"{where}:{number}"
        if isinstance(line, FormatError):
            yield Rejected(at, str(line))
        elif line.strip():
            yield from _from_json(line, at, order)


def read_json(path: Path, *, where: str, order: Order | None = None) -> Iterator[Read | Rejected]:
    """Read a .json file: one record, an array of them, a service's reply that holds one, or lines under the wrong name.

    A record of an array stands at "file[position]", counted from 1. Raises OSError where it can't be opened.
    """
    try:
        text, _ = decode(read_bytes(path, MAX_JSON))
    except FormatError as error:
        yield Rejected(where, str(error))
        return
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and "\n" in text.strip():
            yield from read(path, where=where, order=order)
        else:
            yield Rejected(where, f"not valid JSON: {error}")
        return
    except (ValueError, RecursionError) as error:
        yield Rejected(where, _unparsable(error))
        return
    yield from _from_values(value, where, order)


def count(path: Path) -> int:
    """How many records a file has, by its lines; of a .json file, where they stand otherwise, by its array's."""
    if ".json" in path.suffixes:
        try:
            value: object = json.loads(decode(read_bytes(path, MAX_JSON))[0])
        except (FormatError, ValueError, RecursionError, OSError):
            pass
        else:
            records = _records(value)
            return 1 if records is None else len(records)
    try:
        return sum(1 for _, line in _lines(path) if isinstance(line, FormatError) or line.strip())
    except OSError:
        return 1


def article_from_record(
    record: Mapping[str, object], *, where: str, order: Order | None = None, warnings: Iterable[str] = ()
) -> Read | Rejected:
    """Make an article from a JSON object. ``text`` is taken verbatim; ``html`` is cleaned.

    Of several names for a field the first that holds something counts. ``order`` is that of the numbers in dates
    like 9/6/17.
    """
    notes = list(warnings)
    record = of_fundus(record)
    try:
        article_id = _identifier(record)
        text = _string(record, _TEXT)
        title = _string(record, _TITLE) or ""
        url = _string(record, URL_NAMES)
        page = None if text else _string(record, _HTML)
    except _WrongTypeError as error:
        return Rejected(where, str(error))
    published_at = _date(record, url, order, notes)
    source = _named(next((value for name in SOURCE_NAMES if (value := record.get(name))), None), "source", notes)
    authors = _people(next((value for name in AUTHOR_NAMES if (value := record.get(name))), None), notes)
    language = next((value for name in _LANGUAGE if isinstance(value := record.get(name), str)), None)
    if page:
        return article_from_html(
            page,
            where=where,
            article_id=article_id,
            title=title or None,
            source=source,
            url=url,
            published_at=published_at,
            authors=authors,
            language=language,
            order=order,
            warnings=notes,
        )
    if text is None:
        named = [name for name in TEXT_NAMES if name in record]
        return Rejected(where, f"{named[0]!r} is empty" if named else f"no text: one of {', '.join(_TEXT)} is needed")
    if cut := said_of_cut(text):
        notes.append(cut)
    return make(
        where=where,
        article_id=article_id,
        title=title,
        text=text,
        source=source,
        url=url,
        published_at=published_at,
        authors=authors,
        language=language,
        warnings=notes,
    )


def _lines(path: Path) -> Iterator[tuple[int, str | FormatError]]:
    """Yield each line with its number, or what is wrong with it, in memory bounded by MAX_LINE."""
    number = 0
    with open_bytes(path) as stream:
        marked = None
        try:
            marked = mark(stream.peek(4)[:4])
            if marked is None or marked[0] == "utf-8":
                stream.read(0 if marked is None else marked[1])
                for line in _bounded(stream):
                    number += 1
                    yield number, _utf8(line)
            else:
                stream.read(marked[1])
                with io.TextIOWrapper(stream, encoding=marked[0], newline="\n") as decoded:
                    for text in _bounded_text(decoded):
                        number += 1
                        yield number, text
        except FormatError as error:
            yield number + 1, FormatError(f"{error}; the {number:,} lines before were read")
        except UnicodeDecodeError as error:
            yield number + 1, FormatError(f"not valid {error.encoding.upper()} ({error.reason}); the rest was not read")


def _bounded(stream: io.BufferedReader) -> Iterator[bytes | None]:
    """Yield the lines, and None for one that is too long."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            while not line.endswith(b"\n") and (line := stream.readline(2**20)):
                pass
            yield None
        else:
            yield line


def _bounded_text(stream: io.TextIOWrapper) -> Iterator[str | FormatError]:
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            while not line.endswith("\n") and (line := stream.readline(2**20)):
                pass
            yield _too_long()
        else:
            yield line


def _utf8(line: bytes | None) -> str | FormatError:
    if line is None:
        return _too_long()
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        return FormatError(f"not valid UTF-8 at byte {error.start} of the line ({error.reason})")


def _too_long() -> FormatError:
    return FormatError(f"the line is longer than {MAX_LINE // 2**20} MB, the most one record may have")


def _from_json(line: str, where: str, order: Order | None) -> Iterator[Read | Rejected]:
    try:
        value: object = json.loads(line)
    except json.JSONDecodeError as error:
        # The position alone: the error's own text counts lines, and this is one line.
        cut = error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated string")
        hint = "; the line looks cut off" if cut else ""
        yield Rejected(where, f"not valid JSON: {error.msg} at character {error.pos + 1}{hint}")
    except (ValueError, RecursionError) as error:
        yield Rejected(where, _unparsable(error))
    else:
        # A line is one record, which may be a service's reply.
        yield from [_from_value(value, where, order)] if isinstance(value, list) else _from_values(value, where, order)


def _unparsable(error: Exception) -> str:
    return (
        "not readable JSON: nested too deeply" if isinstance(error, RecursionError) else f"not readable JSON: {error}"
    )


def _from_values(value: object, where: str, order: Order | None) -> Iterator[Read | Rejected]:
    """Read a record, or each of those that an array or a reply holds, which stand at "where[position]"."""
    records = _records(value)
    if records is None:
        yield _from_value(value, where, order)
    elif not records and isinstance(value, dict):
        yield Rejected(where, "the reply holds no articles")
    else:
        for position, record in enumerate(records, 1):
            yield _from_value(record, f"{where}[{position}]", order)


def _records(value: object) -> list[object] | None:
    """Give the records of an array or of a service's reply; None for a record."""
    if isinstance(value, list):
        return value
    # What has a text is a record, whatever lists it holds.
    if isinstance(value, dict) and not any(value.get(name) for name in TEXT_NAMES):
        return listed(value)
    return None


def _from_value(value: object, where: str, order: Order | None) -> Read | Rejected:
    if not isinstance(value, dict):
        return Rejected(where, f"a record must be a JSON object, not {_kind(value)}")
    return article_from_record(value, where=where, order=order)


def _identifier(record: Mapping[str, object]) -> str | None:
    for name in ID_NAMES:
        value = record.get(name)
        # MongoDB's export writes {"_id": {"$oid": "..."}}.
        value = value.get("$oid", value) if isinstance(value, dict) else value
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise _WrongTypeError(f"{name!r} must be a string or an integer, not {_kind(value)}")
        return str(value)
    return None


def _string(record: Mapping[str, object], names: Iterable[str]) -> str | None:
    """Give the first of the fields that holds a string with something in it. Raises _WrongTypeError for no string."""
    for name in names:
        value = record.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if not isinstance(value, str):
            raise _WrongTypeError(f"{name!r} must be a string, not {_kind(value)}")
        return value
    return None


def _date(record: Mapping[str, object], url: str | None, order: Order | None, notes: list[str]) -> str | None:
    unread = None
    for name in DATE_NAMES:
        value = record.get(name)
        value = value.get("$date", value) if isinstance(value, dict) else value
        if value is None:
            continue
        if isinstance(value, str) and (day := parse_date(value, url=url, order=order)) is not None:
            return day
        what = f"{name} {str(value)[:40]!r} can't be read as one certain date; left out"
        unread = unread or (f"{name} is empty" if value == "" else what)
    if unread is not None:
        notes.append(unread)
    return None


def _named(value: object, field: str, notes: list[str]) -> str | None:
    """Give a name that stands as a string, or in an object such as {"@type": "Organization", "name": "..."}."""
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "title", "id") if isinstance(value.get(key), str)), value)
    if value is None or isinstance(value, str):
        return value
    notes.append(f"the {field} is {_kind(value)}, not a name; left out")
    return None


def _people(value: object, notes: list[str]) -> tuple[str, ...]:
    people = value if isinstance(value, list) else [value]
    return tuple(name for person in people if (name := _named(person, "author", notes)))


def _kind(value: object) -> str:
    """Name a JSON value's type in JSON's words."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
