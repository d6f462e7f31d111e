"""The derived indexes of an archive as they are opened: what the manifest names, or as much of it as is whole."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.dense import DenseIndex
from index.errors import DerivedError
from index.lexical import LexicalIndex, Reached, Words
from index.manifest import Manifest, stamp


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


def load(directory: Path, dimensions: int) -> Derived:
    """Open what the manifest in ``directory`` names, as of no generation yet: the rest is replayed from the store."""
    while True:
        now = stamp(directory)
        try:
            manifest = Manifest.load(directory)
        except DerivedError:
            manifest = Manifest()
        dense, reached = DenseIndex.empty(dimensions), Reached(0, 0)
        if manifest.dense:
            try:
                dense = DenseIndex.load(
                    directory / manifest.dense.file,
                    size=manifest.dense.size,
                    dimensions=dimensions,
                    reach=manifest.dense.reach,
                )
                reached = Reached(manifest.dense.last_chunk, manifest.dense.last_removal)
            except DerivedError:
                if now != stamp(directory):
                    continue
        lexical = open_lexical(directory / manifest.lexical)
        if now == stamp(directory):  # else compacted by another process just now
            return Derived(now, -1, reached, dense, lexical, manifest)


def open_lexical(directory: Path) -> LexicalIndex:
    """Open the full-text index in ``directory``; one that can't be read is set aside, and an empty one made."""
    try:
        return LexicalIndex(directory)
    except DerivedError:
        aside = directory.with_name(f"{directory.name}.damaged")
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(OSError):  # another thread or process set it aside first
            directory.rename(aside)
        return LexicalIndex(directory)
