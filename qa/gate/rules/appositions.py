"""The labels attached to a name, and what they say without it.

Each rule asks for evidence against: a word of a text is at fault only where the quote attaches it to another name.
"""

import re
from itertools import pairwise

from qa.gate.text.tokens import TextTokens, labels, names, proper
from qa.gate.text.word_classes import is_verb
from qa.gate.text.words import PEOPLES, Word

_QUALIFYING = frozenset("former acting deputy vice interim outgoing alleged suspected fake attempted".split())
_ONCE = re.compile(r"\b(?:once|formerly|previously|ex|was|were|used to be)\b", re.IGNORECASE)
_ORDINALS = frozenset("second third fourth fifth sixth seventh eighth ninth tenth".split())
_DETERMINERS = frozenset("the a an its his her their".split())
_LONGEST = 4
"""Words of a label."""
_SIDE = re.compile(r"^\W*(?:[,.;:)”\"]|$)")


def mislabelled(mine: TextTokens, theirs: TextTokens) -> str:
    """The words of a text that make a label of a name which the other gives to another: "opposition leader"; or ""."""
    groups = [{word.stem for word in one} for one in _labelled(theirs)]
    named = {word.stem for word in theirs.words if proper(word)}
    for group in _labelled(mine):
        for one in group:
            for other in group:
                if one.first and any(word.stem == one.stem and not word.name for word in theirs.words):
                    continue  # it is no name, but begins the sentence
                if one.stem in PEOPLES and not any(PEOPLES & those for those in groups if other.stem in those):
                    continue  # of which country somebody is, where no other one is told
                if not one.name or one.stem == other.stem or any(letter.isdigit() for letter in one.text + other.text):
                    continue
                held = [those for those in groups if one.stem in those]
                its = [those for those in groups if other.stem in those]
                if not held or not its or any(other.stem in those for those in held):
                    continue
                if not any(_beside(mine, other, those & named) for those in its) and not _close(theirs, one, other):
                    return f"{other.text} {one.text}"
    return ""


def _close(read: TextTokens, one: Word, other: Word) -> bool:
    """Whether two words stand beside each other: "the mediator, Swiss envoy Reto Amberg"."""
    places = [[at for at, word in enumerate(read.words) if word.stem == each.stem] for each in (one, other)]
    return any(
        abs(a - b) < _LONGEST and not any(is_verb(word) for word in read.words[min(a, b) : max(a, b)])
        for a in places[0]
        for b in places[1]
    )


def _beside(read: TextTokens, word: Word, names: set[str]) -> bool:
    """Whether a word stands beside one of these names too."""
    at = read.words.index(word)
    return bool(names & {one.stem for one in read.words[max(0, at - _LONGEST) : at + _LONGEST + 1]})


def _labelled(read: TextTokens) -> list[list[Word]]:
    """Each name with the words that say what it is: before it, or beside it between commas."""
    found, groups = read.words, []
    for first, end in names(read):
        start = first
        while start and read.joined(start) and _label(found[start - 1]) and first - start < _LONGEST:
            start -= 1
        group = found[start:end]
        if start == first and "," in read.gaps[start] and _SIDE.match(read.gaps[end]):
            group += _label_before(read, start - 1)
        if end + 1 < len(found) and "," in read.gaps[end] and found[end].lower in _DETERMINERS:
            last = end + 1
            while last < len(found) and last - end <= _LONGEST and found[last].content and not is_verb(found[last]):
                last += 1
                if read.gaps[last].strip():
                    break
            # "Condor, its chairman, Leif Dahl": it says who comes behind.
            if not (last < len(found) and "," in read.gaps[last] and proper(found[last])):
                group += found[end + 1 : last]
        groups.append(group)
    return groups


def _label_before(read: TextTokens, at: int) -> list[Word]:
    label: list[Word] = []
    while at >= 0 and len(label) < _LONGEST:
        word = read.words[at]
        if word.lower == "of" and label:
            label = []  # what stands behind it is whose
        elif not labels(word) or (not label and word.name):
            break
        else:
            label.append(word)
        if read.gaps[at].strip() or (at and read.owns(at - 1)):
            break
        at -= 1
    return label


def _label(word: Word) -> bool:
    """Whether it can stand before a name as what it is, and is no verb: "calls"."""
    return labels(word) and (word.name or not word.lower.endswith("s") or word.lower.endswith("ss"))


def unqualified(mine: TextTokens, theirs: TextTokens) -> str:
    """What a text calls so without the "former" or the "second" that the other has before it; or ""."""
    for at, (before, word) in enumerate(pairwise(theirs.words)):
        ordinal = before.lower in _ORDINALS and (word.lower == "most" or word.lower.endswith("est"))
        if not theirs.joined(at + 1) or not (before.lower in _QUALIFYING or ordinal):
            continue
        if sum(one.stem == word.stem for one in theirs.words) > 1:
            continue
        bare = [place for place, one in enumerate(mine.words) if one.stem == word.stem]
        if before.lower == "former" and _ONCE.search(mine.text):
            continue
        if bare and not any(
            before.lower in {one.lower for one in mine.words[max(0, place - _LONGEST) : place]} for place in bare
        ):
            return word.text
    return ""
