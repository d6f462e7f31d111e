"""The arguments of a verb (who does it, to whom, where, about whom), compared with those of the quote's same verb."""

import re

from qa.gate.text.tokens import TextTokens, labels, names, proper, read
from qa.gate.text.word_classes import RAISING, is_passive, is_verb, verbal

_DETERMINERS = frozenset("the a an its his her their".split())
_AUXILIARIES = frozenset("is are was were has have had will would can could may might must".split())
_RELATIVES = frozenset("who which that whose where".split())
_JOINING = frozenset("and or but nor while as because after before when whereas although though if until".split())
_PRONOUNS = frozenset("he she it they we i you this these those both one".split())
_OF_A_PLACE = re.compile(
    r"\s(?:port\s|border\s|coastal\s)?(?:city|town|village|state|province|port|capital|region|island|district) of\s"
)
"""Behind the country of a place: "in the Indian state of Gujarat"."""
_LONGEST = 5
_STOP = re.compile(r";|[.!?]\s")
_NEAR = 2
"""Content words between two that may be attached in other words."""


def other_doer(mine: TextTokens, theirs: TextTokens) -> str:
    """The names of a text that do what others do in the other text; or ""."""
    held = {word.stem for word in theirs.words if proper(word)}
    for at, verb in enumerate(mine.words):
        if not verbal(mine.words, at) or verb.stem == "say" or verb.stem in RAISING:
            continue
        if at and mine.words[at - 1].lower == "to":
            continue
        subject = _doers(mine, at) & held
        places = [
            place
            for place, one in enumerate(theirs.words)
            if one.stem == verb.stem and (verbal(theirs.words, place) or _beside(theirs, place))
        ]
        passive = is_passive(mine.words, at)
        if places and not passive and (whom := _object(mine, at) & held):
            objects = [_object(theirs, one) & held for one in places if not is_passive(theirs.words, one)]
            if objects and all(one and not one & whom for one in objects):
                return f"{verb.text} {' '.join(sorted(whom))}"
        if passive and (agents := _agents(mine, at)) <= {word.stem for word in theirs.words}:
            others = [_agents(theirs, one) for one in places if is_passive(theirs.words, one)]
            if agents and others and all(one and not one & agents for one in others):
                return f"{verb.text} by {' '.join(sorted(agents))}"
        if not subject or not places:
            continue
        doers = [
            (_doers if is_passive(theirs.words, place) == passive else _done_to if passive else _agents)(theirs, place)
            & held
            for place in places
        ]
        if all(one and not one & subject for one in doers):
            return f"{' '.join(sorted(subject))} {verb.text}"
    return ""


def _beside(read: TextTokens, at: int) -> bool:
    """Whether it tells what somebody did besides: "won the election, defeating"."""
    return read.words[at].lower.endswith("ing") and "," in read.gaps[at]


def _apposed(read: TextTokens, at: int) -> bool:
    """Whether a name alone stands before this place, behind a comma: "the ambassador, Ilona Dern,"."""
    first = at
    while first and proper(read.words[first]) and read.joined(first):
        first -= 1
    return proper(read.words[first]) and "," in read.gaps[first]


def _done_to(read: TextTokens, at: int) -> set[str]:
    """The words of what a verb is done to, up to the end of its clause."""
    found: set[str] = set()
    for place in range(at + 1, len(read.words)):
        word = read.words[place]
        if _STOP.search(read.gaps[place]) or (found and word.lower in _JOINING | _RELATIVES):
            break
        if word.lower in _PRONOUNS and not found:
            return set()
        if word.content:
            found.add(word.stem)
    return found


def _object(read: TextTokens, at: int) -> set[str]:
    """The words that stand behind a verb up to where another part of the sentence begins."""
    found: set[str] = set()
    for place in range(at + 1, len(read.words)):
        word = read.words[place]
        if read.gaps[place].strip() or is_verb(word):
            break
        if word.content:
            found.add(word.stem)
        elif word.lower not in _DETERMINERS and word.lower != "of":
            break
    return found


def other_place(mine: TextTokens, theirs: TextTokens) -> str:
    """The place where a text has something done that was done elsewhere; or ""."""
    held = {word.stem for word in theirs.words if proper(word)}
    for at, verb in enumerate(mine.words):
        where = _places(mine) & held
        parts = [part for part in _parts(theirs) if any(one.stem == verb.stem for one in part.words)]
        if not where or not verbal(mine.words, at) or not parts:
            continue
        if all((there := _places(part)) and not there & where for part in parts):
            return f"{verb.text} {' '.join(sorted(where))}"
    return ""


def _places(read: TextTokens) -> set[str]:
    found: set[str] = set()
    for first, end in names(read):
        at = first - 1 if first and read.words[first - 1].lower in _DETERMINERS else first
        if at and read.words[at - 1].lower in ("in", "at", "near", "off"):
            found |= {word.stem for word in read.words[first:end]}
            if _OF_A_PLACE.match(read.text, read.words[end - 1].end):
                found |= {word.stem for word in read.words[end : end + _LONGEST] if proper(word)}
    return found


def _parts(whole: TextTokens) -> list[TextTokens]:
    return [read(part) for part in re.split(r"[;,]\s(?:and\s|but\s|while\s)?|\s(?:while|whereas|but)\s", whole.text)]


def other_bearer(mine: TextTokens, theirs: TextTokens) -> str:
    """What a text says to be so, where the other says it of another: "Roth is ill"; or ""."""
    held = {word.stem for word in theirs.words if word.content}
    said = _borne(theirs, near=len(theirs.words))
    for what, of in _borne(mine, near=_NEAR).items():
        others = said.get(what)
        if of and others and not of & others and of <= held:
            return f"{' '.join(sorted(of))} {what}"
    return ""


def _borne(read: TextTokens, near: int) -> dict[str, set[str]]:
    """The words behind "is" or "was", each with those of its clause before it that can be what it is said of."""
    found: dict[str, set[str]] = {}
    for at, word in enumerate(read.words[:-1]):
        what = read.words[at + 1]
        if word.lower not in ("is", "are", "was", "were") or not what.content or is_verb(what):
            continue
        of: set[str] = set()
        for place in range(at - 1, -1, -1):
            before = read.words[place]
            if len(of) >= near or _STOP.search(read.gaps[place + 1]) or (of and before.lower in _JOINING):
                break
            if before.lower in _PRONOUNS and not of:
                break
            if before.content:
                of.add(before.stem)
        found.setdefault(what.stem, set()).update(of)
    return found


def _agents(read: TextTokens, at: int) -> set[str]:
    """The words behind a passive verb's "by"."""
    behind = [place for place in range(at + 1, min(at + 4, len(read.words))) if read.words[place].lower == "by"]
    return _done_to(read, behind[0]) if behind else set()


def _doers(read: TextTokens, at: int) -> set[str]:
    """The words that a verb's subject can be; none where a pronoun is. Behind a comma or "and" it can be any before."""
    found: set[str] = set()
    far = False
    for place in range(at - 1, -1, -1):
        word, gap = read.words[place], read.gaps[place + 1]
        if _STOP.search(gap):
            break
        far = far or ("," in gap and not found and not _apposed(read, place))
        if word.lower in _PRONOUNS and not found:
            return set()
        if word.lower in _JOINING or word.lower in _RELATIVES:
            if word.lower in ("and", "or") and found and place and labels(read.words[place - 1]):
                continue  # a list, for all that shows
            if found and not far:
                break
            far = far or word.lower in _JOINING
        elif is_verb(word) or word.lower in _AUXILIARIES:
            if found and not far:
                break
        elif word.content:
            found.add(word.stem)
    return found
