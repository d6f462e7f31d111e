"""Scraped text -> clean text, with the title, date, authors and source that stood in it.

For scraped forms only, and before any offset exists. When in doubt a line is kept: a leftover costs little, a lost
sentence costs an answer.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.boilerplate import is_leftover, is_share_name
from corpus.dates import Order, find_dates

MAX_HEADLINE = 120
"""Longest line that is taken for a title without saying so, in characters; longer ones are mostly standfirsts."""

_LONG = 200
"""A paragraph longer than this is prose, with or without a full stop."""

_PASSES = 20
"""Most layers of leftovers taken off. Real texts have two or three; text made to have thousands must not cost hours."""

# Zero-width space, word joiner, byte order mark, soft hyphen. The joiners inside emoji, Persian and Indic words
# (U+200C, U+200D) and the marks of direction belong to the words and stay.
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u00ad]")
_LINE_END = re.compile("\r\n|[\r\v\f\u2028\u2029]")
# Windows punctuation that went through Latin-1 on its way: browsers show these controls as dashes and quotes, too.
_WINDOWS = {code: shown for code in range(0x80, 0xA0) if (shown := bytes([code]).decode("cp1252", "ignore"))}
_SPACES = re.compile("[ \t\u00a0\u2007\u202f]+")
_BULLET = re.compile(r"(?:[-*·](?:\s+|$)|[•‣▪◦●⦁]\s*)+")
_SENTENCE_END = tuple('.!?…。！？؟।"”’»)]')

# "Jane Doe", "J. R. O’Neil", "Ludwig van der Beek": capitals, with particles between.
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_PARTICLE = r"(?:d[aeiu]|del|der|den|van|von|la|le|al|bin|el)"
_NAME = rf"(?!The\s){_CAPITAL}(?:\s{_PARTICLE})*(?:\s{_CAPITAL}){{1,3}}"
_BYLINE = re.compile(rf"(?P<by>[Bb]y|BY)\s(?P<names>{_NAME}(?:(?:,|,?\sand|\s&)\s{_NAME}){{0,4}})(?:,?\s?§)?")
_CLOCK = re.compile(
    r"[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2})?\s?(?:[ap]\.?m\.?)?|\s?[ap]\.?m\.?)(?:\s[A-Z]{1,3}T|\s(?:UTC|GMT))?",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?P<label>(?:first |last |originally )?(?:published|updated|modified|posted)|date|publication date)?"
    r"(?:\s?:|\son|\sat)?\s?(?:§(?:,?\s(?:at\s)?¤)?|¤(?:,?\s(?:on\s)?§)?)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:staff|senior|special|political|business|foreign|chief)?\s?(?:writer|reporter|correspondent|editor|contributor)"
    r"|staff",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*[|•·]\s*|\s[–—-]\s|,\s(?![0-9])|(?<=[§¤])\s(?=[A-Za-z])")
_DATED_TITLE = re.compile(r"date:?\s(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})\s(?P<title>\S.*)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_SOURCE_LINE = re.compile(r"(?i:source):\s(?P<name>[A-Z][^.!?:;]{1,40})")
# The end of a sentence, inside quotes as well; two sentences; what stands on photographs.
_NO_TITLE = re.compile(
    r"[.!…:;,。！)\]][\"”’»']*$|[a-z0-9][.!?][\"”’»']*\s[\"“‘A-Z–—|-]|^(?:Image|Media|Photo|Video|CLOSE)\b", re.ASCII
)
# Who wrote it, and where and when: "By Jane Doe, Quill Post", "Story by Jane Doe", "LORN, March 10".
_CREDIT = re.compile(
    rf"(?i:by|words|story|text|report|reporting|photos?|pictures)(?i:\sby)?\s{_CAPITAL}(?:[\s,&|–—]+(?:and|of|for|the|at|in|[0-9]{{1,4}}|{_CAPITAL}))*$"
    r"|[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.'’ -]+,\s.*[0-9]{1,4}$"
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a scraped text held: ``title`` is "" and the others None or empty where it held none.

    ``text`` has one blank line between paragraphs; it is "" only where the input had no visible character.
    """

    title: str
    text: str
    published_at: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A line that holds nothing but a byline or dates."""

    published_at: str | None
    authors: tuple[str, ...]
    labelled: bool


def clean(raw: str, *, title: str | None = None, order: Order | None = None) -> Cleaned:
    """Clean a scraped text. With ``title`` known, no other is looked for, and a first line repeating it is dropped.

    ``order`` is that of the numbers in dates like 9/6/17; without it a line with such a date stays.
    Cleaning what was cleaned, with the title that was found, changes nothing.
    """
    return clean_paragraphs(_paragraphs(raw), title=title, order=order)[1]


def clean_paragraphs(
    paragraphs: list[str], *, title: str | None = None, order: Order | None = None
) -> tuple[list[str], Cleaned]:
    """Clean paragraphs that are tidy: give those that stay, the very same objects, and what ``clean`` gives."""
    found = Cleaned(title=title or "", text="")
    for _ in range(_PASSES):
        kept, found = _pass(paragraphs, found, headline_known=title is not None, order=order)
        if kept == paragraphs:
            break
        paragraphs = kept
    return paragraphs, replace(found, text="\n\n".join(paragraphs))


def tidy(line: str) -> str:
    """Give a line without characters that nobody sees, and with one space where several were."""
    return _SPACES.sub(" ", _JUNK.sub("", line.translate(_WINDOWS))).strip()


def without_bullet(paragraph: str) -> str:
    """Give a paragraph without the mark that makes it an item of a list."""
    return paragraph[match.end() :] if (match := _BULLET.match(paragraph)) else paragraph


def _pass(
    paragraphs: list[str], found: Cleaned, *, headline_known: bool, order: Order | None
) -> tuple[list[str], Cleaned]:
    """Take off what is no content, once; repeated until nothing changes, because a line can hide another."""
    kept = _without_leftovers(paragraphs)
    kept, found = _take_stamps(kept, found, order)
    kept, found = _take_title(kept, found, headline_known=headline_known)
    kept, found = _take_outlet(kept, found)
    # Nothing but leftovers: then they are the text. "Advertisement" alone may well be what somebody filed.
    return (kept, found) if kept else (paragraphs, found)


def _paragraphs(raw: str) -> list[str]:
    """Split into paragraphs: spaces and line ends normalised, hard-wrapped lines joined, bullets taken off."""
    text = _JUNK.sub("", _LINE_END.sub("\n", raw.translate(_WINDOWS)))
    lines = [_SPACES.sub(" ", line).strip() for line in text.split("\n")]
    width = _wrap_width(lines)
    paragraphs: list[str] = []
    previous = ""
    for line in lines:
        if line:
            if width and previous and _continues(previous, line, width):
                # A word split at its own hyphen ("high-/performance") gets no space.
                gap = "" if re.search(r"[^\W\d_]-$", previous) else " "
                paragraphs[-1] += gap + line
            else:
                paragraphs.append(line)
        previous = line
    return [found for paragraph in paragraphs if (found := without_bullet(paragraph))]


def _wrap_width(lines: list[str]) -> int:
    """Give the column at which an editor or mailer broke the lines, or 0 where lines are whole paragraphs.

    The test: a line was broken where the next line's first word would not have fitted any more. It counts when
    that happens inside sentences mostly, with a small letter on the next line.
    """
    full = [len(line) for line in lines if line]
    short = [length for length in full if length <= 100]
    if not short or len(full) - len(short) > 0.1 * len(full):
        return 0
    width = max(short)
    pairs = [(a, b) for a, b in pairwise(lines) if a and b and _full(a, b, width)]
    broken = [b for a, b in pairs if not a.endswith(_SENTENCE_END)]
    inside = sum(b[0].islower() for b in broken)
    return width if width >= 40 and inside and inside >= 0.3 * len(pairs) else 0


def _full(line: str, following: str, width: int) -> bool:
    return len(line) <= width < len(line) + 1 + len(following.split(maxsplit=1)[0])


def _continues(previous: str, line: str, width: int) -> bool:
    if _BULLET.match(line):
        return False
    inside = (line[0].islower() or line[0].isdigit()) and not previous.endswith(_SENTENCE_END)
    return inside or _full(previous, line, width)


def _without_leftovers(paragraphs: list[str]) -> list[str]:
    leftover = [is_leftover(paragraph) for paragraph in paragraphs]
    share = [is_share_name(paragraph) for paragraph in paragraphs]
    kept = []
    for i, paragraph in enumerate(paragraphs):
        # "Twitter" may be a heading; beside "Facebook" or "Share" it is a button.
        beside = any(0 <= j < len(paragraphs) and (leftover[j] or share[j]) for j in (i - 1, i + 1))
        if not leftover[i] and not (share[i] and beside):
            kept.append(paragraph)
    return kept


def _is_prose(paragraph: str) -> bool:
    return len(paragraph) > _LONG or (len(paragraph) > 60 and paragraph.endswith(_SENTENCE_END))


def _is_sentence(paragraph: str) -> bool:
    """Tell a short paragraph that is one from the next line of a menu, a table or a sentence broken in two."""
    return paragraph.endswith(_SENTENCE_END) and " " in paragraph and not paragraph[0].islower()


def _is_credit(paragraph: str) -> bool:
    return len(paragraph) <= MAX_HEADLINE and _CREDIT.match(paragraph) is not None


def _take_stamps(paragraphs: list[str], found: Cleaned, order: Order | None) -> tuple[list[str], Cleaned]:
    """Take off bylines and date lines around the story: before its first full sentence, and labelled ones at its end.

    A bare date counts only where it is the one such line: several are the headings of a timeline.
    """
    stamps = {i: stamp for i, line in enumerate(paragraphs) if (stamp := _stamp(line, order)) is not None}
    start = next((i for i, paragraph in enumerate(paragraphs) if _is_prose(paragraph)), len(paragraphs))
    end = len(paragraphs)
    while end and end - 1 in stamps and stamps[end - 1].labelled:
        end -= 1
    bare = [i for i, stamp in stamps.items() if not stamp.labelled and not stamp.authors]
    taken = {i: stamp for i, stamp in stamps.items() if (i < start and (i not in bare or bare == [i])) or i >= end}
    dates = [stamp.published_at for _, stamp in sorted(taken.items(), key=lambda item: not item[1].labelled)]
    authors = next((stamp.authors for stamp in taken.values() if stamp.authors), ())
    found = replace(
        found,
        published_at=found.published_at or next((value for value in dates if value), None),
        authors=found.authors or authors,
    )
    return [paragraph for i, paragraph in enumerate(paragraphs) if i not in taken], found


def _stamp(line: str, order: Order | None = None) -> _Stamp | None:
    """Read a line that holds only readable dates, times, bylines and their labels; None for any other line."""
    # The line's dates and clock times become these two signs, so that what is left can be compared with a grammar.
    if len(line) > 200 or "§" in line or "¤" in line:
        return None
    dates: list[str] = []
    pieces, at = [], 0
    for date in find_dates(line, order=order):
        if date.value is None:
            return None
        dates.append(date.value)
        pieces.append(line[at : date.start] + "§")
        at = date.end
    plain = _CLOCK.sub("¤", "".join(pieces) + line[at:])
    published: list[str] = []
    updated: list[str] = []
    authors: tuple[str, ...] = ()
    labelled = False
    remaining = iter(dates)
    for part in _SEPARATORS.split(plain):
        stamp = _STAMP.fullmatch(part)
        byline = None if stamp else _BYLINE.fullmatch(part)
        if stamp is None and byline is None and not _ROLE.fullmatch(part):
            return None
        value = next(remaining) if "§" in part else None
        label = (stamp["label"] or "").lower() if stamp else ""
        labelled = labelled or bool(label) or (byline is not None and bool(dates))
        if byline:
            authors += tuple(re.split(r",?\sand\s|\s&\s|,\s", byline["names"]))
        if value:
            (updated if "updated" in label or "modified" in label else published).append(value)
    if not dates and not authors and not labelled:
        return None
    return _Stamp(next(iter(published + updated), None), authors, labelled)


def _take_title(paragraphs: list[str], found: Cleaned, *, headline_known: bool) -> tuple[list[str], Cleaned]:
    """Take off the title: a short first line without sentence end, before a sentence of a longer text."""
    if len(paragraphs) < 2:
        return paragraphs, found
    first, following = paragraphs[:2]
    if dated := _DATED_TITLE.fullmatch(first):
        when = next((date.value for date in find_dates(dated["date"])), None)
        if when is not None and len(dated["title"]) <= _LONG:
            found = replace(found, title=found.title or dated["title"], published_at=found.published_at or when)
            return paragraphs[1:], found
    if found.title and first.casefold() == " ".join(found.title.split()).casefold():
        return paragraphs[1:], found
    following = next((one for one in paragraphs[1:] if not _is_credit(one)), following)
    is_title = (
        not headline_known
        and not found.title
        and len(first) <= MAX_HEADLINE
        and re.search(r"[^\W\d_].*\s\S|[\u2e80-\U0003ffff]{4}", first) is not None
        and not _NO_TITLE.search(first)
        and _stamp(first) is None
        and not _is_credit(first)
        and (_is_prose(following) or _is_sentence(following))
        and sum(map(len, paragraphs[1:])) > len(first)
    )
    return (paragraphs[1:], replace(found, title=first)) if is_title else (paragraphs, found)


def _take_outlet(paragraphs: list[str], found: Cleaned) -> tuple[list[str], Cleaned]:
    """Take off a last line that only names the outlet: a domain, "Source: Name", or a name the text says reports."""
    if len(paragraphs) < 2:
        return paragraphs, found
    last = paragraphs[-1]
    if named := _SOURCE_LINE.fullmatch(last):
        name = named["name"].strip()
    elif _DOMAIN.fullmatch(last) or (
        len(last) <= 40 and last[0].isupper() and any(f"{last} report" in paragraph for paragraph in paragraphs[:-1])
    ):
        name = last
    else:
        return paragraphs, found
    return paragraphs[:-1], replace(found, source=found.source or name)
