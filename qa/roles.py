"""Who did what to whom, told by order around a verb that two texts share."""

from collections import Counter
from collections.abc import Sequence

from qa.stems import Word, stem, words

_IRREGULAR = frozenset(
    "told sold gave bought won met fell rose made took left led beat hit sent paid saw held wrote lent fought taught "
    "caught chose drove flew shot kept lost got brought built spent found hurt cut set put shook struck sought owes "
    "owe "
    "wants wants equals leads beats owns needs supplies supply sells sell buys buy makes pays pay gives give gets "
    "tells "
    "has have had outperforms exceeds trails faces face doubt doubts than".split()
)
_BE = frozenset("is are was were be been being gets got".split())
_DETERMINERS = frozenset(
    "the a an its their his her our these those this that of newly first certain some all every each many several few "
    "other such any no more most very highly".split()
)
_LINKS = frozenset("in of at from for on".split())
_COMMON = frozenset("has have had than".split())
"""Around these only names tell who is who."""
_OFTEN = 8
"""Times that a verb may come and is looked at: more make no sense, and take time."""
_PRONOUNS = frozenset("he she it they we who which that".split())
_WHEN = frozenset(map(stem, "day week month year today yesterday tomorrow morning evening night now".split()))


def swapped(text: str, said: str) -> list[str]:
    """The words of a text that stand on the other side of a verb in what was said: who approved is whom it was approved
    for. Passive forms count the other way round.
    """
    mine, theirs = words(text), words(said)
    seen: Counter[str] = Counter()
    for at, verb in enumerate(mine):
        seen[verb.stem] += 1
        if not _is_verb(mine, at) or seen[verb.stem] > _OFTEN:
            continue
        places = [place for place, other in enumerate(theirs) if other.stem == verb.stem and _is_verb(theirs, place)]
        found = [_exchanged(mine, at, theirs, place) for place in places[:_OFTEN]]
        # Of several such verbs one is meant.
        if found and all(found):
            return [*found[0], verb.text]
    return []


def _exchanged(mine: Sequence[Word], at: int, theirs: Sequence[Word], place: int) -> list[str]:
    turned = _passive(mine, at) != _passive(theirs, place)
    before = {word.stem for word in theirs[:place] if word.content}
    behind = {word.stem for word in theirs[place + 1 :] if word.content}
    ahead, after = {word.stem for word in mine[:at]}, {word.stem for word in mine[at + 1 :]}
    subject = _subject(mine, at, before | behind)
    if turned:
        # What it is done to here did it there, or who did it here it was done to there.
        did, done = (mine, at), (theirs, place)
        if _passive(mine, at):
            did, done = done, did
        doers = {word.stem for word in _subject(*did, before | behind | ahead | after)}
        patient = {word.stem for word in _subject(*done, before | behind | ahead | after)}
        wrong = [word.text for word in subject if word.stem in doers & patient]
        agents = {word.stem for word in _agent(*done)}
        objects = {word.stem for word in did[0][did[1] + 1 :]} - {word.stem for word in did[0][: did[1]]}
        return wrong + [word.text for word in mine if word.stem in agents & objects]
    wrong = [word.text for word in subject if word.stem in behind and word.stem not in before]
    # And the other way: the one who did it there is the one it was done to here.
    first = _subject(theirs, place, None)
    if all(word.stem in after and word.stem not in ahead for word in first):
        wrong += [word.text for word in first]
    return wrong


def _subject(found: Sequence[Word], at: int, known: set[str] | None) -> list[Word]:
    """The words of who does it: the nearest known one before the verb, and what it hangs on: "regulators in China"."""
    subject: list[Word] = []
    for place in range(at - 1, -1, -1):
        word = found[place]
        if not subject and word.lower in _PRONOUNS:
            break
        if word.stem in _WHEN or (found[at].lower in _COMMON and not word.name):
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


def _agent(found: Sequence[Word], at: int) -> list[Word]:
    """Who did it, behind a passive verb's "by"."""
    for place in range(at + 1, min(at + 4, len(found))):
        if found[place].lower == "by":
            return [word for word in found[place + 1 : place + 4] if word.content][:1]
    return []


def _is_verb(found: Sequence[Word], at: int) -> bool:
    word = found[at]
    if at and found[at - 1].lower in _DETERMINERS:
        return False
    if word.lower in _COMMON:
        then = found[at + 1].lower if at + 1 < len(found) else ""
        return not (
            then[:1].isdigit() or then.endswith("ed") or then in _IRREGULAR or then in ("been", "not", "driven", "to")
        )
    return word.lower in _IRREGULAR or (word.lower.endswith("ed") and not word.name)


def _passive(found: Sequence[Word], at: int) -> bool:
    before = {word.lower for word in found[max(0, at - 3) : at]}
    behind = [word.lower for word in found[at + 1 : at + 3]]
    return bool(before & _BE and "have" not in found[at].lower) or "by" in behind or behind[:1] in (["of"], ["about"])
