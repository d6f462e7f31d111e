"""What tests share: an empty archive with a hand-computable embedder, and the real data where it exists."""

import os

# Where several processes run tests, each computes on one core: torch's threads would wait for those of the others.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import hypothesis
import pytest

from corpus.formats import Read
from corpus.reading import read
from corpus.types import Article
from index.archive import Archive
from qa.engine import Engine, open_engine
from qa.ingestion.pipeline import ingest
from qa.reader.sentences import SentenceReader
from qa.settings import Settings
from tests.fakes import BagEmbedder
from tests.servers import milvus_lite

# What is slow because something else runs on the machine is not wrong: time is measured in the benchmarks. One state of
# the code has one verdict: other examples are drawn where more of them are asked for (CITEWIRE_TEST_EXAMPLES).
hypothesis.settings.register_profile(
    "unhurried", deadline=None, derandomize="CITEWIRE_TEST_EXAMPLES" not in os.environ, database=None
)
hypothesis.settings.load_profile("unhurried")

SAMPLE = Path(str(files("corpus") / "sample" / "articles.jsonl"))
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A server that a test starts in its own process logs to a stream that ends with the test."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty archive, with the bag-of-words embedder and the sentence reader over it."""
    embedder = BagEmbedder()
    made_with = {"model": embedder.name}
    with Archive.open(tmp_path / "archive", settings=made_with, dimensions=embedder.dimensions, create=True) as archive:
        yield Engine(archive, embedder, SentenceReader(embedder))


@pytest.fixture(scope="session")
def sample_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample archive with the models that are shipped. Not to be written to."""
    settings = Settings(archive=tmp_path_factory.mktemp("sample"))
    with open_engine(settings, create=True) as engine:
        assert {outcome.outcome for outcome in ingest(engine, read([SAMPLE]))} == {"added"}
        yield engine


@pytest.fixture
def story(sample_engine: Engine, tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Makes an archive of a few articles, with the models that are shipped."""
    with ExitStack() as opened:

        def tell(*articles: Article) -> Engine:
            directory = tmp_path / f"story-{len(list(tmp_path.iterdir()))}"
            dimensions = sample_engine.embedder.dimensions
            archive = opened.enter_context(Archive.open(directory, settings={}, dimensions=dimensions, create=True))
            engine = replace(sample_engine, archive=archive)
            records = [Read(article, article.id, ()) for article in articles]
            assert {outcome.outcome for outcome in ingest(engine, records)} == {"added"}
            return engine

        yield tell


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Milvus Lite server on loopback."""
    with milvus_lite(tmp_path_factory.mktemp("milvus")) as address:
        yield address


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of real texts beside the checkout; tests that need it are skipped where there is none."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return SHARED
