"""The lines of printed pages -> paragraphs, with the page that each part of them stands on.

A PDF keeps where letters stand, not what belongs together: paragraphs are told by the space between lines, their size
and their indentation. When in doubt a line goes on with the one before it: a sentence torn apart can't be cited whole.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median, quantiles
from typing import NamedTuple

from corpus import tokens

_APART = 1.3  # leadings between two lines from which on they belong to two paragraphs: 1.5 is common, 1.2 is noise
_JUMP = 4.0  # leadings from which on the text goes on elsewhere: in the next column, behind a picture
_SHORT = 0.75  # of a full line's characters; a shorter line that ends a sentence ends its paragraph
_EDGE = 3  # lines at the top and the foot of a page among which what repeats is looked for, if set apart
_LONGEST = 10_000  # characters of a paragraph on a page, from which on none is put together: no paper has such
_LONGEST_WORD = 40
_SENTENCE_END = tuple('.!?…:。！？؟।"”’»)]')
_HYPHENS = ("-", "\u2010", "\u00ad")
_BULLET = re.compile(r"(?:[•‣▪◦●·*–—-]|\d{1,2}[.)])\s")
_FIGURES = re.compile(r"[0-9]+")
_NUMBERED = re.compile(
    r"(?:page|seite|p\.)?\s?[-–—]?\s?([0-9]{1,4})\s?[-–—]?(?:\s?(?:of|/|von)\s?[0-9]{1,4})?", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")


class Line(NamedTuple):
    """A line of a page: where it begins, in points from the page's lower left corner, and the size of its letters."""

    text: str
    x: float
    y: float
    size: float


class Paragraph(NamedTuple):
    """A paragraph: the page that each part of it stands on, counted from 1, with the part's text."""

    parts: list[tuple[int, str]]
    size: float

    @property
    def text(self) -> str:
        """The whole paragraph, a space where it runs over a page."""
        return " ".join(text for _, text in self.parts)


class _Placed(NamedTuple):
    """A line on its page, with what is usual there: from line to line in points, and characters of a full line."""

    line: Line
    page: int
    leading: float
    width: float


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """Put lines together to paragraphs, without running heads, feet and page numbers.

    A word that was broken at a line's end is put together where that is sure, on the page on which it begins.
    """
    lines = [placed for number, page in enumerate(_without_running(pages), 1) for placed in _placed(page, number)]
    words = Counter(word.casefold() for placed in lines for word in _WORD.findall(placed.line.text))
    found: list[Paragraph] = []
    for place, placed in enumerate(lines):
        if not place or _apart(lines[place - 1], placed) or len(found[-1].parts[-1][1]) > _LONGEST:
            found.append(Paragraph([(placed.page, placed.line.text)], placed.line.size))
        else:
            _go_on(found[-1].parts, placed, words)
    return found


def _placed(page: Sequence[Line], number: int) -> Iterator[_Placed]:
    # By size: a heading's lines stand wider apart than the text's.
    lengths: defaultdict[float, list[int]] = defaultdict(list)
    gaps: defaultdict[float, list[float]] = defaultdict(list)
    for line in page:
        lengths[line.size].append(len(line.text))
    for above, below in pairwise(page):
        if above.size == below.size and 0 < above.y - below.y < _JUMP * max(above.size, 1):
            gaps[above.size].append(above.y - below.y)
    usual = {
        size: (
            median(gaps[size]) if gaps[size] else 1.2 * size,
            quantiles(long, n=10, method="inclusive")[-1] if len(long) > 1 else long[0],
        )
        for size, long in lengths.items()
    }
    for line in page:
        yield _Placed(line, number, *usual[line.size])


def _apart(before: _Placed, placed: _Placed) -> bool:
    """Tell whether a line begins a paragraph."""
    a, b = before.line, placed.line
    ended = a.text.endswith(_SENTENCE_END)
    if len(a.text) == 1 and a.text.isalpha() and a.size > 1.5 * b.size:
        return False  # an initial as high as some lines
    if abs(a.size - b.size) > 0.1 * max(a.size, b.size):
        return True
    gap = a.y - b.y
    if before.page != placed.page or gap < -before.leading or gap > _JUMP * before.leading:
        # The text goes on elsewhere, in the middle of a sentence or not.
        full = len(a.text) >= _SHORT * before.width
        return ended or not (b.text[0].islower() or full or a.text.endswith(_HYPHENS))
    if gap > _APART * before.leading or _BULLET.match(b.text):
        return True
    if b.text[0].islower() and not ended:
        return False
    indented = 0.6 * b.size < b.x - a.x < 8 * b.size
    return indented or (ended and len(a.text) < _SHORT * before.width)


def _go_on(parts: list[tuple[int, str]], placed: _Placed, words: Counter[str]) -> None:
    """Add a line to a paragraph."""
    page, text = parts[-1]
    line = placed.line.text
    broken = _BROKEN.search(text[-_LONGEST_WORD:])
    if broken is not None and (following := _WORD.match(line)) is not None and line[0].islower():
        left, right = broken[1], following[0]
        joined = text[-1] == "\u00ad" or _is_one_word(left, right, words)
        begun = text[:-1] if joined else text
        # The word stays whole, on the page on which it begins.
        rest, _, line = line.partition(" ")
        parts[-1] = (page, begun + rest)
        if not line:
            return
        text = parts[-1][1]
    if page != placed.page:
        parts.append((placed.page, line))
    else:
        initial = len(text) == 1 and text.isalpha() and line[0].islower()
        unspaced = initial or (text[-1] >= "\u2e80" and line[0] >= "\u2e80")
        parts[-1] = (page, text + ("" if unspaced else " ") + line)


def _is_one_word(left: str, right: str, words: Counter[str]) -> bool:
    """Tell whether "docu-" and "mentation" are surely one word, and not two that a hyphen joins as in "well-known".

    It is, where the text has it elsewhere, it is among the common words of news, or neither part is a word.
    """
    whole = (left + right).casefold()
    if words[whole] or _is_common(left + right):
        return True
    alone = words[right.casefold()] > 1 or _is_common(right) or words[left.casefold()] > 1 or _is_common(left)
    return not alone and left.islower()


def _is_common(word: str) -> bool:
    """Tell whether a word is one token of the bundled encoding, which was made from news."""
    return len(tokens.encoding().encode_ordinary(f" {word.lower()}")) == 1


def _without_running(pages: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """Give the pages without what repeats at their top and foot, figures aside, and without their numbers."""
    edges = [_edge(page) for page in pages]
    times = Counter(key for edge in edges for key in {_key(line) for line in edge})
    least = max(2, 0.4 * len(pages))
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True), 1):
        running = {line for line in edge if times[_key(line)] >= least or _numbers(line, number)}
        yield [line for line in page if line not in running]


def _edge(page: Sequence[Line]) -> list[Line]:
    """Give the lines at the top and the foot of a page that stand apart from what is between them.

    A line of the text that repeats at its page's top, by chance, stands no farther from the next one than all.
    """
    rows: dict[int, float] = {round(line.y): line.size for line in page}
    heights = sorted(rows, reverse=True)
    gaps = [above - below for above, below in pairwise(heights)]
    if not gaps:
        return []
    usual = median(gaps)
    apart = [
        gap > _APART * usual or abs(rows[above] - rows[below]) > 0.1 * max(rows[above], rows[below])
        for gap, (above, below) in zip(gaps, pairwise(heights), strict=True)
    ]
    top = max((n for n, is_apart in enumerate(apart[:_EDGE], 1) if is_apart), default=0)
    foot = max((n for n, is_apart in enumerate(apart[: -_EDGE - 1 : -1], 1) if is_apart), default=0)
    outer = {*heights[:top], *heights[len(heights) - foot :]}
    return [line for line in page if round(line.y) in outer]


def _key(line: Line) -> tuple[str, int]:
    # At the same height, give or take a point or two.
    return _FIGURES.sub("#", line.text.casefold()), round(line.y / 4)


def _numbers(line: Line, page: int) -> bool:
    match = _NUMBERED.fullmatch(line.text)
    return match is not None and int(match[1]) == page
