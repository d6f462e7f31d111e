"""Files that survive a crash, and cached facts about them."""

import hashlib
import json
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import DerivedError

_BLOCK = 16 * 2**20  # bytes


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file, None where there is no file. Raises DerivedError when it is damaged."""
    try:
        fields = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DerivedError(f"{path} can't be read: {error}") from error
    if not isinstance(fields, dict):
        raise DerivedError(f"{path} can't be read: it is not a JSON object")
    if fields.pop("sha256", None) != _sha256(fields):
        raise DerivedError(f"{path} is not what was written (sha256 differs)")
    return fields


def write_json(path: Path, fields: dict[str, Any]) -> None:
    """Put an object, with its sha256, in place of what a file held: written aside, forced to disk, renamed."""
    aside = path.with_name(f"{path.name}.new")
    with aside.open("w", encoding="utf-8") as file:
        json.dump({**fields, "sha256": _sha256(fields)}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Force a directory's entries to disk: a rename is not durable before that."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def sha256_of(paths: Iterable[Path]) -> str:
    """Hexadecimal SHA-256 of files, one after the other. Files that did not change since are not read again."""
    return _sha256_of(tuple(map(AsItStands.of, paths)))


class AsItStands(NamedTuple):
    """A file with what changes when it is written: what was found out about it holds as long as they are equal."""

    path: Path
    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> "AsItStands":
        """The file as it is now. Raises OSError."""
        status = path.stat()
        return cls(path, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256_of(files: tuple[AsItStands, ...]) -> str:
    digest = hashlib.sha256()
    for path, *_ in files:
        with path.open("rb") as file:
            # In large pieces: at the end of each the interpreter is waited for, while a server starts for milliseconds.
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
