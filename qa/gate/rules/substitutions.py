"""Substituted words: others between the same two words, or after the same one, or in reverse order."""

from collections.abc import Sequence, Set
from itertools import pairwise

from qa.gate.text.synonyms import near
from qa.gate.text.tokens import TextTokens, proper
from qa.gate.text.word_classes import MONTHS, is_generic, is_passive, is_verb, tells_when
from qa.gate.text.words import PEOPLES, Word

_DETERMINERS = frozenset("the a an its his her their".split())
_POINTING = frozenset("he she it they him her them which who".split())
_NEAR = 2
"""Content words between two that may be attached in other words."""


def exchanged(mine: TextTokens, theirs: TextTokens, around: Set[str]) -> str:
    """The word of a text between two others, or at an end, where the other has another there; or ""."""
    own = [word for word in mine.words if _tells(word)]
    its = [word for word in theirs.words if _tells(word) or word.lower in _POINTING]
    stems = [word.stem for word in its]
    pairs = {*pairwise(stems)}
    own_pairs = {*pairwise(word.stem for word in own)}
    for at, word in enumerate(own):
        left, right = own[at - 1] if at else None, own[at + 1] if at + 1 < len(own) else None
        if (left is None and right is None) or (word.stem not in stems and not (word.name and word.stem in around)):
            continue
        if _dated(word) or tells_when(word) or _says(mine, word) or (word.stem in stems and _pointed(theirs, word)):
            continue
        if (left and (left.stem, word.stem) in pairs) or (right and (word.stem, right.stem) in pairs):
            continue
        for place, other in enumerate(its):
            if (
                other.stem == word.stem
                or other.name != word.name
                or _dated(other)
                or not other.content
                or is_verb(word) != is_verb(other)
            ):
                continue
            named = sum(proper(one) for one in its[max(0, place - 2 * _NEAR) : place])
            if word.stem in stems[max(0, place - _NEAR - named) : place + _NEAR + 1] or other.stem in near(word.stem):
                continue  # it stands beside, or says the same
            if any(other.stem in pair and pair in own_pairs for pair in pairs):
                continue  # the other stands where it stood
            if tells_when(other) or is_generic(other) or _says(theirs, other):
                continue
            before = its[place - 1] if place else None
            behind = its[place + 1] if place + 1 < len(its) else None
            if not (_alike(left, before) and _alike(right, behind)):
                continue
            if (left is None or right is None) and not (word.name and other.name):
                continue
            if not _listed(theirs, word, other) and not _voices(mine, theirs, (left, right), (before, behind)):
                return word.text
    return ""


def _tells(word: Word) -> bool:
    return word.content and not word.text[0].isdigit()


def _says(read: TextTokens, word: Word) -> bool:
    """Whether a word of saying stands beside it: it is who says it."""
    at = read.words.index(word)
    return any(one.stem == "say" for one in read.words[max(0, at - 1) : at + 2])


def _dated(word: Word) -> bool:
    """Whether it is part of a figure or a date, which are compared as such."""
    return word.text[0].isdigit() or word.lower in MONTHS


def _pointed(read: TextTokens, word: Word) -> bool:
    """Whether a pronoun stands beside it, which may mean any of the others."""
    for at, one in enumerate(read.words):
        if one.stem == word.stem:
            beside = read.words[max(0, at - 1) : at] + read.words[at + 1 : at + 2]
            if any(other.lower in _POINTING for other in beside):
                return True
    return False


def _alike(one: Word | None, other: Word | None) -> bool:
    return one is other if one is None or other is None else one.stem == other.stem


def _listed(read: TextTokens, word: Word, other: Word) -> bool:
    """Whether both stand in one list, whose order says nothing."""
    places = [at for at, one in enumerate(read.words) if one.stem == word.stem]
    second = read.words.index(other)
    for place in places:
        first, last = sorted((place, second))
        between = [read.words[at].lower for at in range(first + 1, last)]
        gaps = [read.gaps[at].strip() for at in range(first + 1, last + 1)]
        plain = all(
            read.words[at].name or read.words[at].lower in {"and", "or", *_DETERMINERS} for at in range(first + 1, last)
        )
        if plain and {*gaps} <= {"", ","} and ("," in gaps or {"and", "or"} & {*between}):
            return True
    return False


def _voices(mine: TextTokens, theirs: TextTokens, own: Sequence[Word | None], its: Sequence[Word | None]) -> bool:
    """Whether a verb beside is passive in one and not in the other."""
    return any(
        one is not None
        and other is not None
        and is_verb(one)
        and is_passive(mine.words, mine.words.index(one)) != is_passive(theirs.words, theirs.words.index(other))
        for one, other in zip(own, its, strict=True)
    )


def other_name(mine: TextTokens, theirs: TextTokens) -> str:
    """The name of a text behind a word that, in the other, has another name behind it; or ""."""
    own, its = ([word for word in one.words if word.content] for one in (mine, theirs))
    stems = [word.stem for word in its]
    pairs = {*pairwise(stems)}
    for left, word in pairwise(own):
        if left.name or not proper(word) or is_verb(left) or word.stem not in stems or stems.count(left.stem) != 1:
            continue
        at = stems.index(left.stem)
        if any(one.stem == "say" for one in mine.words if left.end <= one.start < word.start):
            continue
        if at + 1 == len(its) or "," in theirs.text[its[at].end : its[at + 1].start]:
            continue  # said beside, not of it
        if "," in mine.text[left.end : word.start]:
            continue
        if (left.stem, word.stem) in pairs or (word.stem, left.stem) in pairs:
            continue
        other = its[at + 1]
        # "The Polish port city of Morzewo", "researcher Ada Kerr of the firm Halden".
        named = next((n for n, one in enumerate(its[at + 1 :]) if not proper(one)), 0)
        room = _NEAR + (2 * _NEAR if other.stem in PEOPLES else named - 1)
        if not proper(other) or word.stem in stems[at + 1 : at + 2 + room] or _listed(theirs, word, other):
            continue
        place = own.index(word)
        if mine.owns(mine.words.index(word)) and other.stem in {one.stem for one in own[place + 1 : place + 2 + _NEAR]}:
            continue  # "Nvidia's flagship Blackwell"
        mine_before = {one.stem for one, then in pairwise(own) if then.stem == other.stem}
        its_before = {one.stem for one, then in pairwise(its) if then.stem == word.stem}
        if other.stem not in {one.stem for one in own} or mine_before & its_before:
            return word.text  # where the other stands elsewhere, the words are told in another order
    return ""


def turned_round(mine: TextTokens, theirs: TextTokens) -> str:
    """The word of a text whose two sides the other has the other way round: who accuses whom; or ""."""
    own, its = ([word for word in one.words if word.content] for one in (mine, theirs))
    for at, word in enumerate(own):
        places = [place for place, one in enumerate(its) if one.stem == word.stem]
        if len(places) != 1 or word.name or is_verb(word) or is_verb(its[places[0]]):
            continue
        forms = {word.lower, its[places[0]].lower}
        if not any(form.endswith("s") for form in forms) or any(form.endswith(("er", "ers")) for form in forms):
            continue  # no verb of the present
        left, right = _sides(own, at)
        before, behind = _sides(its, places[0])
        if left & behind and right & before and not left & before and not right & behind:
            return word.text
    return ""


def _sides(found: Sequence[Word], at: int) -> tuple[set[str], set[str]]:
    before, behind = found[max(0, at - _NEAR) : at], found[at + 1 : at + 1 + _NEAR]
    return {one.stem for one in before}, {one.stem for one in behind}
