"""Who did what to whom, by the order of words around a verb that two texts share."""

import re
from collections import Counter
from itertools import pairwise

from qa.gate.text.word_classes import COMMON, DETERMINERS, RAISING, TIME_STEMS, is_passive, is_verb, verbal
from qa.gate.text.words import Word, stem, words

_BESIDE = re.compile(r",\s(?:which|who|whose|a|an|the|his|her|its|their)\s(?:[^,;.]|(?<=\d)[,.](?=\d))*,\s")
_LINKS = frozenset("in of at from for on to with by than over near".split())
_DONE = re.compile(
    r"\b(?:came|beat|defeated|edged|overcame|managed|rallied|returned|went on|fought back|got)\b[^,;.]*\bto\b"
)
_GOING = frozenset("go goes went gone going".split())
"""Behind these "to" tells where, not what for."""
_OFTEN = 8
"""Times that a verb may come and is looked at: more make no sense, and take time."""
_KINDS = frozenset("company firm group agency government country party team club bank".split())
"""With "the" before them they stand for a name."""
_PRONOUNS = frozenset("he she it they we who which that".split())
_GIVING = frozenset(
    map(stem, "give offer offered hand handed award awarded grant tell pay sell send show lend teach".split())
)


def swapped(text: str, said: str) -> list[str]:
    """The words of a text that stand on the other side of a verb in what was said: who approved is whom it was approved
    for. Passive forms count the other way round.
    """
    mine, theirs = words(_bare(text)), words(_bare(said))
    seen: Counter[str] = Counter()
    for at, verb in enumerate(mine):
        seen[verb.stem] += 1
        if (
            verb.stem in RAISING
            or (verb.stem == "say" and verb.lower[0] != "t")
            or not verbal(mine, at)
            or seen[verb.stem] > _OFTEN
        ):
            continue
        places = [place for place, other in enumerate(theirs) if other.stem == verb.stem and verbal(theirs, place)]
        found = [_exchanged(mine, at, theirs, place) for place in places[:_OFTEN]]
        # Of several such verbs one is meant.
        if found and all(found) and (any(word.name for word in found[0]) or len(found[0]) > 1):
            return [*(word.text for word in found[0]), verb.text]
    return []


def _bare(text: str) -> str:
    """A sentence without what stands between commas about one of its words."""
    return _BESIDE.sub(" ", text)


def _exchanged(mine: list[Word], at: int, theirs: list[Word], place: int) -> list[Word]:
    turned = is_passive(mine, at) != is_passive(theirs, place)
    before = {word.stem for word in theirs[:place] if word.content}
    behind = {word.stem for word in theirs[place + 1 :] if word.content}
    ahead, after = {word.stem for word in mine[:at]}, {word.stem for word in mine[at + 1 :]}
    subject = _subject(mine, at, before | behind)
    if turned:
        # What it is done to here did it there, or who did it here it was done to there.
        did, done = (mine, at), (theirs, place)
        if is_passive(mine, at):
            did, done = done, did
        doers = {word.stem for word in _subject(*did, before | behind | ahead | after)}
        patient = {word.stem for word in _subject(*done, before | behind | ahead | after)}
        wrong = [word for word in subject if word.stem in doers & patient]
        agents = {word.stem for word in _agent(*done)}
        objects = {word.stem for word in did[0][did[1] + 1 :]} - {word.stem for word in did[0][: did[1]]}
        return wrong + [word for word in mine if word.stem in agents & objects]
    if mine[at].stem in _GIVING and is_passive(mine, at):
        return []  # "coaches are offered to passengers", "passengers are offered coaches"
    moved = all(word.stem in behind and word.stem not in before for word in subject)
    wrong = subject if moved else []
    # And the other way: the one who did it there is the one it was done to here.
    first = [] if "it" in {word.lower for word in mine[max(0, at - 2) : at]} else _subject(theirs, place, None)
    if all(word.stem in after and word.stem not in ahead for word in first):
        wrong += first
    return wrong


def _subject(found: list[Word], at: int, known: set[str] | None) -> list[Word]:
    """The words of who does it: the nearest known one before the verb, and what it hangs on: "regulators in China"."""
    subject: list[Word] = []
    if at and found[at - 1].lower in ("and", "or", "but"):
        return subject  # it stands before another verb
    for place in range(at - 1, -1, -1):
        word = found[place]
        if not subject and (
            word.lower in _PRONOUNS
            or (word.lower in _KINDS and place and found[place - 1].lower == "the" and known and word.stem not in known)
        ):
            break
        if (
            word.stem in TIME_STEMS
            or word.lower[0].isdigit()
            or word.lower.endswith("illion")
            or (found[at].lower in COMMON and not word.name)
        ):
            continue
        if not word.content:
            if subject and word.lower not in _LINKS:
                break
            continue
        if word.lower.endswith("ly") if known is None else word.stem not in known:
            continue
        if subject and found[place + 1].lower not in _LINKS:
            break
        subject.append(word)
    return subject


def _agent(found: list[Word], at: int) -> list[Word]:
    """Who did it, behind a passive verb's "by"."""
    for place in range(at + 1, min(at + 4, len(found))):
        if found[place].lower == "by":
            return [word for word in found[place + 1 : place + 4] if word.content][:1]
    return []


def finished(text: str, said: str) -> str:
    """The verb that a text says was done, where it was to be or was being done: "closed" of "voted to close"; or ""."""
    theirs = words(said)
    meant = {
        word.stem
        for first, before, word in zip(theirs, theirs[1:], theirs[2:], strict=False)
        if before.lower == "to"
        and first.lower not in _GOING
        and word.content
        and not word.lower.endswith("ed")
        and not word.name
    }
    if _DONE.search(said):
        meant = set()  # "came from a set down to beat"
    meant |= {
        word.stem
        for first, before, word in zip(theirs, theirs[1:], theirs[2:], strict=False)
        if word.lower.endswith("ing")
        and (before.lower in ("is", "are") or (before.lower == "still" and first.lower in ("is", "are")))
    }
    meant |= {word.stem for before, word in pairwise(theirs) if before.lower == "being" and is_verb(word)}
    meant -= {word.stem for before, word in pairwise(theirs) if is_verb(word) and before.lower not in ("to", "being")}
    mine = words(text)
    for at, word in enumerate(mine):
        before = mine[at - 1].lower if at else ""
        if word.stem in meant and is_verb(word) and before not in ("be", "to", "being") and before not in DETERMINERS:
            return word.text
    return ""


def against(text: str, said: str) -> str:
    """What a text has "for" where the other has "against", or the other way: "vote for"; or ""."""
    mine, theirs = (
        {
            (one.stem, behind.lower)
            for one, behind in pairwise(words(each))
            if one.content and behind.lower in ("for", "against")
        }
        for each in (text, said)
    )
    for form, way in mine:
        if (form, "against" if way == "for" else "for") in theirs and (form, way) not in theirs:
            return f"{form} {way}"
    return ""
