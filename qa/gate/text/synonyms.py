"""Synonyms in news, and words that say little by themselves.

They are in ``data/thesaurus.txt``, one group per line, each word and phrase in its base form. A word may be in several
groups: "put" can mean "impose" or "estimate". Words that ``qa/gate/text/words.py`` makes equal already are there once.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from qa.gate.text.words import Word, stem, words

_BETWEEN = frozenset("a an the its his her their them it him one's".split())
"""Words that may stand inside a phrase: "change its mind"."""
_LITTLE = (
    "bound plus speak product take put make get give go come have keep set turn place provide offer become follow "
    "include involve cover carry contain describe call name stand bear show attach exist happen occur remain stay "
    "bring relate regard concern move mean feature face mark use see find base do want need part way thing matter "
    "case step point time account basis range level kind type sort form rest available due able additional further "
    "new also well current previous recent given together number amount total figure including regarding concerning "
    "while despite following ahead prior amid beyond people person official company group country firm news event "
    "development issue question effort process work back out off up down away over same different certain such "
    "latest already past term lead continue begin apply belong require serve act respond result currently "
    "previously formerly respectively additionally overall yet specifically separately instead nearby later draw "
    "reach let appear seem concerned reported named called known made described currentl recentl former respectiv "
    "variou using specif separat differ account estimate"
)
_APART = 3
"""Words that may stand between a verb and its particle: "push the ceremony back"."""
_LOOSE = frozenset("up down off out away back".split())
_PARTICLES = frozenset("out up down off over in on away back through about around by to as".split())
"""By themselves these say nothing."""


class Phrase(NamedTuple):
    """A phrase in a text: its base form, and its words there."""

    name: str
    words: tuple[Word, ...]


class _Thesaurus(NamedTuple):
    near: dict[str, frozenset[str]]
    phrases: dict[str, list[tuple[tuple[frozenset[str], ...], str]]]


def near(one: str) -> frozenset[str]:
    """What may stand for a stem, or for a phrase by its name; itself too where anything may."""
    return _thesaurus().near.get(one, frozenset())


def nearby(of: Iterable[str]) -> set[str]:
    """Stems with those that may stand for them."""
    return {other for one in of for other in (one, *near(one))} - {"say"}


@lru_cache(maxsize=1_024)
def phrases(text: str) -> tuple[Phrase, ...]:
    """The phrases of the thesaurus in a text."""
    told = words(text)
    found: list[Phrase] = []
    for at, word in enumerate(told):
        for parts, name in _thesaurus().phrases.get(word.stem, ()):
            placed = [word]
            place = at
            room = _APART if len(parts) == 2 and parts[1] & _LOOSE else 0
            for part in parts[1:]:
                place += 1
                while place < len(told) and told[place].stem not in part and (told[place].lower in _BETWEEN or room):
                    room -= told[place].lower not in _BETWEEN
                    place += 1
                if place == len(told) or told[place].stem not in part:
                    break
                placed.append(told[place])
            else:
                found.append(Phrase(name, tuple(placed)))
    return tuple(found)


@cache
def _thesaurus() -> _Thesaurus:
    """The groups of the file: stems and names of phrases, each with all that stand beside it somewhere."""
    table = _Thesaurus({}, {})
    for line in files("qa.gate").joinpath("data", "thesaurus.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        group: set[str] = set()
        for member in line.split(", "):
            parts = tuple(frozenset(_forms(part)) for part in member.split())
            if len(parts) == 1:
                group |= parts[0] if member not in _PARTICLES else set()
                continue
            group.add(member)
            for first in parts[0]:
                listed = table.phrases.setdefault(first, [])
                if (parts, member) not in listed:
                    listed.append((parts, member))
        if not {"say", "tell"} & {*line.split(", ")}:
            group.discard("say")  # the stem of "state" and "claim" too, which mean other things here
        for one in group:
            table.near[one] = table.near.get(one, frozenset()) | group
    return table


@cache
def _forms(word: str) -> frozenset[str]:
    """The stems of a word's forms; endings are cut off once, so they are not always one."""
    bare = word[:-1] if word[-1] in "ey" else word
    endings = ("ied", "ies", "ying") if word[-1] == "y" else ("ed", "es", "ing", "s")
    return frozenset((stem(word), *(stem(f"{bare}{ending}") for ending in endings)))


LITTLE = frozenset(form for word in _LITTLE.split() for form in _forms(word))
"""Stems that add nothing where the rest is said."""
WHOLES = frozenset(
    map(stem, "country company group firm people person official part number amount level world".split())
)
"""Those of them that another such word makes wider: "country" of "capital"."""
