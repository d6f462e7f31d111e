"""What kind of thing a question asks for, and whether a sentence has one that the question does not hold already."""

import re
from typing import Literal

Kind = Literal["number", "time", "name"]

_TIME_ASKED = re.compile(
    r"\bwhen\b|\b(what|which|whose) (year|month|day|date|week|century|decade|time)|\bhow (soon|long ago)\b"
)
_NUMBER_ASKED = re.compile(
    r"\bhow (many|much|big|large|long|old|far|high|fast|often|small|tall|wide)\b|\bpercentage\b|\bworth\b|\bcosts?\b|"
    r"\bwhat (share|number|price|value|amount|factor)\b"
)
_NAME_ASKED = re.compile(
    r"\b(who|whom|whose|where)\b|\b(what|which) (\w+ ){0,2}(company|companies|firms?|country|countries|city|cities|"
    r"newspapers?|agency|agencies|outlets?|makers?|states?|teams?|president|leader|officials?|person|people)\b"
)
_TIME = re.compile(
    r"(January|February|March|April|May|June|July|August|September|October|November|December|(Mon|Tues|Wednes|Thurs|"
    r"Fri|Satur|Sun)day|(1[5-9]|20)\d\d)\W*|(today|yesterday|tomorrow|weeks?|months?|years?|quarter|century|decade)\W*"
)
_NUMBER = re.compile(
    r".*\d.*|(two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?|half|"
    r"quarter|twice|zero)\W*",
    re.IGNORECASE,
)


def asked(question: str) -> Kind | None:
    """The kind of thing that a question in English asks for, where its words say so."""
    text = question.casefold()
    if _TIME_ASKED.search(text):
        return "time"
    if _NUMBER_ASKED.search(text):
        return "number"
    return "name" if _NAME_ASKED.search(text) else None


def has(kind: Kind | None, sentence: str, question: str) -> bool:
    """Whether a sentence has something of this kind beyond what the question says; any sentence has None."""
    known = {_bare(word) for word in question.split()}
    new = [word for word in sentence.split() if _bare(word) not in known]
    if kind == "time":
        return any(_TIME.fullmatch(word) for word in new)
    if kind == "number":
        return any(_NUMBER.fullmatch(word) for word in new)
    # The first word of a sentence is a capital for another reason.
    return kind is None or any(word.lstrip("“\"'(")[:1].isupper() for word in new if not sentence.startswith(word))


def _bare(word: str) -> str:
    return re.sub(r"\W+$|^\W+|['’]s\W*$", "", word.casefold())
