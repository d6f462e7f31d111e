"""Which sentence of the cited quotes a clause rests on, and what of its words stands there."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from corpus.sentences import sentences
from qa.gate.text.metonyms import governments
from qa.gate.text.synonyms import near, phrases
from qa.gate.text.words import Word, stem, words
from qa.language.numbers import number_at, tokens

_JOINT = re.compile(
    r"[;:]\s|,?\s(?=(?:but|because|while|although|though|whereas|after|before|when|until|despite)\b)"
    r"|,\s(?=(?:and|which|who|whose|so|as|saying|with)\b)|[.!?]\s"
)
_FINE = re.compile(
    _JOINT.pattern
    + r"|\s(?=and\s(?:has|have|had|is|are|was|were|will|would|could|may|might|can|must|did|does|\w+ed)\b)"
)
_BESIDE = re.compile(
    r",\s(?P<relative>(?:which|who|whose)\s[^,;]+),(?=\s(?:has|have|had|is|are|was|were|will|would|could|may|might|can|"
    r"must|did|does|said|told|\w+ed|"
    r"left|went|flew|took|gave|came|met|won|lost|saw|put|set|held|led|kept|fell|rose|began|ran|sold|bought|paid|sent|says?|wants?)\b)"
)
_LOOSE = re.compile(r"^\W*(?:(?:and|but|then|also|so)\s+)+", re.IGNORECASE)
_VERBS = frozenset(
    "has have had is are was were will would could can may might must does did do said told made took".split()
)
_RELATIVE = re.compile(r"^\W*(?:which|who|whose)\b", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:it|its|he|his|him|she|her|they|their|them|both|such|this|these|those|there|then|one|the (?:company|group|"
    r"firm|country|government|agency|court|man|woman|deal|plan|"
    r"two|three|four|five|people|report|project|decision|rule|law))\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her)\b", re.IGNORECASE)
_KIN = 5
_ENDING = 4
_BACK = 6
"""Sentences before one that says "he" among which the last that begins with a name says who that is."""
_LEAST = 2
"""Words that a clause must have to be looked at by itself."""
_GENERIC = frozenset(
    "company companies firm firms group bank country city club team agency airline retailer carrier".split()
)
_ABOUT = 0.8
"""Part of what the best sentence says of a clause that another must say to be tried."""
_TRIED = 3
_TITLES = frozenset("mr mrs ms dr president prime minister sir".split())


class Unit(NamedTuple):
    """A sentence of a quote. ``around`` are the stems that it may speak of without naming them: of the article's title
    and
    source, and of the sentence before where it points there ("it", "both", "such"), which are in ``before`` too.
    ``place`` orders the article's own.
    """

    text: str
    stems: frozenset[str]
    around: frozenset[str]
    before: frozenset[str]
    published: date | None
    source: frozenset[str]
    article_id: str
    place: int

    def holds(self, word: Word) -> bool:
        """Whether a word stands in it or may be taken from around it."""
        if word.stem in self.stems or word.stem in self.around:
            return True
        if word.name and governments(word) & self.stems:
            return True
        if word.name and not word.first:
            return word.text.isupper() and word.text in _initials(self.text)
        return bool(near(word.stem) & self.stems) or any(_kin(word.stem, one) for one in self.stems)


def _kin(one: str, other: str) -> bool:
    """Whether one stem is the other with an ending that is not cut off: "threat", "threaten"."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _KIN and len(long) <= len(short) + _ENDING and long.startswith(short)


@lru_cache(maxsize=64)
def _initials(text: str) -> str:
    """The first letters of the names in a text, run together where they stand together: "UN" of United Nations."""
    found = words(text)
    return "".join(
        word.text[0] if word.name else " " for word in found if word.name or word.lower not in ("of", "for", "the")
    )


def stems(text: str) -> frozenset[str]:
    """The stems in a text, and the phrases."""
    return frozenset(word.stem for word in words(text)) | {phrase.name for phrase in phrases(text)}


def units(
    text: str, start: int, end: int, *, about: str, source: str, published: date | None, id_: str
) -> Iterator[Unit]:
    """The sentences of a quote ``[start, end)`` of an article's text; ``about`` is its title."""
    told = _sentences(text)
    for place, (first, last) in enumerate(told):
        if first >= end or last <= start:
            continue
        said = text[max(first, start) : min(last, end)]
        before: frozenset[str] = frozenset()
        if place and _POINTING.search(said):
            before |= stems(text[slice(*told[place - 1])])
        if place and _PERSON.search(said):
            before |= _person([text[a:b] for a, b in told[max(0, place - _BACK) : place]])
        around = stems(about) | stems(source) | before
        yield Unit(said, stems(said), around, before, published, stems(source), id_, place)


def _person(before: Sequence[str]) -> frozenset[str]:
    """The name that the last of some sentences to begin with one begins with."""
    for said in reversed(before):
        found: list[Word] = []
        for word in words(said):
            if not (word.name and word.content):
                break
            found.append(word)
        if found:
            return frozenset(word.stem for word in found)
    return frozenset()


@lru_cache(maxsize=32)
def _sentences(text: str) -> list[tuple[int, int]]:
    """Many sentences of a text cite one article."""
    return sentences(text)


class Clause(NamedTuple):
    """A clause at ``[start, end)`` of a sentence; ``carried`` are the words of whom it speaks, where it does not
    say.
    """

    text: str
    words: list[Word]
    carried: list[Word]

    @property
    def content(self) -> list[Word]:
        """Its words that say something."""
        return [word for word in self.words if word.content]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its words; words of saying also as they are."""
        return frozenset(form for word in self.words for form in (word.stem, word.lower))


def clauses(text: str, *, fine: bool = False) -> list[Clause]:
    """The clauses of a sentence; one of hardly any words goes with the one before.

    ``fine`` ones are also what stands between ", which" and its comma, and behind "and" with a verb of its own.
    """
    if fine and (beside := _BESIDE.search(text)):
        main, relative = text[: beside.start()] + text[beside.end() :], beside["relative"]
        carried = [word for word in words(text[: beside.start()]) if word.content][-1:]
        return [*clauses(main, fine=True), Clause(relative, words(relative), carried)]
    parts: list[str] = []
    begin = 0
    for match in [*(_FINE if fine else _JOINT).finditer(text), None]:
        part = text[begin : match.end() if match else None]
        begin = match.end() if match else len(text)
        if parts and (_few(part) or _few(parts[-1])):
            parts[-1] += part
        elif part.strip():
            parts.append(part)
    found: list[Clause] = []
    for part in parts:
        carried = []
        if found and _RELATIVE.match(part):
            carried = found[-1].content[-1:]
        elif found and (match := _LOOSE.match(part)) and _verbal(part[match.end() :]):
            carried = _subject(found[-1])
        found.append(Clause(part, words(part), carried))
    return found


def _few(part: str) -> bool:
    return sum(word.content for word in words(part)) < _LEAST


def _verbal(rest: str) -> bool:
    """Whether a clause goes on with its verb, so that it has no subject of its own."""
    first = words(rest)[:1]
    return bool(first) and not first[0].name and (first[0].lower.endswith("ed") or first[0].lower in _VERBS)


def _subject(clause: Clause) -> list[Word]:
    """The names that a clause begins with, or else the first word that says something."""
    found: list[Word] = []
    first: list[Word] = []
    for word in clause.words:
        if (word.lower.endswith("ed") or word.lower in _VERBS) and (found or first):
            break
        if word.content:
            first.append(word)
            if word.name:
                found.append(word)
    return found or first[:1]


def whole(text: str) -> Clause:
    """A sentence as one clause."""
    return Clause(text, words(text), [])


def supports(clause: Clause, told: Sequence[Unit]) -> list[Unit]:
    """What a clause may rest on, the best first: sentences that say about as much of it as the one that says most, and
    the best together with another that belongs to it.
    """
    weights = [_weight(clause, unit) for unit in told]
    order = sorted(range(len(told)), key=lambda row: -weights[row])
    first = told[order[0]]
    found = [told[row] for row in order if weights[row] >= _ABOUT * weights[order[0]]][:_TRIED]
    missing = {stem(part) for word in clause.words for part in (word.text, *word.text.split("-"))} - first.stems
    others = [unit for row, unit in enumerate(told) if row != order[0] and missing & unit.stems]
    return found + [together(first, other) for other in others[:_TRIED] if belongs(first, other)]


def _weight(clause: Clause, unit: Unit) -> float:
    """How much of a clause a sentence says; names and figures weigh more."""
    said = 0.0
    for word in clause.content:
        weighs = 3.0 if word.name or word.text[0].isdigit() else 1.0
        said += weighs * (word.stem in unit.stems) + 0.4 * weighs * (word.stem not in unit.stems and unit.holds(word))
    return said


def belongs(one: Unit, other: Unit) -> bool:
    """Whether two sentences may be told as one: they are of one article."""
    return one.article_id == other.article_id and one.published == other.published


def together(one: Unit, other: Unit) -> Unit:
    """Two sentences as one, in the order of their article."""
    first, then = sorted((one, other), key=lambda unit: unit.place)
    return Unit(
        f"{first.text} {then.text}",
        first.stems | then.stems,
        first.around | then.around,
        first.before | then.before,
        one.published,
        one.source,
        one.article_id,
        first.place,
    )


def is_title(word: Word) -> bool:
    """Whether a capital word names no one by itself: "President"."""
    return word.lower in _TITLES


def is_generic(word: Word) -> bool:
    """Whether it can stand for a name: "the company"."""
    return not word.name and word.lower in _GENERIC


def is_number(word: Word) -> bool:
    """Whether it is a number or a unit in a word: what it says is compared as a figure."""
    return number_at(tokens(word.text), 0) is not None or bool(
        re.fullmatch(
            r"(?:\w*illion|hundred|thousand|percent|cent|km|mm|cm|kg|tonnes|two|three|four|five|six|seven|eight|nine|ten)s?",
            word.lower,
        )
    )
