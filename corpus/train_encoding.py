"""Train the bundled byte-pair encoding: ``python -m corpus.train_encoding ARTICLES.jsonl.xz``.

Only the statistics of the texts go into the result: which runs of bytes inside a word are frequent. A token
never reaches across a word border, so no text can be read back out of it.

The same input gives the same file, byte for byte. Training reads a seeded sample, takes some seconds, and
prints the SHA-256 that ``corpus.tokens`` has to name.
"""

import argparse
import base64
import hashlib
import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from corpus.tokens import FILE, PATTERN

VOCABULARY = 16_384
"""Tokens in all, the 256 single bytes included. The texts it counts are short: the size only has to be stable."""
SAMPLE = 15_000_000
"""Characters of text to learn from."""
SEED = 20_260_128
LONGEST = 24
"""Bytes of the longest token: keeps separator lines and boilerplate from becoming tokens of their own."""
TARGET = Path(__file__).parent / "encoding" / FILE


def sample(articles: Path, characters: int, seed: int = SEED) -> list[str]:
    """Draw titles and texts of articles without replacement until they hold ``characters`` code points.

    ``articles`` is xz-compressed JSON lines with the fields ``title`` and ``text``.
    """
    with lzma.open(articles, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    random.Random(seed).shuffle(records)  # noqa: S311 - a sample that can be drawn again, not a secret
    drawn: list[str] = []
    total = 0
    for record in records:
        if total >= characters:
            break
        drawn += [record["title"], record["text"]]
        total += len(record["title"]) + len(record["text"])
    return drawn


def train(texts: list[str], vocabulary: int = VOCABULARY) -> Tokenizer:
    """Train a byte-level BPE over ``texts`` that splits words as ``corpus.tokens`` does."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=LONGEST,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def ranks(tokenizer: Tokenizer) -> list[bytes]:
    """Give the tokens as bytes in the order of their merges: single bytes in byte order, then the learned ones."""
    to_byte = byte_of_character()
    by_id = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    tokens = [bytes(to_byte[character] for character in token) for token, _ in by_id]
    learned = [token for token in tokens if len(token) > 1]
    return [bytes([byte]) for byte in range(256)] + learned


def byte_of_character() -> dict[str, int]:
    """Give the printable stand-ins that byte-level BPE uses for bytes (GPT-2's ``bytes_to_unicode``), inverted."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + n): byte for n, byte in enumerate(hidden)}


def lines(tokens: list[bytes]) -> Iterator[str]:
    """Write tiktoken's ranks format: a token in base64, a space, its rank."""
    for rank, token in enumerate(tokens):
        yield f"{base64.b64encode(token).decode('ascii')} {rank}\n"


def main() -> None:
    """Read the articles, train, write the ranks, print their SHA-256."""
    parser = argparse.ArgumentParser(prog="python -m corpus.train_encoding", description=__doc__)
    parser.add_argument("articles", type=Path, help="xz-compressed JSON lines with the fields title and text")
    parser.add_argument("--to", type=Path, default=TARGET, help="where to write (default: the package's own file)")
    given = parser.parse_args()
    content = "".join(lines(ranks(train(sample(given.articles, SAMPLE))))).encode("ascii")
    given.to.parent.mkdir(parents=True, exist_ok=True)
    given.to.write_bytes(content)
    print(f"{given.to}: {VOCABULARY:,} tokens, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
