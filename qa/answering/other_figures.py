"""Other figures: looked for once more after an answer with a figure, so that one that differs is not passed over.

The ten passages that are read answer the question; another report of the same thing may stand behind them, or have its
figure in the headline alone. What is found is read, compared and shown like everything else
(docs/decisions/0021-second-look.md).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.sentences import sentences
from index.analysis import terms
from index.archive import Snapshot
from index.retriever import DEPTH
from index.retriever import search as retrieve
from index.types import Filter, Vectors
from qa.answering.normalization import of_one_unit
from qa.answering.reranking import merit
from qa.answering.retrieval import choose_passages, passage_at
from qa.answering.types import Claim, ReadPassage, RetrievedPassage
from qa.engine import Engine
from qa.language.names import names_in, standing
from qa.language.quantities import Quantity, agree
from qa.language.quantity_extraction import quantities
from qa.reader.types import Passage, Reading, Span

LOOKED_THROUGH = 40
"""Passages in which figures are looked for."""
READ = 3
"""Passages, and headlines, that are read at most."""
BESIDE = 0.6
"""The least share of the question's words that stand in the answer's sentence, beside another figure too."""
_FIGURE = re.compile(r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|dozen|hundred|\w+illion)s?\b")


class Subject:
    """What the answer's figure is told of: the question's words and names as the answer's sentence has them."""

    def __init__(self, question: str, claim: Claim, figure: Quantity) -> None:
        names = standing(names_in(question), claim.passage)
        self.names = names
        self.words = (terms(question) - terms(" ".join(names))) & terms(
            f"{claim.found.article.title}\n{claim.sentence}"
        )
        self.figure = figure

    def differs(self, text: str) -> Iterator[Quantity]:
        """The figures of its unit in a sentence about it that are not the answer's."""
        if _FIGURE.search(text) and self.stands_in(text):
            for one in quantities(text):
                if of_one_unit(self.figure, one) and not agree(self.figure, one):
                    yield one

    def stands_in(self, text: str) -> bool:
        """Whether a text has its words."""
        return bool(self.words) and len(self.words & terms(text)) >= BESIDE * len(self.words)


def look_for_figures(
    engine: Engine,
    snapshot: Snapshot,
    question: str,
    vector: Vectors,
    where: Filter,
    claim: Claim,
    read: Sequence[ReadPassage],
) -> list[RetrievedPassage]:
    """The passages that hold another figure of the unit of the claim's, beside the question's words; at most ``READ``
    that are not among what was read.
    """
    figure = claim.meaning.figure
    if figure is None:
        return []
    subject = Subject(question, claim, figure)
    hits = retrieve(snapshot, f"{question} {_unit_words(claim, figure)}", vector, DEPTH, where)
    found = choose_passages(engine, snapshot, hits, LOOKED_THROUGH, where)
    known = {one.found.text for one in read}
    return [one for one in found if one.text not in known and _tells(subject, one)][:READ]


def _tells(subject: Subject, found: RetrievedPassage) -> bool:
    """Whether a passage has another figure of the subject, in a sentence or in its title."""
    whole = f"{found.article.title}\n{found.text}"
    if standing(subject.names, whole) != subject.names or not subject.stands_in(whole):
        return False
    texts = (found.text[a:b] for a, b in sentences(found.text))
    return any(any(subject.differs(text)) for text in (found.article.title, *texts))


def _unit_words(claim: Claim, figure: Quantity) -> str:
    """How the answer writes its unit: "billion", "people"."""
    return " ".join(re.findall(r"[^\W\d_]{3,}", claim.meaning.text[max(0, figure.start) : figure.end]))


def read_headlines(
    engine: Engine, question: str, claim: Claim, found: Sequence[RetrievedPassage]
) -> tuple[list[ReadPassage], list[ReadPassage]]:
    """What headlines state of the claim's unit beside the question's words: read as sentences. First those whose figure
    the article's text restates, as spans of that text; then those that stand alone, each as the text of its article.
    """
    figure = claim.meaning.figure
    if figure is None:
        return [], []
    subject = Subject(question, claim, figure)
    headed: dict[str, RetrievedPassage] = {}
    for one in found:
        if standing(subject.names, one.article.title) == subject.names and any(subject.differs(one.article.title)):
            headed.setdefault(one.article.id, one)
    first = [*headed.values()][:READ]
    readings = engine.reader.read(question, [Passage("", one.article.title) for one in first]) if first else []
    restated: list[ReadPassage] = []
    alone: list[ReadPassage] = []
    for one, reading in zip(first, readings, strict=True):
        title = one.article.title
        for other in subject.differs(title):
            score = max((span.score for span in reading.spans if _meet(span, other)), default=None)
            if score is None:
                continue
            # The answer's own headline was not read: another's brings a figure up to the answer, not above it.
            score = min(score, merit(claim.span.score, claim.found.hit.score) - merit(0.0, one.hit.score))
            span = Span(other.start, other.end, score)
            if place := next(((a.start, a.end) for a in quantities(one.article.text) if agree(a, other)), None):
                there = passage_at(one.hit, one.article, place[0], engine.embedder)
                moved = Span(place[0] - there.hit.start, place[1] - there.hit.start, score)
                restated.append(ReadPassage(there, Reading(score, (moved,))))
            else:
                headline = replace(one.article, title="", text=title)
                there = RetrievedPassage(replace(one.hit, start=0, end=len(title)), headline)
                alone.append(ReadPassage(there, Reading(score, (span,))))
    return restated, alone


def _meet(span: Span, figure: Quantity) -> bool:
    return span.start < figure.end and figure.start < span.end
