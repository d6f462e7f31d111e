"""The units in which a question can be answered: "How old is she?" in years, not in dollars or degrees."""

import re
from collections.abc import Set

from qa.language.quantities import Quantity, measured
from qa.language.units import CURRENCIES, PERCENT, POINTS, TIMES, UNITS, Unit

_FAMILIES = {
    PERCENT: "share",
    POINTS: "share",
    TIMES: "times",
    "seconds": "time",
    "metres": "length",
    "kg": "mass",
    "kelvin": "heat",
    "km/h": "speed",
}
"""By the base of a unit; besides there are money, things that are counted, and others."""
_IS = r"(?:is|was|were|are|will be|has been)"
_MEASURES = (
    (
        r"\b(?:what|which|how (?:large|big|great|high|small) an?) (?:\w+ )?"
        r"(?:per ?cent|percentage|share|proportion|fraction|portion)\b",
        "share",
    ),
    (r"\bhow old\b|\bat what age\b", "time"),
    (r"\bhow long\b", "time length things other"),
    (r"\bhow (?:tall|wide)\b", "length things times other"),
    (r"\bhow heavy\b|\bhow much [^?]*\bweigh\b", "mass money times other"),
    (r"\bhow (?:hot|cold)\b|\bwhat temperatures?\b", "heat"),
    (rf"\bwhat {_IS} (?:\w+ ){{1,3}}temperatures?\b", "heat"),
    (r"\bhow far (?:away|is|was|are|were|from)\b", "length time money share things times other"),
    (r"\bhow much (?:money|cash)\b|\bhow expensive\b", "money share times things other"),
    (rf"\bwhat {_IS} the (?:\w+ )?(?:price|cost|fine|bail|fare|fee|salary)\b", "money share times things other"),
    (
        r"(?<!by )\bhow much (?:did|does|do|will|would|is|was|are|were)\b(?![^?]*\b(?:in lives|rise|fall|increase)\b)"
        r"[^?]*\b(?:costs?|worth)\W*(?:$|(?:the|to)\b)",
        "money share times things other",
    ),
    (rf"\bwhat {_IS} the (?:\w+ )?toll\b", "money things other"),
)
_ASKED = tuple((re.compile(pattern), frozenset(families.split())) for pattern, families in _MEASURES)
"""What a question's words ask to be measured, and the families of units that measure it; the first that fits."""
_HOW_MANY = re.compile(r"\bhow many\s+(?P<things>[\w'’-]+(?:\s+[\w'’-]+){0,3})")
_OF_CHANGE = re.compile(
    r"\bby how many\b|\bper ?cent|\bpoints?\b|"
    r"\b(?:ris|rose|rais|fall|fell|increas|drop|gr[eo]w|declin|gain|los[et]|climb|add|more|fewer|new|creat|cut)"
)
_FILL = r"(?:\W+(?:an?|about|almost|nearly|some|exactly|just|only|more|than|over|around|at|least|another|further))*\W*$"
_CHANGE_BEFORE = re.compile(
    r"\b(?:by|up|down|rose|risen|fell|fallen|grew|grown|dropped|jumped|climbed|surged|soared|gained|"
    rf"(?:increase|rise|fall|drop|jump|decline|gain|surge|growth) of){_FILL}",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"\b(?:rose|risen|rising|grew|grown|growing|fell|fallen|dropped|jumped|climbed|increased|up|down) by"
    rf"{_FILL}|\b(?:an?|the) (?:increase|rise|fall|drop|jump|decline) of{_FILL}|\badding{_FILL}",
    re.IGNORECASE,
)
"""Before how much more or less it is than it was, which is no count of the whole."""
_CHANGE_BEHIND = re.compile(
    r"\W*(?:per ?cent|percentage points?)?\W*(?:increase|rise|jump|drop|fall|decline|surge|growth|more|less|fewer|"
    r"higher|lower)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|per ?cent|points?\b", re.IGNORECASE)
_RATIO_BEFORE = re.compile(r"\b(?:out of|of the|of its|in every|in)\W*$", re.IGNORECASE)
_RATIO_BEHIND = re.compile(r"\W*(?:out of|of|in)\b", re.IGNORECASE)


def families(question: str, *, counts: bool, counted: str | None, shared: bool) -> frozenset[str]:
    """The families of units in which a question can be answered, empty where its words leave it open.

    ``counts`` where it asks for a number of things, called ``counted``: those may be a unit themselves. ``shared``
    where the things may be told as a share of all, as in polls: "How many voters agree?", "60%". With "change" among
    them it asks how much something changed.
    """
    text = question.casefold()
    if not counts:
        return next((found for pattern, found in _ASKED if pattern.search(text)), frozenset())
    asked = _HOW_MANY.search(text)
    words = asked["things"].split() if asked else []
    found = {"things", "other", *(family(UNITS.get(word)) for word in (*words, counted or ""))} - {""}
    if "money" in found:
        found.add("mass")  # "pounds"
    if asked and (shared or words[0] == "of"):
        found.add("share")
    if _OF_CHANGE.search(text):
        found.add("change")
    return frozenset(found)


def family(unit: Unit | None) -> str:
    """What a unit measures, "" without one."""
    if unit is None:
        return ""
    if unit.base in CURRENCIES:
        return "money"
    return _FAMILIES.get(unit.base, "other") if measured(unit) else "things"


def fits(figure: Quantity, text: str, families: Set[str], *, counts: bool, counted: str | None) -> bool:
    """Whether a figure of a text is in a unit of these families; where there are none, any is.

    One that its text says to be of the things ``counted`` is too: "1,000 tons of bombs" are bombs.
    """
    given = family(figure.unit)
    if counts and "change" not in families and _STEP.search(text[: figure.start]):
        return False
    if not families or not given:
        return True
    before, number, behind = text[: figure.start], text[figure.said :], text[figure.end :]
    if given == "share":
        if not _PERCENT.search(text, figure.start, figure.end):
            return True  # "a third", "a year and a half"
        # A pay offer may be worth 6%; but that costs rose by 6% is not what it costs.
        changes = _CHANGE_BEFORE.search(before) or _CHANGE_BEHIND.match(number)
        if changes and "change" not in families and (counts or "money" in families):
            return False
        return "share" in families
    if given == "things" and "things" not in families:
        return bool(_RATIO_BEFORE.search(before) or _RATIO_BEHIND.match(number))
    if given in families:
        return True
    things = re.compile(rf"\W*(?:of\W+)?(?:\w+\W+){{0,2}}{re.escape(counted or '')}\b", re.IGNORECASE)
    return given != "money" and counted is not None and things.match(behind) is not None
