"""Who did what to whom, told by order around a verb that two texts share."""

import re
from collections import Counter
from itertools import pairwise

from qa.gate.text.words import Word, stem, words

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
_DETERMINERS = frozenset(
    "the a an its their his her our these those this that of newly first certain some all every each many several few "
    "other such any no more most very highly".split()
)
_BESIDE = re.compile(r",\s(?:which|who|whose|a|an|the|his|her|its|their)\s(?:[^,;.]|(?<=\d)[,.](?=\d))*,\s")
_LINKS = frozenset("in of at from for on to with by than over near".split())
_DONE = re.compile(
    r"\b(?:came|beat|defeated|edged|overcame|managed|rallied|returned|went on|fought back|got)\b[^,;.]*\bto\b"
)
_GOING = frozenset("go goes went gone going".split())
"""Behind these "to" tells where, not what for."""
_OFTEN_BESIDE = frozenset("already also never not only just since all both".split())
_LOOSE = frozenset("this last in at under so".split())
_COMMON = frozenset("has have had than".split())
"""Around these only names tell who is who."""
_TIMED = 4
"""Words of a time that may stand between a verb and its "by"."""
_OFTEN = 8
"""Times that a verb may come and is looked at: more make no sense, and take time."""
MONTHS = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)
"""Names of days and months."""
_KINDS = frozenset("company firm group agency government country party team club bank".split())
"""With "the" before them they stand for a name."""
_PRONOUNS = frozenset("he she it they we who which that".split())
RAISING = frozenset(map(stem, "expected planned believed thought forecast predicted estimated anticipated".split()))
"""Verbs whose subject does nothing: "rain is expected"."""
_GIVING = frozenset(
    map(stem, "give offer offered hand handed award awarded grant tell pay sell send show lend teach".split())
)
_WHEN = frozenset(map(stem, "day week month year today yesterday tomorrow morning evening night now".split()))


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
            word.stem in _WHEN
            or word.lower[0].isdigit()
            or word.lower.endswith("illion")
            or (found[at].lower in _COMMON and not word.name)
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


def verbal(found: list[Word], at: int) -> bool:
    """Whether the word there is a verb, by its form and by what stands before it."""
    word = found[at]
    if at and found[at - 1].lower in _DETERMINERS:
        return False
    if word.lower in _COMMON:
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
    return word.lower in MONTHS or word.stem in _WHEN or word.lower in ("last", "this", "on", "in")


def is_verb(word: Word) -> bool:
    """Whether it looks like a verb in the past."""
    return not word.name and (word.lower.endswith("ed") or word.lower in _IRREGULAR)


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
        if word.stem in meant and is_verb(word) and before not in ("be", "to", "being") and before not in _DETERMINERS:
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
