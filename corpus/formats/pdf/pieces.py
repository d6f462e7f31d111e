"""What a page of a PDF draws, piece by piece: the words with their places, without what is no text of the page.

Letters are often drawn twice a little apart, which looks bold, and marks such as "DRAFT" lie over or under the text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.cleaning import tidy
from corpus.formats.pdf.font_widths import Widths

if TYPE_CHECKING:
    from pypdf import PageObject

_TWICE = 0.2  # of the size of letters, up to which apart the same words are one that is drawn twice
_SLANT = 5  # degrees from upright from which on words are a mark and no text
_MOST_MARKS = 20  # of a page
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# An operator that changes nothing, before each that moves: pypdf then gives what it has, and joins no columns.
_NOTHING_DONE: list[float] = [1, 0, 0, 1, 0, 0]
_MOVES = frozenset({b"Td", b"TD", b"Tm", b"T*"})


class Piece(NamedTuple):
    """Words that were drawn at once: where they begin, the size of their letters and about how far they reach, all in
    points as the reader of the page sees it. ``line`` numbers what pypdf takes for lines.
    """

    text: str
    x: float
    y: float
    size: float
    width: float
    line: int
    turned: int


class Drawn(NamedTuple):
    """The pieces of a page in the order in which they were drawn, and the marks that were left out."""

    pieces: list[Piece]
    marks: list[str]


def drawn_pieces(page: "PageObject", seen: Callable[..., None]) -> Drawn:
    """Read the pieces of a page; ``seen`` is called before each operator."""
    from pypdf.generic import ContentStream, NameObject

    contents = page.get("/Contents")
    if contents is not None:
        contents = contents.get_object()
    found = None
    if isinstance(contents, list) or hasattr(contents, "get_data"):
        stream = ContentStream(contents, page.pdf, "bytes")
        operations: list[tuple[Any, bytes]] = []
        for operands, operator in stream.operations:
            if operator in _MOVES:
                operations.append((_NOTHING_DONE, b"cm"))
            operations.append((operands, operator))
        stream.operations = operations
        page[NameObject("/Contents")] = stream
        try:
            found = _taken(page, seen)
        finally:
            page[NameObject("/Contents")] = contents
    if found is None or any(unicodedata.bidirectional(one) in ("R", "AL") for piece in found for one in piece.text):
        # What is written from the right is put together by pypdf, which needs the whole line for it.
        found = _taken(page, seen)
    upright = [piece for piece in found if piece.turned % 90 == 0]
    marks = [piece for piece in found if piece.turned % 90]
    pieces, large = _without_marks(_once(upright))
    return Drawn(pieces, [text for piece in (*marks, *large) if (text := tidy(piece.text))])


def _taken(page: "PageObject", seen: Callable[..., None]) -> list[Piece]:
    found: list[Piece] = []
    line = 0
    fonts: dict[int, Widths] = {}

    def before(operator: bytes, operands: object, *others: object) -> None:
        if operands is not _NOTHING_DONE:
            seen(operator, operands, *others)

    def take(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        nonlocal line
        if not text:
            return
        # The text's matrix, then the page's (ISO 32000, 9.4.4).
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        along = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        height = abs(hypot(tm[2], tm[3]) * hypot(cm[2], cm[3]) * size)
        turned = round(degrees(atan2(along[1], along[0]))) % 360
        turned = turned if min(turned % 90, 90 - turned % 90) > _SLANT else round(turned / 90) * 90 % 360
        widths = fonts.setdefault(id(font), Widths(font))
        for number, part in enumerate(text.split("\n")):
            line += bool(number)
            if part:
                width = widths.of(part.strip()) * abs(size) * hypot(*along)
                shown = _LIGATURE.sub(_letters, part)
                found.append(Piece(shown, round(x, 1), round(y, 1), round(height, 1), width, line, turned))

    page.extract_text(visitor_text=take, visitor_operand_before=before)
    return found


def _letters(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _once(pieces: list[Piece]) -> list[Piece]:
    """Give the pieces without those that stand where the same words stand already."""
    places: dict[tuple[str, int], list[Piece]] = {}
    found: list[Piece] = []
    for piece in pieces:
        words = piece.text.strip()
        apart = _TWICE * piece.size * (0.5 if len(words) == 1 else 1)
        near = (one for row in (-1, 0, 1) for one in places.get((words, round(piece.y / 4) + row), ()))
        if words and any(
            abs(one.x - piece.x) <= apart and abs(one.y - piece.y) <= apart and one.size == piece.size for one in near
        ):
            # Its space stays: it may be what parts it from the next word.
            found.append(piece._replace(text=" " if piece.text != piece.text.rstrip() else "", width=0.0))
            continue
        places.setdefault((words, round(piece.y / 4)), []).append(piece)
        found.append(piece)
    return [piece for piece in found if piece.text]


def _without_marks(pieces: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Part from the text the large words that lie over or under its lines."""
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[piece.size] += len(piece.text)
    usual = max(sizes, key=lambda size: sizes[size], default=0.0)
    large = [one for one in pieces if one.size > 2.5 * usual > 0 and len(one.text.strip()) > 2]
    if len(large) > _MOST_MARKS:
        return pieces, []
    text = [one for one in pieces if one.size < 1.5 * usual]
    marks = [one for one in large if len({other.y for other in text if _under(one, other)}) > 1]
    return [piece for piece in pieces if piece not in marks], marks


def _under(mark: Piece, piece: Piece) -> bool:
    height = mark.y - 0.2 * mark.size < piece.y < mark.y + 0.6 * mark.size
    return height and piece.x < mark.x + mark.width and mark.x < piece.x + piece.width
