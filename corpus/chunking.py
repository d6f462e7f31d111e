"""Chunks: an article cut into runs of whole sentences that fit the embedder's window with the title in front.

Nothing is embedded cut off. What a window holds is known only by asking its own tokenizer, whose counts are
nearly, not exactly, additive: so borders are chosen by adding up the counts of sentences, and then every chunk
is counted as it will be embedded and cut again where it doesn't fit.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus import tokens
from corpus.errors import ArticleError
from corpus.sentences import is_heading, sentences
from corpus.types import Article, Chunk

TARGET = 160
"""Tokens a chunk should have: the middle of 120 to 200."""
LONGEST = 2_000
"""Characters a chunk has at most: what a person still reads as one passage, whatever the tokenizer makes of it."""
TITLE_SHARE = 5
"""The title in front gets at most one part in this many of the window."""
SMALLEST = 8
"""Tokens below which a sentence goes with the next one before borders are weighed. It keeps headings with what
they head, and the number of borders to weigh per sentence under 40."""
INSIDE_PARAGRAPH = 400.0
"""What ending inside a paragraph costs: as much as being 20 tokens off the target."""
AFTER_HEADING = 10_000.0
"""What ending right after a heading costs: as much as being 100 tokens off the target."""

_ATOM = 32
"""Characters above which a word is cut when its sentence has to be."""
_GAP = 64
"""Characters of the whitespace after a sentence that are counted with it."""
_WORD = re.compile(r"\s*\S+")


class Window(Protocol):
    """The embedder's window, as the chunker sees it."""

    @property
    def limit(self) -> int:
        """Word pieces that fit, special tokens already taken off."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens."""
        ...


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is never cut once borders are weighed: short sentences together, a sentence, or a part of a long one."""

    start: int
    end: int
    tokens: int
    pieces: int
    penalty: float
    """Say what it costs to end a chunk after this unit."""


def context_title(title: str, window: Window) -> str:
    """Cut the title to what is embedded in front of each chunk: cut at a word border to at most a fifth of the window.

    A title of one word is cut between characters. Empty when not even the first word of several fits.
    """
    title = " ".join(title.split())
    allowed = window.limit // TITLE_SHARE
    if not title or window.count([title])[0] <= allowed:
        return title
    ends = [match.end() for match in _WORD.finditer(title)]
    if len(ends) == 1:
        ends = [end for end in range(1, len(title)) if _cuttable(title, end)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if window.count([title[: ends[middle - 1]]])[0] <= allowed:
            low = middle
        else:
            high = middle - 1
    return title[: ends[low - 1]] if low else ""


def embedded_text(title: str, chunk_text: str) -> str:
    """Put title and chunk together as the embedder and the full-text index get them."""
    return f"{title}\n{chunk_text}" if title else chunk_text


def chunk(article: Article, window: Window) -> list[Chunk]:
    """Cut an article into its chunks: in order, not overlapping, together holding every sentence.

    Each has about 120 to 200 tokens and at most 2,000 characters, and ``embedded_text(context_title(...), text)``
    has at most ``window.limit`` word pieces. A sentence that can't fit is cut at word borders, a word that can't
    between characters. Linear in the length of the text.

    Raises ArticleError when the window is too small for one character of the text.
    """
    text = article.text
    title = context_title(article.title, window)
    units, room = _units(text, title, window)
    fitting = _fitting(text, title, _runs(units, room), window)
    spans = [(run[0].start, run[-1].end) for run in fitting]
    counts = tokens.counts([text[start:end] for start, end in spans])
    return [Chunk(start, end, count) for (start, end), count in zip(spans, counts, strict=True)]


def _units(text: str, title: str, window: Window) -> tuple[list[_Unit], int]:
    """Find the sentences of ``text`` with their counts, over-long ones in parts, very short ones with the next.

    Beside them the word pieces that the title leaves for a chunk.
    """
    spans = sentences(text)
    front, pieces = _counted(text, title, spans, window)
    room = window.limit - front
    parts: list[tuple[int, int]] = []
    for (start, end), count in zip(spans, pieces, strict=True):
        if count <= room and end - start <= LONGEST:
            parts.append((start, end))
        else:
            parts += _parts(text, start, end, room, window)
    if len(parts) > len(spans):
        front, pieces = _counted(text, title, parts, window)
    lengths = tokens.counts([text[start:end] for start, end in parts])
    units: list[_Unit] = []
    held: _Unit | None = None
    for place, ((start, end), count, length) in enumerate(zip(parts, pieces, lengths, strict=True)):
        following = parts[place + 1][0] if place + 1 < len(parts) else len(text)
        penalty = _penalty(text, start, end, following)
        if held is not None and held.pieces + count <= room and end - held.start <= LONGEST:
            # "Two short ones." are counted as one token less apart than together: the gap is a token at most.
            unit = _Unit(held.start, end, held.tokens + 1 + length, held.pieces + count, penalty)
        else:
            units += [held] if held is not None else []
            unit = _Unit(start, end, length, count, penalty)
        if unit.tokens < SMALLEST:
            held = unit
        else:
            units.append(unit)
            held = None
    return [*units, *([held] if held is not None else [])], room


def _counted(text: str, title: str, spans: list[tuple[int, int]], window: Window) -> tuple[int, list[int]]:
    """Count the word pieces of what stands in front of a chunk, and of each span with the gap after it: one call."""
    gaps = [following for following, _ in spans[1:]] + [spans[-1][1]]
    texts = [text[start : min(gap, end + _GAP)] for (start, end), gap in zip(spans, gaps, strict=True)]
    front, *pieces = window.count([embedded_text(title, ""), *texts])
    return front, pieces


def _penalty(text: str, start: int, end: int, following: int) -> float:
    """Say what it costs to end a chunk after the sentence ``[start, end)``, when the next begins at ``following``."""
    gap = text[end : min(following, end + _GAP)]
    if following - end <= _GAP and "\n" not in gap and "\r" not in gap:
        return INSIDE_PARAGRAPH
    return AFTER_HEADING if end - start <= LONGEST and is_heading(text[start:end]) else 0.0


def _runs(units: list[_Unit], room: int) -> list[list[_Unit]]:
    """Find the runs of units that are together cheapest, by dynamic programming over the borders between them.

    The cost of a run is the square of its distance from TARGET tokens, plus the penalty of where it ends.
    """
    best = [0.0]
    cut = [0]
    for end in range(1, len(units) + 1):
        last = units[end - 1]
        length = pieces = 0
        cheapest, where = float("inf"), end - 1
        for start in range(end - 1, -1, -1):
            first = units[start]
            length += first.tokens
            pieces += first.pieces
            alone = start == end - 1
            # Past twice the target, two runs are always cheaper than one.
            if not alone and (pieces > room or length > 2 * TARGET or last.end - first.start > LONGEST):
                break
            cost = best[start] + (length - TARGET) ** 2
            if cost < cheapest:
                cheapest, where = cost, start
        best.append(cheapest + last.penalty)
        cut.append(where)
    runs: list[list[_Unit]] = []
    end = len(units)
    while end:
        runs.append(units[cut[end] : end])
        end = cut[end]
    return runs[::-1]


def _fitting(text: str, title: str, runs: list[list[_Unit]], window: Window) -> list[list[_Unit]]:
    """Give ``runs`` with those that don't fit the window, counted as they are embedded, halved until they do."""
    waiting = runs
    done: list[list[_Unit]] = []
    while waiting:
        counts = window.count([embedded_text(title, text[run[0].start : run[-1].end]) for run in waiting])
        again: list[list[_Unit]] = []
        for run, count in zip(waiting, counts, strict=True):
            if count <= window.limit and run[-1].end - run[0].start <= LONGEST:
                done.append(run)
            elif len(run) > 1:
                again += (run[: len(run) // 2], run[len(run) // 2 :])
            else:
                unit = run[0]
                again += ([_Unit(*span, 0, 0, 0.0)] for span in _halves(text, unit.start, unit.end))
        waiting = again
    return sorted(done, key=lambda run: run[0].start)


def _parts(text: str, start: int, end: int, room: int, window: Window) -> list[tuple[int, int]]:
    """Cut a sentence too long for the window into even parts of whole words that have ``room`` pieces each."""
    atoms = list(_atoms(text, start, end))
    counts = window.count([text[a:b] for a, b in atoms])
    total = max(sum(counts), 1)
    # Even parts: a sentence just over the limit is better halved than left with a tail of two words.
    aim = total / -(-total // max(room, 1))
    parts: list[tuple[int, int]] = []
    begin, stop, held = start, start, 0
    for (_, atom_end), count in zip(atoms, counts, strict=True):
        if stop > begin and (held + count > max(room, 1) or held >= aim or atom_end - begin > LONGEST):
            parts.append((begin, stop))
            begin, held = stop, 0
        stop = atom_end
        held += count
    parts.append((begin, stop))
    return list(_stripped(text, parts))


def _atoms(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """Give the words of ``text[start:end]`` with the space before them, long ones in pieces of about 32 characters."""
    for match in _WORD.finditer(text, start, end):
        begin = match.start()
        while match.end() - begin > 2 * _ATOM:
            border = _border(text, begin + _ATOM, match.end())
            yield begin, border
            begin = border
        yield begin, match.end()


def _halves(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut ``[start, end)`` in two, at the space nearest to its middle, else between two characters there.

    Raises ArticleError when it is one character.
    """
    if end - start < 2:
        raise ArticleError(
            f"the embedder's window is too small: the title and the character at {start} don't fit into it together"
        )
    middle = (start + end) // 2
    spaces = [match.start() for match in re.finditer(r"\s", text[start:end])]
    border = min((start + space for space in spaces), key=lambda place: abs(place - middle), default=0)
    if not border:
        border = _border(text, middle, end)
        if border >= end:
            border = middle
    return list(_stripped(text, [(start, border), (border, end)]))


def _stripped(text: str, spans: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """Give ``spans`` without surrounding whitespace, empty ones left out."""
    for start, end in spans:
        part = text[start:end]
        begin, stop = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        if begin < stop:
            yield begin, stop


def _border(text: str, place: int, end: int) -> int:
    """Find the first place from ``place`` on where no mark, joiner or modifier follows, at most 16 characters later."""
    for border in range(place, min(place + 16, end)):
        if _cuttable(text, border):
            return border
    return min(place + 16, end) if end - place <= 16 else place


def _cuttable(text: str, place: int) -> bool:
    """Tell whether a reader sees two characters at ``place``: no combining mark, joiner, or emoji modifier after it."""
    following, before = text[place], text[place - 1]
    joined = "\u200d" in (following, before) or "\U0001f3fb" <= following <= "\U0001f3ff"
    return not joined and not unicodedata.category(following).startswith("M")
