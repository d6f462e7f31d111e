"""Sentences: the offsets of each one in a text, in code points.

A text falls into blocks (lines, or paragraphs where lines are hard-wrapped), and a sentence never leaves its
block. Inside one, every terminal followed by a space is a candidate. ``nupunkt`` judges the doubtful ones; what
news writes all the time is judged here first, because nupunkt's legal model takes the last word of "last month."
or "the Post reports." for an abbreviation and "Lt. Gov." for two sentences.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import nupunkt

HEADING_WORDS = 12
"""A line of more words is prose, whatever it ends with."""
WRAP = (45, 100)
"""Columns in which mail, wire copy and PDFs break their lines."""
LONGEST_WORD = 200
"""nupunkt looks ahead to the end of a word at every terminal: longer words would cost it the square."""

_CLOSERS = "\"'”’»›)]}*」』）】》〉］｝"
_OPENERS = "\"'“‘„«‹([{*¿¡「『（【《〈"
# A form feed inside a line is where a page ends in the middle of a sentence: a space, that breaks nothing.
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+(?:(?<=\S )\f+(?=\S)[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+)*")
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BULLET = re.compile(r"(?:[•‣▪·*–—-]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_TERMINAL = re.compile(r"[.!?…。！？｡؟۔।॥։።៕။]")
_FINAL = re.compile(rf"[.!?…。！？｡؟۔।॥։።៕။][{re.escape(_CLOSERS)}\s]*\Z")
# A space after a terminal or what closes a quote: anchored behind, so that a run of dots is scanned once.
_SPACE = re.compile(rf"(?<=[.!?…{re.escape(_CLOSERS)}])\s+(?=\S)")
_OTHER_SCRIPTS = re.compile(rf"[。！？｡؟۔।॥։።៕။]+[{re.escape(_CLOSERS)}]*|(?<=[!?])(?=[\u3040-\u30ff\u3400-\u9fff])")
# Scrapers lose the space after a quote that ends a sentence: 'to its members.”Later he'.
_GLUED_QUOTE = re.compile(r"(?<=[a-z][a-z][.!?])[”\"]+(?=[A-Z])")
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD},}}")
_NOTE = re.compile(r"\[\d{1,3}\]\Z")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def _words(listed: str) -> frozenset[str]:
    """Give the words of a list set for reading, separated by spaces."""
    return frozenset(listed.split())


# Never at the end of a sentence when a name or a number follows.
_TITLES = _words(
    "Mr Mrs Ms Mx Messrs Mme Mlle Sra Srta Dr Drs Prof Profs Sen Sens Rep Reps Gov Govs Pres Lt Col Cols Gen Gens Maj"
    " Capt Cpl Pfc Pvt Sgt Sgts Spc Adm Adms Cmdr Cmdrs Brig Rev Revs Fr Msgr Hon Supt Insp Det Amb Atty Asst Assoc Dep"
    " Ald Cllr Sec Secy v vs cf viz ca approx e.g i.e a.k.a"
)
# Inside a sentence or at its end: what follows decides.
_SHORTENED = _words(
    "Jr Sr Inc Corp Co Cos Ltd Bros Dept Univ Assn Ave Blvd Rd St Ste Mt Ft Esq Ala Ariz Ark Calif Colo Conn Del Fla Ga"
    " Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Vt Va Wash Wis Wyo Ont Que Ph.D"
    " M.D B.A M.A Fig Art Vol Ch pp p ed eds al"
)
_MONTHS = _words("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")
# Belong to the hour before them: "5 p.m. Monday", "8 a.m. ET".
_AFTER_HOUR = _words(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Tues Wed Thu Thurs Fri Sat Sun January February"
    " March April May June July August September October November December Jan Feb Aug Sept Oct Nov Dec ET EST EDT CT"
    " CST CDT MT MST MDT PT PST PDT GMT UTC BST CET CEST IST JST HKT AEST Eastern Central Mountain Pacific Local"
)
# Words that open sentences and not names: after "U.S." they tell "the U.S. The deal" from "the U.S. Senate".
_STARTERS = _words(
    "The A An In On At By For From To With Without As If When While Where After Before Since Until Although Though"
    " Because But And Or So Yet He She It They We You I His Her Its Their Our My Your This That These Those There Here"
    " What Who Why How Which Not Now Then Later Still Also Even Only Just Most Many Some Each Every Another Such"
    " Meanwhile However Moreover Instead Earlier Under Despite During According Among About More Nearly Once"
)
_NAMES_WITH_MARK = frozenset({"Yahoo!", "Jeopardy!", "Yum!", "E!"})
_GLUE = re.compile(rf"[{re.escape(_OPENERS)}:—–]")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]\Z")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\)?\Z")
_SPEAKER = re.compile(r"(?:[A-Z][\w.’'-]{0,30}\s){1,3}(?:said|says|asked|wrote|added|told|replied|tweeted|shouted)\b")

Lead = Literal["lower", "upper", "digit", "other"]


def sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences of ``text`` as spans ``[start, end)``, in order.

    They don't overlap, are never empty, neither begin nor end with whitespace, and together hold every character
    that isn't whitespace. A line break ends a sentence, unless the text is hard-wrapped there. Linear in the
    length of the text.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        if _TERMINAL.search(text, start, end) is None:
            spans.append((start, end))
        else:
            spans += ((start + a, start + b) for a, b in _split(_BREAKS.sub(" ", text[start:end])))
    return spans


def is_heading(text: str) -> bool:
    """Tell whether ``text`` is a short line without sentence-final punctuation: a heading, a byline, a caption's tag.

    In scripts without spaces two characters count as a word.
    """
    words = len(text.split()) + len(_CJK.findall(text)) // 2
    return words <= HEADING_WORDS and _FINAL.search(text) is None


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Give the stripped, non-empty lines, with hard-wrapped ones joined to their paragraph."""
    lines: list[tuple[int, int]] = []
    for match in _LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        end = match.start() + len(line.rstrip())
        if start < end:
            lines.append((start, end))
    width = _wrapped_width(text, lines)
    if width is None:
        yield from lines
        return
    start, end = lines[0]
    for next_start, next_end in lines[1:]:
        if not _wrapped(text, (start, end), (next_start, next_end), width):
            yield start, end
            start = next_start
        end = next_end
    yield start, end


def _adjacent(text: str, end: int, start: int) -> bool:
    """Tell whether there is one line break, and nothing but indentation, between two lines."""
    gap = text[end : min(start, end + WRAP[1])].strip(" \t")
    return start - end < WRAP[1] and gap in ("\n", "\r\n", "\r")


def _wrapped_width(text: str, lines: list[tuple[int, int]]) -> int | None:
    """Find the column at which the text breaks its lines, or None when a line is a paragraph or a heading.

    Wrapped prose breaks most lines in mid-sentence at about one width; scraped news ends them with a full stop.
    """
    pairs = broken = 0
    width = 0
    for (start, end), (next_start, _) in pairwise(lines):
        if not _adjacent(text, end, next_start):
            continue
        pairs += 1
        if WRAP[0] <= end - start <= WRAP[1] and text[next_start].islower() and text[end - 1] not in ".!?…:;":
            broken += 1
            width = max(width, end - start)
    return width if broken and broken >= 0.4 * pairs else None


def _wrapped(text: str, line: tuple[int, int], following: tuple[int, int], width: int) -> bool:
    """Tell whether the break between two lines was made only because the next word didn't fit."""
    (_, end), (start, next_end) = line, following
    if not _adjacent(text, end, start) or _BULLET.match(text, start, next_end):
        return False
    line_start = max(line[0], end - 2 * WRAP[1])
    last_break = max(text.rfind("\n", line_start, end), text.rfind("\r", line_start, end))
    length = end - max(line_start, last_break + 1)
    first_word = text[start : min(next_end, start + WRAP[1])].split(None, 1)[0]
    # Ragged setters leave a few columns: a word that would have fitted by more than five says "on purpose".
    return length <= WRAP[1] and length + 1 + len(first_word) > width - 5


def _split(block: str) -> list[tuple[int, int]]:
    """Find the sentences of one block (stripped, without line breaks), as spans in it."""
    borders = _spaced_borders(block)
    for match in _OTHER_SCRIPTS.finditer(block):
        end = match.end()
        # A quote that goes on ("。」と") and a mark set over the terminal belong to what stands before.
        if end < len(block) and block[end] not in "、，,。！？と" and not unicodedata.combining(block[end]):
            borders.append(end)
    borders += (match.end() for match in _GLUED_QUOTE.finditer(block))
    borders.sort()
    spans: list[tuple[int, int]] = []
    start = 0
    last_wordy = True
    for border in (*borders, len(block)):
        piece = block[start:border]
        begin, end = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
        start = border
        if begin >= end:
            continue
        wordy = any(character.isalnum() for character in piece)
        if spans and not (last_wordy and wordy):
            # A quote mark or a bullet left alone is no sentence: it stays with its neighbour.
            begin = spans.pop()[0]
            wordy = wordy or last_wordy
        spans.append((begin, end))
        last_wordy = wordy
    return spans


def _spaced_borders(block: str) -> list[int]:
    """Find where a sentence begins after a terminal and a space, in order."""
    borders: list[int] = []
    judged: set[int] | None = None
    for match in _SPACE.finditer(block):
        closed = match.start()
        note = _NOTE.search(block, max(0, closed - 5), closed)
        mark = note.start() if note else closed
        while mark > max(0, closed - 8) and block[mark - 1] in _CLOSERS:
            mark -= 1
        if mark == 0 or block[mark - 1] not in ".!?…":
            continue
        verdict = _verdict(block, mark, closed, match.end())
        if verdict is None:
            if judged is None:
                judged = {start for start, _ in nupunkt.sent_spans(_LONG_WORD.sub(_masked, block))}
            verdict = match.end() in judged or any(place in judged for place in range(mark, closed + 1))
        if verdict:
            borders.append(match.end())
    return borders


def _masked(match: re.Match[str]) -> str:
    """Give a word of the same length with one terminal at most, at its end."""
    return "x" * (len(match.group()) - 1) + match.group()[-1]


def _verdict(block: str, mark: int, closed: int, following: int) -> bool | None:
    """Tell whether a sentence ends with the terminal before ``mark``; None when nupunkt should say.

    ``block[mark:closed]`` are closing quotes and brackets, ``following`` is where the next word begins.
    """
    before = block[max(0, mark - 40) : mark].split()[-1]
    ahead = block[following : following + 120]
    word = ahead.split(None, 1)[0]
    bare = word.lstrip(_OPENERS)
    lead = _lead(bare)
    if before[-1] in "!?":
        if before.lstrip(_OPENERS) in _NAMES_WITH_MARK:
            return _opens(bare)
        if lead == "lower":
            # "Wham! split up": a name, or a quote that goes on.
            return False if closed > mark or before.lstrip(_OPENERS)[:1].isupper() else None
        return closed == mark or _SPEAKER.match(ahead) is None
    if before[-1] == "…" or before.endswith("..") or before == ".":
        return False if lead == "lower" else None
    if len(before) == mark and _ENUMERATOR.match(before[:-1]):
        return False
    return _after_full_stop(_GLUE.split(before[:-1])[-1], closed > mark, word, lead)


def _after_full_stop(stem: str, closes: bool, word: str, lead: Lead) -> bool | None:
    """Tell whether a sentence ends with ``stem`` and its full stop ahead of ``word``; None: nupunkt says.

    ``closes`` says that a quote or bracket closes after the full stop.
    """
    # A quote of one word is a nickname: 'C.L. "Butch" Otter'.
    quoted = word[0] in "\"“‘'«„" and word.rstrip(",.")[-1:] not in "\"”’'»"
    bare = word.lstrip(_OPENERS)
    if lead == "lower" and (closes or stem.isdecimal() or stem in _MONTHS):
        return False
    if stem in _TITLES:
        return closes and _opens(bare)
    if stem in ("No", "Nos", "no", "nos"):
        return lead == "upper"
    if stem in _MONTHS:
        return lead == "upper"
    if stem in ("a.m", "p.m", "A.M", "P.M"):
        return lead == "upper" and word[0] not in "([" and bare.rstrip('.,;:!?)”"') not in _AFTER_HOUR
    if len(stem) > 1 and _INITIALS.match(stem):
        return lead == "upper" and word[0] not in "([" and (quoted or _opens(bare))
    if len(stem) == 1 and stem.isalpha():
        return lead == "upper" and not quoted and _opens(bare)
    if stem in _SHORTENED:
        if word[0] in "([—–-":
            return False
        return True if lead == "upper" and (quoted or _opens(bare)) else None
    return True if lead == "upper" or (lead == "digit" and len(stem) > 4) else None


def _opens(word: str) -> bool:
    """Tell whether ``word`` (with what is glued to it: "It's", "Meanwhile,") is one that opens sentences."""
    return re.split(r"[’',;:]", word, maxsplit=1)[0] in _STARTERS


def _lead(bare: str) -> Lead:
    """Say what kind of character a word begins with, opening quotes and brackets left out."""
    if not bare:
        return "other"
    first = bare[0]
    if first.islower():
        # "iPhone", "eBay": a name may open a sentence in its own spelling.
        return "upper" if len(bare) > 1 and bare[1].isupper() else "lower"
    if first.isupper():
        return "upper"
    return "digit" if first.isdecimal() else "other"
