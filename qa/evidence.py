"""Spans into answers: those that say the same are one answer, cited once for each origin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.sentences import sentences
from qa.meaning import Meaning, same
from qa.types import Found, Span

SUPPORT = 0.3
"""The least part of an answer's confidence that a span must have of its own to be cited for it too."""
WELL = 0.6
"""The part of it that a span needs to lend the answer its words: the most precise of these is the answer's text."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a span says, and where: ``origin`` tells independent reports apart."""

    meaning: Meaning
    confidence: float
    origin: str
    found: Found
    span: Span

    @property
    def day(self) -> date | None:
        """When it was published."""
        return self.found.article.day

    @property
    def sentence(self) -> str:
        """The sentence that it stands in, or those."""
        text = self.found.text
        return " ".join(text[a:b] for a, b in sentences(text) if a < self.span.end and self.span.start < b)

    @property
    def passage(self) -> str:
        """What was read around it, the article's title in front."""
        return f"{self.found.article.title}\n{self.found.text}"


@dataclass(frozen=True, slots=True)
class Statement:
    """One answer: the claims that say it, the one that words it best in front."""

    claims: tuple[int, ...]
    confidence: float


def merged(claims: Sequence[Claim]) -> list[Statement]:
    """The statements that the claims make, best first; ``claims`` stand best first, and each is part of one.

    A claim joins the first statement whose best claim says the same. What supports a statement too weakly is left out.
    """
    groups: list[list[int]] = []
    for row, claim in enumerate(claims):
        for group in groups:
            if same(claims[group[0]].meaning, claim.meaning):
                group.append(row)
                break
        else:
            groups.append([row])
    return [_statement(claims, group) for group in groups]


def _statement(claims: Sequence[Claim], group: Sequence[int]) -> Statement:
    best = max(claims[row].confidence for row in group)
    rows = [row for row in group if claims[row].confidence >= SUPPORT * best]
    well = [row for row in rows if claims[row].confidence >= WELL * best]
    first = min(well, key=lambda row: (claims[row].meaning.room, row))
    return Statement((first, *(row for row in rows if row != first)), best)


def by_origin(claims: Sequence[Claim], statement: Statement, k: int) -> list[int]:
    """The claims to cite, at most ``k``: one an origin, in the statement's order."""
    first: dict[str, int] = {}
    for row in statement.claims:
        first.setdefault(claims[row].origin, row)
    return [*first.values()][:k]
