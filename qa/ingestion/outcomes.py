"""The outcome of a record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record. ``where`` is its file and record; ``id`` is None when it never became an article;
    ``again`` when the same record, ingested again, would be taken; ``undated`` when the article now stored has no date.
    """

    where: str
    id: str | None
    outcome: Literal["added", "updated", "unchanged", "rejected"]
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    again: bool = False
    undated: bool = False


Keep = Callable[[Writing, Sequence[Outcome]], None]
"""Writes down outcomes in the transaction that makes them true."""
