"""A gate for prose: each sentence is checked against the quotes it cites, by rules alone, and passes or is stopped.

What a sentence says must be said by the quotes: its figures by value, unit and bound, its dates by the day, its names,
who did what, who said so, every denial and hedge, and enough of its other words that nothing was added.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple, TypeVar

from corpus.sentences import sentences
from corpus.view import View
from qa.apart import read
from qa.attached import mislabelled, unqualified
from qa.comparing import measured
from qa.days import days
from qa.doers import other_bearer, other_doer, other_place
from qa.exchanges import exchanged, other_name, turned_round
from qa.faults import Fault, Reason
from qa.hedged import bared, hedged
from qa.hedges import GIVEN, OPPOSITES, TURNS, WAYS, causes, compared, denied, is_denial, out_of_order
from qa.measures import figures, wrong_dates, wrong_figures
from qa.numbers import tokens
from qa.permuted import permuted
from qa.placed import moved_figure, one_of, other_rate, shared_out, turned_figure, widened
from qa.quoting import misquoted
from qa.roles import against, finished, is_verb, swapped
from qa.saying import SAYING, unattributed
from qa.schemas import CitationIn
from qa.seats import is_place
from qa.smuggled import INSTRUCTION, MARKUP
from qa.speakers import other_speaker
from qa.stems import Word, words
from qa.supporting import Clause, Unit, clauses, is_generic, is_number, is_title, supports, units, whole
from qa.synonyms import LITTLE, WHOLES, near, phrases
from qa.verifying import verify

T = TypeVar("T")
__all__ = ["Cited", "Fault", "Reason", "judge", "look_up"]

_RELATIVE = re.compile(r",\s(?:which|who|whose)\s[^,;]*,")
_LONGEST = 60
"""Words of the longest sentence that is looked at: reading longer ones takes time, and nobody writes them."""
_NO_MOST = frozenset(
    "interest forest harvest protest request arrest invest reinvest contest quest guest west northwest southwest test rest "
    "nest chest vest pest honest modest dishonest earnest digest suggest manifest conquest tempest priest attest detest "
    "latest ingest congest divest rainforest behest zest crest".split()
)
"""Words in "est" that are no superlatives, which no writer may add."""
_JUDGING = frozenset(
    "stunning brilliant amazing shocking disastrous remarkable impressive controversial surprising unfortunately sadly "
    "surprisingly remarkably notorious infamous beloved embarrassing scandalous outrageous spectacular".split()
)
_COPIED = 0.8
_ROOM = 6
"""Content words among which one may be a word of the writer's own."""


class Cited(NamedTuple):
    """A citation as the archive has it: the sentences of its quote; None where it is not valid."""

    quote: str
    told: list[Unit] | None


def look_up(view: View, citation: CitationIn) -> Cited:
    """Look a citation up in the archive."""
    given = citation.model_dump()
    article = view.article(citation.article_id) if verify(view, **given) == "valid" else None
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
    used: list[Unit] = []
    for start, end in sentences(text):
        said = text[start:end]
        # Two quotes may be told in one clause of a sentence, each in a part of it; and one in all of its clauses.
        wrong, rested = _fewest(_sentence(said, clauses(said, fine=fine), told) for fine in (False, True))
        if wrong and not any(fault.reason == "negation" for fault in wrong):
            # A denial that a clause loses is not found again in a sentence that says something else.
            wrong, rested = _fewest([(wrong, rested), _sentence(said, [whole(said)], told)])
        faults += wrong
        used += rested
    faults += _causes(text, used)
    if speaks := other_speaker(text, told):
        faults.append(Fault("attribution", speaks))
    return [*dict.fromkeys(faults)]


def _sentence(said: str, parts: Sequence[Clause], told: Sequence[Unit]) -> tuple[list[Fault], list[Unit]]:
    """What is wrong with a sentence by its clauses, each at its best; and the sentences of quotes that they rest on."""
    faults: list[Fault] = []
    used: list[Unit] = []
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


def _clause(sentence: str, clause: Clause, unit: Unit, told: Sequence[Unit]) -> Iterable[Fault]:
    """What is wrong with a clause that rests on this sentence of a quote."""
    yield from (Fault("figure", one) for one in wrong_figures(clause.text, unit.text, unit.published))
    yield from (Fault("date", one) for one in wrong_dates(clause.text, unit.text, unit.published))
    if exchanged := swapped(clause.text, unit.text):
        yield Fault("roles", " ".join(exchanged))
    yield from _words(clause, unit)
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


def _attached(clause: Clause, unit: Unit) -> Iterable[Fault]:
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


def _words(clause: Clause, unit: Unit) -> Iterable[Fault]:
    """Names and other words that the sentence does not say."""
    dated = {
        word.lower for one in days(clause.text, unit.published) for word in words(clause.text[one.start : one.end])
    }
    said = [match.span() for match in SAYING.finditer(clause.text)]
    said += [(one.start, one.end) for one in figures(clause.text, unit.published) if one.unit and measured(one.unit)]
    said += [(one.start, one.end) for one in phrases(clause.text) if near(one.name) & unit.stems]
    new: list[Word] = []
    run = False
    for word in clause.words:
        if any(first <= word.start < end for first, end in said):
            continue
        if is_generic(word) and word.stem == clause.content[0].stem:
            continue  # "the company" of a name told before
        if is_denial(word.lower):
            continue  # denials are looked at by what they bear on
        if word.name and word.stem not in unit.stems | unit.around and is_place(clause.text, word):
            yield Fault("name", word.text)
        turned = (OPPOSITES.get(word.stem, set()) & unit.stems) - {word.stem}
        if (word.stem in bared(unit.stems) and word.stem in denied(clause.text)) or bared([word.stem]) & denied(
            unit.text
        ):
            continue  # "not complete", "incomplete"
        if word.lower in WAYS and not out_of_order(word, clause.text, unit.text):
            continue
        if turned and word.stem not in unit.stems and (word.content or word.lower in TURNS):
            yield Fault("direction", word.text)
        elif not word.content or unit.holds(word) or word.lower in dated or word.text[0].isdigit():
            run = run and not word.content
        elif word.name and not (word.first and near(word.stem)) and not is_title(word) and not is_number(word):
            yield Fault("name", word.text)
        elif word.stem in LITTLE and (other := _exchanged(word, clause, unit)):
            verbs = {one.stem for one in words(unit.text) if is_verb(one)}
            alike = other in verbs if is_verb(word) else word.stem in WHOLES and _copied(clause, unit)
            if alike and other not in LITTLE | near(word.stem):
                yield Fault("added", word.text)
        elif word.lower in _JUDGING or (_is_most(word) and not near(word.stem) & unit.stems):
            yield Fault("added", word.text)
        elif word.stem not in LITTLE and not is_title(word) and not is_number(word):
            if run:
                yield Fault("added", f"{new[-1].text} {word.text}")
            elif is_verb(word) or _exchanged(word, clause, unit):
                yield Fault("added", word.text)
            new.append(word)
            run = True
    for word in clause.carried:
        if not unit.holds(word):
            yield Fault("name" if word.name else "added", word.text)
    # Told as one, a clause must not make room for a word in another.
    if len(new) > (len(clause.content) // _ROOM if len(clauses(clause.text)) == 1 else 0):
        yield Fault("added", " ".join(word.text for word in new))


def _is_most(word: Word) -> bool:
    """Whether it is a superlative: "largest"."""
    return word.lower.endswith("est") and len(word.text) > len("best") and word.lower not in _NO_MOST


def _exchanged(word: Word, clause: Clause, unit: Unit) -> str:
    """The stem that the quote has where a new word stands, between the same words, and which is left out; or ""."""
    mine = [one.stem for one in clause.content]
    theirs = [one.stem for one in words(unit.text) if one.content]
    if word.stem not in mine:
        return ""
    at = mine.index(word.stem)
    for place, other in enumerate(theirs):
        if other in clause.stems:
            continue
        before = [one for one in theirs[:place] if one in clause.stems][-1:]
        behind = [one for one in theirs[place + 1 :] if one in clause.stems][:1]
        ahead, after = mine[:at][-1:], mine[at + 1 : at + 2]
        if (ahead or after) and ahead in ([], before) and after in ([], behind):
            return other
    return ""


def _copied(clause: Clause, unit: Unit) -> bool:
    """Whether a clause has nearly all of its words from the quote."""
    return sum(word.stem in unit.stems for word in clause.content) >= _COPIED * len(clause.content)


def _causes(text: str, used: Sequence[Unit]) -> Iterable[Fault]:
    """Causes that join what no article joins: neither a sentence with a cause in it nor two that follow each other."""
    if not (given := causes(text)) or any(causes(unit.text) or GIVEN.search(unit.text) for unit in used):
        return
    for one, other in pairwise(used):
        if one.article_id == other.article_id and abs(one.place - other.place) == 1:
            return
    yield Fault("cause", given[0])
