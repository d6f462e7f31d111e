"""Which derived files belong to an archive: one small file, swapped whole, so that they change all at once."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import DerivedError

FILE = "manifest.json"
EXACT, LISTS = "exact-float16", "ivf-pq-float16"
"""Kinds of dense base: every vector is scored, or codes in lists choose those that are."""
_BLOCK = 16 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class DenseBase:
    """A dense base on disk: its kind, how far it has come, and what its files must be. Where it has lists, also how
    many of them searches look into, and the part of the ten nearest that they were found to find when it was built.
    """

    file: str
    kind: str
    chunks: int
    last_chunk: int
    last_removal: int
    sha256: str
    reach: int = 0
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The derived files in use. An archive too small for a base has none: its vectors are read from the store."""

    lexical: str = "lexical"
    dense: DenseBase | None = None

    @property
    def kind(self) -> str:
        """The kind of the dense index; without a base it is exact."""
        return self.dense.kind if self.dense else EXACT

    @property
    def recall(self) -> float | None:
        """The part of the ten nearest that it was found to find; None where it finds all."""
        return self.dense.recall if self.dense else None

    @classmethod
    def load(cls, directory: Path) -> "Manifest":
        """The manifest in ``directory``, an empty one where there is none. Raises DerivedError when it is damaged."""
        fields = read_json(directory / FILE)
        try:
            return cls(fields["lexical"], fields["dense"] and DenseBase(**fields["dense"])) if fields else cls()
        except (TypeError, KeyError) as error:
            raise DerivedError(f"{directory / FILE} can't be read: {error}") from error

    def save(self, directory: Path) -> None:
        """Put this manifest in place of the one before."""
        write_json(directory / FILE, asdict(self))


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file, None where there is no file. Raises DerivedError when it is damaged."""
    try:
        fields = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise DerivedError(f"{path} can't be read: {error}") from error
    if not isinstance(fields, dict):
        raise DerivedError(f"{path} can't be read: it holds no object")
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


def stamp(directory: Path) -> tuple[int, int]:
    """What changes when a manifest is swapped; (0, 0) without one. Costs one system call."""
    try:
        status = (directory / FILE).stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_mtime_ns, status.st_ino


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
        """The file as it stands now. Raises OSError."""
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
