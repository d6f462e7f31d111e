"""PDF files with a text layer: one article each, with a form feed where a page ends."""

import io
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from corpus.cleaning import MAX_HEADLINE, clean_paragraphs, without_bullet
from corpus.dates import Order
from corpus.errors import FormatError
from corpus.formats import Read, infer_date, make
from corpus.formats.pdf.layout import Line, Paragraph, paragraphs
from corpus.formats.pdf.pieces import drawn_pieces
from corpus.formats.pdf.reading_order import in_order
from corpus.types import MAX_TEXT, Rejected

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 1_000
"""Most pages of one file: more than any newspaper has."""
MAX_STREAM = 16 * 2**20
"""Most bytes that the drawing of a page may unpack to."""
MAX_OPERATIONS = 1_000_000
"""Most operators and operands in a stream that draws; a dense page of a newspaper has some ten thousand."""
MAX_DRAWN = 1_000_000
"""Most operators that are carried out for a file: about ten seconds. MORE_DRAWN more are allowed for each page."""
MORE_DRAWN = 20_000
_FORM = 500  # operators that drawing a form, or a picture, counts for: a form is parsed again each time, in some 3 ms

_TOP = 3  # paragraphs among which the heading is looked for
_LARGE = 1.15  # of the text's letters, from which on larger ones make a heading
_UNREADABLE = 0.2  # of all letters, from which on a text layer is taken for one whose fonts don't say what they are
_SHOWN = 40  # characters of a mark that a message repeats
_PAGES_SHOWN = 5
# What programs write for a title when nobody gave them one.
_NO_TITLE = re.compile(
    r"\(?(?:anonymous|untitled|unspecified|document)\)?\s*\d*|microsoft word - .*|.*\.(?:docx?|pdf|indd|qxd|odt)|\S*",
    re.IGNORECASE,
)


def read(data: bytes, *, article_id: str, where: str, order: Order | None = None) -> Read | Rejected:
    """Read the bytes of a PDF as one article, cleaned.

    Where a page ends, a form feed stands in the text: in the blank line between paragraphs, or behind the space where a
    sentence runs over. The title is the heading, or else what the file calls itself, or else a first line; the date is
    one that the text states: the file's own is the day on which it was made.
    """
    # Imported when used: most archives need none of it.
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import PdfReadError

    # It logs what it mended; what matters of it we say in the outcome.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    try:
        with apply_configuration(
            zlib_maximum_output_length=MAX_STREAM, stream_parsing_work_maximum_count=MAX_OPERATIONS
        ):
            reader = PdfReader(io.BytesIO(data))
            _refuse(reader)
            pages, said = _pages(reader)
            given = (reader.metadata.title if reader.metadata else None) or ""
    except FormatError as error:
        return Rejected(where, str(error))
    except PdfReadError as error:
        return Rejected(where, f"the PDF is damaged ({' '.join(str(error).split())[:200]})")
    except Exception as error:
        # What is damaged makes it fail in any way; a file must not end the run.
        return Rejected(where, f"the PDF can't be read ({type(error).__name__})")
    return _article(pages, said, given, article_id, where, order)


class _Printed(str):
    """A paragraph as cleaning knows it, with the page of each of its parts."""

    parts: list[tuple[int, str]]
    size: float


def _refuse(reader: "PdfReader") -> None:
    """Raise FormatError for a file that can't be read, or not wholly."""
    if reader.is_encrypted:
        # Many are encrypted with no password, so that programs forbid copying; what they hold is open.
        try:
            opened = bool(reader.decrypt(""))
        except Exception:
            opened = False
        if not opened:
            raise FormatError("the PDF is encrypted: save it without a password first")
    if (count := len(reader.pages)) > MAX_PAGES:
        raise FormatError(f"the PDF has {count:,} pages, more than the {MAX_PAGES:,} one file may have")


def _pages(reader: "PdfReader") -> tuple[list[list[Line]], list[str]]:
    """Read the lines of each page in their order, and what is to be said. Raises FormatError where there are none."""
    most = left = MAX_DRAWN + MORE_DRAWN * len(reader.pages)
    letters = unread = 0
    too_many = FormatError(f"the PDF takes more than {most:,} operators to draw, the most one of its length may take")

    def drawn(operator: bytes, *_: object) -> None:
        nonlocal left
        left -= _FORM if operator == b"Do" else 1
        if left < 0:
            raise too_many

    pages: list[list[Line]] = []
    notes: dict[str, list[int]] = {}
    for number, page in enumerate(reader.pages, 1):
        lines, said = _lines(page, drawn)
        pages.append(lines)
        for note in said:
            notes.setdefault(note, []).append(number)
        if left < 0:
            raise too_many  # what is raised inside a form, pypdf takes for a fault of the form
        for one in pages[-1]:
            letters += len(one.text)
            unread += sum(
                unicodedata.category(character) in ("Co", "Cn") or character == "\ufffd" for character in one.text
            )
        if letters > MAX_TEXT:
            raise FormatError(f"the PDF has more than the {MAX_TEXT:,} characters one article may have")
    if not letters:
        raise FormatError(
            "the PDF has no text layer, only pictures of its pages: let a program recognise the text first"
        )
    if unread > _UNREADABLE * letters:
        raise FormatError("the PDF's text can't be read: its fonts don't say which letters they show")
    return pages, [f"{_named(numbers)}: {note}" for note, numbers in notes.items()]


def _named(pages: Sequence[int]) -> str:
    return (
        f"page {pages[0]}"
        if len(pages) == 1
        else f"pages {', '.join(map(str, pages[:_PAGES_SHOWN]))}"
        + (f" and {len(pages) - _PAGES_SHOWN:,} more" if len(pages) > _PAGES_SHOWN else "")
    )


def _lines(page: "PageObject", drawn: Callable[..., None]) -> tuple[list[Line], list[str]]:
    """Read a page's lines in their order, and what is to be said of the page."""
    found = drawn_pieces(page, drawn)
    ordered = in_order(found.pieces)
    notes = [f"{mark[:_SHOWN]!r} lies across the text and was left out" for mark in dict.fromkeys(found.marks)]
    if not ordered.sure:
        notes.append("it can't be told for sure in which order its lines are read: columns or a table")
    return ordered.lines, notes


def _article(
    pages: list[list[Line]], said: list[str], given: str, article_id: str, where: str, order: Order | None
) -> Read | Rejected:
    printed = [one for paragraph in paragraphs(pages) if (one := _printed(paragraph))]
    title = _title(printed, given)
    kept, found = clean_paragraphs([*printed], title=title, order=order)
    staying = {*map(id, kept)}
    empty = sum(not page for page in pages)
    notes = [f"{empty:,} of its {len(pages):,} pages hold no text"] if empty else []
    notes += said
    return make(
        where=where,
        article_id=article_id,
        title=found.title,
        text=_with_pages([one for one in printed if id(one) in staying]),
        source=found.source,
        published_at=found.published_at or infer_date(found.text, None, order, notes),
        authors=found.authors,
        warnings=notes,
    )


def _printed(paragraph: Paragraph) -> _Printed:
    (page, first), *others = paragraph.parts
    parts = [(page, without_bullet(first)), *others]
    one = _Printed(" ".join(text for _, text in parts if text))
    one.parts, one.size = [(page, text) for page, text in parts if text], paragraph.size
    return one


def _title(printed: Sequence[_Printed], given: str) -> str | None:
    """Give the heading at the top, where letters larger than the text's make it one, or what the file calls itself.

    A file's own name may have the outlet's in it ("Bridge approved - Quill Post"); then the heading is the title.
    """
    given = " ".join(given.split())
    named = "" if _NO_TITLE.fullmatch(given) or len(given) > 2 * MAX_HEADLINE else given
    sizes: Counter[float] = Counter()
    for one in printed:
        sizes[one.size] += len(one)
    usual = max(sizes, key=lambda size: sizes[size], default=0.0)
    large = [one for one in printed[:_TOP] if one.size > _LARGE * usual and len(one) <= MAX_HEADLINE and " " in one]
    heading = max(large, key=lambda one: one.size, default=None)
    if heading is None or (named and heading.casefold() not in named.casefold()):
        return named or None
    return str(heading)


def _with_pages(kept: Sequence[_Printed]) -> str:
    """Put the text together, with a form feed wherever a page ends.

    The space before one inside a sentence stays: tokenizers of BERT's kind drop a form feed, and would read one word.
    """
    pieces: list[str] = []
    current = 1
    for paragraph in kept:
        for place, (page, text) in enumerate(paragraph.parts):
            ends = "\f" * (page - current)
            current = page
            if place:
                pieces.append(f" {ends}")
            elif ends:
                pieces.append(f"\n{ends}\n" if pieces else f"{ends}\n")
            elif pieces:
                pieces.append("\n\n")
            pieces.append(text)
    return "".join(pieces)
