"""Train the reader.

    python -m qa.reader.training --data ../shared/data --work .training

Goes on from the last checkpoint in ``--work`` where there is one; without one, ``--start`` names weights to train on
from instead of the packaged model's. On two AVX2 cores it reads some 1,850 word pieces a second.
"""

import argparse
import math
from functools import cache
from pathlib import Path

import torch

from index.embedding import packaged_model, precision_on
from qa.reader import weights
from qa.reader.inputs import Marks, packaged_tokenizer
from qa.reader.network import ReaderNetwork
from qa.reader.training.corpora import STAGES, corpora
from qa.reader.training.train import Recipe, Trainer, order

CHECKPOINT = 240.0
"""Seconds of training between checkpoints."""


def main() -> None:
    """Train, or go on training, and leave a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path(".training"))
    parser.add_argument("--stage", choices=STAGES, default="first", help="what is learned from: see corpora.STAGES")
    parser.add_argument("--pieces", type=int, default=30_000_000)
    parser.add_argument("--seconds", type=float, default=math.inf, help="come to the end by then, whatever was read")
    parser.add_argument("--batch", type=int, default=2_800, help="word pieces of a batch; 16,000 on a GPU")
    parser.add_argument("--dropout", type=float, default=0.0, help="0.1 where questions come by many times")
    parser.add_argument("--workers", type=int, default=0, help="other processes that make batches: a GPU needs a dozen")
    parser.add_argument("--peak", type=float, default=3e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to start from, as they are shipped; with another --seed")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(arguments.seed)
    tokenizer = packaged_tokenizer()
    pool, sources = corpora(arguments.data, tokenizer, Marks.of(tokenizer), arguments.stage)
    print(f"{len(pool.questions):,} questions over {len(pool.texts):,} texts", flush=True)
    dtype = torch.bfloat16 if arguments.device == "cuda" else getattr(torch, precision_on(arguments.device))
    recipe = Recipe(arguments.pieces, arguments.seconds, arguments.batch, arguments.peak, seed=arguments.seed)
    network = ReaderNetwork.from_packaged(packaged_model(), arguments.dropout)
    earlier = [] if arguments.start is None else weights.stretches(arguments.start)
    if arguments.start is not None:
        network.load_state_dict(weights.load(arguments.start, None)[0], strict=False)
    trainer = Trainer(network, recipe, arguments.device, dtype, earlier)
    checkpoint = arguments.work / "checkpoint.pt"
    if checkpoint.exists():
        trainer.resume(checkpoint)
        print(f"going on from {trainer.progress}", flush=True)
    saved = trainer.progress.seconds

    def after(trainer: Trainer) -> None:
        nonlocal saved
        if trainer.progress.seconds - saved > CHECKPOINT or trainer.done == 1:
            trainer.save(checkpoint)
            saved = trainer.progress.seconds

    trainer.train(pool, cache(order(sources, arguments.seed)), after, arguments.workers)


if __name__ == "__main__":
    main()
