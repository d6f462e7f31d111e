"""A million chunks of real text with real vectors: every run of five to seven sentences of 10,000 real articles.

    python -m bench.windows [--articles 10000]

Embedding a million windows one by one takes ten hours on two cores. Here each chunk is embedded once, as ingest does,
and a window's vector is the mean of its word pieces' vectors, as they came out beside their neighbours (Günther et al.,
"Late Chunking: Contextual Chunk Embeddings Using Long-Context Embedding Models", 2024); it has a cosine of 0.83 to 0.99
with what embedding the window by itself gives. The chunks' own vectors are kept beside them. What was embedded stays
under ``.bench/windows``, a file for every fifty articles; a run goes on where the one before stopped.
"""

import argparse
import bisect
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bench.measuring import WORK, real_articles
from corpus.chunking import chunk, context_title, embedded_text
from corpus.formats import Read
from corpus.sentences import sentences
from corpus.types import Article, Chunk
from index.archive import Archive, Prepared
from index.embedding import SentenceTransformerEmbedder, batches
from index.types import Half

PLACE = WORK / "windows"
LENGTHS = (5, 6, 7)
"""Sentences of a window; chunks have about as many."""
_PART = 50


class Embedded(NamedTuple):
    """An article with its chunks and the sums of its sentences' word pieces, (sentences, dimensions)."""

    article: Article
    chunks: list[Chunk]
    vectors: Half
    sums: npt.NDArray[np.float32]

    def windows(self, length: int) -> tuple[list[Chunk], Half]:
        """Every run of so many sentences, with its vector; the whole article where it has fewer."""
        spans = sentences(self.article.text)
        length = min(length, len(spans))
        total = np.concatenate([np.zeros((1, self.sums.shape[1])), np.cumsum(self.sums, 0, np.float64)])
        runs = total[length:] - total[:-length]
        runs /= np.maximum(np.linalg.norm(runs, axis=1, keepdims=True), 1e-9)
        places = [(spans[row][0], spans[row + length - 1][1]) for row in range(len(runs))]
        return [Chunk(start, end, (end - start) // 5) for start, end in places], runs.astype(np.float16)


def embedded(articles: int) -> Iterator[Embedded]:
    """The first ``articles`` real articles, embedding what was not embedded before."""
    embedder = SentenceTransformerEmbedder()
    records = (one.article for one in real_articles(articles) if isinstance(one, Read))
    PLACE.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate(iter(lambda: list(islice(records, _PART)), [])):
        path = PLACE / f"{number:04}.npz"
        if not path.exists():
            _embed(embedder, part, path)
            print(f"{(number + 1) * _PART} articles", flush=True)
        with np.load(path) as kept:
            for row, article in enumerate(part):
                chunks = [Chunk(*(int(value) for value in one)) for one in kept[f"chunks{row}"]]
                yield Embedded(article, chunks, kept[f"vectors{row}"], kept[f"sums{row}"].astype(np.float32))


def fill(archive: Archive, articles: int) -> None:
    """Put the first ``articles`` real articles into an archive, those that it lacks, with their chunks as ingest cuts
    them.
    """
    with archive.read() as snapshot:
        missing = [one for one in embedded(articles) if snapshot.view.digest(one.article.id) != one.article.digest]
    for start in range(0, len(missing), _PART):
        part = missing[start : start + _PART]
        archive.put([Prepared(one.article, one.chunks, one.vectors) for one in part])
    archive.compact()


def _embed(embedder: SentenceTransformerEmbedder, articles: list[Article], path: Path) -> None:
    kept: dict[str, npt.NDArray[np.generic]] = {}
    chunks = [chunk(article, embedder) for article in articles]
    texts: list[str] = []
    for article, cut in zip(articles, chunks, strict=True):
        title = context_title(article.title, embedder)
        texts += [embedded_text(title, article.text[one.start : one.end]) for one in cut]
    encodings = embedder._tokenizer.encode_batch(texts)
    outputs: dict[int, tuple[Half, npt.NDArray[np.float32]]] = {}
    for rows in batches([len(encoding.ids) - 2 for encoding in encodings]):
        batch = embedder._model.encode_document(
            [texts[row] for row in rows],
            batch_size=len(rows),
            output_value=None,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        for row, output in zip(rows, batch, strict=True):
            whole = output["sentence_embedding"].float().numpy().astype(np.float16)
            outputs[row] = whole, output["token_embeddings"].float().numpy()
    row = 0
    for number, (article, cut) in enumerate(zip(articles, chunks, strict=True)):
        starts = [start for start, _ in sentences(article.text)]
        sums = np.zeros((len(starts), embedder.dimensions), np.float32)
        vectors = np.empty((len(cut), embedder.dimensions), np.float16)
        for place, one in enumerate(cut):
            vectors[place], pieces = outputs[row]
            shift = one.start - (len(texts[row]) - (one.end - one.start))  # from the embedded text to the article's
            for piece, (start, end) in zip(pieces, encodings[row].offsets, strict=False):
                if end > start and start + shift >= one.start:
                    sums[max(0, bisect.bisect_right(starts, start + shift) - 1)] += piece
            row += 1
        kept[f"chunks{number}"] = np.array([(one.start, one.end, one.tokens) for one in cut], np.int64)
        kept[f"vectors{number}"] = vectors
        kept[f"sums{number}"] = sums.astype(np.float16)
    aside = path.with_suffix(".new.npz")
    np.savez(aside, **kept)  # type: ignore[arg-type]  # its keywords are arrays
    aside.replace(path)


def main() -> None:
    """Embed, and say how many windows there are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    counts = dict.fromkeys(LENGTHS, 0)
    for one in embedded(parser.parse_args().articles):
        for length in LENGTHS:
            counts[length] += len(one.windows(length)[0])
    print(counts, flush=True)


if __name__ == "__main__":
    main()
