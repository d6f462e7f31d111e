"""Questions that their passage does not answer, made from ones that it does: a name, year, number or word of the
question is swapped for another of its kind (after Rajpurkar, Jia and Liang, "Know What You Don't Know: Unanswerable
Questions for SQuAD", ACL 2018, who swap entities and antonyms by rule as their simplest baseline).
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

Kind = Literal["name", "year", "number", "month"]

_MONTHS = "January February March April May June July August September October November December".split()
_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-9]{2}\b")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")
_NAME = re.compile(r"(?<=[\w,] )(?:[A-Z][\w'’.-]*[\w])(?: (?:(?:of|the|de|von|van) )?[A-Z][\w'’.-]*[\w])*")
_ANTONYMS = """
first/last first/second second/third largest/smallest biggest/smallest highest/lowest most/least more/less
longest/shortest oldest/youngest oldest/newest earliest/latest before/after above/below increase/decrease
increased/decreased rise/fall
rose/fell higher/lower larger/smaller north/south east/west northern/southern eastern/western won/lost win/lose
begin/end began/ended start/end started/ended born/died birth/death male/female men/women man/woman father/mother
son/daughter husband/wife king/queen public/private import/export imported/exported buy/sell bought/sold
approved/rejected approve/reject accept/refuse accepted/refused allowed/banned allow/ban hired/fired opened/closed
open/close minimum/maximum best/worst strongest/weakest ancient/modern early/late major/minor majority/minority
entered/left joined/left supported/opposed support/oppose gained/lost gain/lose true/false inside/outside
ordered/approved ordered/delivered requested/approved planned/completed produced/sold founded/dissolved
president/secretary company/university city/country country/city author/editor director/producer
""".split()
_OPPOSITE: dict[str, list[str]] = {}
for _pair in _ANTONYMS:
    _left, _right = _pair.split("/")
    _OPPOSITE.setdefault(_left, []).append(_right)
    _OPPOSITE.setdefault(_right, []).append(_left)
# "How long did it last?" is not about the last one.
_OPPOSED = re.compile(rf"\b(?:{'|'.join(sorted(_OPPOSITE))})\b(?! ?\?)")


class Swappable(NamedTuple):
    """What stands at ``[start, end)`` of a question and can be swapped for another of its kind."""

    start: int
    end: int
    kind: Kind


def swappable(text: str) -> list[Swappable]:
    """Names (but for a first word), years, other numbers and months of a text."""
    found = [Swappable(*match.span(), "year") for match in _YEAR.finditer(text)]
    taken = {one.start for one in found}
    found += [Swappable(*match.span(), "number") for match in _NUMBER.finditer(text) if match.start() not in taken]
    for match in _NAME.finditer(text):
        found.append(Swappable(*match.span(), "month" if match[0] in _MONTHS else "name"))
    return sorted(found)


def swap(question: str, passage: str, others: Sequence[str], rng: np.random.Generator) -> str | None:
    """The question about something else, or None where it has nothing to swap.

    Names come from ``passage``, which is the harder case, or from ``others``; none that the question already holds.
    """
    places = swappable(question)
    opposed = [*_OPPOSED.finditer(question)]
    if not places and not opposed:
        return None
    choice = int(rng.integers(len(places) + len(opposed)))
    if choice >= len(places):
        match = opposed[choice - len(places)]
        return _replaced(question, *match.span(), str(rng.choice(_OPPOSITE[match[0]])))
    place = places[choice]
    old = question[place.start : place.end]
    new = _other(old, place.kind, passage if rng.random() < 0.6 else " , ".join(others), rng)
    return None if new is None or new in question or old in new else _replaced(question, place.start, place.end, new)


def _other(old: str, kind: Kind, text: str, rng: np.random.Generator) -> str | None:
    """Something of the same kind."""
    if kind == "year":
        return str(max(1000, min(2030, int(old) + int(rng.choice([-1, 1])) * int(rng.integers(1, 30)))))
    if kind == "month":
        return str(rng.choice([month for month in _MONTHS if month != old]))
    found = [text[one.start : one.end] for one in swappable(text) if one.kind == kind]
    found = [one for one in found if one != old and one not in old]
    if found:
        return str(found[int(rng.integers(len(found)))])
    if kind == "number":
        return str(int(re.sub(r"\D", "", old)[:6] or "1") * int(rng.integers(2, 6)) + int(rng.integers(0, 3)))
    return None


def _replaced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]
