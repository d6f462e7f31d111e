"""A gate for prose: each sentence is checked against the quotes it cites, by rules alone, and passes or is stopped.

What a sentence says must be said by the quotes: its figures by value, unit and bound, its dates by the day, its names,
who did what, who said so, every denial and hedge, and enough of its other words that nothing was added.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple

from corpus.sentences import sentences
from corpus.view import View
from qa.days import days
from qa.hedges import ATTRIBUTED, OPPOSITES, SAYING, TURNS, Cue, causes, cues, governed_by, is_order, kept, speaker
from qa.measures import turned_figure, wrong_dates, wrong_figures
from qa.numbers import number_at, tokens
from qa.roles import finished, is_verb, made_verb, swapped, turned_about
from qa.schemas import CitationIn
from qa.smuggled import INSTRUCTION, MARKUP
from qa.stems import Word, stem, words
from qa.synonyms import LITTLE, NEAR
from qa.supporting import Clause, Unit, clauses, is_title, stems, supports, units, whole
from qa.verifying import verify

Reason = Literal[
    "no_citation",
    "quote",
    "markup",
    "instruction",
    "figure",
    "date",
    "name",
    "roles",
    "attribution",
    "negation",
    "hedge",
    "direction",
    "added",
    "cause",
]
"""Why a sentence is stopped.

``no_citation``: it cites nothing. ``quote``: a quote does not stand where it says. ``markup``: it holds a link, an
image, HTML or hidden characters. ``instruction``: it speaks to its reader. ``figure``, ``date``, ``name``: one that the
quotes do not say so. ``roles``: who did it is exchanged. ``attribution``: who said so is left out, or another.
``negation``: one is lost or added. ``hedge``: one is lost or added. ``direction``: it says the opposite. ``added``:
words that the quotes do not say. ``cause``: a cause that they do not give.
"""

_TURN = re.compile(r"[;.]\s|,\s(?:but|while|whereas|although|though|and)\b")
_POINTERS = frozenset("one both he she they it his her its their the this these another".split())
"""Words of a speaker that point at somebody named before."""
_LONGEST = 60
"""Words of the longest sentence that is looked at: reading longer ones takes time, and nobody writes them."""
_ROOM = 6
"""Content words among which one may be a word of the writer's own."""
_EACH = "all|each|every|everything|everyone|everybody|both"
_DENIALS = ("negation", "weak")
_MOST = 0.7
"""Part of what a denial bears on that a clause must say to be bound by it, where it does not say the first of it."""
_USED = 0.4
"""Part of what a hedge bears on that a clause must say to be bound by it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sentence is stopped, with the words at fault."""

    reason: Reason
    words: str


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
        ways = [_judged(said, parts, told) for parts in (clauses(said), [whole(said)])]
        found, units = min(ways, key=lambda way: len(way[0]))
        faults += found
        used += units
    faults += _causes(text, used)
    return [*dict.fromkeys(faults)]


def _judged(sentence: str, parts: Sequence[Clause], told: Sequence[Unit]) -> tuple[list[Fault], list[Unit]]:
    """What is wrong with a sentence by its clauses, each at its best; and what they rest on."""
    faults: list[Fault] = []
    used: list[Unit] = []
    for clause in parts:
        tried = [([*_clause(sentence, clause, unit)], unit) for unit in supports(clause, told)]
        found, unit = min(tried, key=lambda one: len(one[0]))
        faults += found
        used.append(unit)
    return faults, used


def _long(text: str) -> bool:
    """Whether a text is longer than sentences are: reading takes time by the square of it."""
    return len(words(text)) > _LONGEST or len(tokens(text)) > 3 * _LONGEST


def _clause(sentence: str, clause: Clause, unit: Unit) -> Iterable[Fault]:
    """What is wrong with a clause that rests on this sentence of a quote."""
    yield from (Fault("figure", one) for one in wrong_figures(clause.text, unit.text, unit.published))
    yield from (Fault("date", one) for one in wrong_dates(clause.text, unit.text, unit.published))
    if exchanged := swapped(clause.text, unit.text):
        yield Fault("roles", " ".join(exchanged))
    yield from _words(clause, unit)
    if about := turned_about(clause.text, unit.text):
        yield Fault("roles", about)
    if done := finished(clause.text, unit.text) or made_verb(clause.text, unit.text):
        yield Fault("hedge", done)
    if turned := turned_figure(clause.text, [one.text for one in clauses(unit.text)], unit.published):
        yield Fault("direction", turned)
    yield from _said(sentence, clause, unit)
    yield from _hedged(sentence, clause, unit)


def _words(clause: Clause, unit: Unit) -> Iterable[Fault]:
    """Names and other words that the sentence does not say."""
    dated = {
        word.lower for one in days(clause.text, unit.published) for word in words(clause.text[one.start : one.end])
    }
    new: list[Word] = []
    run = False
    for word in clause.words:
        turned = (OPPOSITES.get(word.stem, set()) & unit.stems) - {word.stem}
        if turned and word.stem not in unit.stems and (word.content or word.lower in TURNS):
            yield Fault("direction", word.text)
        elif not word.content or unit.holds(word) or word.lower in dated or word.text[0].isdigit():
            run = run and not word.content
        elif word.name and not (word.first and word.stem in NEAR) and not is_title(word) and not _number(word):
            yield Fault("name", word.text)
        elif word.stem not in LITTLE and not is_title(word) and not _number(word):
            if run:
                yield Fault("added", f"{new[-1].text} {word.text}")
            elif is_verb(word) or _exchanged(word, clause, unit):
                yield Fault("added", word.text)
            new.append(word)
            run = True
    for word in clause.carried:
        if not unit.holds(word):
            yield Fault("name" if word.name else "added", word.text)
    if len(new) > len(clause.content) // _ROOM:
        yield Fault("added", " ".join(word.text for word in new))


def _exchanged(word: Word, clause: Clause, unit: Unit) -> bool:
    """Whether a new word stands where the quote has another, which is left out: between the same words."""
    mine = [one.stem for one in clause.content]
    theirs = [one.stem for one in words(unit.text) if one.content]
    at = mine.index(word.stem)
    for place, other in enumerate(theirs):
        if other in clause.stems:
            continue
        before = [one for one in theirs[:place] if one in clause.stems][-1:]
        behind = [one for one in theirs[place + 1 :] if one in clause.stems][:1]
        ahead, after = mine[:at][-1:], mine[at + 1 : at + 2]
        if (ahead or after) and ahead in ([], before) and after in ([], behind):
            return True
    return False


def _number(word: Word) -> bool:
    """Whether it is a number in a word: what it says was compared as a figure."""
    return number_at(tokens(word.text), 0) is not None or bool(
        re.fullmatch(
            r"(?:\w*illion|hundred|thousand|percent|cent|two|three|four|five|six|seven|eight|nine|ten)s?", word.lower
        )
    )


def _said(sentence: str, clause: Clause, unit: Unit) -> Iterable[Fault]:
    """Who says it: left out, added or another."""
    told = ATTRIBUTED.search(sentence)
    mine = {word.stem for word in words(sentence) if word.content}
    for match in SAYING.finditer(unit.text):
        whose = {word.stem for word in speaker(unit.text, match) if word.content}
        if told or is_order(unit.text, match) or (whose and whose <= mine):
            continue
        governed = {word.stem for word in words(governed_by(unit.text, match)) if word.content} - whose
        shared = governed & clause.stems
        if len(shared) >= 2 and len(shared) >= _USED * len({word.stem for word in clause.content}):
            yield Fault("attribution", match[0])
    known = _speakers(unit)
    begin = sentence.find(clause.text)
    for match in SAYING.finditer(sentence, begin, begin + len(clause.text)):
        whose = [word for word in speaker(sentence, match) if word.content and not _number(word)]
        if is_order(sentence, match):
            continue
        strange = [word.text for word in whose if not known & {word.stem, *NEAR.get(word.stem, ())}]
        named = [word for word in whose if word.name]
        if named and not any(word.text in strange for word in named):
            continue  # "farmer Andreu Pons": what else is said of somebody is looked at with the other words
        if strange:
            yield Fault("attribution", " ".join(strange))


def _speakers(unit: Unit) -> set[str]:
    """The stems of those whose word a sentence gives, with what it says of them."""
    known = set(unit.source)
    for match in ATTRIBUTED.finditer(unit.text):
        whose = speaker(unit.text, match)
        known |= {word.stem for word in whose}
        part = _part(unit.text, match.start(), match.end())
        governed = {word.stem for word in words(governed_by(unit.text, match))}
        known |= {word.stem for word in words(part)} - governed
        if not any(word.content for word in whose):
            # "He signed it and said": the one that the sentence begins with.
            known |= {word.stem for word in words(unit.text)[:4]} | unit.around
        elif any(word.lower in _POINTERS for word in whose):
            known |= unit.around
            if whose[0].lower in ("the", "it", "he", "she", "they", "its", "his", "her", "their"):
                known |= {word.stem for word in words(unit.text[: match.start()]) if word.name}
    return known


def _part(text: str, start: int, end: int) -> str:
    """What is said between one "but", "while" or the like and the next, around a word."""
    before = [one.end() for one in _TURN.finditer(text, 0, start)]
    behind = _TURN.search(text, end)
    return text[before[-1] if before else 0 : behind.start() if behind else len(text)]


def _hedged(sentence: str, clause: Clause, unit: Unit) -> Iterable[Fault]:
    """Denials and hedges that are lost or added."""
    mine, theirs = cues(clause.text), cues(unit.text)
    all_mine = mine + cues(sentence)
    for cue in theirs:
        if cue.kind in ("wholly", "future", "weak") or not _bound(cue, clause):
            continue
        if cue.kind == "negation":
            if not any(one.kind in _DENIALS and _meet(one, cue) for one in all_mine):
                yield Fault("negation", cue.text)
        elif (
            not kept(cue, all_mine, sentence)
            and not _reported_will(cue, mine, unit)
            and not (cue.text == "would" and " to be " in sentence)
        ):
            yield Fault("hedge", cue.text)
    for cue in theirs:
        if cue.kind == "future" and _bound(cue, clause) and not kept(cue, all_mine, sentence):
            yield Fault("hedge", cue.text)
    for cue in mine:
        if cue.kind == "weak":
            if stem(cue.text) not in unit.stems and not any(one.kind in _DENIALS for one in theirs):
                yield Fault("negation", cue.text)
        elif cue.kind == "negation":
            if not any(one.kind in _DENIALS and _meet(one, cue) for one in theirs):
                yield Fault("negation", cue.text)
        elif cue.kind == "wholly":
            said = unit.text.casefold().replace("nothing but", "only")
            told = _EACH if cue.text.casefold() in _EACH.split("|") else re.escape(cue.text.casefold())
            if not re.search(rf"\b(?:{told})\b", said):
                yield Fault("added", cue.text)
        elif not (
            cue.kind in ("part", "doubt", "plan")
            or kept(cue, [one for one in theirs if _alike(one, cue)], unit.text)
            or stems(cue.text) & unit.around
            or (cue.kind == "future" and re.search(rf"\bto (?:be )?{re.escape(cue.focus[:4])}", unit.text))
            or (cue.text == "would" and any(one.kind == "future" for one in theirs))
        ):
            yield Fault("hedge", cue.text)


def _bound(cue: Cue, clause: Clause) -> bool:
    """Whether a clause says what the cue bears on."""
    shared = cue.scope & clause.stems
    if cue.kind == "negation":
        if cue.focus in clause.stems or (_near([cue.focus]) & clause.stems and shared - {cue.focus}):
            return True
        return len(shared) >= max(2.0, _MOST * len(cue.scope))
    if cue.kind == "supposed":
        return 2 * len(shared) >= len(cue.scope) > 0
    return bool(shared) and (cue.focus in shared or len(shared) >= max(2.0, _USED * len(cue.scope)))


def _alike(one: Cue, other: Cue) -> bool:
    return one.text.casefold() == other.text.casefold() or bool(one.scope & other.scope)


def _meet(one: Cue, other: Cue) -> bool:
    """Whether two denials may deny the same: what they bear on is said in like words."""
    if one.text.casefold() == other.text.casefold() and len(one.text) > len("nothing"):
        return True
    return bool(_near(one.scope | _itself(one)) & (other.scope | _itself(other)))


def _itself(cue: Cue) -> set[str]:
    """The stem of a word that denies by itself: "unaware"."""
    return {stem(cue.text)} if cue.kind == "weak" else set()


def _near(of: Iterable[str]) -> set[str]:
    """Stems with those that may stand for them."""
    return {other for one in of for other in (one, *NEAR.get(one, ()))} - {"say"}


def _reported_will(cue: Cue, mine: list[Cue], unit: Unit) -> bool:
    """Whether "would" is how a report tells "will"."""
    return cue.text == "would" and SAYING.search(unit.text) is not None and any(one.kind == "future" for one in mine)


def _causes(text: str, used: Sequence[Unit]) -> Iterable[Fault]:
    """Causes that join what no article joins: neither a sentence with a cause in it nor two that follow each other."""
    if not (given := causes(text)) or any(causes(unit.text) for unit in used):
        return
    for one, other in pairwise(used):
        if one.article_id == other.article_id and abs(one.place - other.place) == 1:
            return
    yield Fault("cause", given[0])
