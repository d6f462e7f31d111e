"""Whether an archive is whole, and making it whole again from its store."""

import sqlite3
from typing import NamedTuple

from corpus.errors import CorpusError
from index.archive import Archive
from index.errors import SearchError


class Checked(NamedTuple):
    """What is wrong with an archive, and what was before it was repaired; ``found`` is the former where it wasn't."""

    found: list[str]
    left: list[str]


def check(archive: Archive, *, repair: bool = False, quick: bool = False) -> Checked:
    """Check store and indexes. With ``repair`` the indexes are made anew from the store, if that is whole itself."""
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
