"""What tests share: an empty archive with a hand-computable embedder, and the real data where it exists."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from qa.opening import Desk
from qa.reader.sentences import SentenceReader
from tests.fakes import BagEmbedder

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty archive, with the bag-of-words embedder and the sentence reader over it."""
    embedder = BagEmbedder()
    made_with = {"model": embedder.name}
    with Archive.open(tmp_path / "archive", settings=made_with, dimensions=embedder.dimensions, create=True) as archive:
        yield Desk(archive, embedder, SentenceReader(embedder))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of real texts beside the checkout; tests that need it are skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return SHARED
