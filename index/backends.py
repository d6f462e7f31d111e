"""The interface of an archive's two indexes, which are kept in step with its store, wherever they live."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

from corpus.storage.store import Store
from corpus.storage.view import View
from index.types import Filter, ScoredId, Vectors

Found = TypeVar("Found")


class Rankings(NamedTuple):
    """What the two indexes find, each best first."""

    dense: list[ScoredId]
    lexical: list[ScoredId]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that holds indexes: its address, and its token, empty if it needs none."""

    uri: str
    token: str = field(default="", repr=False)


class Search(Protocol):
    """Both indexes at one generation of the archive, for the length of one request."""

    @property
    def kind(self) -> str:
        """The kind of the dense index, as ``status`` says it."""

    @property
    def recall(self) -> float | None:
        """The measured recall among the ten nearest; None if it is exact or unknown."""

    @property
    def stale(self) -> int:
        """Chunks that came or went since the last compaction."""

    @property
    def version(self) -> Hashable:
        """A value that changes when the indexes are rebuilt from the same store."""

    def count(self, view: View, where: Filter) -> int:
        """How many articles pass the filter."""

    def rankings(self, view: View, text: str, vector: Vectors, depth: int, where: Filter) -> Rankings:
        """The ``depth`` best chunks that pass the filter, by vector (1, dimensions) and by words.

        Chunks may be among them that the view does not have: written since, or deleted.
        """


class Indexes(Protocol):
    """Both indexes of an archive. Safe to share between threads."""

    def at(self, view: View) -> Search | None:
        """The indexes at the view's generation; None when they are past it already. Raises SearchError."""

    def follow(self) -> None:
        """Take in what the store has just committed. The right to write is held. Raises SearchError."""

    def compact(self, *, force: bool) -> bool:
        """Put the indexes in order where much has changed since they were, or always. Says whether anything was."""

    def problems(self) -> list[str]:
        """What is wrong with them, given a store that is whole."""

    def close(self) -> None:
        """Stop work in the background."""


@contextmanager
def pinned(store: Store, at: Callable[[View], Found | None]) -> Iterator[tuple[View, Found]]:
    """The store and its indexes as of the newest generation, unchanging while the block lasts."""
    with ExitStack() as stack:
        while True:
            view = stack.enter_context(store.read())
            found = at(view)
            if found is not None:
                break
            stack.close()  # another thread's view was newer: take a new one
        yield view, found


class Reached(NamedTuple):
    """How far an index has come: the last chunk id and the last removal it holds."""

    chunk: int
    removal: int

    def behind(self, view: View) -> bool:
        """Whether it has not come as far as the view."""
        return self.chunk < view.last_chunk() or self.removal < view.last_removal()
