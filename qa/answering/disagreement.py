"""Compares statements: do they contradict each other, concern different events, or follow one another in time?

Two statements disagree only where both are good answers, from independent origins, to the same question. Then

- passages that share hardly any name concern different events: ``ambiguous``;
- if the figure changes over time (a toll, a price) and one was published after the other, the later one is current and
  the others are earlier: ``answered``;
- otherwise they are ``conflicting``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise, product
from typing import NamedTuple

from index.analysis import terms
from qa.answering.normalization import Meaning, expected_answer
from qa.answering.origins import count_origins
from qa.answering.types import Claim, Role, Statement, Status
from qa.language.names import names_in, standing, whole_names
from qa.language.quantities import agree, same_unit
from qa.language.quantity_extraction import quantities

RIVAL = 0.7
"""The least part of the best statement's confidence that another must have to be set against it."""
EARLIER = 0.25
"""... where others show that what is asked for moves, to be told as an earlier report of it."""
TELLING = 0.6
"""The least part of the question's words, its names aside, in the best statement's sentence that must stand in a
rival's too."""
SHARED = 0.15
"""Passages about one event share at least this part of the fewer names."""
NEAR = 60
"""Days within which reports that the question's own names fit are taken for reports of one event."""
SHOWN = 4
"""Maximum number of statements shown."""
_LABELS = 2
"""Names that tell an event apart."""

_MOVES = re.compile(
    r"\b(?:toll|so far|as of|now|no longer|previously|earlier|initially|stands at|cut|price[sd]?|shares?|rate|cases|"
    r"sales|sold|rose|risen|grew|grown|fell|fallen|dead|die[ds]?|deaths?|wounded|missing|(?:"
    r"ris|climb|increas|decreas|drop|rais|lower|revis|updat|correct|kill|injur|infect|arrest|rescu|count|order|approv|"
    r"reject|decid|refus|allow|agree|postpon|delay|resum|reopen)\w*)\b",
    re.IGNORECASE,
)
"""Words of what moves in time: a later report says what is the case now."""


_NOW = re.compile(r"\b(?:is|are|does|do|has|have)\b")
"""A question in the present tense asks for what is the case now."""
_EACH = re.compile(r"\b(?:each|apiece|every|per)\b|[$€£¥][\d.,]+ an? \w", re.IGNORECASE)


class Shown(NamedTuple):
    """A statement to show, and its role in the answer; ``about`` distinguishes its event from the others."""

    statement: Statement
    role: Role = "current"
    about: str | None = None


def weigh(
    question: str, claims: Sequence[Claim], statements: Sequence[Statement], bar: float
) -> tuple[Status, list[Shown]]:
    """How the statements, best first, stand to each other, and which of them are shown. The best is above its bar."""
    best = statements[0]
    rivals = [one for one in statements[1:] if _rivals(question, claims, best, one, bar, RIVAL)][: SHOWN - 1]
    if not rivals:
        return "answered", [Shown(best)]
    others = [one for one in rivals if _other_event(question, claims, best, one)]
    if others:
        return "ambiguous", [Shown(one, about=_about(claims, one, (best, *others))) for one in (best, *others)]
    if (ordered := _in_time(claims, (best, *rivals))) and _moves(question, claims, ordered):
        lesser = [one for one in statements[1:] if _rivals(question, claims, best, one, bar, EARLIER)]
        newest, *earlier = _with_earlier(claims, ordered, [one for one in lesser if one not in ordered])
        return "answered", [Shown(newest), *(Shown(one, "earlier") for one in earlier)]
    # What says both does not contradict the other.
    told = claims[best.claims[0]].sentence
    against = [one for one in rivals if not _says(told, claims[one.claims[0]].meaning)]
    return "conflicting" if against else "answered", [Shown(best), *map(Shown, against)]


def _says(sentence: str, meaning: Meaning) -> bool:
    """Whether a sentence has the words of an answer, and of a figure means it: "-12 degrees" is not "12 degrees"."""
    if meaning.text.casefold() not in sentence.casefold():
        return False
    figure = meaning.figure
    return figure is None or any(agree(figure, one) for one in quantities(sentence))


def _with_earlier(claims: Sequence[Claim], ordered: list[Statement], lesser: Sequence[Statement]) -> list[Statement]:
    """The statements in time, with those of the lesser ones that stand between them or before."""
    for one in lesser:
        longer = _in_time(claims, (*ordered, one))
        if longer and longer[0] is ordered[0] and len(longer) <= SHOWN:
            ordered = longer
    return ordered


def _rivals(
    question: str, claims: Sequence[Claim], best: Statement, other: Statement, bar: float, share: float
) -> bool:
    """Whether the other is as good an answer to the same question, by somebody who is not behind the best one too."""
    if other.confidence < max(bar, share * best.confidence) or count_origins(claims, other) <= count_origins(
        claims, best
    ):
        return False
    first, rival = claims[best.claims[0]], claims[other.claims[0]]
    if expected_answer(question).kind is not None and not _of_one_kind(first.meaning, rival.meaning):
        return False
    if first.meaning.figure and len({bool(_EACH.search(text)) for text in (question, rival.sentence)}) > 1:
        return False  # what each has is not what they have together
    named, known = (standing(names_in(question), claim.passage) for claim in (first, rival))
    if not named <= known:
        return False  # it tells of another place or person than the question
    wanted = terms(question) - terms(" ".join(named))
    told, there = (wanted & terms(claim.sentence) for claim in (first, rival))
    return bool(told) and len(told & there) >= TELLING * len(told)


def _of_one_kind(one: Meaning, other: Meaning) -> bool:
    """Whether both are figures of one unit, or dates, or names."""
    if one.figure and other.figure:
        units = one.figure.unit, other.figure.unit
        return same_unit(*units) and (None in units or units[0].base == units[1].base)  # type: ignore[union-attr]
    return bool(one.figure) == bool(other.figure) and bool(one.days) == bool(other.days)


def _other_event(question: str, claims: Sequence[Claim], best: Statement, other: Statement) -> bool:
    """Whether they tell of two events: the passages share hardly a name, and where the question names something that
    stands in both, they were published far apart too.
    """
    mine, theirs = (_names(claims, one) for one in (best, other))
    named = names_in(question) & mine & theirs
    fewer = min(len(mine - named), len(theirs - named))
    if fewer < 2 or len((mine & theirs) - named) >= SHARED * fewer:
        return False
    return not named or not _near(claims, best, other)


def _near(claims: Sequence[Claim], one: Statement, other: Statement) -> bool:
    """Whether some of both were published within ``NEAR`` days; undated ones may have been."""
    days = [[claims[row].day for row in statement.claims] for statement in (one, other)]
    return any(a is None or b is None or abs((a - b).days) <= NEAR for a, b in product(*days))


def _names(claims: Sequence[Claim], statement: Statement) -> set[str]:
    return set().union(*(names_in(claims[row].found.text) for row in statement.claims))


def _about(claims: Sequence[Claim], statement: Statement, among: Sequence[Statement]) -> str | None:
    """What tells its event from those of the others: the names that its passages have most and no other's have, or else
    a headline, and the day of publication.
    """
    named = [_whole_names(claims, one) for one in among]
    mine = next(names for one, names in zip(among, named, strict=True) if one is statement)
    theirs = {word for names in named if names is not mine for name in names for word in name.split()}
    telling = [name for name, _ in mine.most_common() if not theirs.issuperset(name.split())]
    titles = [title for row in statement.claims if (title := claims[row].found.article.title)]
    days = [day.isoformat() for row in statement.claims if (day := claims[row].day)]
    return ", ".join((telling[:_LABELS] or titles[:1]) + sorted(days)[:1]) or None


def _whole_names(claims: Sequence[Claim], statement: Statement) -> Counter[str]:
    return Counter(name for row in statement.claims for name in whole_names(claims[row].found.text))


def _in_time(claims: Sequence[Claim], statements: Sequence[Statement]) -> list[Statement] | None:
    """The statements, newest first, if each was published after the ones before it; None if they overlap."""
    spans: list[tuple[date, date, Statement]] = []
    for one in statements:
        days = [day for row in one.claims if (day := claims[row].day)]
        if not days:
            return None
        spans.append((min(days), max(days), one))
    spans.sort(key=lambda span: (span[0], span[1]), reverse=True)
    if any(later[0] <= earlier[1] for later, earlier in pairwise(spans)):
        return None
    return [one for _, _, one in spans]


def _moves(question: str, claims: Sequence[Claim], ordered: Sequence[Statement]) -> bool:
    """Whether what is asked for moves in time, or one outlet has said the one and then the other."""
    sentences = (claims[one.claims[0]].sentence for one in ordered)
    if _NOW.search(question) or any(_MOVES.search(text) for text in (question, *sentences)):
        return True
    outlets = [{claims[row].found.article.source for row in one.claims} - {None} for one in ordered]
    return any(later & earlier for later, earlier in pairwise(outlets))
