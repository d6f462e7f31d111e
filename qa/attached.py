"""What is attached to whom: the labels beside a name, what is of or in it, what stands between the same two words.

Each rule asks for evidence against: a word of a text is at fault only where the quote attaches it to something else.
"""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise
from typing import NamedTuple

from qa.roles import MONTHS, RAISING, is_passive, is_verb, verbal
from qa.stems import Word, words

_PLACING = frozenset("of in at from for on near off".split())
_QUALIFYING = frozenset("former acting deputy vice interim outgoing alleged suspected fake attempted".split())
_ORDINALS = frozenset("second third fourth fifth sixth seventh eighth ninth tenth".split())
_DETERMINERS = frozenset("the a an its his her their".split())
_AUXILIARIES = frozenset("is are was were has have had will would can could may might must".split())
_RELATIVES = frozenset("who which that whose where".split())
_JOINING = frozenset("and or but nor while as because after before when whereas although though if until".split())
_PRONOUNS = frozenset("he she it they we i you this these those both one".split())
_POINTING = frozenset("he she it they him her them which who".split())
_LONGEST = 4
"""Words of a label."""
_NEAR = 2
"""Content words between two that may be attached in other words."""
_OWN = re.compile(r"['’]s?$")
_SIDE = re.compile(r"^\W*(?:[,.;:)”\"]|$)")
Pair = tuple[str, str]


class Read(NamedTuple):
    """The words of a text, with what stands before each and behind the last."""

    text: str
    words: list[Word]
    gaps: list[str]

    def owns(self, at: int) -> bool:
        """Whether a word is written as an owner: "Nvidia's"."""
        one = self.words[at]
        return _OWN.search(self.text[one.start : one.end]) is not None

    def joined(self, at: int) -> bool:
        """Whether nothing stands between a word and the one before it."""
        return at > 0 and self.gaps[at] in (" ", "-") and not self.owns(at - 1)


def read(text: str) -> Read:
    """Take a text apart."""
    found = words(text)
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(text)]
    return Read(text, found, [text[a:b] for a, b in zip(ends, starts, strict=True)])


def mislabelled(mine: Read, theirs: Read) -> str:
    """The words of a text that make a label of a name which the other gives to another: "opposition leader"; or ""."""
    groups = [{word.stem for word in one} for one in _labelled(theirs)]
    for group in _labelled(mine):
        for one in group:
            for other in group:
                if not one.name or one.stem == other.stem or any(letter.isdigit() for letter in one.text + other.text):
                    continue
                held = [those for those in groups if one.stem in those]
                its = [those for those in groups if other.stem in those]
                if held and its and not any(other.stem in those for those in held):
                    return f"{other.text} {one.text}"
    return ""


def _labelled(read: Read) -> list[list[Word]]:
    """Each name with the words that say what it is: before it, or beside it between commas."""
    found, groups = read.words, []
    for first, end in _names(read):
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
            if not (last < len(found) and "," in read.gaps[last] and _proper(found[last])):
                group += found[end + 1 : last]
        groups.append(group)
    return groups


def _label_before(read: Read, at: int) -> list[Word]:
    label: list[Word] = []
    while at >= 0 and len(label) < _LONGEST:
        word = read.words[at]
        if word.lower == "of" and label:
            label = []  # what stands behind it is whose
        elif not _labels(word) or (not label and word.name):
            break
        else:
            label.append(word)
        if read.gaps[at].strip() or (at and read.owns(at - 1)):
            break
        at -= 1
    return label


def _proper(word: Word) -> bool:
    return word.name and word.content and word.lower not in MONTHS


def _label(word: Word) -> bool:
    """Whether it can stand before a name as what it is, and is no verb: "calls"."""
    return _labels(word) and (word.name or not word.lower.endswith("s") or word.lower.endswith("ss"))


def _labels(word: Word) -> bool:
    return word.content and not is_verb(word) and not word.text[0].isdigit()


def _names(read: Read) -> Iterator[tuple[int, int]]:
    """The names ``[first, end)``: runs of words that are written so."""
    at = 0
    while at < len(read.words):
        if not _proper(read.words[at]):
            at += 1
            continue
        first, at = at, at + 1
        while at < len(read.words) and _proper(read.words[at]) and read.joined(at):
            at += 1
        yield first, at


def misplaced(mine: Read, theirs: Read) -> str:
    """The words of a text that are of, in or by a name which the other has with another: "demand in Gdansk"; or ""."""
    held = _links(theirs)
    stems = [word.stem for word in theirs.words if word.content]
    its = _links(mine)
    for thing, name in its:
        others = {other for one, other in held if one == thing}
        if name not in stems or not others or others & {other for one, other in its if one == thing}:
            continue
        places = [at for at, one in enumerate(stems) if one == thing]
        if not any(name in stems[max(0, at - _NEAR) : at + _NEAR + 1] for at in places):
            return f"{thing} {name}"
    return ""


def unqualified(mine: Read, theirs: Read) -> str:
    """What a text calls so without the "former" or the "second" that the other has before it; or ""."""
    for at, (before, word) in enumerate(pairwise(theirs.words)):
        ordinal = before.lower in _ORDINALS and (word.lower == "most" or word.lower.endswith("est"))
        if not theirs.joined(at + 1) or not (before.lower in _QUALIFYING or ordinal):
            continue
        if sum(one.stem == word.stem for one in theirs.words) > 1:
            continue
        bare = [place for place, one in enumerate(mine.words) if one.stem == word.stem]
        if bare and not any(place and mine.words[place - 1].lower == before.lower for place in bare):
            return word.text
    return ""


def _links(read: Read) -> set[Pair]:
    """Each thing, with the names that it is of or in, or that stand before it."""
    found, links = read.words, set()
    for first, end in _names(read):
        stems = [word.stem for word in found[first:end]]
        last = end
        while last < len(found) and last - end < _LONGEST and read.joined(last) and _labels(found[last]):
            last += 1
        stems += [word.stem for word in found[end:last] if _proper(word)]
        before = first - 1
        if before >= 0 and found[before].lower in _DETERMINERS:
            before -= 1
        if before > 0 and found[before].lower in _PLACING and not read.gaps[before].strip():
            thing = found[before - 1]
            if thing.content and (not thing.name or found[before].lower == "of") and not thing.text[0].isdigit():
                links |= {(thing.stem, stem) for stem in stems}
        for at in range(end, min(end + _LONGEST, len(found))):
            word = found[at]
            if read.gaps[at].strip() or not _labels(word) or (word.name and not read.owns(end - 1)):
                break
            if not read.owns(end - 1) and word.lower.endswith("s"):
                break  # "wants"
            links |= {(word.stem, stem) for stem in stems}
    return links


def exchanged(mine: Read, theirs: Read, around: Set[str]) -> str:
    """The word of a text between two others, or at an end, where the other has another there; or ""."""
    own = [word for word in mine.words if word.content]
    its = [word for word in theirs.words if word.content or word.lower in _POINTING]
    stems = [word.stem for word in its]
    pairs = {*pairwise(stems)}
    for at, word in enumerate(own):
        left, right = own[at - 1] if at else None, own[at + 1] if at + 1 < len(own) else None
        if left is None and right is None or word.stem not in stems and not (word.name and word.stem in around):
            continue
        if _dated(word) or (word.stem in stems and _pointed(theirs, word)):
            continue
        if (left and (left.stem, word.stem) in pairs) or (right and (word.stem, right.stem) in pairs):
            continue
        for place, other in enumerate(its):
            if other.stem == word.stem or other.name != word.name or _dated(other) or not other.content or is_verb(word) != is_verb(other):
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


def _dated(word: Word) -> bool:
    """Whether it is part of a figure or a date, which are compared as such."""
    return word.text[0].isdigit() or word.lower in MONTHS


def _pointed(read: Read, word: Word) -> bool:
    """Whether a pronoun stands beside it, which may mean any of the others."""
    for at, one in enumerate(read.words):
        if one.stem == word.stem:
            beside = read.words[max(0, at - 1) : at] + read.words[at + 1 : at + 2]
            if any(other.lower in _POINTING for other in beside):
                return True
    return False


def _alike(one: Word | None, other: Word | None) -> bool:
    return one is other if one is None or other is None else one.stem == other.stem


def _listed(read: Read, word: Word, other: Word) -> bool:
    """Whether both stand in one list, whose order says nothing."""
    places = [at for at, one in enumerate(read.words) if one.stem == word.stem]
    second = read.words.index(other)
    for place in places:
        first, last = sorted((place, second))
        between = range(first + 1, last)
        joints = [read.gaps[at].strip() in (",", "") for at in range(first + 1, last + 1)]
        if all(joints) and all(
            read.words[at].name or read.words[at].lower in {"and", "or", *_DETERMINERS} for at in between
        ):
            if any("," in read.gaps[at] for at in range(first + 1, last + 1)) or any(
                read.words[at].lower in ("and", "or") for at in between
            ):
                return True
    return False


def _voices(mine: Read, theirs: Read, own: Sequence[Word | None], its: Sequence[Word | None]) -> bool:
    """Whether a verb beside is passive in one and not in the other."""
    return any(
        one is not None
        and other is not None
        and is_verb(one)
        and is_passive(mine.words, mine.words.index(one)) != is_passive(theirs.words, theirs.words.index(other))
        for one, other in zip(own, its, strict=True)
    )


def turned_names(mine: Read, theirs: Read) -> str:
    """Two names of a text that stand the other way round in the other, behind the same word; or ""."""
    own, its = ([word for word in one.words if word.content] for one in (mine, theirs))
    for at, (one, other) in enumerate(pairwise(own)):
        if not (_proper(one) and _proper(other)):
            continue
        for place, (first, second) in enumerate(pairwise(its)):
            if (first.stem, second.stem) != (other.stem, one.stem) or _listed(theirs, one, first):
                continue
            if at and place and own[at - 1].stem == its[place - 1].stem:
                return f"{one.text} {other.text}"
    return ""


def other_name(mine: Read, theirs: Read) -> str:
    """The name of a text behind a word that, in the other, has another name behind it; or ""."""
    own, its = ([word for word in one.words if word.content] for one in (mine, theirs))
    stems = [word.stem for word in its]
    pairs = {*pairwise(stems)}
    for left, word in pairwise(own):
        if left.name or not _proper(word) or is_verb(left) or word.stem not in stems or stems.count(left.stem) != 1:
            continue
        at = stems.index(left.stem)
        if at + 1 == len(its) or "," in theirs.text[its[at].end : its[at + 1].start]:
            continue  # said beside, not of it
        if "," in mine.text[left.end : word.start]:
            continue
        if (left.stem, word.stem) in pairs or (word.stem, left.stem) in pairs:
            continue
        other = its[at + 1]
        if _proper(other) and word.stem not in stems[at + 1 : at + 2 + _NEAR] and not _listed(theirs, word, other):
            return word.text
    return ""


def other_doer(mine: Read, theirs: Read) -> str:
    """The names of a text that do what others do in the other text; or ""."""
    held = {word.stem for word in theirs.words if _proper(word)}
    for at, verb in enumerate(mine.words):
        if not verbal(mine.words, at) or verb.stem == "say" or verb.stem in RAISING:
            continue
        if at and mine.words[at - 1].lower == "to":
            continue
        subject = _doers(mine, at) & held
        places = [
            place for place, one in enumerate(theirs.words) if one.stem == verb.stem and verbal(theirs.words, place)
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


def _apposed(read: Read, at: int) -> bool:
    """Whether a name alone stands before this place, behind a comma: "the ambassador, Ilona Dern,"."""
    first = at
    while first and _proper(read.words[first]) and read.joined(first):
        first -= 1
    return _proper(read.words[first]) and "," in read.gaps[first]


def _done_to(read: Read, at: int) -> set[str]:
    """The words of what a verb is done to, up to the end of its clause."""
    found: set[str] = set()
    for place in range(at + 1, len(read.words)):
        word = read.words[place]
        if ";" in read.gaps[place] or (found and word.lower in _JOINING | _RELATIVES):
            break
        if word.lower in _PRONOUNS and not found:
            return set()
        if word.content:
            found.add(word.stem)
    return found


def _object(read: Read, at: int) -> set[str]:
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


def other_place(mine: Read, theirs: Read) -> str:
    """The place where a text has something done that was done elsewhere; or ""."""
    held = {word.stem for word in theirs.words if _proper(word)}
    for at, verb in enumerate(mine.words):
        where = _places(mine) & held
        parts = [part for part in _parts(theirs) if any(one.stem == verb.stem for one in part.words)]
        if not where or not verbal(mine.words, at) or not parts:
            continue
        if all((there := _places(part)) and not there & where for part in parts):
            return f"{verb.text} {' '.join(sorted(where))}"
    return ""


def _places(read: Read) -> set[str]:
    found: set[str] = set()
    for first, end in _names(read):
        at = first - 1 if first and read.words[first - 1].lower in _DETERMINERS else first
        if at and read.words[at - 1].lower in ("in", "at", "near", "off"):
            found |= {word.stem for word in read.words[first:end]}
    return found


def _parts(whole: Read) -> list[Read]:
    return [read(part) for part in re.split(r"[;,]\s(?:and\s|but\s|while\s)?|\s(?:while|whereas|but)\s", whole.text)]


def other_bearer(mine: Read, theirs: Read) -> str:
    """What a text says to be so, where the other says it of another: "Roth is ill"; or ""."""
    held = {word.stem for word in theirs.words if word.content}
    said = _borne(theirs, near=len(theirs.words))
    for what, of in _borne(mine, near=_NEAR).items():
        others = said.get(what)
        if of and others and not of & others and of <= held:
            return f"{' '.join(sorted(of))} {what}"
    return ""


def _borne(read: Read, near: int) -> dict[str, set[str]]:
    """The words behind "is" or "was", each with those of its clause before it that can be what it is said of."""
    found: dict[str, set[str]] = {}
    for at, word in enumerate(read.words[:-1]):
        what = read.words[at + 1]
        if word.lower not in ("is", "are", "was", "were") or not what.content or is_verb(what):
            continue
        of: set[str] = set()
        for place in range(at - 1, -1, -1):
            before = read.words[place]
            if len(of) >= near or ";" in read.gaps[place + 1] or (of and before.lower in _JOINING):
                break
            if before.lower in _PRONOUNS and not of:
                break
            if before.content:
                of.add(before.stem)
        found.setdefault(what.stem, set()).update(of)
    return found


def turned_round(mine: Read, theirs: Read) -> str:
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


def _agents(read: Read, at: int) -> set[str]:
    """The words behind a passive verb's "by"."""
    behind = [place for place in range(at + 1, min(at + 4, len(read.words))) if read.words[place].lower == "by"]
    return _done_to(read, behind[0]) if behind else set()


def _doers(read: Read, at: int) -> set[str]:
    """The words that a verb's subject can be; none where a pronoun is. Behind a comma or "and" it can be any before."""
    found: set[str] = set()
    far = False
    for place in range(at - 1, -1, -1):
        word, gap = read.words[place], read.gaps[place + 1]
        if ";" in gap:
            break
        far = far or ("," in gap and not found and not _apposed(read, place))
        if word.lower in _PRONOUNS and not found:
            return set()
        if word.lower in _JOINING or word.lower in _RELATIVES:
            if word.lower in ("and", "or") and found and place and _labels(read.words[place - 1]):
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
