"""Tables (.csv, .tsv): a header of field names and an article a row, as spreadsheets and databases export them."""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from corpus.dates import Order, parse_date
from corpus.decoding import open_text
from corpus.errors import FormatError
from corpus.formats import Read, is_web_address
from corpus.formats.csv_rows import Lines, Lost, Row, Rows
from corpus.formats.jsonl import (
    AUTHOR_NAMES,
    DATE_NAMES,
    FIELD_NAMES,
    ID_NAMES,
    TEXT_NAMES,
    URL_NAMES,
    article_from_record,
)
from corpus.types import Rejected

DELIMITERS = (",", ";", "\t", "|")
_FIELDS = {name.casefold(): name for name in FIELD_NAMES}
_SHOWN = 200  # characters of a header that a message repeats
_UNREAD = re.compile("[\udc80-\udcff]")  # what open_text makes of bytes that are not in the encoding
# What databases and programs write for a field that holds nothing.
_NOTHING = frozenset(
    {"\\N", "NULL", "null", "(null)", "(NULL)", "nan", "NaN", "NAN", "NaT", "None", "<NA>", "#N/A", "#NA", "N/A"}
)
# The line that tells Excel what stands between the fields.
_SEPARATOR = re.compile(r'"?sep=(?P<mark>.)"?(?P=mark)*', re.IGNORECASE)


class _Columns(NamedTuple):
    """What stands between the fields, how many there are, and which of them have a name that is known."""

    delimiter: str
    width: int
    known: dict[int, str]


class _Shapes:
    """What the cells of a table's rows look like that are no words: numbers of articles, days, addresses.

    By these a row is told from words of a text between commas.
    """

    def __init__(self, columns: _Columns) -> None:
        kinds = ((ID_NAMES, _shape_of_id), (DATE_NAMES, _shape_of_day), (URL_NAMES, _shape_of_address))
        self._looked_at = [
            (place, shape) for names, shape in kinds for place, name in columns.known.items() if name in names
        ]
        self._seen: set[tuple[str, ...]] = set()
        self._of_lines = False

    def note(self, row: list[str], lines: int) -> None:
        """Take a good row for an example; it stood in so many lines."""
        self._seen.add(self._shapes(row))
        self._of_lines = self._of_lines or lines > 1

    def fit(self, fields: list[str]) -> bool:
        """Tell whether fields look like those of the other rows, or like a row by itself where there are none."""
        shapes = self._shapes(fields)
        if any(shapes):
            alike = any(seen[: len(shapes)] == shapes for seen in self._seen)
            return alike or (not self._seen and "word" not in shapes)
        # Without such columns all that tells is that no text of this table has a line break.
        return not self._looked_at and not self._of_lines

    def follow(self, first: list[str], fields: list[str], place: int) -> bool:
        """Tell whether fields are surely the row so many places behind a first one: they have the next number, or a
        day or an address where the table has one.
        """
        shapes = self._shapes(fields)
        if not any(shapes) or not self.fit(fields):
            return False
        before, after = (row[self._looked_at[0][0]].strip() for row in (first, fields))
        consecutive = before.isdecimal() and after.isdecimal() and int(after) == int(before) + place
        return consecutive or "day" in shapes or "address" in shapes

    def _shapes(self, fields: list[str]) -> tuple[str, ...]:
        """Give the shapes of the fields, as many as there are."""
        return tuple(shape(fields[place].strip()) for place, shape in self._looked_at if place < len(fields))


def _shape_of_id(cell: str) -> str:
    if cell.isdecimal():
        return "number"
    return "id" if re.fullmatch(r"(?=.*[0-9])[\w:./-]+", cell) else "word" * bool(cell)


def _shape_of_day(cell: str) -> str:
    return "day" if parse_date(cell, order="dmy") or parse_date(cell, order="mdy") else "word" * bool(cell)


def _shape_of_address(cell: str) -> str:
    return "address" if is_web_address(cell) else "word" * bool(cell)


def read(path: Path, *, where: str, order: Order | None = None) -> Iterator[Read | Rejected]:
    """Read the rows of a table one by one, each as the record that its header makes of it; text enters verbatim.

    Names of columns count without regard to case, empty cells not at all, and several authors stand apart by
    semicolons. Each row stands at "file:line", its first line; one that is not whole never ends the file.
    Raises OSError where it can't be opened, and FormatError where it is no text or has no column of texts.
    """
    with open_text(path) as (stream, encoding, warnings):
        lines = Lines(stream)
        try:
            columns = _columns(lines)
        except UnicodeDecodeError as error:
            raise FormatError(f"the file is not valid {error.encoding.upper()} ({error.reason})") from None
        shapes = _Shapes(columns)
        for row in Rows(lines, delimiter=columns.delimiter, width=columns.width, examples=shapes):
            at = f"{where}:{row.line}"
            if isinstance(row, Lost):
                yield Rejected(at, row.reason)
            elif any(cell.strip() for cell in row.fields):
                if len(row.fields) == columns.width:
                    shapes.note(row.fields, len(lines.taken))
                yield _article(row, columns, at, encoding, order, warnings)


def count(path: Path) -> int:
    """How many rows a table has, whole ones or not."""
    try:
        with open_text(path) as (stream, _, _):
            lines = Lines(stream)
            columns = _columns(lines)
            rows = Rows(lines, delimiter=columns.delimiter, width=columns.width, examples=_Shapes(columns))
            return sum(1 for _ in rows)
    except (FormatError, OSError, UnicodeDecodeError):
        return 1


def _columns(lines: Lines) -> _Columns:
    """Read the header with each delimiter and take the one by which most names are known.

    Raises FormatError where none gives a column that holds texts.
    """
    header = ""
    delimiters: tuple[str, ...] = DELIMITERS
    for line in lines:
        header = line.strip("\r\n")
        if separator := _SEPARATOR.fullmatch(header):
            delimiters = (separator["mark"],)
        elif header:
            break
    if not header:
        raise FormatError("the file is empty")
    best = max(
        (_named(header, delimiter) for delimiter in delimiters), key=lambda found: (len(found.known), found.width)
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


def _article(
    row: Row, columns: _Columns, where: str, encoding: str, order: Order | None, warnings: list[str]
) -> Read | Rejected:
    if len(row.fields) != columns.width:
        fields = "1 field" if len(row.fields) == 1 else f"{len(row.fields):,} fields"
        return Rejected(where, f"{fields} where the header names {columns.width}")
    if any(_UNREAD.search(cell) for cell in row.fields):
        return Rejected(where, f"not valid {encoding.upper()}")
    cells = ["" if cell.strip() in _NOTHING else cell for cell in row.fields]
    record: Mapping[str, object] = {
        name: [part for part in cells[place].split(";") if part.strip()] if name in AUTHOR_NAMES else cells[place]
        for place, name in columns.known.items()
        if cells[place].strip() or name in TEXT_NAMES
    }
    return article_from_record(record, where=where, order=order, warnings=(*warnings, *row.warnings))
