"""An open archive with the models that answer questions from it."""

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from corpus.errors import IncompatibleStore
from corpus.storage.store import Store
from corpus.tokens import SHA256 as ENCODING_SHA256
from index.archive import Archive
from index.backends import Server
from index.embedding import Embedder, SentenceTransformerEmbedder
from index.errors import ModelError
from qa.reader import DEFAULT_READER, Reader
from qa.reader.extractive import ExtractiveReader
from qa.reader.sentences import SentenceReader
from qa.reader.trained import TrainedReader
from qa.settings import DEFAULT_MIN_CONFIDENCE, Settings
from qa.writer.client import Writer

CHUNKING = "1"
"""Goes up when the same article would be cut otherwise: chunks of two ways of cutting can't share an archive."""

_USUAL, _OFTEN = 0.005, 0.0002
"""Seconds after which threads take turns: Python's own, and while models load."""


@dataclass(frozen=True, slots=True)
class Engine:
    """All that is needed to put articles in and get answers out."""

    archive: Archive
    embedder: Embedder
    reader: Reader
    bar: float = DEFAULT_MIN_CONFIDENCE
    """The least confidence of an answer, where a question sets none."""
    writer: Writer | None = None
    """What writes prose, where one is set."""


@contextmanager
def open_engine(settings: Settings, *, create: bool = False, load: bool = True) -> Iterator[Engine]:
    """Open the archive that the settings name, with its models; they load in the background, ready when first used, or
    without ``load`` not before.

    Raises corpus.errors.StoreError when there is no archive and ``create`` is off, or when it was made otherwise.
    """
    embedder = SentenceTransformerEmbedder(settings.model, device=settings.device)
    made_with = {
        "model": embedder.name,
        "encoding": ENCODING_SHA256[:16],
        "chunking": CHUNKING,
        # Kept so that ``open_archive`` needs no model to know it.
        "dimensions": str(embedder.dimensions),
    }
    dimensions = embedder.dimensions
    with Archive.open(
        settings.archive, settings=made_with, dimensions=dimensions, create=create, milvus=_milvus(settings)
    ) as archive:
        reader = reader_named(settings.reader, embedder, settings.device)
        done = threading.Event()
        loading = threading.Thread(target=_load, args=(done, embedder, reader), daemon=True)
        if load:
            loading.start()
        bar = DEFAULT_MIN_CONFIDENCE if settings.min_confidence is None else settings.min_confidence
        try:
            yield Engine(archive, embedder, reader, bar, Writer.of(settings))
        finally:
            # A process that ends while its libraries are being set up is aborted by them.
            done.set()
            if load:
                loading.join()


def on_cluster(engine: Engine, address: str, device: str) -> tuple[Engine, int]:
    """The engine with documents embedded on a Ray cluster, and how many chunks keep that busy. Raises ModelError."""
    from index.ray_embedding import ClusterEmbedder

    embedder = ClusterEmbedder(engine.embedder, address, device=device)
    return replace(engine, embedder=embedder), embedder.at_once


def reader_named(name: str, embedder: Embedder, device: str) -> Reader:
    """The reader that a setting names; it loads when it is first used."""
    if name == DEFAULT_READER:
        return TrainedReader(device=device)
    return SentenceReader(embedder) if name == SentenceReader.name else ExtractiveReader(name, device=device)


def _load(done: threading.Event, *models: SentenceTransformerEmbedder | Reader) -> None:
    # Hundreds of thousands of objects are made to stay: looking for garbage among them takes a tenth of the time. And
    # who checks the archive meanwhile gives the interpreter away at each row: to wait as usual for it is too long.
    sys.setswitchinterval(_OFTEN)
    gc.disable()
    try:
        for model in models:
            if done.is_set():
                break
            with suppress(ModelError):  # raised again for who first uses it
                model.load()
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(_USUAL)


def open_archive(settings: Settings) -> Archive:
    """Open the archive that the settings name for work that needs no model: to list, show, delete, verify or check.

    Raises corpus.errors.StoreError when there is no archive or it can't be read.
    """
    store = Store.open(settings.archive)
    try:
        dimensions = store.settings().get("dimensions")
    finally:
        store.close()
    if dimensions is None:
        raise IncompatibleStore(f"{store.path} does not say how long its vectors are: it was not made by `citewire`")
    return Archive.open(settings.archive, settings={}, dimensions=int(dimensions), milvus=_milvus(settings))


def _milvus(settings: Settings) -> Server | None:
    """The Milvus server that the settings name, if any."""
    return Server(settings.milvus_uri, settings.milvus_token) if settings.milvus_uri else None
