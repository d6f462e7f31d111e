"""Prose about an answer, by a language model that sees only the cited quotes; sentences the gate stops are dropped.

Nothing is kept open while the model writes: its sentences are judged by the archive as it is afterwards, so that no
text is shown that was erased meanwhile.
"""

import logging
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, islice, zip_longest

from anyio import to_thread

from corpus.errors import CorpusError
from corpus.verification import Reference
from index.archive import Archive
from qa.errors import WriterError
from qa.gate.judge import Cited, judge, look_up
from qa.schemas.answers import AnswerOut, AskResponse, CitationOut, ProseOut, ProseSentenceOut
from qa.writer.client import Writer
from qa.writer.prompt import LONGEST, MOST, Sentence

QUOTES = 12
"""Quotes that are sent, at most: of each answer the first, then of each the second, and so on."""
_MARKS = re.compile(r" ?[\[【]\d{1,3}(?:[,;-] ?\d{1,3})*[\]】](?![^ .,;:!?\[【])")
"""Numbers of quotes inside a sentence, which models are fond of and which the reply says beside it."""

_log = logging.getLogger(__name__)


async def write_prose(writer: Writer, archive: Archive, said: AskResponse) -> ProseOut:
    """A few sentences about the answers. Never raises: if there are none, ``failed`` gives the reason."""
    quotes = choose_quotes(said.answers)
    if not quotes:
        return ProseOut.of([], 0)
    try:
        draft = await writer.draft(said.question, [one.quote for one in quotes.values()])
        return await to_thread.run_sync(judge_draft, archive, quotes, draft)
    except WriterError as error:
        return ProseOut.of([], 0, failed=str(error))
    except (CorpusError, sqlite3.Error) as error:
        _log.error("prose could not be judged: %s", error)
        return ProseOut.of([], 0, failed="the archive can't be read right now")


def choose_quotes(answers: Sequence[AnswerOut]) -> dict[int, CitationOut]:
    """The citations whose quotes are sent, by their place among those of all answers: every side, each quote once."""
    flat = [cited for one in answers for cited in one.citations]
    first = {_key(cited): place for place, cited in reversed([*enumerate(flat)])}
    sides = filter(None, chain.from_iterable(zip_longest(*(one.citations for one in answers))))
    chosen = islice(dict.fromkeys(_key(cited) for cited in sides if len(cited.quote) <= LONGEST), QUOTES)
    return {place: flat[place] for place in sorted(first[key] for key in chosen)}


def _key(cited: CitationOut) -> tuple[str, str, int, int]:
    return cited.article_id, cited.article_sha256, cited.start, cited.end


def judge_draft(archive: Archive, quotes: Mapping[int, CitationOut], draft: Sequence[Sentence]) -> ProseOut:
    """Those sentences of a draft that their quotes say, as the archive stands now. Its numbers are 1 for the first of
    the quotes, and so on.
    """
    with archive.store.read() as view:
        cited = [
            look_up(view, Reference(*(getattr(one, name) for name in Reference._fields))) for one in quotes.values()
        ]
    places, passed, why = [*quotes], list[ProseSentenceOut](), Counter[str]()
    for one in draft[:MOST]:
        text = _MARKS.sub("", " ".join(one.text.split()))
        numbers = sorted({*one.citations})
        known = {number: cited[number - 1] for number in numbers if 0 < number <= len(cited)}
        reasons = _reasons(text, [*known.values()]) if len(known) == len(numbers) else {"unknown"}
        why.update(reasons)
        if not reasons:
            citations = [places[number - 1] for number in _needed(text, known)]
            passed.append(ProseSentenceOut(text=text, citations=citations))
    _log.info(
        "prose: %d of %d sentences passed; others stopped for %s", len(passed), len(draft), dict(why) or "nothing"
    )
    return ProseOut.of(passed, len(draft) - len(passed))


def _reasons(text: str, cited: Sequence[Cited]) -> set[str]:
    """Why a sentence with these citations is not shown; nothing where it is."""
    if len(text) > LONGEST:
        return {"long"}
    reasons: set[str] = {fault.reason for fault in judge(text, cited)}
    if any(unicodedata.category(letter)[0] == "C" for letter in text):
        reasons.add("markup")  # unassigned and private ones as well, which the gate does not look for
    return reasons


def _needed(text: str, known: Mapping[int, Cited]) -> list[int]:
    """The numbers that a sentence rests on, without those whose quotes say nothing of it that the others do not."""
    needed = dict(known)
    for number, one in known.items():
        others = [other for place, other in needed.items() if place != number]
        if others and _reasons(text, [one]) and not _reasons(text, others):
            del needed[number]
    return [*needed]
