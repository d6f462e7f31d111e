"""Checks an archive for damage, and rebuilds its indexes from its store."""

import sqlite3
from typing import NamedTuple

from corpus.errors import CorpusError
from index.archive import Archive
from index.errors import SearchError


class Checked(NamedTuple):
    """The problems ``found`` in an archive, and those ``left`` after the repair; equal if nothing was repaired."""

    found: list[str]
    left: list[str]


def check(archive: Archive, *, repair: bool = False, quick: bool = False) -> Checked:
    """Check store and indexes. With ``repair``, rebuild the indexes from the store, if that is not damaged itself."""
    found = _problems(archive, quick)
    if not found or not repair or archive.store.problems(quick=quick):
        return Checked(found, found)
    archive.compact(force=True)
    return Checked(found, _problems(archive, quick))


def _problems(archive: Archive, quick: bool) -> list[str]:
    try:
        return archive.problems(quick=quick)
    except (sqlite3.Error, CorpusError, SearchError) as error:
        return [f"store: {error}"]
