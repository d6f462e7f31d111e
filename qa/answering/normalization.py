"""What the words of an answer mean, in a form that compares: a figure, a run of days, or a name."""

import re
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from qa.answering.counted_events import asked_events, by_head, counts_another, other_things
from qa.answering.measures import families, family, fits
from qa.gate.text.cues import OPPOSITES, is_denial
from qa.gate.text.words import stem
from qa.language.answer_types import Kind, wanted
from qa.language.dates import Days, days
from qa.language.names import same_name
from qa.language.quantities import Quantity, agree, same_unit, width
from qa.language.quantity_extraction import counted_in, counting, quantities

_COUNTLESS = re.compile(
    r"(?:none|both|all|neither)\b|(?:(?:a|just|only|but) )*(?:single|couple)\b|[0-9]{1,2}[-–][0-9]{1,2}$", re.IGNORECASE
)
"""How many, without a figure; a score too, "3-1", which is two."""
_WORDS = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_MOST = 0.4
"""Part of an answer's words that a figure or a date must be, where the question does not ask for one."""
_COARSE = 400
"""Days: a longer run holds too much to confirm a day in it."""
_BESIDE = 60
"""Characters beside an answer in which the wording of its figure stands, and the thing that it counts."""


class ExpectedAnswer(NamedTuple):
    """What a question asks for: the kind, where its words say so, and the thing counted; of a figure, the families of
    units in which it can be told and the events that it counts, empty where the words leave them open.
    """

    kind: Kind | None
    counted: str | None
    units: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()


class Meaning(NamedTuple):
    """The figure or the days that a text means; neither where it is a name or a phrase."""

    text: str
    figure: Quantity | None = None
    days: Days | None = None

    @property
    def room(self) -> float:
        """How much room the words leave: of two that mean the same, the lesser is more precise."""
        if self.figure is not None:
            return width(self.figure)
        if self.days is None:
            return 0.0
        # "Friday" says it to who knows the day of the article.
        return (self.days.last - self.days.first).days + (0.0 if days(self.text, None) else 0.5)


def expected_answer(question: str) -> ExpectedAnswer:
    """What a question in English asks for."""
    asked = wanted(question)
    counts = asked.kind == "count"
    counted = (counted_in(question) or ("people" if "people" in asked.things else None)) if counts else None
    events = asked_events(question)
    units = families(question, counts=counts, counted=counted, shared=not by_head(events, counted))
    return ExpectedAnswer(asked.kind, counted, units, events)


def interpret(text: str, asks: ExpectedAnswer, published: date | None, before: str = "", behind: str = "") -> Meaning:
    """What an answer means to a question, in an article of this day, where ``before`` and ``behind`` it stand these
    words: "400,000" of a text that says "more than 400,000 H200 chips" means more than 400,000, of chips.
    """
    told = [
        one._replace(start=max(one.start, 0), end=min(one.end, len(text)))
        for one in dates_in_context(text, published, before, behind)
    ]
    if told and (asks.kind == "time" or (asks.kind != "count" and _covers(told[0].start, told[0].end, text))):
        return Meaning(text, days=told[0])
    dated = [(one.start, one.end) for one in told] if asks.kind != "count" else []
    figures = [one for one in quantities(text) if not any(a < one.end and one.start < b for a, b in dated)]
    if figures and (asks.kind in ("count", "amount") or _covers(figures[0].start, figures[0].end, text)):
        whole = _in_context(figures[0].start, figures[0].end, before[-_BESIDE:], text, behind[:_BESIDE])
        # What is a figure by itself alone is part of a name, a score or a time: "12" of "12:30".
        return Meaning(text, figure=counting(whole, asks.counted) if whole else None)
    # "quarter" is part of a figure in "a quarter" only.
    if not told and asks.kind in ("count", "amount"):
        part = _in_context(0, len(text), before[-_BESIDE:], text, behind[:_BESIDE])
        return Meaning(text, figure=counting(part, asks.counted)) if part else Meaning(text)
    return Meaning(text)


def dates_in_context(text: str, published: date | None, before: str, behind: str) -> list[Days]:
    """The dates of a text as its sentence states them: "Friday" that lies ahead, "5 April" of "3 to 5 April". Placed in
    the text, before which one may begin and after which it may end.
    """
    if not days(text, published):
        return []
    moved = (
        one._replace(start=one.start - len(before), end=one.end - len(before))
        for one in days(before + text + behind, published)
    )
    return [one for one in moved if one.start < len(text) and one.end > 0]


def _in_context(start: int, end: int, before: str, text: str, behind: str) -> Quantity | None:
    """The figure at ``[start, end)`` of the text with its wording and unit, though the text leave them out; placed in
    the text, before which it may begin.
    """
    moved = (
        replace(one, start=one.start - len(before), end=one.end - len(before), said=one.said - len(before))
        for one in quantities(before + text + behind)
    )
    return next((one for one in moved if one.start < end and start < one.end), None)


def can_answer(said: Meaning, asks: ExpectedAnswer, before: str = "", behind: str = "") -> bool:
    """Whether it can be what is asked for, between these words of its sentence: "how many chips" wants a figure, not
    six times as much, nor ten dollars or boats, nor the chips that were ordered where the approved ones are asked for.
    """
    figure = said.figure
    if figure is None:
        return asks.kind != "count" or _COUNTLESS.match(said.text) is not None
    counts = asks.kind == "count"
    whole = before + said.text + behind
    shift = len(before)
    placed = replace(figure, start=shift + figure.start, end=shift + figure.end, said=shift + figure.said)
    if not fits(placed, whole, asks.units, counts=counts, counted=asks.counted):
        # An answer may hold another figure that is.
        return any(family(one.unit) in asks.units for one in quantities(said.text) if one.start >= figure.end)
    if family(figure.unit) not in ("", "things", "other"):
        return True
    if counts and figure.unit and other_things(asks.counted, figure.unit.name):
        return False
    return not counts_another(whole[: placed.start], whole[placed.said :], asks.events)


def says_the_same(one: Meaning, other: Meaning) -> bool:
    """Whether two answers to one question say the same: compatible figures, days within days, one name."""
    if one.figure and other.figure:
        return agree(one.figure, other.figure)
    if one.days and other.days:
        shorter, longer = sorted((one.days, other.days), key=lambda run: run.last - run.first)
        within = longer.first <= shorter.first and shorter.last <= longer.last
        return within and (shorter[:2] == longer[:2] or (longer.last - longer.first).days <= _COARSE)
    if (one.figure or one.days) and (other.figure or other.days):
        return False
    return same_name(one.text, other.text) and not _turned(one.text, other.text)


def of_one_unit(one: Quantity, other: Quantity) -> bool:
    """Whether two figures are of one unit, or of one thing; a figure that names none may be of any that is counted."""
    units = one.unit, other.unit
    return same_unit(*units) and (None in units or units[0].base == units[1].base)  # type: ignore[union-attr]


def _turned(one: str, other: str) -> bool:
    """Whether one text has the opposite of a word of the other, or denies: "approved the pool", "rejected the pool"."""
    mine, theirs = ({*_WORDS.findall(text.casefold())} for text in (one, other))
    if any(map(is_denial, mine)) != any(map(is_denial, theirs)):
        return True
    stems = {*map(stem, theirs - mine)}
    return any(OPPOSITES.get(stem(word), set()) & stems for word in mine - theirs)


def _covers(start: int, end: int, text: str) -> bool:
    return end - start >= _MOST * len(text.strip())
