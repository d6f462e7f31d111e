"""Aligns a clause with the sentence of the cited quotes that supports it, and with the words they share."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from corpus.sentences import sentences
from qa.gate.text.clauses import Clause
from qa.gate.text.quoted_sentences import QuotedSentence, stems
from qa.gate.text.words import Word, stem, words

_POINTING = re.compile(
    r"\b(?:it|its|he|his|him|she|her|they|their|them|both|such|this|these|those|there|then|one|the (?:company|group|"
    r"firm|country|government|agency|court|man|woman|deal|plan|"
    r"two|three|four|five|people|report|project|decision|rule|law))\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her)\b", re.IGNORECASE)
_BACK = 6
"""Sentences before one that says "he" among which the last that begins with a name says who that is."""
_ABOUT = 0.8
"""Part of what the best sentence says of a clause that another must say to be tried."""
_TRIED = 3


def units(
    text: str, start: int, end: int, *, about: str, source: str, published: date | None, id_: str
) -> Iterator[QuotedSentence]:
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
        yield QuotedSentence(said, stems(said), around, before, published, stems(source), id_, place)


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


def supports(clause: Clause, told: Sequence[QuotedSentence]) -> list[QuotedSentence]:
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


def _weight(clause: Clause, unit: QuotedSentence) -> float:
    """How much of a clause a sentence says; names and figures weigh more."""
    said = 0.0
    for word in clause.content:
        weighs = 3.0 if word.name or word.text[0].isdigit() else 1.0
        said += weighs * (word.stem in unit.stems) + 0.4 * weighs * (word.stem not in unit.stems and unit.holds(word))
    return said


def belongs(one: QuotedSentence, other: QuotedSentence) -> bool:
    """Whether two sentences may be told as one: they are of one article."""
    return one.article_id == other.article_id and one.published == other.published


def together(one: QuotedSentence, other: QuotedSentence) -> QuotedSentence:
    """Two sentences as one, in the order of their article."""
    first, then = sorted((one, other), key=lambda unit: unit.place)
    return QuotedSentence(
        f"{first.text} {then.text}",
        first.stems | then.stems,
        first.around | then.around,
        first.before | then.before,
        one.published,
        one.source,
        one.article_id,
        first.place,
    )
