"""What kind of thing a question asks for, and how far a sentence has one that the question does not hold already."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["count", "amount", "time", "name"]

_TIME_ASKED = re.compile(
    r"\bwhen\b|\b(what|which|whose) (year|month|day|date|week|century|decade|time)|\bhow (soon|long ago)\b"
)
_WHAT_IS = r"\bwhat(?:['’]s| is| was| were| are| will be) (?:the|[\w ]{1,20}['’]s?)"
_HOW_BIG = r"\bhow (?:high|large|big) (?:is|was|will) (?:the|[\w ]{1,20}['’]s?)"
_ONE = r"(?:the|an?|his|her|its|this|that) (?!(?:dead|injured|wounded|missing|victims)\b)"
_NOW = "(?: (?:current|total|estimated|official|whole|entire|overall|present|latest|[0-9]{4}))*"
_END = r"(?=\W*(?:$|(?:of|in|as|at|by|before|after|when|now|today|according)\b))"
_COUNT_ASKED = re.compile(
    r"\bhow many\s+(?P<things>\w+(?:\s+\w+){0,2})|"
    rf"(?:\bwhat|{_WHAT_IS}(?: \w+){{0,2}}|\bwhat [^?]{{0,40}} (?:is|was) the(?: \w+)?) number of "
    rf"(?P<numbered>(?!{_ONE})\w+(?:\s+\w+){{0,2}})|"
    rf"(?:\bwhat|(?:{_WHAT_IS}|{_HOW_BIG})(?: (?!(?:for|of|the|behind)\b)[\w-]+){{0,3}}) "
    r"(?P<people>death toll|body count)\b|"
    rf"(?:{_WHAT_IS}|{_HOW_BIG}){_NOW} population{_END}"
)
"""How many: in so many words, by the number of things, by a toll of lives or by a population."""
_AMOUNT_ASKED = re.compile(
    r"\bhow (many|much|big|large|long|old|far|high|fast|often|small|tall|wide)\b|\bpercentage\b|\bworth\b|\bcosts?\b|"
    r"\bwhat (share|number|price|value|amount|factor)\b|\bwhat (is|was|were|are) the (\w+ )?toll\b"
)
_NAME_ASKED = re.compile(
    r"\b(who|whom|whose|where)\b|\b(what|which) (\w+ ){0,2}"
    r"(company|companies|firms?|country|countries|city|cities|newspapers?|agency|agencies|outlets?|makers?|states?|"
    r"teams?|president|leader|officials?|person|people)\b"
)
_TIME = re.compile(
    r"(January|February|March|April|May|June|July|August|September|October|November|December|(Mon|Tues|Wednes|Thurs|"
    r"Fri|Satur|Sun)day|(1[5-9]|20)\d\d|today|yesterday|tomorrow|weeks?|months?|years?|quarter|century|decade)"
)
_NUMBER = re.compile(
    r"\d.*|(two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?|half|"
    r"quarter|twice|zero)",
    re.IGNORECASE,
)
# What "how many" is not answered by: money, shares, years.
_NO_COUNT = re.compile(
    r"[$€£¥]\s?\d[\d,.]*(\s(thousand|million|billion|trillion))?|\d[\d.,]*\s?(%|percent\b|per cent\b)|\b(19|20)\d\d\b",
    re.IGNORECASE,
)
_NEAR = 5
"""Words behind a number among which the things counted stand."""


class Wanted(NamedTuple):
    """The kind of thing asked for, None where the question's words don't say; and the words for what is counted."""

    kind: Kind | None
    things: frozenset[str] = frozenset()


def wanted(question: str) -> Wanted:
    """What a question in English asks for."""
    text = question.casefold()
    if _TIME_ASKED.search(text):
        return Wanted("time")
    if counted := _COUNT_ASKED.search(text):
        things = counted["things"] or counted["numbered"] or ("people" if counted["people"] else "")
        return Wanted("count", frozenset(map(_singular, things.split())))
    if _AMOUNT_ASKED.search(text):
        return Wanted("amount")
    return Wanted("name") if _NAME_ASKED.search(text) else Wanted(None)


def fit(asked: Wanted, sentence: str, question: str) -> float:
    """How far a sentence has what is asked for beyond what the question says, 0 to 1.

    1 where no kind is asked for; for a count, a half where the number is not of the things asked for.
    """
    if asked.kind is None:
        return 1.0
    known = {_bare(word).casefold() for word in question.split()}
    text = _NO_COUNT.sub(" ", sentence) if asked.kind == "count" else sentence
    words = [_bare(word) for word in text.split()]
    new = [word.casefold() not in known for word in words]
    if asked.kind == "time":
        return float(any(fresh and _TIME.fullmatch(word) for word, fresh in zip(words, new, strict=True)))
    if asked.kind == "name":
        # The first word of a sentence is a capital for another reason.
        return float(any(fresh and word[:1].isupper() for word, fresh in zip(words[1:], new[1:], strict=True)))
    numbers = [row for row, word in enumerate(words) if new[row] and _NUMBER.fullmatch(word)]
    if not numbers or asked.kind == "amount":
        return float(bool(numbers))
    return 1.0 if any(_counts(words, row, asked.things) for row in numbers) else 0.5


def _counts(words: Sequence[str], number: int, things: frozenset[str]) -> bool:
    """Whether one of the things stands just behind the number at this place."""
    return any(_singular(word.casefold()) in things for word in words[number + 1 : number + 1 + _NEAR])


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _bare(word: str) -> str:
    return re.sub(r"\W+$|^\W+|['’]s\W*$", "", word)
