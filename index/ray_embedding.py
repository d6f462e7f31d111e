"""Embeds documents on a Ray cluster. The only module that imports ray.

Articles are read and cut here, and their texts shipped to tasks that give back vectors. A worker that dies, or its
machine, is replaced by Ray and its texts are embedded again. What this process had written is in the archive, whatever
happens to it. Citewire has to be installed on every machine, in the same version.
"""

import logging
import socket
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from index.embedding import Embedder, Pieces, SentenceTransformerEmbedder
from index.errors import ModelError
from index.types import Vectors

_TASK = 256
"""Texts of a task: some seconds of work for a core."""
_ROUND = 8
"""Tasks for each core before their vectors are written: those who are done first don't wait long for the last."""


_PATIENCE = 10.0  # seconds until a machine must have answered


class ClusterEmbedder:
    """Embeds documents on the cluster at ``address`` (``local`` for one on this machine) and questions here.

    A task takes one core, or one GPU where ``device`` is not the CPU.
    Raises ModelError when ray is not installed or the cluster can't be reached.
    """

    def __init__(self, local: Embedder, address: str, *, device: str = "cpu") -> None:
        try:
            import ray
        except ImportError:
            raise ModelError("the package ray is not installed: `pip install 'citewire[ray]'`") from None
        self._local = local
        self._device = device
        self.name, self.precision = local.name, local.precision
        self.dimensions, self.limit = local.dimensions, local.limit
        try:
            if ":" in address and "//" not in address:
                # Ray itself tries for minutes.
                host, _, port = address.rpartition(":")
                socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
            ray.init(address, logging_level=logging.ERROR, log_to_driver=False)
        except (OSError, ValueError, RuntimeError, AssertionError) as error:
            raise ModelError(f"the Ray cluster at {address} can't be reached: {error}") from error
        resources = ray.cluster_resources()  # type: ignore[no-untyped-call]
        workers = resources.get("CPU" if device == "cpu" else "GPU", 0)
        if not workers:
            raise ModelError(f"the Ray cluster at {address} has nothing to embed with on {device}")
        self.at_once = int(workers) * _TASK * _ROUND
        """Texts that keep every worker busy."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens."""
        return self._local.count(texts)

    def embed_pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Each text as a whole and in its pieces, here."""
        return self._local.embed_pieces(texts)

    def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Vectors:
        """(len(texts), dimensions), float32, each row of length one, in the order given. Raises ModelError."""
        if kind == "query":
            return self._local.embed(texts, kind=kind)
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        if not texts:
            return vectors
        import ray
        from ray.data import DataContext, from_items

        logging.getLogger("ray.data").setLevel(logging.WARNING)
        DataContext.get_current().enable_progress_bars = False
        rows = [{"row": row, "text": text} for row, text in enumerate(texts)]
        embedded = from_items(rows, override_num_blocks=-(-len(rows) // _TASK)).map_batches(
            _embedded,  # type: ignore[arg-type]  # its batches are numpy's, as asked for
            batch_size=None,
            batch_format="numpy",
            fn_kwargs={"model": self.name, "device": self._device},
            num_cpus=1 if self._device == "cpu" else 0,
            num_gpus=0 if self._device == "cpu" else 1,
        )
        try:
            for batch in embedded.iter_batches(batch_size=None, batch_format="numpy"):
                vectors[batch["row"]] = np.stack([*batch["vector"]])
        except ray.exceptions.RayError as error:
            raise ModelError(f"the Ray cluster can't embed: {error}") from error
        return vectors


@cache
def _model(name: str, device: str) -> SentenceTransformerEmbedder:
    """The model in a worker's process, loaded for its first task."""
    return SentenceTransformerEmbedder(name, device=device)


def _embedded(batch: dict[str, npt.NDArray[Any]], model: str, device: str) -> dict[str, npt.NDArray[Any]]:
    vectors = _model(model, device).embed([str(text) for text in batch["text"]], kind="document")
    return {"row": batch["row"], "vector": vectors}
