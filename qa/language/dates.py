"""Dates as texts tell them, relative ones too, -> the days they mean, seen from the day of publication.

"January 28", "last week", "in the third quarter", "two years ago", "early 2025": a first and a last day. A phrase is
read whole or not at all. What an article's own day is needed for, and not known, is left out. Whole dates of pages are
read by ``corpus/dates.py``.

How dates are written say ``calendar_dates.py`` and ``relative_dates.py``; what stands before them and changes them,
``date_qualifiers.py``; whether "Friday" is past or ahead, ``tense.py``.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from qa.language.calendar import DAY, Run
from qa.language.calendar_dates import CALENDAR_DATES
from qa.language.date_qualifiers import LED, Qualifier, is_refused, qualified
from qa.language.date_words import MONTH, Form, View
from qa.language.relative_dates import RELATIVE_DATES
from qa.language.tense import Tense, tense
from qa.language.tokens import visible

_FORMS = RELATIVE_DATES + CALENDAR_DATES
_BESIDE = 80
"""Characters on each side that can belong to a date."""
_TO = re.compile(r"\s?[-–—]\s?|,?\s(?:to|until|till|through|thru)\s(?:the\s)?", re.IGNORECASE)
_AND = re.compile(r"\sand\s(?:the\s)?", re.IGNORECASE)
_STARTING = re.compile(r"(?:from|between)\s(?:the\s)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"between\s(?:the\s)?$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:mov|postpon|delay|shift|chang|push|put|reschedul|deferr?|extend|adjourn|bring|brought)\w*\s(?:[^.;,]*\s)?from\s$",
    re.IGNORECASE,
)
"""Before two days that are no run: "postponed from Monday to Friday"."""
_TELLING = "which week week_shared later beyond year year_before year_shared which_year which_year_before".split()
"""Groups of a form that say which of several is meant."""
_FALL = re.compile(r"\s(?:of|in|water|line)\b")
_NAME = re.compile(r"\s[A-Z]")
_BESIDE_MONTH = (
    re.compile(rf"(?<!\w){MONTH}(?:\s?[-–]\s?|,?\s(?:to|through|until|till|and|or)\s|,\s)$", re.IGNORECASE),
    re.compile(rf"(?:\s?[-–]\s?|,?\s(?:to|through|until|till|and|or)\s|,\s){MONTH}", re.IGNORECASE),
)
_GLUED_BEFORE = re.compile(r"\w[-–/]$")
_GLUED_AFTER = re.compile(r"[-–/][0-9]")
"""A part of something longer that is not read."""
_HABIT = re.compile(r"(?<!\bbe\s)(?<!\bstay\s)\b(?:open|hours|daily|weekdays)[,:]?\s(?:from\s)?$", re.IGNORECASE)
"""Before what is so in every week: "open Monday to Friday"."""
_ON = re.compile(r"\s(?:to|until|till|through)\s|\s?[-–—]\s?\w", re.IGNORECASE)


class Days(NamedTuple):
    """A date told at ``[start, end)`` of a text: it means ``first`` to ``last``, both included."""

    first: date
    last: date
    start: int
    end: int
    ends: bool = False
    """Whether both are told, as in "3 to 5 April": a longer run does not say the same."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A date found in a text, with what changes it; ``core`` is where the date itself begins."""

    form: Form
    match: re.Match[str]
    start: int
    end: int
    changes: tuple[tuple[Qualifier, re.Match[str]], ...] = ()
    refused: bool = False
    until: "_Phrase | None" = None
    """The date up to which it goes: "Monday" of "Monday to Wednesday" has "Wednesday"."""

    @property
    def floating(self) -> bool:
        """Whether the tense says which day is meant: not of "next Friday" and "May 2025"."""
        told = self.match.groupdict()
        return (
            self.form.floating
            and (told.get("which") or "this").casefold() == "this"
            and not any(told.get(name) for name in _TELLING if name != "which")
        )

    def run(self, view: View) -> Run | None:
        """The days that it means, all of it."""
        if self.refused:
            return None
        try:
            return self._until(self.until, view) if self.until else self._alone(view)
        except (ValueError, OverflowError):
            return None  # the 31st of June, a year before the first

    def _until(self, end: "_Phrase", view: View) -> Run | None:
        """From this date to the other: the one that needs no tense decides which the other one is."""
        begin = replace(self, until=None)
        if view.tense is Tense.UNKNOWN and self.form.kind == "weekday":
            view = view._replace(tense=Tense.AHEAD)  # "Strike Monday to Wednesday": such runs are announced
        first = None if begin.floating else begin.run(view)
        last = None if end.floating else end.run(view)
        if begin.floating and end.floating:
            first, last = (None, end.run(view)) if view.tense is Tense.PAST else (begin.run(view), None)
        if begin.floating and last:
            first = begin.run(View(last[1], Tense.PAST))
        elif end.floating and first:
            last = end.run(View(first[0], Tense.AHEAD))
        return (first[0], last[1]) if first and last and first[0] <= last[1] else None

    def _alone(self, view: View) -> Run | None:
        if view.day and any(one.ahead for one, _ in self.changes):
            view = View(view.day + DAY, Tense.AHEAD)
        meant = self.form.meaning(self.match, view)
        run = self._changed(meant, view)
        if meant and run and self.floating and view.day:
            # "Late March" of an article of 10 March that tells of the past is a year ago, though March has begun.
            if view.tense is Tense.PAST and run[0] > view.day:
                run = self._changed(self.form.meaning(self.match, View(meant[0] - DAY, Tense.PAST)), view)
            elif view.tense is Tense.AHEAD and run[1] < view.day:
                run = self._changed(self.form.meaning(self.match, View(meant[1] + DAY, Tense.AHEAD)), view)
        return run

    def _changed(self, run: Run | None, view: View) -> Run | None:
        for qualifier, match in self.changes:
            if run is None:
                return None
            run = qualifier.change(match, run, view)
        return run


def days(text: str, published: date | None) -> list[Days]:
    """Every date in a text, in order. Whole sentences are needed to see whether "Friday" is past or ahead."""
    return [*_days(text, published)]


@lru_cache(maxsize=1_024)  # the gate compares each sentence with many
def _days(text: str, published: date | None) -> tuple[Days, ...]:
    if seen := visible(text):
        plain, places = seen
        return tuple(
            one._replace(start=places[one.start], end=places[one.end - 1] + 1) for one in _days(plain, published)
        )
    found: list[Days] = []
    for phrase in _joined(text, [*_apart(_phrases(text))]):
        told = tense(text, phrase.start, phrase.end) if phrase.floating or phrase.until else Tense.UNKNOWN
        if run := phrase.run(View(published, told)):
            ends = phrase.until is not None or phrase.form.kind in ("days", "years")
            found.append(Days(*run, _with_lead(text, phrase), phrase.end, ends))
    return tuple(found)


def relative(text: str, published: date | None) -> list[Days]:
    """The dates in a text that only the day of its article makes whole: "Wednesday", "last week", "28 January"."""
    whole = {(one.start, one.end) for one in days(text, None)}
    return [one for one in days(text, published) if (one.start, one.end) not in whole]


def _phrases(text: str) -> Iterator[_Phrase]:
    lowered = text.lower()
    for form in _FORMS:
        if form.can_stand_in(lowered):
            for match in form.pattern.finditer(text):
                if phrase := _phrase(text, form, match):
                    yield phrase


def _phrase(text: str, form: Form, match: re.Match[str]) -> _Phrase | None:
    """With what stands before it and changes it; None where the words are no date there."""
    start, end = match.span()
    if not _is_date(form, match, text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]):
        return None
    after = text[end : end + _BESIDE]
    changes: list[tuple[Qualifier, re.Match[str]]] = []
    single = form.kind in ("day", "weekday", "named", "feast")
    while found := qualified(text[max(0, start - _BESIDE) : start]):
        qualifier, told = found
        if (qualifier.single is not None and qualifier.single != single) or (qualifier.ahead and _ON.match(after)):
            break
        changes.append(found)
        start -= len(told[0])
        single = single or (qualifier.single is False and "weekday" in told.groupdict())
    if form.kind == "its unit" and not changes:
        return None
    refused = form.kind == "unread" or is_refused(form.kind, text[max(0, start - _BESIDE) : start], after)
    return _Phrase(form, match, start, end, tuple(changes), refused)


def _is_date(form: Form, match: re.Match[str], before: str, after: str) -> bool:
    """Whether words that have other meanings too are a date there: "May", "spring"."""
    if form.kind not in ("month", "season") or any(match.groupdict().get(name) for name in _TELLING):
        return True
    if LED.search(before):
        return form.kind == "month" or not _FALL.match(after)
    if form.kind == "season":
        return False
    if _BESIDE_MONTH[0].search(before) or _BESIDE_MONTH[1].match(after):
        return True
    # "March on", and people: "April Lund".
    return match["month"].casefold() not in ("may", "march") and not _NAME.match(after)


def _apart(found: Iterable[_Phrase]) -> Iterator[_Phrase]:
    """Longer ones before shorter ones that they hold, though they be none: no part of "10/03/2026" is a date."""
    end = 0
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            yield one
            end = one.end


def _joined(text: str, phrases: Sequence[_Phrase]) -> Iterator[_Phrase]:
    """Two dates with "to" between them are one run of days."""
    at = 0
    while at < len(phrases):
        one = phrases[at]
        at += 1
        if at < len(phrases) and _makes_run(text, one, phrases[at]):
            habit = one.form.kind == "weekday" and _HABIT.search(text[max(0, one.start - _BESIDE) : one.start])
            one = replace(one, end=phrases[at].end, until=phrases[at], refused=bool(habit))
            at += 1
        before, after = text[max(0, one.start - 2) : one.start], text[one.end : one.end + 2]
        yield replace(one, refused=one.refused or bool(_GLUED_BEFORE.search(before) or _GLUED_AFTER.match(after)))


def _makes_run(text: str, one: _Phrase, other: _Phrase) -> bool:
    if one.refused or other.refused:
        return False
    gap, before = text[one.end : other.start], text[max(0, one.start - _BESIDE) : one.start]
    if _BETWEEN.search(before) and _AND.fullmatch(gap):
        return True
    return _TO.fullmatch(gap) is not None and not _MOVED.search(before)


def _with_lead(text: str, phrase: _Phrase) -> int:
    """Where it begins with the prepositions that belong to it."""
    before = text[max(0, phrase.start - _BESIDE) : phrase.start]
    if phrase.until and (match := _STARTING.search(before)):
        return phrase.start - len(match[0])
    told = phrase.form.kind == "month" and any(phrase.match[name] for name in ("which", "year"))
    leads = "" if told or phrase.changes else phrase.form.leads
    if leads and (match := re.search(rf"(?<![\w-])(?:{leads})\s(?:the\s)?$", before, re.IGNORECASE)):
        return phrase.start - len(match[0])
    return phrase.start
