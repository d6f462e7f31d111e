"""Paths to articles: files and directories walked, each file read by its format, one article in memory at a time."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from corpus.dates import Order
from corpus.decoding import COMPRESSIONS, read_bytes
from corpus.errors import FormatError
from corpus.formats import Read, jsonl, markdown, table, text
from corpus.formats import xml_roots as by_root
from corpus.formats.html import page as html
from corpus.formats.pdf import document as pdf
from corpus.types import Rejected

__all__ = ["PassedOver", "Read", "read"]

_TOLD = 5  # kinds of files passed over that are named


class _Records(NamedTuple):
    """How a file of many articles is read, and how many it seems to hold."""

    read: Callable[..., Iterator[Read | Rejected]]
    count: Callable[[Path], int]


# One article a file, and many.
_SINGLE: dict[str, Callable[..., Read | Rejected]] = {
    ".txt": text.read,
    ".text": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".pdf": pdf.read,
}
_MANY = {
    ".jsonl": _Records(jsonl.read, jsonl.count),
    ".ndjson": _Records(jsonl.read, jsonl.count),
    ".json": _Records(jsonl.read_json, jsonl.count),
    ".csv": _Records(table.read, table.count),
    ".tsv": _Records(table.read, table.count),
    ".xml": _Records(by_root.read, by_root.count),
    ".nitf": _Records(by_root.read, by_root.count),
    ".rss": _Records(by_root.read, by_root.count),
    ".atom": _Records(by_root.read, by_root.count),
}


class PassedOver:
    """What was passed over in directories, as its kind is not one that can be read: how many files of each ending."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        """Files of each ending, such as ".docx", in small letters; "" for those without one."""

    @property
    def files(self) -> int:
        """How many files were passed over."""
        return self.kinds.total()

    def note(self, path: Path) -> None:
        """Count a file."""
        ending = Path(_unpacked(path.name)).suffix.lower()
        self.kinds[os.fsencode(ending).decode(errors="replace")] += 1

    def __str__(self) -> str:
        """Say it in one line: "3 files of unknown kinds were passed over: 2 .docx, 1 .bak"; "" where there are none."""
        if not self.files:
            return ""
        told = ", ".join(f"{times:,} {kind or 'without an ending'}" for kind, times in self.kinds.most_common(_TOLD))
        more = len(self.kinds) - _TOLD
        what = "1 file of an unknown kind was" if self.files == 1 else f"{self.files:,} files of unknown kinds were"
        return f"{what} passed over: {told}{f' and {more:,} other kinds' if more > 0 else ''}"


def read(
    paths: Sequence[Path],
    *,
    date_order: Order | None = None,
    follow: by_root.Follow | None = None,
    passed_over: PassedOver | None = None,
) -> Iterator[Read | Rejected]:
    """Read every article under ``paths``, files and directories, in sorted order; what can't be read is said.

    Files in directories that are of no readable kind are passed over, and counted in ``passed_over``. ``date_order`` is
    how the archive writes dates like 9/6/17, where that is known; without it they stay unread unless the article's URL
    decides. ``follow`` reads what feeds and sitemaps name. Raises nothing for bad input.
    """
    for path in paths:
        try:
            yield from _path(path, date_order, follow, passed_over)
        except OSError as error:
            # It stands in a directory that may not be entered, or its name is too long to be one.
            yield Rejected(_where(path), f"can't be read: {error.strerror or error}")


def is_readable(name: str) -> bool:
    """Whether a file of this name is of a kind that can be read."""
    return _format(Path(name)) is not None


def readable() -> str:
    """The kinds of file that can be read, and how they may be packed, for people."""
    return f"{', '.join(sorted([*_SINGLE, *_MANY]))}, each also packed as {', '.join(sorted(COMPRESSIONS))}"


def count(root: Path) -> int:
    """How many records ``read`` would find under a directory, without looking closely: a guess to show progress by."""
    files = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    kinds = ((path, kind) for path in files if (kind := _format(path)) and path.is_file())
    return sum(_MANY[kind].count(path) if kind in _MANY else 1 for path, kind in kinds)


def _path(
    path: Path, order: Order | None, follow: by_root.Follow | None, passed_over: PassedOver | None
) -> Iterator[Read | Rejected]:
    if path.is_dir():
        for found in walk(path, passed_over):
            if isinstance(found, Rejected):
                yield found
            else:
                yield from read_file(*found, order=order, follow=follow)
    elif not path.exists():
        yield Rejected(_where(path), "no such file or directory")
    elif not path.is_file():
        yield Rejected(_where(path), "not a regular file")
    elif _format(path) is None:
        yield Rejected(_where(path), f"unknown kind of file; readable are {readable()}")
    else:
        yield from read_file(path, path.name, order=order, follow=follow)


def walk(root: Path, passed_over: PassedOver | None = None) -> Iterator[tuple[Path, str] | Rejected]:
    """Walk a directory in sorted order: each readable file with its path below the directory, which names it.

    Hidden files are passed over, and unknown kinds, which ``passed_over`` counts. A directory linked into itself is
    entered once.
    """
    entered: set[tuple[int, int]] = set()
    failures: list[OSError] = []
    for folder, folders, files in os.walk(root, followlinks=True, onerror=failures.append):
        here = os.stat(folder)
        if (here.st_dev, here.st_ino) in entered:
            folders.clear()
            continue
        entered.add((here.st_dev, here.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if name.startswith("."):
                continue
            if _format(path) is None:
                if passed_over is not None and path.is_file():
                    passed_over.note(path)
                continue
            if path.is_file():
                yield path, path.relative_to(root).as_posix()
            elif path.is_symlink():
                yield Rejected(_where(path), "a link that leads to no file")
    for failure in failures:
        yield Rejected(_where(Path(os.fsdecode(failure.filename))), f"can't be opened: {failure.strerror}")


def read_file(
    path: Path, name: str, *, order: Order | None = None, follow: by_root.Follow | None = None
) -> Iterator[Read | Rejected]:
    """Read the articles of one file; ``name`` is the id of one that is an article. Raises nothing for bad input."""
    where = _where(path)
    kind = _format(path)
    try:
        if kind in _MANY and _MANY[kind].read is by_root.read:
            yield from by_root.read(path, where=where, order=order, follow=follow)
        elif kind in _MANY:
            yield from _MANY[kind].read(path, where=where, order=order)
        elif kind is not None:
            if any("\ud800" <= character <= "\udfff" for character in name):
                yield Rejected(where, "its name is not valid UTF-8, and would be the article's id: rename the file")
                return
            data = read_bytes(path)
            if data.strip():
                yield _SINGLE[kind](data, article_id=_unpacked(name), where=where, order=order)
            else:
                yield Rejected(where, "the file is empty")
    except FormatError as error:
        yield Rejected(where, str(error))
    except OSError as error:
        yield Rejected(where, f"can't be read: {error.strerror or error}")


def _format(path: Path) -> str | None:
    suffix = Path(_unpacked(path.name)).suffix.lower()
    return suffix if suffix in _SINGLE or suffix in _MANY else None


def _unpacked(name: str) -> str:
    """Take the compression's suffix off a file name."""
    suffix = Path(name).suffix
    return name[: -len(suffix)] if suffix.lower() in COMPRESSIONS else name


def _where(path: Path) -> str:
    """Write a path so that it can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode(errors="replace")
