"""The context of figures: whether the quote has them beside the same words, and of the same whole."""

import re
from collections.abc import Sequence
from datetime import date

from qa.gate.rules.figures import figures, same_figure
from qa.gate.text.cues import OPPOSITES
from qa.gate.text.synonyms import near, nearby
from qa.gate.text.word_classes import is_verb
from qa.gate.text.words import content, stem, words
from qa.language.quantities import Quantity, measured, same_unit

_BREAK = re.compile(r"[,;]\s|\s(?:and|but|while|whereas|compared|against|than)\s")
_SHARE = re.compile(
    r"(?:%|\bper ?cent|\bhalf|\bquarters?|\bthirds?|\bfifths?|\btenths?|\bmost|\bpart|\bmajority)\sof\s"
    r"(?:the|its|their|his|her|all)?\s?|\bmost\s(?=[a-z])",
    re.IGNORECASE,
)
"""Before the whole of which a part is told."""
_RATE = re.compile(
    r"(?<![-\w])(?:an?|per|each|every)\s(?P<unit>second|minute|hour|day|week|month|quarter|year)\b"
    r"(?!\s(?:ago|earlier|later|before|old|after|of|and a half)|['’]s)"
    r"|\b(?P<often>hourly|daily|weekly|monthly|annual(?:ly)?|yearly)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|apiece|per|both|every)\b", re.IGNORECASE)
_APIECE = re.compile(r"\b(?:each|apiece)\b", re.IGNORECASE)
_PER = re.compile(r"\b(?:each|apiece|every|per)\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\bevery\s(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|other)\b", re.IGNORECASE)
_BEHIND = 4
"""Content words behind a whole among which a clause must say one to be about it."""


def turned_figure(text: str, parts: Sequence[str], published: date | None) -> str:
    """The word of direction that a text has beside a figure which, in its part of a sentence, has the opposite; or
    "".
    """
    told = {word.stem: word.text for word in words(text)}
    for part in parts:
        held = {word.stem for word in words(part)}
        for one in figures(text, published):
            if any(same_figure(text, one, part, other) for other in figures(part, published)):
                for form, written in told.items():
                    if (
                        form not in held
                        and OPPOSITES.get(form, set()) & held - {*told}
                        and not (written.casefold() in ("up", "down") and near(form) & held)
                    ):
                        return written
    return ""


def moved_figure(text: str, said: str, published: date | None) -> str:
    """A figure of a text that stands with the words of another one of the same unit; or ""."""
    mine, theirs = figures(text, published), figures(said, published)
    plain, bare = _blanked(text, mine), _blanked(said, theirs)
    for one in mine:
        for other in theirs:
            if not same_figure(text, one, said, other):
                continue
            for rival in theirs:
                if rival is other or not _rivals(other, rival) or same_figure(text, one, said, rival):
                    continue
                cut = _cut(said, other, rival)
                if not cut:
                    continue
                own, its = _part(bare, other, cut), _part(bare, rival, cut)
                told = _stems(plain)
                for also in mine:
                    if also is not one and same_figure(text, also, said, rival):
                        told = _stems(_part(plain, one, between)) if (between := _cut(text, one, also)) else set()
                if not _stems(own):
                    continue
                mixed = told & (_stems(its) - _stems(own))
                if mixed and (
                    not nearby(told) & _stems(own) or (_verbs(own) and told & _verbs(its) and not told & _verbs(own))
                ):
                    return text[one.start : one.end]
    return ""


def _blanked(text: str, found: Sequence[Quantity]) -> str:
    """A text without its figures, every other word at its place."""
    for one in found:
        figure = re.match(r".*\d[\d.,]*%?|(?:an?\s)?\S+", text[one.start : one.end])
        end = one.start + (figure.end() if figure else 0)
        text = text[: one.start] + " " * (end - one.start) + text[end:]
    return text


def _rivals(one: Quantity, other: Quantity) -> bool:
    if one.unit is None or other.unit is None:
        return not any(each.unit and measured(each.unit) for each in (one, other))
    if measured(one.unit) or measured(other.unit):
        return same_unit(one.unit, other.unit)
    return stem(one.unit.base) == stem(other.unit.base)


def _cut(text: str, one: Quantity, other: Quantity) -> int:
    """Where the words of one figure end and those of another begin; 0 where nothing shows."""
    first, last = sorted((one, other), key=lambda each: each.start)
    found = [match.start() for match in _BREAK.finditer(text, first.end, max(first.end, last.start))]
    return found[-1] if found else 0


def _part(text: str, one: Quantity, cut: int) -> str:
    if one.start < cut:
        return text[:cut]
    end = _BREAK.search(text, one.end)
    return text[cut : end.start() if end else len(text)]


def _stems(text: str) -> set[str]:
    return {word.stem for word in words(text) if word.content and not word.text[0].isdigit()}


def _verbs(text: str) -> set[str]:
    return {word.stem for word in words(text) if word.content and is_verb(word)}


def other_rate(text: str, said: str) -> str:
    """What a text tells by the month and a quote by the year, or the like; or ""."""
    held = {_period(match) for match in _RATE.finditer(said)}
    for match in _RATE.finditer(text):
        if _period(match) not in held:
            return match[0]
    return ""


def _period(match: re.Match[str]) -> str:
    if match["unit"]:
        return match["unit"].casefold()
    return {"hour": "hour", "dail": "day", "week": "week", "mont": "month"}.get(match["often"][:4].casefold(), "year")


def widened(text: str, said: str) -> str:
    """The whole that a text speaks of where only a part was told: "the reef" of "a third of the reef"; or ""."""
    told = content(text)
    said = re.sub(r",\s(?:which|who|whose)\b[^,;]*,", "", said)
    for match in _SHARE.finditer(said):
        behind = [word for word in words(re.split(r"[,;]", said[match.end() :])[0]) if word.content]
        if not behind or said[match.end()].isdigit():
            continue
        whole, then = behind[0], {word.stem for word in behind[1 : 1 + _BEHIND]}
        places = [one for one in words(text) if one.stem == whole.stem]
        if not places or not told & then or said.casefold().count(whole.lower) > 1:
            continue
        if not any(_told_of(text[: one.start]) for one in places):
            return whole.text
    return ""


def one_of(text: str, said: str) -> str:
    """What a text tells of all where a quote tells it of one of them: "both reactors" of "one of the two reactors"; or
    "".
    """
    for match in _ONE_OF.finditer(said):
        if said.casefold().count(match["of"].casefold()) > 1:
            continue
        found = re.search(rf"(?P<before>[\w,’'-]*\W*[\w,’'-]*\W*[\w,’'-]*\W*)\b{match['of']}\b", text, re.IGNORECASE)
        if found and not _PARTED.search(found["before"]):
            return found[0].strip()
    return ""


_ONE_OF = re.compile(
    r"\b(?:one|a member|part|some|two|three) of (?:the|its|their|his|her|[\w-]+['’]s?)\s"
    r"(?:two\s|three\s|four\s)?(?P<of>[a-z]+s)\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\b(?:of|a|an|one|some|among|from)\b", re.IGNORECASE)
_TOLD = re.compile(
    r"(?:\d|%|\bper ?cent|\b(?:half|quarters?|thirds?|fifths?|tenths?|most|part|majority|nearly all|one|two|three)\b)"
    r"[^,;]{0,30}$",
    re.IGNORECASE,
)


def _told_of(before: str) -> bool:
    return _TOLD.search(before) is not None


def shared_out(text: str, said: str, published: date | None) -> str:
    """A figure that a quote tells of each, and a text of no one or of all; or a "fifth" that it left out; or ""."""
    if (ordinal := _ORDINAL.search(said)) and re.search(rf"\bevery\s(?!{ordinal[1]})", text, re.IGNORECASE):
        return ordinal[0]
    if (added := _APIECE.search(text)) and figures(text, published) and not _PER.search(said):
        return added[0]
    match = re.search(r"\beach\b(?!\s\w+s?\s(?:had|has|have|carries))", said, re.IGNORECASE)
    if match is None or _EACH.search(text):
        return ""
    theirs = [one for one in figures(said, published) if one.start > match.start() or one.end + 1 == match.start()]
    for one in figures(text, published):
        if any(same_figure(text, one, said, other) for other in theirs):
            return text[one.start : one.end]
    return ""
