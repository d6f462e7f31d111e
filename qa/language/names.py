"""Names and phrases in a form that compares: "Jensen Huang", "Mr. Huang" and "Nvidia's Huang" are one person."""

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache

from qa.language.tokens import INVISIBLE

_WORDS = re.compile(r"[^\W_]+(?:\.[^\W_]\b)*(?:[’'][^\W_]+)?")
_TITLES = frozenset(
    "mr mrs ms miss dr sir dame lord lady president prime minister premier chancellor secretary senator governor mayor "
    "king queen prince princess pope general gen admiral colonel col captain capt sergeant sgt professor prof judge "
    "justice chief executive ceo chairman chairwoman director head spokesman spokeswoman spokesperson rep sen gov "
    "former acting the a an vice deputy".split()
)
_SUFFIXES = frozenset(
    "inc corp corporation ltd limited co company plc ag sa se nv gmbh llc group holdings jr sr".split()
)
_ALIASES = {
    "us": "united states",
    "usa": "united states",
    "america": "united states",
    "united states of america": "united states",
    "uk": "united kingdom",
    "britain": "united kingdom",
    "great britain": "united kingdom",
    "eu": "european union",
    "un": "united nations",
    "uae": "united arab emirates",
    "prc": "china",
    "people s republic of china": "china",
    "mainland china": "china",
    "republic of korea": "south korea",
    "dprk": "north korea",
    "russian federation": "russia",
    "czechia": "czech republic",
    "burma": "myanmar",
    "holland": "netherlands",
    "nyc": "new york city",
    "la": "los angeles",
    "dc": "washington",
    "washington dc": "washington",
}
_EMPTY = frozenset(
    "a about almost an and are around as at be been by for from had has have he her his in is it its nearly of on or "
    "over roughly she some than that the their them they this to was were which who will with would more".split()
)
_LIST = re.compile(r"\s*(?:,\s*(?:and|or)\s+|,\s+|;\s*|\s+and\s+|\s+or\s+|\s*&\s*|\s+as well as\s+)")
_STANDING = re.compile(r"(?<=[\w,;:’'“\"(] )(?:[A-Z][\w’'-]*[a-z][\w’'-]*|[A-Z]{2,})(?:\s(?=[A-Z]))?")
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞŁŚŠŽČİ][\w’'-]*[^\W\dA-Z_][\w’'-]*|[A-Z]{2,})"
_INSIDE = r"(?: (?:de|del|della|di|da|do|dos|la|le|van|von|der|den|al|el|bin))*"
_WHOLE = re.compile(rf"\b{_CAPITAL}(?: of(?: the)? {_CAPITAL})?(?:{_INSIDE} {_CAPITAL}){{0,4}}")
_BEFORE = re.compile(r"[\w,;:’'“\"(-] $")
_CALENDAR = frozenset(
    "January February March April May June July August September October November December Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday The A An In On At But And For It He She They We His Her Its This That".split()
)
_SAME = 0.5
_LONGEST_NAME = 5


def names_in(text: str) -> set[str]:
    """The names in a text, word by word; a sentence's first word is none that shows."""
    names = (_bare(match[0]) for match in _STANDING.finditer(text))
    return {name for name in names if name not in _CALENDAR}


def standing(names: Set[str], text: str) -> set[str]:
    """Those of the names that stand in a text; also at the beginning of a sentence, where any word has a capital."""
    words = {re.sub(r"[’'-]s?$", "", word) for word in re.findall(r"[\w’'-]+", text)}
    return {*names} & words


def whole_names(text: str) -> list[str]:
    """The names in a text as they are written, "Lake Imbari" and not "Imbari", as often as they stand there; what is a
    part of a longer one is told as that.
    """
    first: list[list[str]] = []
    midst: list[list[str]] = []
    for match in _WHOLE.finditer(text):
        words = match[0].split()
        starts = not _BEFORE.search(text, 0, match.start())
        while words and (_bare(words[0]) in _CALENDAR or words[0].lower() in _TITLES | _EMPTY):
            words, starts = words[1:], False
        if words:
            (first if starts else midst).append(words)
    known = {" ".join(words) for words in midst}
    common = {*re.findall(r"\b[a-z][\w’'-]*", text)}
    for words in first:
        # A sentence's first word has a capital anyway: is it a part of the name?
        rest = words[1:]
        if words[0].lower() in common or (len(rest) > 1 and " ".join(rest) in known):
            words = rest
        if len(words) > 1 or words == rest or words[0] in known:
            midst.append(words)
    names = [_bare(" ".join(words)) for words in midst if words]
    longer = sorted({*names}, key=len, reverse=True)
    return [next(one for one in longer if f" {name} " in f" {one} ") for name in names]


def _bare(name: str) -> str:
    return re.sub(r"[’'-]s?$", "", name.strip())


def same_name(one: str, other: str) -> bool:
    """Whether two texts name the same, as far as their words show; a list and a part of it do."""
    one, other = _plain(one), _plain(other)
    mine, theirs = items(one), items(other)
    if mine == theirs:
        return True
    if not mine or not theirs:
        return one.casefold() == other.casefold()
    fewer, more = sorted((mine, theirs), key=len)
    if all(any(_same(a, b) for b in more) for a in fewer):
        return True
    return _same_phrase(one, other)


def _plain(text: str) -> str:
    """Without the choice of characters: one apostrophe, letters composed, nothing that prints nothing."""
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).replace("’", "'")


@lru_cache(maxsize=4_096)
def items(text: str) -> tuple[tuple[str, ...], ...]:
    """The normal forms of the names that a text lists; of one name, that one."""
    return tuple(name for part in _LIST.split(text) if (name := normal(part)))


def normal(text: str) -> tuple[str, ...]:
    """The words that name: lower case, without titles before, kinds of company behind, and possessives."""
    words = [re.sub(r"[’']s$|\.", "", word.casefold()) for word in _WORDS.findall(text)]
    if (alias := _ALIASES.get(" ".join(words).removeprefix("the "))) is not None:
        return tuple(alias.split())
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    return tuple(_ALIASES.get(" ".join(words), " ".join(words)).split())


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer:
        return True
    if len(longer) > _LONGEST_NAME:
        return False
    if (
        len(shorter) == 1
        and len(longer) > 1
        and shorter[0] == "".join(word[0] for word in longer if word not in _EMPTY)
    ):
        return True  # "WHO"
    return shorter in (longer[-len(shorter) :], longer[: len(shorter)])


def _same_phrase(one: str, other: str) -> bool:
    """Whether most of the telling words of the shorter one stand in the longer one too, and all figures in both."""
    mine, theirs = (_telling(text) for text in (one, other))
    if not mine or not theirs or _figures(one) != _figures(other):
        return False
    return len(mine & theirs) > _SAME * min(len(mine), len(theirs))


def _telling(text: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(text)} - _EMPTY


def _figures(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.,])\d+(?:[.,]\d+)*", text))
