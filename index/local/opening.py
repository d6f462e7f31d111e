"""Opens an archive's derived indexes: what the manifest names, or as much of it as is not damaged."""

import logging
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from index.backends import Reached
from index.errors import DerivedError
from index.local.dense import DenseIndex
from index.local.lexical import LexicalIndex, Words
from index.local.manifest import Manifest, stamp

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Derived:
    """The derived indexes at one generation. ``lexical`` follows the disk; ``words`` is what it held then.

    ``whole`` says that they had come as far as that generation.
    """

    stamp: tuple[int, int]
    generation: int
    reached: Reached
    dense: DenseIndex
    lexical: LexicalIndex
    manifest: Manifest
    words: Words | None = None
    whole: bool = False
    damaged: bool = False
    """Something was: its part of ``dense`` is replayed from the store, and should be written anew."""


def load(directory: Path, dimensions: int, scratch: Path | None = None) -> Derived:
    """Open what the manifest in ``directory`` names, as of no generation yet: the rest is replayed from the store.

    A directory that can't be written has a ``scratch`` for what is.
    """
    while True:
        now, damage = stamp(directory), None
        try:
            manifest = Manifest.load(directory)
        except DerivedError as error:
            manifest, damage = Manifest(), error
        dense, reached = DenseIndex.empty(dimensions), Reached(0, 0)
        if manifest.dense:
            try:
                dense = DenseIndex.load(
                    directory / manifest.dense.file,
                    sha256=manifest.dense.sha256,
                    dimensions=dimensions,
                    reach=manifest.dense.reach,
                )
                reached = Reached(manifest.dense.last_chunk, manifest.dense.last_removal)
            except DerivedError as error:
                damage = error
        words = directory / manifest.lexical
        lexical = open_lexical(words if scratch is None else mirrored(words, scratch))
        if now == stamp(directory):  # else compacted by another process just now
            if damage:
                _log.warning("%s: made anew from the store", damage)
            return Derived(now, -1, reached, dense, lexical, manifest, damaged=damage is not None)


def open_lexical(directory: Path) -> LexicalIndex:
    """Open the full-text index in ``directory``; one that can't be read is set aside, and an empty one made."""
    try:
        return LexicalIndex(directory)
    except DerivedError as error:
        _log.warning("%s: set aside, and made anew from the store", error)
        aside = directory.with_name(f"{directory.name}.damaged")
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(OSError):  # another thread or process set it aside first
            directory.rename(aside)
        return LexicalIndex(directory)


def mirrored(directory: Path, scratch: Path) -> Path:
    """Make a directory in ``scratch`` with links to the files of another: tantivy writes locks where it reads."""
    mirror = Path(mkdtemp(prefix="lexical-", dir=scratch))
    for path in directory.iterdir() if directory.is_dir() else ():
        if path.name == "meta.json":
            shutil.copyfile(path, mirror / path.name)  # written anew by a commit
        elif not path.name.endswith(".lock"):
            (mirror / path.name).symlink_to(path.absolute())
    return mirror
