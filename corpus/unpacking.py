"""Unpacks zip and tar files of articles into one directory, which no entry can escape, up to a size limit."""

import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from corpus.decoding import open_bytes
from corpus.errors import FormatError
from corpus.reading import is_readable
from corpus.types import Rejected

KINDS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst")
"""File name endings of what can be unpacked."""
MAX_FILES = 200_000
"""Files that a packed one may hold, those that are refused counted."""
MAX_BYTES = 16 * 2**30
"""Bytes that they may have together, unpacked."""
_PIECE = 2**20
_MAX_NAME = 1_000


class _Entry(NamedTuple):
    """A file inside: its name as it stands there, and its content, or why that can't be taken."""

    name: str
    content: IO[bytes] | str


def is_packed(name: str) -> bool:
    """Whether a file of this name can be unpacked."""
    return name.lower().endswith(KINDS)


def unpack(path: Path, directory: Path, *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES) -> list[Rejected]:
    """Write the readable files in ``path`` into ``directory``, which is made, under their own names; give those that
    were left out, with the reason. Hidden files and directories are passed over.

    Raises FormatError where ``path`` is damaged, or holds more than it may; OSError where nothing can be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    refused: list[Rejected] = []
    left, files = max_bytes, 0
    try:
        for entry in _tar(path) if path.name.lower().endswith(KINDS[1:]) else _zip(path):
            parts = PurePosixPath(entry.name.replace("\\", "/")).parts
            if any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts:
                continue
            files += 1
            if files > max_files:
                raise FormatError(f"it holds more than {max_files:,} files, the limit for one upload")
            content = entry.content
            if not isinstance(content, str):
                content = _objection(entry.name, parts, directory) or content
            if isinstance(content, str):
                refused.append(Rejected(_printable(entry.name), content))
            else:
                left = _write(content, directory.joinpath(*parts), left, max_bytes)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError) as error:
        raise FormatError(f"it is damaged, or packed in a format that can't be read ({error})") from error
    return refused


def _objection(name: str, parts: tuple[str, ...], directory: Path) -> str | None:
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in name:
        return "its name leads out of the directory it belongs in"
    if len(os.fsencode(name)) > _MAX_NAME or any(len(os.fsencode(part)) > 255 for part in parts):
        return "its name is too long"
    if not is_readable(parts[-1]):
        return "unknown kind of file" if not is_packed(parts[-1]) else "a packed file inside a packed file"
    target = directory.joinpath(*parts)
    if target.exists() or any(parent.is_file() for parent in target.parents):
        return "a file of this name came before"
    return None


def _write(stream: IO[bytes], target: Path, left: int, most: int) -> int:
    """Copy, counting what is really there; gives what may still come."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        while piece := stream.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise FormatError(f"it unpacks to more than {most // 2**20:,} MB, the limit for one upload")
            file.write(piece)
    return left


def _zip(path: Path) -> Iterator[_Entry]:
    with zipfile.ZipFile(path) as packed:
        for info in packed.infolist():
            if info.is_dir():
                continue
            kind = info.external_attr >> 16
            if stat.S_ISLNK(kind):
                yield _Entry(info.filename, "a link")
            elif info.flag_bits & 0x1:
                yield _Entry(info.filename, "it is encrypted")
            else:
                with packed.open(info) as stream:
                    yield _Entry(info.filename, stream)


def _tar(path: Path) -> Iterator[_Entry]:
    compression = ".gz" if path.suffix.lower() == ".tgz" else path.suffix
    with open_bytes(path, compression) as stream, tarfile.open(fileobj=stream, mode="r|") as packed:
        for info in packed:
            if info.isdir():
                continue
            if info.issym() or info.islnk():
                yield _Entry(info.name, "a link")
            else:
                content = packed.extractfile(info) if info.isfile() else None
                yield _Entry(info.name, content or "not a regular file")


def _printable(name: str) -> str:
    return os.fsencode(name).decode(errors="replace")
