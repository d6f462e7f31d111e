"""An archive opened together with the models it is asked with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from corpus.errors import IncompatibleStore
from corpus.store import Store
from corpus.tokens import SHA256 as ENCODING_SHA256
from index.archive import Archive
from index.embedding import Embedder, SentenceTransformerEmbedder
from index.errors import ModelError
from qa.reader import Reader
from qa.reader.sentences import SentenceReader
from qa.settings import Settings

CHUNKING = "1"
"""Goes up when the same article would be cut otherwise: chunks of two ways of cutting can't share an archive."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is needed to put articles in and get answers out."""

    archive: Archive
    embedder: Embedder
    reader: Reader


@contextmanager
def open_desk(settings: Settings, *, create: bool = False) -> Iterator[Desk]:
    """Open the archive that the settings name, with its models; they load in the background, ready when first used.

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
    with Archive.open(settings.archive, settings=made_with, dimensions=embedder.dimensions, create=create) as archive:
        threading.Thread(target=_load, args=(embedder,), daemon=True).start()
        yield Desk(archive, embedder, SentenceReader(embedder))


def _load(embedder: SentenceTransformerEmbedder) -> None:
    with suppress(ModelError):  # raised again for who first uses it
        embedder.load()


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
    return Archive.open(settings.archive, settings={}, dimensions=int(dimensions))
