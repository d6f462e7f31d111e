"""What a figure of news counts in its sentence: the dead or the infected, what was ordered or what was delivered.

A figure is of another kind than the one asked for only where its sentence says so of this very figure, by the noun or
the verb beside it, and says nothing of what was asked for in the same clause: news leaves much out, "Another 12 were
hurt", "19, police said". The gate's thesaurus does not serve here: a group of it holds all that may stand for each
other in some sentence, "order" and "approve" too.
"""

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from qa.language.quantity_extraction import quantities

_EVENTS = {
    "killed": "kill* die died dies dying dead death* fatal fatally fatalit* slain murder murders murdered drown* "
    "perish* succumb* toll bodies corpse* lives massacre* slaughter* homicide* execut* assassinat*",
    "injured": "injur* wound* hurt maim*",
    "missing": "missing unaccounted",
    "infected": "infect* cases contracted contracting sick sicken*",
    "recovered": "recover*",
    "in hospital": "hospitali*",
    "tested": "test tests tested testing",
    "vaccinated": "vaccin* inoculat* immunis* immuniz* jabbed",
    "arrested": "arrest* detain* detention* custody",
    "charged": "charged indict*",
    "convicted": "convict* guilty sentenc*",
    "acquitted": "acquit* exonerat*",
    "released": "releas* freed",
    "rescued": "rescu* saved",
    "evacuated": "evacu*",
    "displaced": "displac* homeless fled flee fleeing",
    "survived": "surviv*",
    "abducted": "abduct* kidnap*",
    "deported": "deport*",
    "promised": "promis* pledge*",
    "ordered": "order orders ordered ordering",
    "delivered": "deliver* shipped shipment*",
    "approved": "approv*",
    "applied": "apply* applie* applicat* applicant*",
    "rejected": "reject*",
    "sold": "sell* sold sale sales",
    "bought": "buy* bought purchas*",
    "produced": "produce produced produces producing production manufactur*",
    "exported": "export*",
    "imported": "import imports imported importing",
    "recalled": "recalled recalling",
    "hired": "hire hires hired hiring recruit*",
    "laid off": "layoff* redundan* laid",
    "destroyed": "destroy* demolish* razed",
    "damaged": "damag*",
    "launched": "launch*",
    "intercepted": "intercept* downed",
    "born": "born birth*",
}
"""What news counts, and the words for it; a star stands for any ending."""
_EXACT = {word: name for name, listed in _EVENTS.items() for word in listed.split() if not word.endswith("*")}
_BEGUN = {word[:-1]: name for name, listed in _EVENTS.items() for word in listed.split() if word.endswith("*")}
_SAME = (
    "evacuated displaced, released rescued, released acquitted, rescued survived, abducted missing, sold bought, "
    "bought ordered, sold ordered, sold delivered, tested launched"
)
"""Events that news calls by each other's names."""
_THINGS = (
    "people men women children kids boys girls adults students pupils teachers workers employees staffers officers "
    "police soldiers troops civilians passengers residents citizens voters protesters protestors demonstrators "
    "migrants refugees patients doctors nurses survivors prisoners inmates detainees hostages lawmakers senators "
    "journalists tourists villagers firefighters",
    "countries states cities towns villages counties provinces",
    "homes houses buildings apartments flats churches mosques shops stores bridges",
    "cars buses trucks lorries trains planes aircraft ships boats ferries vessels helicopters",
    "cattle sheep cows pigs chickens birds dogs cats horses goats",
    "pages documents emails letters tweets books",
    "guns rifles missiles rockets bombs shells",
    "companies firms banks airlines newspapers",
)
"""Things of one line may be called by each other's names; those of two lines are not the same."""
_EITHER = (
    "police officers, protesters protestors demonstrators, soldiers troops, civilians",
    "men boys, women girls",
    "children kids, adults",
    "students pupils, teachers",
    "patients, doctors nurses",
    "republicans, democrats",
)
"""People who are either the one or the other."""

_BY_HEAD = frozenset("killed injured missing arrested charged rescued evacuated displaced abducted deported".split())
"""Events of which news tells how many they were, and no share."""

_FILL = (
    "a an the another further other others additional more all its their his her some at least about of up to as many "
    "record estimated total these those than over nearly for"
)
_FILLED = rf"(?:\W+(?:{'|'.join(_FILL.split())}))*\W*$"
_BESIDE = re.compile(_FILLED, re.IGNORECASE)
"""Between a verb and its figure: "injured another 12"."""
_REACHED = re.compile(
    r"[^,;]{0,60}\b(?:rose|risen|rising|rises|climb\w*|jump\w*|grew|grown|stands?|stood|reach\w*|hit|pass\w*|topp\w*|"
    r"exceed\w*|increas\w*|soar\w*|surg\w*|fell|fallen|drop\w*|declin\w*|was|were|is|are|number\w*|total\w*|at|to|"
    rf"between|from)\b{_FILLED}|^\s*[:(]\s*$",
    re.IGNORECASE,
)
"""Between what is counted and its figure: "Infections in the city rose to 84,000"."""
_JOINED = re.compile(r"\W*\b(?:and|or)\b(?:\W+or)?\W*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(
    r"[;,]|\b(?:and|but|while|whereas|although|though|as|after|before|when|because|since)\b", re.IGNORECASE
)
"""What the clause of a figure begins with."""
_PART = re.compile(r"[;,]|\b(?:but|while|whereas|as|after|when)\b", re.IGNORECASE)
_ANOTHER_CLAUSE = re.compile(r";|\b(?:but|while|whereas|although|though|without|no)\b|, \w+ing\b", re.IGNORECASE)
"""What goes before other things than those of a figure."""
_JOINT = re.compile(r",|\b(?:and|with|as|after|before|when)\b", re.IGNORECASE)
"""What parts a figure's things from the next figure."""
_PHRASE_END = re.compile(
    r"[.;:,()–—]|\b(?:in|on|at|by|for|from|to|into|during|near|under|against|among|per|than|and|or|but|while|as|after|"
    r"before|when|because|since|with|without|of|if|not|never)\b",
    re.IGNORECASE,
)
"""What ends the words that go with a figure."""
_OF_THEM = re.compile(r"\W*(?:of (?:(?:the|those|these|them|whom|which|its|their)\b)?)?", re.IGNORECASE)
_AHEAD = 5
"""Words behind a figure among which the name of what it counts stands."""
_ASIDE = re.compile(
    r"\b(?:in|after|over|during|for|from|since|by|following|of)\b(?:\s+(?!how\b|many\b)[\w'’-]+){0,3}\s+$",
    re.IGNORECASE,
)
"""Before an event that a question names only to say which one it means: "arrested after the killing of"."""


class _Event(NamedTuple):
    name: str
    start: int
    end: int


def asked_events(question: str) -> frozenset[str]:
    """What a question asks the number of, empty where its words name no such event."""
    found = [*_events(question)]
    main = [one for one in found if not _ASIDE.search(question, 0, one.start)]
    return frozenset(one.name for one in main or found)


def by_head(events: Set[str], counted: str | None) -> bool:
    """Whether no share tells how many they were: "How many people died?" is not answered by "50%"."""
    return bool(events & _BY_HEAD) and (counted is None or counted in _THINGS[0].split())


def counts_another(left: str, right: str, asked: Set[str]) -> bool:
    """Whether the figure between these parts of a sentence is said to count another event than those asked for."""
    told = {*_before(left), *_behind(right)}
    if not asked or not told:
        return False
    return not any(_same(one, other) for one in told | _around(left, right) for other in asked)


def other_things(asked: str | None, given: str | None) -> bool:
    """Whether things of this name are no things of the name asked for: "boats" are no "people"."""
    if asked is None or given is None:
        return False
    return _parted(_THINGS, asked, given) or any(_parted(line.split(", "), asked, given) for line in _EITHER)


def _parted(lines: Sequence[str], one: str, other: str) -> bool:
    """Whether both names stand in lines, and in no line together."""
    mine, theirs = ({row for row, line in enumerate(lines) if name in line.split()} for name in (one, other))
    return bool(mine and theirs) and not mine & theirs


def _before(left: str) -> Iterator[str]:
    """What the words in front of a figure say that it counts."""
    begin = max((match.end() for match in _PART.finditer(left)), default=0)
    found = [one for one in _events(left) if one.start >= begin]
    if not found:
        return
    between = left[found[-1].end :]
    if _BESIDE.match(between) or _REACHED.match(between):
        yield found[-1].name
        if len(found) > 1 and _JOINED.fullmatch(left, found[-2].end, found[-1].start):
            yield found[-2].name  # "killed and wounded 40"


def _behind(right: str) -> Iterator[str]:
    """What the words behind a figure say that it counts."""
    opening = _OF_THEM.match(right)
    begin = opening.end() if opening else 0
    stop = _PHRASE_END.search(right, begin)
    words = [*_WORD.finditer(right, begin, stop.start() if stop else len(right))][:_AHEAD]
    if words:
        yield from [one.name for one in _events(right) if begin <= one.start < words[-1].end()][:1]


def _around(left: str, right: str) -> set[str]:
    """The events of the clause that a figure stands in, as far as they are no other figure's."""
    before = quantities(left)
    begin = before[-1].said if before else 0
    begin = max([begin, *(match.end() for match in _CLAUSE.finditer(left, begin))])
    end = min((match.start() for match in _ANOTHER_CLAUSE.finditer(right)), default=len(right))
    if behind := quantities(right[:end]):
        end = max((match.start() for match in _JOINT.finditer(right, 0, behind[0].start)), default=behind[0].start)
    return {one.name for part in (left[begin:], right[:end]) for one in _events(part)}


def _same(one: str, other: str) -> bool:
    return one == other or any({one, other} == {*pair.split()} for pair in _SAME.split(", "))


def _events(text: str) -> Iterator[_Event]:
    """The words of a text that name what news counts."""
    words = [*_WORD.finditer(text)]
    told = ["", *(word[0].casefold() for word in words), ""]
    for at, word in enumerate(words):
        before, this, behind = told[at : at + 3]
        name = _named(this)
        if name == "tested" and behind == "positive":
            name = "infected"
        if this == "shot" and behind == "down":
            name = "intercepted"
        if name is None or (this == "laid" and behind != "off"):
            continue
        if name == "ordered" and (behind == "to" or before == "in"):
            continue  # "ordered to leave", "in order"
        yield _Event(name, word.start(), word.end())


def _named(word: str) -> str | None:
    return _EXACT.get(word) or next(
        (_BEGUN[word[:end]] for end in range(3, len(word) + 1) if word[:end] in _BEGUN), None
    )
