"""Classes of words: verbs by their form and voice, words of time, titles, generic nouns, numbers."""

import re

from qa.gate.text.words import Word, stem
from qa.language.numbers import number_at, tokens

_IRREGULAR = frozenset(
    "beaten given taken driven shown seen known written stolen broken thrown shot elected told sold gave bought won "
    "met "
    "fell rose made took left led beat hit sent paid saw held wrote lent fought taught caught chose drove flew kept "
    "lost "
    "got brought built spent found hurt cut set put shook struck sought owes owe wants equals leads beats owns needs "
    "supplies supply sells sell buys buy makes pays pay gives give gets tells has have had outperforms exceeds trails "
    "faces face doubt doubts than sank sunk froze fled dealt swore tore swept rode drank shrank became began grew "
    "drew spoke stood ran came went".split()
)
_BE = frozenset("is are was were be been being gets got".split())
DETERMINERS = frozenset(
    "the a an its their his her our these those this that of newly first certain some all every each many several few "
    "other such any no more most very highly".split()
)
_OFTEN_BESIDE = frozenset("already also never not only just since all both".split())
_LOOSE = frozenset("this last in at under so".split())
COMMON = frozenset("has have had than".split())
"""Around these only names tell who is who."""
_TIMED = 4
"""Words of a time that may stand between a verb and its "by"."""
MONTHS = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)
"""Names of days and months."""
RAISING = frozenset(map(stem, "expected planned believed thought forecast predicted estimated anticipated".split()))
"""Verbs whose subject does nothing: "rain is expected"."""
TIME_STEMS = frozenset(map(stem, "day week month year today yesterday tomorrow morning evening night now".split()))
_GENERIC = frozenset(
    "company companies firm firms group bank country city club team agency airline retailer carrier".split()
)
_TITLES = frozenset("mr mrs ms dr president prime minister sir".split())


def verbal(found: list[Word], at: int) -> bool:
    """Whether the word there is a verb, by its form and by what stands before it."""
    word = found[at]
    if at and found[at - 1].lower in DETERMINERS:
        return False
    if word.lower in COMMON:
        then = next((one.lower for one in found[at + 1 :] if one.lower not in _OFTEN_BESIDE), "")
        return not (
            then[:1].isdigit() or then.endswith("ed") or then in _IRREGULAR or then in ("been", "not", "driven", "to")
        )
    if word.lower.endswith("ed") and at and found[at - 1].text.isdigit():
        return False  # "27 suspected cases"
    if word.lower.endswith("ed") and at + 1 < len(found) and found[at + 1].lower in _LOOSE:
        return False  # "chips approved this week": who did it is not told by order
    return word.lower in _IRREGULAR or (word.lower.endswith("ed") and not word.name)


def is_passive(found: list[Word], at: int) -> bool:
    """Whether the verb there tells what is done to whom."""
    before = {word.lower for word in found[max(0, at - 3) : at]}
    behind = [word.lower for word in found[at + 1 : at + 4]]
    if "by" in behind and behind.index("by") < len(behind) - 1:
        then = behind[behind.index("by") + 1]
        if then[0].isdigit() or then in MONTHS:
            behind = []  # "rose by 5%"
    timed = at + 1
    while timed < min(len(found), at + _TIMED) and tells_when(found[timed]):
        timed += 1
    if at + 1 < timed < len(found) - 1 and found[timed].lower == "by" and not found[timed + 1].lower[0].isdigit():
        return True  # "discovered last year by"
    if at + 1 < len(found) and is_verb(found[at + 1]) and at and found[at - 1].content:
        return True  # "the people treated died"
    return (
        bool(before & _BE and "have" not in found[at].lower)
        or behind[:1] in (["by"], ["of"])
        or (behind[:1] == ["about"] and not "".join(behind[1:2])[:1].isdigit())
        or behind[1:2] == ["by"]
    )


def tells_when(word: Word) -> bool:
    """Whether it tells of a time: "week", "Monday"."""
    return word.lower in MONTHS or word.stem in TIME_STEMS or word.lower in ("last", "this", "on", "in")


def is_verb(word: Word) -> bool:
    """Whether it looks like a verb in the past."""
    return not word.name and (word.lower.endswith("ed") or word.lower in _IRREGULAR)


def is_title(word: Word) -> bool:
    """Whether a capital word names no one by itself: "President"."""
    return word.lower in _TITLES


def is_generic(word: Word) -> bool:
    """Whether it can stand for a name: "the company"."""
    return not word.name and word.lower in _GENERIC


def is_number(word: Word) -> bool:
    """Whether it is a number or a unit in a word: what it says is compared as a figure."""
    return number_at(tokens(word.text), 0) is not None or bool(
        re.fullmatch(
            r"(?:\w*illion|hundred|thousand|percent|cent|km|mm|cm|kg|tonnes|two|three|four|five|six|seven|eight|nine|ten)s?",
            word.lower,
        )
    )
