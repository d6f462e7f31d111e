"""Questions that their passage does not answer, made from ones that it does: a name, year, number or word of the
question is swapped for another of its kind, or the question is denied (after Rajpurkar, Jia and Liang, "Know What You
Don't Know: Unanswerable Questions for SQuAD", ACL 2018, whose unanswerable questions differ from answerable ones by
swapped entities, antonyms, negation and words that exclude each other).
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Kind = Literal["name", "year", "number", "month", "word"]
Like = Callable[[str, Sequence[str]], npt.NDArray[np.float32]]

DENIED = 0.08
"""How often a question is denied, rather than something in it swapped."""
PASSAGE = 0.7
"""How often what is put in comes from the passage, which is harder to see through, rather than from other questions."""
ALIKE = (0.08, 0.32)
"""How like a word the one that takes its place is: below, of another kind; above, it may mean the same."""
NEAREST = 3
"""One of so many that are most like it takes its place."""

_MONTHS = "January February March April May June July August September October November December".split()
_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-9]{2}\b")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")
_NAME = re.compile(r"(?<=[\w,] )(?:[A-Z][\w'’.-]*[\w])(?: (?:(?:of|the|de|von|van) )?[A-Z][\w'’.-]*[\w])*")
_WORD = re.compile(r"(?<![\w-])[a-z]{4,}(?![\w-])")
_ASKING = frozenset("What Which Who Whom Whose When Where Why How".split())
_COMMON = frozenset(
    """
    about after again against also although amount among another around because been before being between both called
    consider considered could describe described does doing done down during each ever example found from give given
    going have having here into just kind kinds known like made make makes making many mean means more most much name
    named names need once only other others over part play played refer referred same several should since some such
    take taken than that their them then there these they thing things this those through time times type types under
    until upon used uses using very view want well were what when where whether which while whom whose will with within
    without word would your
    """.split()
)
_ANTONYMS = """
first/last first/second second/third largest/smallest biggest/smallest highest/lowest most/least more/less
longest/shortest oldest/youngest oldest/newest earliest/latest before/after above/below increase/decrease
increased/decreased rise/fall rose/fell higher/lower larger/smaller north/south east/west northern/southern
eastern/western won/lost win/lose begin/end began/ended start/end started/ended born/died birth/death male/female
men/women man/woman father/mother son/daughter husband/wife king/queen public/private import/export imported/exported
buy/sell bought/sold approved/rejected approve/reject accept/refuse accepted/refused allowed/banned allow/ban
hired/fired opened/closed open/close minimum/maximum best/worst strongest/weakest ancient/modern early/late
major/minor majority/minority entered/left joined/left supported/opposed support/oppose gained/lost gain/lose
true/false inside/outside ordered/approved ordered/delivered requested/approved planned/completed produced/sold
founded/dissolved president/secretary company/university city/country country/city author/editor director/producer
good/bad better/worse strong/weak hot/cold warm/cool wet/dry high/low long/short large/small big/small great/small
old/new old/young rich/poor light/dark heavy/light fast/slow hard/soft easy/difficult simple/complex wide/narrow
deep/shallow thick/thin positive/negative internal/external legal/illegal possible/impossible likely/unlikely
common/rare popular/unpopular successful/unsuccessful similar/different equal/unequal direct/indirect formal/informal
active/passive primary/secondary upper/lower left/right top/bottom front/back day/night morning/evening summer/winter
spring/autumn land/sea war/peace victory/defeat success/failure attack/defense attacked/defended friend/enemy
teacher/student buyer/seller winner/loser leader/follower owner/tenant parent/child brother/sister uncle/aunt boy/girl
prince/princess emperor/empress actor/actress hero/villain love/hate loved/hated liked/disliked include/exclude
included/excluded includes/excludes including/excluding add/remove added/removed create/destroy created/destroyed
built/demolished build/demolish raise/lower raised/lowered gain/loss profit/loss advantage/disadvantage benefit/harm
help/hinder helped/hindered cause/prevent caused/prevented causes/prevents encourage/discourage encouraged/discouraged
allow/forbid allowed/forbidden agree/disagree agreed/disagreed arrive/leave arrived/left appear/disappear
appeared/disappeared remember/forget enter/leave push/pull give/take gave/took given/taken send/receive sent/received
lend/borrow teach/learn taught/learned ask/answer asked/answered live/die lived/died succeed/fail succeeded/failed
expand/shrink expanded/shrunk improve/worsen improved/worsened strengthen/weaken unite/divide united/divided
widen/narrow always/never often/rarely usually/rarely frequently/rarely all/none every/no with/without over/under
up/down near/far
""".split()
_DENIALS = {
    **{word: f"{word} not" for word in "is was are were has had does did do should could would must may might".split()},
    "can": "cannot",
    "will": "will not",
}
_DENIABLE = re.compile(rf"\b(?:{'|'.join(_DENIALS)})\b")
_OPPOSITE: dict[str, list[str]] = {}
for _pair in _ANTONYMS:
    _left, _right = _pair.split("/")
    _OPPOSITE.setdefault(_left, []).append(_right)
    _OPPOSITE.setdefault(_right, []).append(_left)
# "How long did it last?" is not about the last one, nor about what is long.
_OPPOSED = re.compile(rf"(?<!\b[Hh]ow )\b(?:{'|'.join(sorted(_OPPOSITE))})\b(?! ?\?)")


class Swappable(NamedTuple):
    """What stands at ``[start, end)`` of a question and can be swapped for another of its kind."""

    start: int
    end: int
    kind: Kind


def swappable(text: str) -> list[Swappable]:
    """Names (but for a first word), years, other numbers, months and other words of a text that carry its meaning."""
    found = [Swappable(*match.span(), "year") for match in _YEAR.finditer(text)]
    taken = {one.start for one in found}
    found += [Swappable(*match.span(), "number") for match in _NUMBER.finditer(text) if match.start() not in taken]
    for match in _NAME.finditer(text):
        if match[0] not in _ASKING:
            found.append(Swappable(*match.span(), "month" if match[0] in _MONTHS else "name"))
    plain = (match for match in _WORD.finditer(text) if match[0] not in _COMMON and match[0] not in _OPPOSITE)
    found += [Swappable(*match.span(), "word") for match in plain]
    return sorted(found)


def swap(question: str, passage: str, others: Sequence[str], like: Like, rng: np.random.Generator) -> str | None:
    """The question about something else, or None where that could not be made.

    What is put in comes from ``passage`` or from ``others``, is of the same kind by ``like``, and is nothing that the
    question already holds.
    """
    if rng.random() < DENIED and (match := _DENIABLE.search(question)):
        return _replaced(question, *match.span(), _DENIALS[match[0]])
    places = swappable(question)
    opposed = [*_OPPOSED.finditer(question)]
    if not places and not opposed:
        return None
    choice = int(rng.integers(len(places) + len(opposed)))
    if choice >= len(places):
        match = opposed[choice - len(places)]
        return _replaced(question, *match.span(), str(rng.choice(_OPPOSITE[match[0]])))
    place = places[choice]
    old = question[place.start : place.end]
    new = _other(old, place.kind, passage if rng.random() < PASSAGE else " , ".join(others), like, rng)
    return None if new is None or new in question or old in new else _replaced(question, place.start, place.end, new)


def _other(old: str, kind: Kind, text: str, like: Like, rng: np.random.Generator) -> str | None:
    """Something of the same kind."""
    if kind == "year":
        return str(max(1000, min(2030, int(old) + int(rng.choice([-1, 1])) * int(rng.integers(1, 30)))))
    if kind == "month":
        return str(rng.choice([month for month in _MONTHS if month != old]))
    found = dict.fromkeys(text[one.start : one.end] for one in swappable(text) if one.kind == kind)
    others = [one for one in found if one != old and one not in old]
    if kind == "word":
        return _likest(old, [one for one in others if one[:4] != old[:4] and _ending(one) == _ending(old)], like, rng)
    if others and kind == "name":
        nearest = np.argsort(-like(old, others), kind="stable")[:NEAREST]
        return others[int(rng.choice(nearest))]
    if others:
        return others[int(rng.integers(len(others)))]
    if kind == "number":
        return str(int(re.sub(r"\D", "", old)[:6] or "1") * int(rng.integers(2, 6)) + int(rng.integers(0, 3)))
    return None


def _likest(old: str, others: Sequence[str], like: Like, rng: np.random.Generator) -> str | None:
    """A word like ``old`` that does not mean the same."""
    if not others:
        return None
    alike = like(old, others)
    fit = [int(row) for row in np.argsort(-alike, kind="stable") if ALIKE[0] <= alike[row] <= ALIKE[1]][:NEAREST]
    return others[int(rng.choice(fit))] if fit else None


def _ending(word: str) -> str:
    """What tells a verb's forms and a plural apart, roughly."""
    return next((ending for ending in ("ing", "ed", "ly", "s") if word.endswith(ending)), "")


def _replaced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]
