"""Tables (.csv, .tsv): a header of field names and an article a row, as spreadsheets and databases export them.

Quoting is read strictly (RFC 4180): what could be read in two ways is refused with its line, not guessed at.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from corpus.dates import Order
from corpus.decoding import open_text
from corpus.errors import FormatError
from corpus.formats import Read
from corpus.formats.jsonl import AUTHOR_NAMES, FIELD_NAMES, TEXT_NAMES, article_from_record
from corpus.types import MAX_TEXT, Rejected

MAX_RECORD = MAX_TEXT + 2 * 2**20
"""Most characters of one record: the longest text an article may have, and room for its other fields."""
DELIMITERS = (",", ";", "\t")
_FIELDS = {name.casefold(): name for name in FIELD_NAMES}
_SHOWN = 200  # characters of a header that a message repeats
_UNREAD = re.compile("[\udc80-\udcff]")  # what open_text makes of bytes that are not in the encoding
# csv's own bound, 128 K characters a field, is one for the whole process; a record is bounded here.
csv.field_size_limit(MAX_RECORD)


class _TooLongError(Exception):
    """A record has more characters than it may; the message is the reason of rejection."""


class _Columns(NamedTuple):
    """What stands between the fields, how many there are, and which of them have a name that is known."""

    delimiter: str
    width: int
    known: dict[int, str]


class _Lines:
    """The lines of a file, given out as the parser asks for them, counted, and no more of them than a record may have.

    The parser would read on to the end of the file where a quotation mark is not closed.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._left = MAX_RECORD
        self.first = 1
        self.read = 0

    def begin(self) -> None:
        """Begin a record with the next line."""
        self._left = MAX_RECORD
        self.first = self.read + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(self._left + 1)
        if not line:
            raise StopIteration
        self.read += 1
        self._left -= len(line)
        if self._left < 0:
            while not line.endswith(("\n", "\r")) and (line := self._stream.readline(2**20)):
                pass
            raise _TooLongError(
                f"the record has more than {MAX_RECORD:,} characters, the most one may have, up to line {self.read:,}; "
                "a quotation mark may not be closed"
            )
        return line


def read(path: Path, *, where: str, order: Order | None = None) -> Iterator[Read | Rejected]:
    """Read the rows of a table one by one, each as the record that its header makes of it; text enters verbatim.

    Names of columns count without regard to case, empty cells not at all, and several authors stand apart by
    semicolons. Each row stands at "file:line", its first line; one that is not whole never ends the file.
    Raises OSError where it can't be opened, and FormatError where it is no text or has no column of texts.
    """
    with open_text(path) as (stream, encoding, warnings):
        lines = _Lines(stream)
        columns = _columns(lines)
        for row in _rows(lines, columns.delimiter):
            at = f"{where}:{lines.first}"
            if isinstance(row, FormatError):
                yield Rejected(at, str(row))
            elif any(cell.strip() for cell in row):
                yield _article(row, columns, at, encoding, order, warnings)


def count(path: Path) -> int:
    """How many rows a table has, whole ones or not."""
    try:
        with open_text(path) as (stream, _, _):
            lines = _Lines(stream)
            return sum(1 for _ in _rows(lines, _columns(lines).delimiter))
    except (FormatError, OSError):
        return 1


def _columns(lines: _Lines) -> _Columns:
    """Read the header with each delimiter and take the one by which most names are known.

    Raises FormatError where none gives a column that holds texts.
    """
    header = ""
    for line in lines:
        if header := line.strip("\r\n"):
            break
    if not header:
        raise FormatError("the file is empty")
    best = max(
        (_named(header, delimiter) for delimiter in DELIMITERS), key=lambda found: (len(found.known), found.width)
    )
    if not any(name in TEXT_NAMES for name in best.known.values()):
        raise FormatError(
            f"no column holds the text: the first line must name the columns, one of them {', '.join(TEXT_NAMES)}; "
            f"it is {header[:_SHOWN]!r}"
        )
    names = list(best.known.values())
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise FormatError(f"two columns have the name {twice!r}")
    return best


def _named(header: str, delimiter: str) -> _Columns:
    try:
        names = next(csv.reader([header], delimiter=delimiter, strict=True))
    except csv.Error:
        names = []
    known = {place: _FIELDS[key] for place, name in enumerate(names) if (key := name.strip().casefold()) in _FIELDS}
    return _Columns(delimiter, len(names), known)


def _rows(lines: _Lines, delimiter: str) -> Iterator[list[str] | FormatError]:
    """Yield each record that is not a blank line, or what is wrong with it; ``lines.first`` is where it begins."""
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield _unquoted(str(error), lines)
        except _TooLongError as error:
            yield FormatError(str(error))
        except FormatError as error:
            yield FormatError(f"{error}; the {lines.first - 1:,} lines before were read")
            return
        except UnicodeDecodeError as error:
            yield FormatError(f"not valid {error.encoding.upper()} ({error.reason}); the rest was not read")
            return
        else:
            if row:
                yield row


def _unquoted(message: str, lines: _Lines) -> FormatError:
    if "unexpected end" in message:
        return FormatError(
            f"a quotation mark is never closed: the last {lines.read - lines.first + 1:,} lines went into this record"
        )
    return FormatError(
        f"a quoted field goes on behind its closing quotation mark, in line {lines.read}: one that belongs to the text "
        "must be doubled"
    )


def _article(
    row: list[str], columns: _Columns, where: str, encoding: str, order: Order | None, warnings: list[str]
) -> Read | Rejected:
    if len(row) != columns.width:
        fields = "1 field" if len(row) == 1 else f"{len(row):,} fields"
        return Rejected(where, f"{fields} where the header names {columns.width}")
    if any(_UNREAD.search(cell) for cell in row):
        return Rejected(where, f"not valid {encoding.upper()}")
    record: Mapping[str, object] = {
        name: [part for part in row[place].split(";") if part.strip()] if name in AUTHOR_NAMES else row[place]
        for place, name in columns.known.items()
        if row[place].strip() or name in TEXT_NAMES
    }
    return article_from_record(record, where=where, order=order, warnings=warnings)
