"""The pieces of a printed page -> its lines in the order in which they are read.

Programs draw a page in any order: line by line across its columns, from the foot to the top. The columns are told by
the white between them; where the lines as drawn follow on one another as well, the order in which they were drawn
stands, as it knows what belongs to which article.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import inf
from statistics import median
from typing import NamedTuple

from corpus.cleaning import tidy
from corpus.formats.html.tidying import raised_text
from corpus.formats.pdf.layout import Line
from corpus.formats.pdf.pieces import Piece

_SAME_LINE = 0.35  # of the letters' size, up to which apart words stand in one line
_GAP = 0.6  # of the letters' size, from which on white may be that between columns; words of a row come together
_LARGER = 1.8  # times, from which on letters are of another line than those beside them
_ALIGNED = 3.0  # points within which lines begin at one edge
_OVER = 0.15  # of a line's width, which is estimated, up to which it may seem to reach over an edge
_PROSE = 20  # characters of a line, from which on a column holds a text
_SHORT_PROSE, _GOES_ON = 12, 0.3  # and of a narrow one, where so many lines begin with a small letter
_LINES = 3  # of a column, from which on it is none by chance
_WHITE, _FEW_WHITE = 0.7, 2.0  # sizes of letters that two columns are apart, and columns of few lines
_NEXT = 2.2  # sizes of letters within which the next line of a column stands
_MOST = 1_000  # runs of words of a page, from which on it is no page of a text
_EDGES = 12  # edges that are tried


class Ordered(NamedTuple):
    """The lines of a page in their order, and whether that is sure."""

    lines: list[Line]
    sure: bool


@dataclass(slots=True)
class _Run:
    """Words that stand beside one another in a line, as they were drawn."""

    text: str
    x: float
    y: float
    size: float
    right: float
    order: int


def in_order(pieces: Sequence[Piece]) -> Ordered:
    """Put the pieces of a page together to its lines, in order."""
    turns = [piece.turned for piece in pieces for _ in piece.text]
    main = max(set(turns), key=turns.count, default=0) if len(set(turns)) > 1 else (turns or [0])[0]
    runs = [*_runs([_upright(piece) for piece in pieces if piece.turned == main])]
    _raise_initials(runs)
    beside = [*_runs([_upright(piece) for piece in pieces if piece.turned != main])]
    if len(runs) > _MOST:
        return Ordered([_line(row) for row in _rows(runs)] + [_line([run]) for run in beside], sure=False)
    read = _Page()
    rows = [row for row in read.cut(runs) if row]
    as_drawn = sorted(rows, key=lambda row: min(run.order for run in row))
    best = rows if _breaks(rows) < _breaks(as_drawn) else as_drawn
    up = sum(above[0].y <= below[0].y for above, below in pairwise(best))
    torn = len(best) > 12 and up > 0.3 * len(best)
    lines = [line for row in (*best, *([run] for run in beside)) if (line := _line(row)).text]
    return Ordered(lines, sure=not (read.doubtful or torn))


def _upright(piece: Piece) -> Piece:
    """Turn a piece as its reader would turn the page."""
    match piece.turned:
        case 90:
            return piece._replace(x=piece.y, y=-piece.x)
        case 180:
            return piece._replace(x=-piece.x, y=-piece.y)
        case 270:
            return piece._replace(x=-piece.y, y=piece.x)
        case _:
            return piece


def _runs(pieces: Sequence[Piece]) -> Iterator[_Run]:
    """Put together the pieces that were drawn one behind the other in a line."""
    run: _Run | None = None
    line = -1
    for place, piece in enumerate(pieces):
        blank = not piece.text.strip()
        if run is not None and line == piece.line:
            raised = piece.text.strip().isdigit() and piece.size <= 0.8 * run.size and piece.y > run.y + 0.15 * run.size
            if raised and piece.x - run.right < 1.5 * run.size:
                after = pieces[place + 1].text if place + 1 < len(pieces) else ""
                if (said := raised_text(run.text.rstrip(), piece.text.strip(), after)) and said != piece.text.strip():
                    run.text = run.text.rstrip()
                run.text += said
                run.right = max(run.right, piece.x + piece.width)
                continue
            gap = piece.x - run.right
            # Where pypdf, which knows each letter's width, sees no space, there is none.
            spaced = run.text[-1:].isspace() or piece.text[:1].isspace()
            joined = not spaced and not piece.turned and piece.x >= run.x
            near = gap <= _GAP * max(run.size, piece.size) and gap > -max(run.right - run.x, run.size)
            if blank or joined or near:
                run.text += piece.text
                run.right = run.right if blank else max(run.right, piece.x + piece.width)
                continue
        if blank:
            continue
        if run is not None and tidy(run.text):
            yield run
        run = _Run(piece.text, piece.x, piece.y, piece.size, piece.x + piece.width, place)
        line = piece.line
    if run is not None and tidy(run.text):
        yield run


def _rows(runs: Sequence[_Run]) -> list[list[_Run]]:
    """Put runs at one height into rows, from the top, each from the left."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        first = rows[-1][0] if rows else run
        alike = _LARGER * min(first.size, run.size) >= max(first.size, run.size)
        if rows and alike and abs(first.y - run.y) <= _SAME_LINE * min(first.size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.x) for row in rows]


def _raise_initials(runs: Sequence[_Run]) -> None:
    """Set an initial that is as high as some lines before the first of these, to which it belongs."""
    for one in runs:
        if len(tidy(one.text)) == 1 and tidy(one.text).isalpha():
            beside = [
                run.y
                for run in runs
                if _LARGER * run.size < one.size
                and one.y - run.size < run.y < one.y + one.size
                and one.x < run.x < one.right + one.size
            ]
            one.y = max(beside, default=one.y - 0.1) + 0.1


def _line(row: Sequence[_Run]) -> Line:
    first = row[0]
    return Line(tidy(" ".join(run.text for run in row)), first.x, first.y, first.size)


class _Columns(NamedTuple):
    """Rows of a page that an edge parts in two: rows above, the two sides, rows below."""

    above: list[list[_Run]]
    left: list[_Run]
    right: list[_Run]
    below: list[list[_Run]]


class _Page:
    """Cuts a page into its columns; ``doubtful`` when something may be columns or a table."""

    def __init__(self) -> None:
        self.doubtful = False

    def cut(self, runs: Sequence[_Run]) -> Iterator[list[_Run]]:
        """Give the rows of words in the order in which they are read."""
        rows = _rows(runs)
        columns = self._columns(rows)
        if columns is None:
            yield from rows
            return
        for part in (_flat(columns.above), columns.left, columns.right, _flat(columns.below)):
            if part:
                yield from self.cut(part)

    def _columns(self, rows: list[list[_Run]]) -> _Columns | None:
        """Find the widest part of a page that an edge parts into two columns."""
        best: tuple[float, _Columns] | None = None
        for edge in _edges(rows):
            for start, end in _bands(rows, edge):
                band = rows[start:end]
                left = [run for row in band for run in row if run.x < edge - _ALIGNED]
                right = [run for row in band for run in row if run.x >= edge - _ALIGNED]
                if not self._apart(left, right, edge):
                    continue
                if (parted := _cells(band, edge)) is not None:
                    # Cells of a table, one under the other, or paragraphs that stand side by side by chance.
                    self.doubtful = True
                    end = start + parted
                    left = [run for row in rows[start:end] for run in row if run.x < edge - _ALIGNED]
                    right = [run for row in rows[start:end] for run in row if run.x >= edge - _ALIGNED]
                weight = float(min(sum(len(run.text) for run in side) for side in (left, right)))
                if best is None or weight > best[0]:
                    best = weight, _Columns(rows[:start], left, right, rows[end:])
        return None if best is None else best[1]

    def _apart(self, left: Sequence[_Run], right: Sequence[_Run], edge: float) -> bool:
        """Tell whether what stands on both sides of an edge are two texts, and not the rows of one."""
        if not left or not right:
            return False
        if min(run.y for run in left) > max(run.y for run in right) or min(run.y for run in right) > max(
            run.y for run in left
        ):
            return False
        sides = [_rows(left), _rows(right)]
        drawn = [[run.order for run in side] for side in (left, right)]
        apart = max(drawn[0]) < min(drawn[1]) or max(drawn[1]) < min(drawn[0])
        prose = [_is_prose(rows, dots=apart) for rows in sides]
        if all(prose):
            # By chance words stand below one another in two lines, seldom in three.
            few = min(map(len, sides)) < _LINES
            if apart and not few:
                return True
            white = _white(sides[0], sides[1], edge)
            return min(map(len, sides)) > 1 and white > (_FEW_WHITE if few else _WHITE) * max(run.size for run in right)
        # A box beside a text, of few lines, and surely apart.
        box, text = (1, 0) if prose[0] else (0, 1)
        if not prose[text] or len(sides[text]) < 3 or 2 * len(sides[box]) > len(sides[text]):
            return False
        told = median(len(_line(row).text) for row in sides[box])
        beside = [row for row in sides[0] if any(abs(row[0].y - other[0].y) < row[0].size for other in sides[1])]
        reach = max((run.right + _OVER * (run.right - run.x) for row in beside or sides[0] for run in row), default=inf)
        return told >= _SHORT_PROSE and edge - reach > 0


def _white(left: Sequence[Sequence[_Run]], right: Sequence[Sequence[_Run]], edge: float) -> float:
    """Measure the white before an edge, where lines stand on both of its sides."""
    beside = [row for row in left if any(abs(row[0].y - other[0].y) <= row[0].size for other in right)]
    return min((edge - row[-1].right for row in beside), default=0.0)


def _flat(rows: Sequence[Sequence[_Run]]) -> list[_Run]:
    return [run for row in rows for run in row]


def _edges(rows: Sequence[Sequence[_Run]]) -> list[float]:
    """Give the edges at which lines begin, but for the first, those of most lines before others."""
    starts = sorted(run.x for row in rows for run in row)
    edges: list[list[float]] = []
    for start in starts:
        if edges and start - edges[-1][0] <= _ALIGNED:
            edges[-1].append(start)
        else:
            edges.append([start])
    return [edge[0] for edge in sorted(edges[1:], key=len, reverse=True)[:_EDGES]]


def _bands(rows: Sequence[Sequence[_Run]], edge: float) -> Iterator[tuple[int, int]]:
    """Give the rows that follow on one another and that nothing joins over an edge, as [start, end)."""
    start = None
    for place, row in enumerate(rows):
        if any(_crosses(run, row, edge) for run in row):
            if start is not None:
                yield start, place
            start = None
        elif start is None:
            start = place
    if start is not None:
        yield start, len(rows)


def _crosses(run: _Run, row: Sequence[_Run], edge: float) -> bool:
    if run.x >= edge - _ALIGNED:
        return False
    # What begins at the edge in the same row shows that it ends before.
    begins = any(abs(other.x - edge) <= _ALIGNED for other in row)
    allowed = max((2 * _OVER if begins else _OVER) * (run.right - run.x), 0.5 * run.size)
    return run.right > edge + allowed


def _is_prose(rows: Sequence[Sequence[_Run]], *, dots: bool) -> bool:
    """Tell whether rows are lines of a text by their length; ``dots``: so are those of an index.

    In a table of contents a column of dots is none.
    """
    texts = [text for row in rows if (text := _line(row).text)]
    if not texts:
        return False
    usual = median(len(text) if dots or 2 * sum(map(str.isalpha, text)) > len(text) else 0 for text in texts)
    goes_on = sum(text[0].islower() for text in texts[1:]) >= _GOES_ON * len(texts)
    return usual >= _PROSE or (usual >= _SHORT_PROSE and goes_on)


def _cells(band: Sequence[Sequence[_Run]], edge: float) -> int | None:
    """Count the rows of the first cells, where both sides are parted at the same heights, twice and more."""
    gaps = [above[0].y - below[0].y for above, below in pairwise(band)]
    if len(gaps) < 3:
        return None
    usual = min(gaps)
    both = [
        any(run.x < edge - _ALIGNED for run in row) and any(run.x >= edge - _ALIGNED for run in row) for row in band
    ]
    parted = [
        place for place, (gap, begins) in enumerate(zip(gaps, both[1:], strict=True), 1) if gap > 1.4 * usual and begins
    ]
    return parted[0] if len(parted) > 1 and both[0] else None


def _breaks(rows: Sequence[Sequence[_Run]]) -> int:
    """Count the lines that the next one does not follow on, below it and in the same column.

    One above all before it counts twice: a heading is not read last.
    """
    highest = accumulate((row[0].y for row in rows), max)
    return sum(
        (not _follows(above, below)) + (below[0].y > top + below[0].size)
        for (above, below), top in zip(pairwise(rows), highest, strict=False)
    )


def _follows(above: Sequence[_Run], below: Sequence[_Run]) -> bool:
    down = above[0].y - below[0].y
    return (
        0 < down < _NEXT * max(above[0].size, below[0].size)
        and below[0].x < max(run.right for run in above)
        and above[0].x < max(run.right for run in below)
    )
