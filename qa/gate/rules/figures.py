"""Figures and dates: whether a sentence of the archive has those of a clause, by value, unit, bound and day."""

import re
from datetime import date, timedelta
from functools import lru_cache

from qa.gate.text.synonyms import near
from qa.gate.text.words import stem, words
from qa.language.dates import Days, days
from qa.language.quantities import Quantity, agree, in_one_scale, measured, same_unit
from qa.language.quantity_extraction import quantities

_YEAR = timedelta(days=365)
_WAYS = {"before": "before until till by prior".split(), "since": "since after from following".split()}
_FIRST = re.compile(r"^\w+")
_LAST = re.compile(r"(\w+)\W*$")
_PLACED = frozenset("from to by between within".split())
_OF = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|half|most|some|"
    r"many))\s(?:(?!instead)\w+\s)?(?:out\s)?of\s"
    r"(?:the\s|its\s|their\s)?(?:[\w-]+['’]s?\s)?$",
    re.IGNORECASE,
)
"""Before the whole of which a part is told: "14 of the 20"."""
_NAME = r"[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*"
_NAMES = re.compile(rf"{_NAME}(?:,\s{_NAME})*,?\sand\s{_NAME}")
_SCORE = re.compile(r"(?<![\w-])([0-9]{1,2})[-–]([0-9]{1,2})(?![\w-])")
_FEW = 9
"""The most names of a list that are counted."""
_COMPARED = re.compile(r"\b(?:longer|older|higher|taller|larger|bigger|greater|heavier|farther|further) than\b")
_PLUS = re.compile(r"(?<=[\w%]) plus (?=an? )")
_REACHING = re.compile(r"(?:%| per ?cent) to (?=[$€£]?[\d.,]+(?! ?%| per ?cent)\b)")
"""A change and what it leads to, which are no range: "fell 12% to 3.4 billion"."""
_REACHED = re.compile(r"(?:%|cent) at $")
_NEXT = 3
_NEAR = 30  # characters
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_FIGURES = re.compile(r"(?<![^\W_])[0-9][0-9.,:]*")


def wrong_figures(text: str, said: str, published: date | None) -> list[str]:
    """The figures of a text that a sentence does not say so: other values, units or bounds, "more than" left out.

    Rounded ones may be, where the words say that they are.
    """
    text, said = _plain(text), _plain(said)
    mine, theirs = figures(text, published), figures(said, published)
    wrong = [
        text[one.start : one.end]
        for one in mine
        if not any(same_figure(text, one, said, other) for other in theirs)
        and not _counted(text, one, said)
        and not _scored(one, said)
        and not _for_long(text, one, said)
        and not _aged(text, one, said)
    ]
    # What is neither a quantity nor a date, an ordinal or a time of day, must stand there as it is.
    read = [(one.start, one.end) for one in mine] + [(one.start, one.end) for one in days(text, published)]
    for match in _FIGURES.finditer(text):
        bare = match[0].rstrip(".,:")
        aged = re.match(r"-year", text[match.end() :]) or re.search(rf"\b{bare}-year", said)
        if (
            not any(a <= match.start() < b for a, b in read)
            and not (aged and re.search(rf"\b{bare}\b", said))
            and not re.search(rf"(?<!\d){re.escape(bare)}(?!\d)", said)
        ):
            wrong.append(bare)
    return wrong


def _plain(text: str) -> str:
    """A text whose comparisons are all told as "more than", each in as many letters."""
    text = _COMPARED.sub(lambda match: f"{'':{len(match[0]) - 9}}more than", text)
    text = _PLUS.sub(" and ", text)
    return _REACHING.sub(lambda match: match[0].replace(" to ", " at "), text)


def wrong_dates(text: str, said: str, published: date | None) -> list[str]:
    """The dates of a text that mean no day or run of days which a sentence tells of; relative ones by its article's
    day.
    """
    theirs = days(said, published)

    def past(one: Days) -> Days:
        """The same of the year before, where "since" tells of what is still to come: "since October", in June."""
        if published is None or one.first <= published or not text[one.start :].casefold().startswith("since"):
            return one
        return one._replace(first=one.first - _YEAR, last=one.last - _YEAR)

    return [
        text[one.start : one.end].strip()
        for one in map(past, days(text, published))
        if _other_weekday(text, one)
        or (
            not any(_within(text, one, said, other) for other in theirs)
            and not (_as_of(text, one, published) and not any(_way(said, other) == "before" for other in theirs))
        )
    ]


def _aged(text: str, one: Quantity, said: str) -> bool:
    """Whether it is an age: "the 34-year-old" may be "a man, 34"."""
    bare = text[one.start : one.end]
    if re.search(rf"\b{bare}(?:-year-old|st|nd|rd|th)\b", said):
        return True
    match = re.match(r"(\d+)-year-old", text[one.start :])
    return match is not None and re.search(rf"(?<!\d){match[1]}(?![\d.,]*\d)", said) is not None


def _for_long(text: str, one: Quantity, said: str) -> bool:
    """Whether a length of time is told by its end: "the two-week-old order", "five years earlier", given "ago"."""
    if not (one.unit and one.unit.base == "seconds" and re.match(r"-old\b| earlier\b", text[one.end :])):
        return False
    bare = text[one.start : one.end].casefold().replace("-", " ").rstrip("s")
    return re.search(rf"\b{re.escape(bare)}s? (?:ago|earlier|before)\b", said, re.IGNORECASE) is not None


def _counted(text: str, one: Quantity, said: str) -> bool:
    """Whether it counts the names that the text lists: "three companies, Alibaba, Tencent and ByteDance"."""
    if one.kind or one.figure > _FEW or (one.unit and measured(one.unit)):
        return False
    if one.figure == 2 and one.unit and re.search(rf"\b(?:the|both) {re.escape(one.unit.name)}\b", said):
        return True  # "the companies" of a deal
    return any(len(re.split(r",?\sand\s|,\s", match[0])) == one.figure for match in _NAMES.finditer(text))


def _scored(one: Quantity, said: str) -> bool:
    """Whether it is a side of a score, or counts the scores: "two goals" of a 3-2 win, "two sets" of 6-4, 7-5."""
    if one.kind or (one.unit and measured(one.unit)):
        return False
    scores = _SCORE.findall(said)
    return one.figure in ({float(side) for score in scores for side in score} | {float(len(scores))} if scores else ())


@lru_cache(maxsize=1_024)
def figures(text: str, published: date | None) -> list[Quantity]:
    """The figures in a text that are no part of a date and count something."""
    dated = [(one.start, one.end) for one in days(text, published)]
    found = [one for one in quantities(text) if not any(a < one.end and one.start < b for a, b in dated)]
    # "one of them" counts nothing.
    return [
        one
        for one in found
        if text[one.start : one.end].split()[0].casefold() not in ("one", "a", "an")
        or (one.unit and measured(one.unit))
    ]


def same_figure(text: str, one: Quantity, said: str, other: Quantity) -> bool:
    """Whether two figures are one, each in its text; rounded, where the words say so."""
    one, other = in_one_scale(one, other)
    if other.kind == "range" and _literal(text, one, said[other.start : other.end]):
        return True  # "rose 14% to 612 million" is none
    if (
        one.unit
        and measured(one.unit)
        and not (other.unit and (measured(other.unit) or one.unit.base == "seconds"))
        and _named(text, one, said)
    ):
        return one.kind == other.kind and (one.low, one.high) == (other.low, other.high)
    bare = one.unit is None and text[one.start : one.end].endswith("illion")
    if not (same_unit(one.unit, other.unit) or bare) or not _one_thing(text, one, said, other):
        return False
    if bool(_OF.search(text[: one.start])) != bool(_OF.search(said[: other.start])):
        return False
    mine, theirs = _placed(text, one), _placed(said, other)
    if mine == "from" and _REACHED.search(said[: other.start]):
        return False
    if (mine and theirs and mine != theirs) or (mine == "within") != (theirs == "within"):
        return False
    if other.kind == "range" and one.low == one.high:
        # "From 11 to 12.50": each end by itself.
        end = {"from": other.low, "to": other.high}.get(mine)
        return end is not None and not one.kind and _equal(one.low, one, end, other)
    kind, its = (one.kind.replace("exact", ""), other.kind.replace("exact", ""))
    if kind != its and one.unit and one.unit.base == "seconds":
        # "over 18 months" is in the course of them too.
        kind, its = ("" if each.wording == "over" else form for each, form in ((one, kind), (other, its)))
    if its == "about" and not kind and re.search(r"\b(?:estimat|forecast|predict|expect)\w+", text):
        return _equal(one.low, one, other.low, other) or _equal(one.low, one, other.high, other) or agree(one, other)
    if kind == its or {kind, its} <= {"about", "near below", "near above"}:
        if kind != its and kind != "about":
            return False
        return _equal(one.low, one, other.low, other) and _equal(one.high, one, other.high, other)
    if kind == "vague":
        return not its and one.low is not None and one.high is not None and one.low <= other.figure <= one.high
    # Rounded, and said to be.
    return kind in ("about", "near below", "near above") and its in ("", "about") and agree(one, other)


def _equal(low: float | None, one: Quantity, least: float | None, other: Quantity) -> bool:
    if low is None or least is None:
        return low is least
    mine, theirs = (
        value * unit.factor + unit.zero if unit else value for value, unit in ((low, one.unit), (least, other.unit))
    )
    return abs(mine - theirs) <= 1e-9 * max(abs(mine), abs(theirs))


def _literal(text: str, one: Quantity, said: str) -> bool:
    placed = _placed(text, one)
    before = rf"\b{placed}\s" if placed else r"(?<![\w.])"
    return re.search(rf"{before}{re.escape(text[one.start : one.end].strip())}(?![\w.]*\d)", said) is not None


def _named(text: str, one: Quantity, said: str) -> bool:
    """Whether the last word of a figure, its unit, stands somewhere in what was said."""
    written = words(text[one.start : one.end])
    return (
        bool(written)
        and written[-1].text.isalpha()
        and not written[-1].lower.endswith("illion")
        and written[-1].stem in {word.stem for word in words(said)}
    )


def _one_thing(text: str, one: Quantity, said: str, other: Quantity) -> bool:
    """Whether what is counted is called the same, where both name it: workers are no chips."""
    if one.unit is None or other.unit is None or measured(one.unit) or measured(other.unit):
        return True
    if one.kind == other.kind == "vague":
        return True  # "several makers": that they make it is looked at as a word
    mine, theirs = stem(one.unit.base), stem(other.unit.base)
    return mine == theirs or theirs in near(mine) or mine in _behind(said, other) or theirs in _within_it(text, one)


def _behind(said: str, other: Quantity) -> set[str]:
    """The stems of the words behind a figure: "two distributors in Hong Kong" may be "two Hong Kong distributors"."""
    return {word.stem for word in words(said[other.end :])[:_NEXT]}


def _within_it(text: str, one: Quantity) -> set[str]:
    """The stems of the words of a figure: "1,800 job losses" may be "1,800 jobs"."""
    return {word.stem for word in words(text[one.start : one.end])}


def _placed(text: str, one: Quantity) -> str:
    """The "from" or "to" before a figure."""
    match = _LAST.search(text[: one.start])
    return match[1].casefold() if match and match[1].casefold() in _PLACED else ""


def _other_weekday(text: str, one: Days) -> bool:
    """Whether a day is told with the name of another one: "Monday, 23 January" of a Friday."""
    named = _WEEKDAY.search(text[one.start : one.end])
    return named is not None and one.first == one.last and named[0] != f"{one.first:%A}"


def _within(text: str, one: Days, said: str, other: Days) -> bool:
    # A longer run may stand for a shorter one, not the other way; one whose ends are told, for itself alone.
    if not (one.first <= other.first and other.last <= one.last):
        return False
    if one.ends and (one.first, one.last) != (other.first, other.last):
        return False
    mine, theirs = _way(text, one), _way(said, other)
    if (
        mine == "since"
        and not theirs
        and re.search(r"\b(?:since|than)\b", said[max(0, other.start - _NEAR) : other.start])
    ):
        return True
    return mine == theirs or (not (mine and theirs) and not {mine, theirs} & {"since", "before"})


def _way(text: str, one: Days) -> str:
    """Whether it is up to a day, from a day on, or on it."""
    before = None if re.match(r"(?:on|in|at)\b", text[one.start :]) else _LAST.search(text[: one.start])
    for match in (_FIRST.search(text[one.start : one.end]), before):
        word = match[0].casefold().split()[0].strip(" ,.-") if match else ""
        for way, among in _WAYS.items():
            if word in among:
                return way
    return ""


def _as_of(text: str, one: Days, published: date | None) -> bool:
    """Whether it is the article's own day, up to which what it says holds: "by 14 January"."""
    return published is not None and one.first == one.last == published and _way(text, one) == "before"
