"""The manifest of an archive's derived files: one small file, replaced atomically, so that they change all at once."""

from dataclasses import asdict, dataclass
from pathlib import Path

from index.errors import DerivedError
from index.files import read_json, write_json

FILE = "manifest.json"
EXACT, LISTS = "exact-float16", "ivf-pq-float16"
"""Kinds of dense base: every vector is scored, or codes in lists choose those that are."""


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
        """The measured recall among the ten nearest; None if it is exact."""
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


def stamp(directory: Path) -> tuple[int, int]:
    """What changes when a manifest is swapped; (0, 0) without one. Costs one system call."""
    try:
        status = (directory / FILE).stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_mtime_ns, status.st_ino
