"""Errors of a corpus, with messages for the user."""

from pathlib import Path


class CorpusError(Exception):
    """Base of every error of this package; its message says what is wrong, where, and what to do."""


class ArticleError(CorpusError):
    """A record that can't become an article: an empty text, a NUL byte, an id too long."""


class FormatError(CorpusError):
    """A file that can't be read as what its name says: wrong encoding, binary, truncated."""


class TokenizerError(CorpusError):
    """The bundled encoding is missing or was changed."""


class StoreError(CorpusError):
    """The SQLite store can't be opened or written."""


class IncompatibleStore(StoreError):
    """The store was made by a newer version, or with other settings than it is opened with."""


class ReadOnlyStore(StoreError):
    """The store can be read, not written: its medium or its permissions don't allow that."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"the archive in {directory} is read-only: it can be asked, but not changed")


class DamagedArticle(StoreError):
    """An article's text is not what was stored."""


class FetchError(CorpusError):
    """What an address names can't be had. ``lasting`` where asking again soon would give the same; ``after`` seconds
    is what the server asks to wait for, where it does.
    """

    def __init__(self, message: str, *, lasting: bool = False, after: float = 0.0) -> None:
        super().__init__(message)
        self.lasting = lasting
        self.after = after


class FetchStopped(CorpusError):
    """Whoever fetches was told to stop."""
