"""The records of a delimited text, one by one, so that a stray quotation mark costs its own row and no other.

Quoting is read strictly (RFC 4180): what could be read in two ways is refused with its line, not guessed at.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from corpus.errors import FormatError
from corpus.types import MAX_TEXT

MAX_RECORD = MAX_TEXT + 2 * 2**20
"""Most characters of one record: the longest text an article may have, and room for its other fields."""
_PATIENCE = 20  # records that ran on to that length, after which such are given up sooner: each is read twice
_SHORT_RECORD = 64 * 1024
# csv's own bound, 128 K characters a field, is one for the whole process; a record is bounded here.
csv.field_size_limit(MAX_RECORD)

# A quotation mark behind an odd number of backslashes.
_ESCAPED = re.compile(r'(?<!\\)((?:\\\\)*)\\"')


class Row(NamedTuple):
    """A record's fields, the line it begins in, and what had to be assumed to read it."""

    fields: list[str]
    line: int
    warnings: tuple[str, ...] = ()


class Lost(NamedTuple):
    """A record that can't be read: the line it begins in, and why."""

    reason: str
    line: int


class _TooLongError(Exception):
    """A record has more characters than it may; the message is the reason of rejection."""


class Lines:
    """The lines of a file, given out as the parser asks for them, counted, and no more of them than a record may have.

    The parser would read on to the end of the file where a quotation mark is not closed. What it took can be given
    back, to be read once more.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._most = self._left = MAX_RECORD
        self._back: list[str] = []  # the next one last
        self.first = 1
        self.read = 0
        self.taken: list[str] = []
        """The lines of this record so far."""

    def begin(self, most: int | None = None) -> None:
        """Begin a record with the next line; it may have at most ``most`` characters."""
        self._most = self._left = MAX_RECORD if most is None else most
        self.first = self.read + 1
        self.taken = []

    def give_back(self, kept: int) -> None:
        """Take all lines of this record but the first ``kept`` for ones that were not read."""
        self._back += reversed(self.taken[kept:])
        self.read -= len(self.taken) - kept
        del self.taken[kept:]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else self._stream.readline(self._left + 1)
        if not line:
            raise StopIteration
        self.read += 1
        self._left -= len(line)
        if self._left < 0:
            while not line.endswith(("\n", "\r")) and (line := self._stream.readline(2**20)):
                pass
            raise _TooLongError(
                f"the record has more than {self._most:,} characters, the most one may have, up to line {self.read:,}; "
                "a quotation mark may not be closed"
            )
        self.taken.append(line)
        return line


class Examples(Protocol):
    """Tells rows of a table from words of a text that has line breaks, by the rows that were read before."""

    def fit(self, fields: list[str]) -> bool:
        """Tell whether fields are a row, as far as they go: there may be fewer than in a whole one."""
        ...

    def follow(self, first: list[str], fields: list[str], place: int) -> bool:
        """Tell whether fields are surely the row so many places behind a first one."""
        ...


class Rows:
    """Reads the records behind the header."""

    def __init__(self, lines: Lines, *, delimiter: str, width: int, examples: Examples) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._width = width
        self._examples = examples
        self._ran_on = 0

    def __iter__(self) -> Iterator[Row | Lost]:
        """Give each record that is not a blank line, or what is wrong with it."""
        lines = self._lines
        while True:
            lines.begin(_SHORT_RECORD if self._ran_on > _PATIENCE else None)
            line = lines.first
            try:
                fields = next(self._reader(lines))
                lost = self._taken_in(fields)
            except StopIteration:
                return
            except csv.Error as error:
                fields, lost = [], self._why(str(error))
            except _TooLongError as error:
                self._ran_on += 1
                fields, lost = [], str(error)
            except FormatError as error:
                yield Lost(f"{error}; the {line - 1:,} lines before were read", line)
                return
            except UnicodeDecodeError as error:
                yield Lost(f"not valid {error.encoding.upper()} ({error.reason}); the rest was not read", line)
                return
            if lost is None and (len(fields) == self._width or (len(lines.taken) == 1 and '\\"' not in lines.taken[0])):
                if fields:
                    yield Row(fields, line)
                continue
            if (unescaped := self._unescaped()) is not None:
                yield Row(unescaped, line, ("its quotation marks are escaped by backslashes",))
                continue
            if lost is None and len(lines.taken) == 1:
                yield Row(fields, line)
                continue
            if lost is None:
                lost = f"{_fields(fields)} where the header names {self._width}; a quotation mark may not be closed"
            gone = self._gone()
            lines.give_back(gone)
            yield Lost(lost + _went_with_it(line, gone), line)

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _alone(self, line: str) -> list[str]:
        """Give the fields of a line by itself, by its delimiters alone where its quotation marks are wrong."""
        try:
            return next(self._reader(iter([line])), [])
        except csv.Error:
            return line.rstrip("\r\n").split(self._delimiter)

    def _is_row(self, line: str) -> bool:
        """Tell whether a line is a row, or begins one whose text goes on in the next line."""
        fields = self._alone(line)
        begins = 1 < len(fields) < self._width and fields[-1].startswith('"')
        return (begins or len(fields) == self._width) and self._examples.fit(fields)

    def _taken_in(self, fields: list[str]) -> str | None:
        """Say that a whole record took other rows in, where each of its further lines is a row of its own."""
        taken = self._lines.taken
        if len(taken) < 2 or len(fields) != self._width:
            return None
        further = [self._alone(line) for line in taken[1:]]
        if all(
            len(one) == self._width and self._examples.follow(fields, one, place)
            for place, one in enumerate(further, 1)
        ):
            return "a quotation mark is not closed in its row"
        return None

    def _unescaped(self) -> list[str] | None:
        """Read the record with backslashes before its quotation marks, where that makes it whole."""
        lines = self._lines
        if not any('\\"' in line for line in lines.taken):
            return None
        before = len(lines.taken)
        lines.give_back(0)
        lines.begin(lines._most)
        try:
            fields = next(self._reader(_ESCAPED.sub(r'\1""', line) for line in lines), [])
        except (csv.Error, _TooLongError, UnicodeDecodeError, FormatError):
            fields = []
        if len(fields) == self._width and self._taken_in(fields) is None:
            return fields
        # As it was, to be told what is wrong with it.
        lines.give_back(min(before, len(lines.taken)))
        while len(lines.taken) < before:
            next(lines)
        return None

    def _gone(self) -> int:
        """Count the lines that are lost with the record: up to the next that is a row of its own."""
        taken = self._lines.taken
        return next((place for place, line in enumerate(taken[1:], 1) if self._is_row(line)), len(taken))

    def _why(self, message: str) -> str:
        if "unexpected end" in message:
            return "a quotation mark is never closed"
        return (
            f"a quoted field goes on behind its closing quotation mark, in line {self._lines.read}: one that belongs "
            "to the text must be doubled"
        )


def _fields(fields: list[str]) -> str:
    return "1 field" if len(fields) == 1 else f"{len(fields):,} fields"


def _went_with_it(first: int, lines: int) -> str:
    match lines:
        case 0 | 1:
            return ""
        case 2:
            return f"; line {first + 1:,} went with it"
        case _:
            return f"; lines {first + 1:,} to {first + lines - 1:,} went with it"
