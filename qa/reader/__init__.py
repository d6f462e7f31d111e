"""Readers: they read a question and a passage, and find out whether and where the passage answers it."""

from collections.abc import Sequence
from typing import Protocol

from qa.reader.types import Passage, Reading

DEFAULT_READER = "citewire-minilm-l6"
"""The reader that is shipped."""
NOTHING = -30.0
"""The score of a passage without text: below any other."""


class Reader(Protocol):
    """Implementations are safe to share between threads; a passage's reading depends on what is read beside it or not
    as the implementation says, but never on anything else.
    """

    @property
    def name(self) -> str:
        """What ``status`` calls it."""

    def load(self) -> None:
        """Load what it reads with now, rather than at the first question. Raises index.errors.ModelError."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        """One reading for each passage, in their order. A passage without text has no span and the lowest score."""

    def confidence(self, score: float) -> float:
        """The probability that a span of this score answers the question; rises with the score."""
