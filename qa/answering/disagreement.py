"""Compares statements: do they contradict each other, concern different events, or follow one another in time?

Two statements disagree only where both are good answers to the same question, from independent origins or at one place
of two copies of a report (``qa/answering/near_copies.py``). Then

- passages that share hardly any name concern different events: ``ambiguous``;
- if the figure changes over time (a toll, a price), or one origin or outlet has said first the one and then the other,
  the later one is current and the others are earlier: ``answered``;
- otherwise they are ``conflicting``.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cmp_to_key
from itertools import pairwise, product
from typing import NamedTuple

from index.analysis import terms
from qa.answering.near_copies import asks_of, contradicts
from qa.answering.normalization import Meaning, expected_answer, of_one_unit
from qa.answering.origins import count_origins
from qa.answering.types import Claim, Role, Statement, Status
from qa.language.dates import days
from qa.language.names import names_in, standing, whole_names
from qa.language.quantities import agree
from qa.language.quantity_extraction import quantities

RIVAL = 0.7
"""The least part of the best statement's confidence that another must have to be set against it."""
RIVAL_FIGURE = 0.6
"""... where both are figures and all of the question's words stand beside the other: for the sample's two values, among
405 other articles too, it is 0.67 or more (docs/decisions/0021-second-look.md)."""
EARLIER = 0.25
"""... where others show that what is asked for moves, to be told as an earlier report of it."""
TELLING = 0.6
"""The least part of the question's words, its names aside, in the best statement's sentence that must stand in a
rival's too."""
SHARED = 0.15
"""Passages about one event share at least this part of the fewer names."""
APART = 7
"""Days after which a thing may have another value; within them, two values are two opinions."""
NEAR = 60
"""Days within which reports that the question's own names fit are taken for reports of one event."""
CANDIDATE = 0.1
"""The least confidence of a figure that is told as one found less surely."""
CANDIDATES = 3
SHOWN = 4
"""Maximum number of statements shown."""
_LABELS = 2
"""Names that tell an event apart."""

_MOVES = re.compile(
    r"\b(?:toll|so far|as of|now|no longer|previously|earlier|initially|stands at|cut|price[sd]?|shares?|rate|cases|"
    r"sales|sold|rose|risen|grew|grown|fell|fallen|dead|die[ds]?|deaths?|wounded|missing|(?:"
    r"ris|climb|increas|decreas|drop|rais|lower|revis|updat|correct|kill|injur|infect|arrest|rescu|count|order)\w*)\b",
    re.IGNORECASE,
)
"""Words of what moves in time: a later report says what is the case now."""
_DECIDED = re.compile(
    r"\b(?:approv|reject|decid|refus|allow|agree|postpon|delay|resum|reopen)\w*\b",
    re.IGNORECASE,
)
"""Words of decisions, which change what is the case."""
_NOW = re.compile(r"\b(?:is|are|does|do|has|have)\b")
"""A question in the present tense asks for what is the case now."""
_VALUED = re.compile(r"\b(?:worth|valu|estimat)\w*", re.IGNORECASE)
"""A question for what somebody estimates."""
_EACH = re.compile(r"\b(?:each|apiece|every|per)\b|[$€£¥][\d.,]+ an? \w", re.IGNORECASE)
_EACH_OF = re.compile(r"\s(?:an?|per|each|apiece|every|for (?:each|every))\b", re.IGNORECASE)


class Shown(NamedTuple):
    """A statement to show, and its role in the answer; ``about`` distinguishes its event from the others."""

    statement: Statement
    role: Role = "current"
    about: str | None = None


def weigh(
    question: str, claims: Sequence[Claim], statements: Sequence[Statement], bar: float
) -> tuple[Status, list[Shown]]:
    """How the statements, best first, stand to each other, and which of them are shown. The best is above its bar."""
    if not statements:
        return "not_found", []
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


def runners_up(
    question: str, claims: Sequence[Claim], statements: Sequence[Statement], shown: Sequence[Shown]
) -> list[Statement]:
    """The other figures of the unit asked for that are not shown, as no statement is good enough to be."""
    if not shown or claims[statements[0].claims[0]].meaning.figure is None:
        return []
    best = statements[0]
    told = [one.statement for one in shown]
    return [
        one
        for one in statements
        if one not in told
        and _rivals(question, claims, best, one, CANDIDATE, 0.0)
        and not _other_event(question, claims, best, one)
        and not any(_says(claims[there.claims[0]].sentence, claims[one.claims[0]].meaning) for there in told)
    ][:CANDIDATES]


def _rivals(
    question: str, claims: Sequence[Claim], best: Statement, other: Statement, bar: float, share: float
) -> bool:
    """Whether the other is as good an answer to the same question, by somebody who is not behind the best one too, or
    in another copy of its report.
    """
    first, rival = claims[best.claims[0]], claims[other.claims[0]]
    if expected_answer(question).kind is not None and not _of_one_kind(first.meaning, rival.meaning):
        return False
    if count_origins(claims, other) <= count_origins(claims, best):
        copies = _copies(claims, best, other)
        return (
            copies is not None
            and other.confidence >= max(bar, min(share, EARLIER) * best.confidence)
            and asks_of(question, copies[0], copies[1].found)
        )
    if first.meaning.figure and (
        len({bool(_EACH.search(text)) for text in (question, rival.sentence)}) > 1 or _rate(first) != _rate(rival)
    ):
        return False  # what each has is not what they have together
    named, known = (standing(names_in(question), claim.passage) for claim in (first, rival))
    if not named <= known:
        return False  # it tells of another place or person than the question
    wanted = terms(question) - terms(" ".join(named))
    told, there = (wanted & terms(_telling(claim)) for claim in (first, rival))
    least = min(share, RIVAL_FIGURE) if first.meaning.figure and wanted <= there else share
    if other.confidence < max(bar, least * best.confidence):
        return False
    return bool(told) and len(told & there) >= TELLING * len(told)


def _copies(claims: Sequence[Claim], best: Statement, other: Statement) -> tuple[Claim, Claim] | None:
    """A claim of each that stand at one place of two copies of a report."""
    pairs = ((claims[a], claims[b]) for a, b in product(best.claims, other.claims))
    return next((pair for pair in pairs if contradicts(*pair)), None)


def _telling(claim: Claim) -> str:
    """The sentence of a claim, with the headline where that states its figure."""
    figure, title = claim.meaning.figure, claim.found.article.title
    if figure and any(agree(figure, one) for one in quantities(title)):
        return f"{title}\n{claim.sentence}"
    return claim.sentence


def _rate(claim: Claim) -> bool:
    """Whether a figure is one of each, or of each year: "$25,000 a chip"."""
    figure = claim.meaning.figure
    return figure is not None and _EACH_OF.match(claim.found.text, claim.span.start + figure.end) is not None


def _of_one_kind(one: Meaning, other: Meaning) -> bool:
    """Whether both are figures of one unit, or dates, or names."""
    if one.figure and other.figure:
        return of_one_unit(one.figure, other.figure)
    return bool(one.figure) == bool(other.figure) and bool(one.days) == bool(other.days)


def _other_event(question: str, claims: Sequence[Claim], best: Statement, other: Statement) -> bool:
    """Whether they tell of two events: the passages share hardly a name, and where the question names something that
    stands in both, they were published far apart too. So do copies that differ in the day as well, of what does not
    move in time: two earthquakes at one place.
    """
    if copies := _copies(claims, best, other):
        texts = question, *(one.sentence for one in copies)
        return not any(map(_MOVES.search, texts)) and _on_other_days(*copies)
    mine, theirs = (_names(claims, one) for one in (best, other))
    named = names_in(question) & mine & theirs
    fewer = min(len(mine - named), len(theirs - named))
    if fewer < 2 or len((mine & theirs) - named) >= SHARED * fewer:
        return False
    return not named or not _near(claims, best, other)


def _on_other_days(one: Claim, other: Claim) -> bool:
    """Whether the sentences of both name days, and no day in common."""
    mine, theirs = (days(claim.sentence, claim.day) for claim in (one, other))
    pairs = [*product(mine, theirs)]
    return bool(pairs) and not any(a.first <= b.last and b.first <= a.last for a, b in pairs)


def _near(claims: Sequence[Claim], one: Statement, other: Statement) -> bool:
    """Whether some of both were published within ``NEAR`` days; undated ones may have been."""
    published = [[claims[row].day for row in statement.claims] for statement in (one, other)]
    return any(a is None or b is None or abs((a - b).days) <= NEAR for a, b in product(*published))


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
    published = [day.isoformat() for row in statement.claims if (day := claims[row].day)]
    return ", ".join((telling[:_LABELS] or titles[:1]) + sorted(published)[:1]) or None


def _whole_names(claims: Sequence[Claim], statement: Statement) -> Counter[str]:
    return Counter(name for row in statement.claims for name in whole_names(claims[row].found.text))


def _in_time(claims: Sequence[Claim], statements: Sequence[Statement]) -> list[Statement] | None:
    """The statements, newest first, if each was published after the ones before it; None if they overlap.

    Of one origin its first report counts: who copies an earlier text later says nothing new.
    """
    reports: list[tuple[list[Claim], Statement]] = []
    for one in statements:
        dated = sorted((claims[row] for row in one.claims if claims[row].day), key=_time)
        if not dated:
            return None
        reports.append(([*{claim.origin: claim for claim in reversed(dated)}.values()], one))
    newest_first = cmp_to_key(_order)
    reports.sort(key=lambda report: newest_first(report[0][0]))
    if not all(_after(a, b) for (later, _), (earlier, _) in pairwise(reports) for a, b in product(later, earlier)):
        return None
    return [one for _, one in reports]


def _time(claim: Claim) -> tuple[date, bool, float]:
    """When it was published; on a day, what says the time first."""
    moment = claim.moment
    return claim.day or date.min, moment is None, moment.timestamp() if moment else 0.0


def _after(one: Claim, other: Claim) -> bool:
    """Whether it was published on a later day, or later on one where both say the time of day."""
    if one.moment and other.moment:
        return one.moment > other.moment
    return one.day is not None and other.day is not None and one.day > other.day


def _order(one: Claim, other: Claim) -> int:
    """-1 where the one is newer, 1 where the other is, 0 where neither is known to be."""
    return _after(other, one) - _after(one, other)


def _moves(question: str, claims: Sequence[Claim], ordered: Sequence[Statement]) -> bool:
    """Whether what is asked for moves in time, or one origin or outlet has said the one and then the other."""
    texts = question, *(claims[one.claims[0]].sentence for one in ordered)
    if any(map(_MOVES.search, texts)):
        return True
    if _NOW.search(question) or any(map(_DECIDED.search, texts)):
        newer, older = (claims[one.claims[0]] for one in ordered[:2])
        apart = (newer.day - older.day).days if newer.day and older.day else 0
        if apart > APART or not _VALUED.search(question):
            return True
    outlets = [{source for row in one.claims if (source := claims[row].found.article.source)} for one in ordered]
    origins = [count_origins(claims, one) for one in ordered]
    return any(later & earlier for later, earlier in (*pairwise(outlets), *pairwise(origins)))
