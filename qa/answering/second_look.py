"""The second look: what is read once there is an answer, so that no copy and no figure that differs is passed over."""

from collections.abc import Sequence
from dataclasses import replace

from index.archive import Snapshot
from index.types import Filter, Vectors
from qa.answering.near_copies import differing_copies
from qa.answering.other_figures import look_for_figures, read_headlines
from qa.answering.reranking import order_by_merit, read_all
from qa.answering.types import Claim, ReadPassage, RetrievedPassage, Statement
from qa.engine import Engine
from qa.reader import Reader
from qa.reader.types import Reading


def look_again(
    engine: Engine,
    snapshot: Snapshot,
    question: str,
    vector: Vectors,
    where: Filter,
    claims: Sequence[Claim],
    statement: Statement,
    read: Sequence[ReadPassage],
) -> tuple[Sequence[ReadPassage], list[ReadPassage]]:
    """What was read with what is read beside it, by merit, ``read`` itself where that is nothing; and headlines that
    state a figure which their articles' texts don't. ``statement`` is the best of the first look, ``vector`` the
    question's.
    """
    best = claims[statement.claims[0]]
    copies = differing_copies(engine.embedder, snapshot, question, claims, statement, where)
    figures = look_for_figures(engine, snapshot, question, vector, where, best, read)
    restated, headlines = read_headlines(engine, question, best, [*(one.found for one in read), *figures])
    beside = [*_read(engine.reader, question, read, [*copies, *figures]), *restated]
    return order_by_merit(_together(read, beside)) if beside else read, headlines


def _read(
    reader: Reader, question: str, read: Sequence[ReadPassage], beside: Sequence[RetrievedPassage]
) -> list[ReadPassage]:
    """The passages read, those that were already as they were."""
    known = {_place(one.found): one.reading for one in read}
    unread = [one for one in beside if _place(one) not in known]
    fresh = read_all(reader, question, unread) if unread else []
    return [*fresh, *(ReadPassage(one, known[_place(one)]) for one in beside if _place(one) in known)]


def _together(read: Sequence[ReadPassage], more: Sequence[ReadPassage]) -> list[ReadPassage]:
    """Each passage once, as well retrieved as the better of two, with the spans of both."""
    merged: dict[tuple[str, int], ReadPassage] = {}
    for one in (*read, *more):
        there = merged.setdefault(_place(one.found), one)
        if there is not one:
            hit = replace(there.found.hit, score=max(there.found.hit.score, one.found.hit.score))
            spans = {span[:2]: span for span in (*one.reading.spans, *there.reading.spans)}
            best = sorted(spans.values(), key=lambda span: -span.score)
            score = max(there.reading.score, one.reading.score)
            merged[_place(one.found)] = ReadPassage(replace(there.found, hit=hit), Reading(score, tuple(best)))
    return [*merged.values()]


def _place(found: RetrievedPassage) -> tuple[str, int]:
    return found.article.id, found.hit.start
