"""Sentences to be checked by the gate, and its verdicts."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from corpus.storage.view import View
from qa.gate.judge import FaultReason, judge, look_up
from qa.schemas.answers import Response as Shape
from qa.schemas.requests import CitationIn, StrictRequest, Text

MAX_SENTENCES = 100
"""Maximum number of sentences in one request."""
MAX_TEXT = 2_000
"""Maximum number of characters in a sentence, and in a quote that it cites."""
MAX_CITED = 20
"""Maximum number of citations per sentence."""


def _short(citation: CitationIn) -> CitationIn:
    if len(citation.quote) > MAX_TEXT:
        raise PydanticCustomError("quote", "quotes more than {most} characters", {"most": MAX_TEXT})
    return citation


class SentenceIn(StrictRequest):
    """A sentence with the citations that support it."""

    text: Annotated[Text, Field(min_length=1, max_length=MAX_TEXT)]
    citations: Annotated[list[Annotated[CitationIn, AfterValidator(_short)]], Field(max_length=MAX_CITED)]


class GateRequest(StrictRequest):
    """Sentences to check, each separately."""

    sentences: Annotated[list[SentenceIn], Field(max_length=MAX_SENTENCES)]


class ReasonOut(Shape):
    """Why a sentence is stopped, with its words at fault, or the quote's words that it leaves out."""

    reason: FaultReason
    words: str


class SentenceOut(Shape):
    """The verdict on a sentence: ``reasons`` is empty if it passes."""

    verdict: Literal["passed", "stopped"]
    reasons: list[ReasonOut]


class GateResponse(Shape):
    """One verdict per sentence, in order."""

    sentences: list[SentenceOut]
    passed: int
    stopped: int


def check_sentences(view: View, sentences: Sequence[SentenceIn]) -> GateResponse:
    """Judge each sentence by what the archive has at its citations."""
    judged = []
    for one in sentences:
        faults = judge(one.text, [look_up(view, citation.reference()) for citation in one.citations])
        reasons = [ReasonOut(reason=fault.reason, words=fault.words) for fault in faults]
        judged.append(SentenceOut(verdict="stopped" if reasons else "passed", reasons=reasons))
    stopped = sum(one.verdict == "stopped" for one in judged)
    return GateResponse(sentences=judged, passed=len(judged) - stopped, stopped=stopped)
