"""The gate for prose: each sentence is checked against the quotes it cites, by rules alone, and passes or is stopped.

The quotes must support everything a sentence says: its figures by value, unit and bound, its dates by the day, its
names, who did what, who said so, every denial and hedge, and enough of its other words that nothing was added.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from corpus.sentences import sentences
from corpus.storage.view import View
from corpus.verification import Reference, verify
from qa.gate.alignment import supports, units
from qa.gate.faults import Fault, FaultReason
from qa.gate.rules.additions import added
from qa.gate.rules.appositions import mislabelled, unqualified
from qa.gate.rules.argument_order import against, finished, swapped
from qa.gate.rules.attribution import other_speaker
from qa.gate.rules.causes import invented
from qa.gate.rules.figure_context import moved_figure, one_of, other_rate, shared_out, turned_figure, widened
from qa.gate.rules.figures import wrong_dates, wrong_figures
from qa.gate.rules.hedging import elsewhere, hedged
from qa.gate.rules.injection import INSTRUCTION, MARKUP
from qa.gate.rules.permutations import permuted
from qa.gate.rules.quotations import misquoted
from qa.gate.rules.substitutions import exchanged, other_name, turned_round
from qa.gate.rules.verb_arguments import other_bearer, other_doer, other_place
from qa.gate.text.clauses import Clause, clauses, whole
from qa.gate.text.cues import compared
from qa.gate.text.quoted_sentences import QuotedSentence
from qa.gate.text.reported_speech import unattributed
from qa.gate.text.tokens import read
from qa.gate.text.words import words
from qa.language.numbers import tokens

T = TypeVar("T")
__all__ = ["Cited", "Fault", "FaultReason", "judge", "look_up"]

_RELATIVE = re.compile(r",\s(?:which|who|whose)\s[^,;]*,")
_LONGEST = 60
"""Words of the longest sentence that is looked at: reading longer ones takes time, and nobody writes them."""


class Cited(NamedTuple):
    """A citation as the archive has it: the sentences of its quote; None where it is not valid."""

    quote: str
    told: list[QuotedSentence] | None


def look_up(view: View, citation: Reference) -> Cited:
    """Look a citation up in the archive."""
    article = view.article(citation.article_id) if verify(view, citation) == "valid" else None
    if article is None:
        return Cited(citation.quote, None)
    published = date.fromisoformat(article.published_at[:10]) if article.published_at else None
    told = units(
        article.text,
        citation.start,
        citation.end,
        about=article.title,
        source=article.source or "",
        published=published,
        id_=article.id,
    )
    return Cited(citation.quote, [*told])


def judge(text: str, cited: Sequence[Cited]) -> list[Fault]:
    """Say what is wrong with a sentence that cites these; nothing where it passes."""
    faults = [Fault("markup", match[0]) for match in [MARKUP.search(text)] if match]
    faults += [Fault("instruction", match[0]) for match in [INSTRUCTION.search(text)] if match]
    faults += [Fault("quote", one.quote) for one in cited if not one.told]
    faults += [Fault("quote", one) for one in misquoted(text, [one.quote for one in cited])]
    told = [unit for one in cited for unit in one.told or () if not _long(unit.text)]
    if _long(text):
        return [*faults, Fault("added", f"{text[:40]}...")]
    if not cited:
        faults.append(Fault("no_citation", ""))
    if not told or not words(text):
        return faults or [Fault("added", text)]
    used: list[QuotedSentence] = []
    for start, end in sentences(text):
        said = text[start:end]
        # Two quotes may be told in one clause of a sentence, each in a part of it; and one in all of its clauses.
        wrong, rested = _fewest(_sentence(said, clauses(said, fine=fine), told) for fine in (False, True))
        if wrong and not any(fault.reason == "negation" for fault in wrong):
            # A denial that a clause loses is not found again in a sentence that says something else.
            wrong, rested = _fewest([(wrong, rested), _sentence(said, [whole(said)], told)])
        faults += wrong
        used += rested
    faults += [Fault("cause", one) for one in invented(text, used)]
    if speaks := other_speaker(text, told):
        faults.append(Fault("attribution", speaks))
    return [*dict.fromkeys(faults)]


def _sentence(
    said: str, parts: Sequence[Clause], told: Sequence[QuotedSentence]
) -> tuple[list[Fault], list[QuotedSentence]]:
    """What is wrong with a sentence by its clauses, each at its best; and the sentences of quotes that they rest on."""
    faults: list[Fault] = []
    used: list[QuotedSentence] = []
    for clause in parts:
        wrong, unit = _fewest(([*_clause(said, clause, unit, told)], unit) for unit in supports(clause, told))
        faults += wrong
        used.append(unit)
    return faults, used


def _fewest(tried: Iterable[tuple[list[Fault], T]]) -> tuple[list[Fault], T]:
    """The first without a fault, else that with the fewest."""
    found: list[tuple[list[Fault], T]] = []
    for one in tried:
        if not one[0]:
            return one
        found.append(one)
    return min(found, key=lambda one: len(one[0]))


def _long(text: str) -> bool:
    """Whether a text is longer than sentences are: reading takes time by the square of it."""
    return len(words(text)) > _LONGEST or len(tokens(text)) > 3 * _LONGEST


def _clause(sentence: str, clause: Clause, unit: QuotedSentence, told: Sequence[QuotedSentence]) -> Iterable[Fault]:
    """What is wrong with a clause that rests on this sentence of a quote."""
    yield from (Fault("figure", one) for one in wrong_figures(clause.text, unit.text, unit.published))
    yield from (Fault("date", one) for one in wrong_dates(clause.text, unit.text, unit.published))
    if exchanged := swapped(clause.text, unit.text):
        yield Fault("roles", " ".join(exchanged))
    yield from added(clause, unit)
    if done := finished(clause.text, unit.text):
        yield Fault("hedge", done)
    if (
        turned := compared(clause.text, unit.text)
        or against(clause.text, unit.text)
        or turned_figure(clause.text, [one.text for one in clauses(unit.text)], unit.published)
    ):
        yield Fault("direction", turned)
    for placed in (
        moved_figure(clause.text, unit.text, unit.published),
        shared_out(clause.text, unit.text, unit.published),
        other_rate(clause.text, unit.text),
        widened(clause.text, unit.text),
        one_of(clause.text, unit.text),
    ):
        if placed:
            yield Fault("figure", placed)
    if moved := permuted(clause.text, unit.text):
        yield Fault("roles", moved)
    yield from _attached(clause, unit)
    yield from (Fault("attribution", one) for one in unattributed(sentence, clause, unit, told))
    yield from hedged(sentence, clause, unit)
    yield from elsewhere(sentence, clause, unit, told)


def _attached(clause: Clause, unit: QuotedSentence) -> Iterable[Fault]:
    """Words that the quote has beside others."""
    mine, theirs = read(clause.text), read(unit.text)
    if label := mislabelled(mine, theirs):
        yield Fault("name", label)
    bare = read(_RELATIVE.sub("", unit.text))
    word = exchanged(mine, theirs, unit.around) or exchanged(mine, bare, unit.around | unit.stems)
    if word := word or other_name(mine, theirs) or unqualified(mine, theirs):
        yield Fault("added", word)
    doer = other_doer(mine, theirs) or other_place(mine, theirs) or other_bearer(mine, theirs)
    if doer := doer or turned_round(mine, theirs):
        yield Fault("roles", doer)
