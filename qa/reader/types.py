"""The types of readers: their input and their results."""

from typing import NamedTuple


class Passage(NamedTuple):
    """What a reader reads: a chunk's text and the title of its article."""

    title: str
    text: str


class Span(NamedTuple):
    """Where a reader sees an answer: ``passage.text[start:end]``. Scores compare across the passages of a question."""

    start: int
    end: int
    score: float


class Reading(NamedTuple):
    """What a reader makes of one passage: a score for holding an answer at all, and the spans it sees, best first."""

    score: float
    spans: tuple[Span, ...]
