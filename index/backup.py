"""Backups: a copy of an archive's store at one moment. Indexes are not included; they are rebuilt from the store."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import StoreError
from corpus.storage.store import FILE as STORE
from corpus.storage.store import Store
from index.errors import DerivedError
from index.files import read_json, sha256_of, sync_directory, write_json

FILE = "backup.json"
"""Describes the backup; written last: a directory without it is not a backup."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds, and the sha256 of its file."""

    generation: int
    articles: int
    chunks: int
    store: str


def back_up(store: Store, directory: Path) -> Backup:
    """Copy the store as it is now, even while others write to it, into a new ``directory``, and check the copy.

    Raises StoreError if the directory is not empty, the copy can't be written, or the store is damaged.
    """
    with _placed(directory, f"{directory} can't be written") as aside:
        store.copy(aside)
    with Store.open(directory) as copy:
        if problems := copy.problems():
            (directory / STORE).unlink()
            raise StoreError(f"{store.path} is damaged, so no backup was made: {'; '.join(problems)}")
        with copy.read() as view:
            state = view.state
    backup = Backup(state.generation, state.articles, state.chunks, sha256_of([directory / STORE]))
    write_json(directory / FILE, asdict(backup))
    return backup


def restore(directory: Path, into: Path) -> Backup:
    """Make an archive in the new directory ``into`` from the backup in ``directory``; opening it builds its indexes.

    Raises StoreError if ``into`` is not empty or can't be written, or the backup was changed.
    """
    try:
        fields = read_json(directory / FILE)
        backup = Backup(**fields) if fields else None
    except (DerivedError, TypeError) as error:
        raise StoreError(f"the backup in {directory} is damaged: {error}") from error
    if backup is None:
        raise StoreError(f"there is no backup in {directory}")
    with _placed(into, f"the backup in {directory} can't be restored to {into}") as aside:
        shutil.copyfile(directory / STORE, aside)
        if sha256_of([aside]) != backup.store:
            raise StoreError(f"the backup in {directory} is damaged: {STORE} is not what was written (sha256 differs)")
    return backup


@contextmanager
def _placed(directory: Path, failure: str) -> Iterator[Path]:
    """A file aside, which becomes the store of a new archive directory once it is whole."""
    path = directory / STORE
    aside = path.with_name(f"{STORE}.new")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        # A log or indexes that are left of another archive would be taken for this one's.
        if any(directory.iterdir()):
            raise StoreError(f"{directory} is not empty: name another directory")
        yield aside
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.rename(path)
        sync_directory(directory)
    except OSError as error:
        raise StoreError(f"{failure}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            aside.unlink()
