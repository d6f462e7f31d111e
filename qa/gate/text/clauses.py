"""Splits a sentence into clauses."""

import re
from typing import NamedTuple

from qa.gate.text.words import Word, words

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
_LEAST = 2
"""Words that a clause must have to be looked at by itself."""


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
