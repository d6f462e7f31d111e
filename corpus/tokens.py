"""Tokens: the bundled byte-pair encoding, in which the length of chunks is measured.

tiktoken downloads its own encodings at first use. This one comes with the package, so that chunk borders are
the same on every machine, offline too. ``corpus.train_encoding`` made it.
"""

import base64
import binascii
import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import tiktoken

from corpus.errors import TokenizerError

NAME = "citewire_news"
FILE = "news.tiktoken"
SHA256 = "e4cb9aa0de6cbfee19510636a207e841e509a6feb7e58655204d2eb95d4cf09a"
"""Hexadecimal SHA-256 of the ranks file. Another file would silently move every chunk border."""

PATTERN = "|".join(
    (
        r"['’](?:[sdmtSDMT]|ll|ve|re|LL|VE|RE)",
        r" ?[\p{L}\p{M}]{1,32}",
        r" ?\p{N}{1,3}",
        r" ?[^\s\p{L}\p{M}\p{N}]{1,8}",
        r"[\r\n]{1,8}",
        r"\s{1,16}(?!\S)",
        r"\s{1,16}",
    )
)
"""Where a text is split before bytes are merged. Every run is capped, because merging costs the square of a
piece's length and a text may be megabytes without a space: 1 MB of one letter takes 0.1 s with the caps."""


@cache
def encoding() -> tiktoken.Encoding:
    """Give the bundled encoding, loaded at the first call.

    Raises TokenizerError when its file is missing or isn't the one this version was made with.
    """
    return load(files("corpus").joinpath("encoding", FILE))


def load(path: Traversable, sha256: str = SHA256) -> tiktoken.Encoding:
    """Read the encoding whose ranks stand in ``path``: a token in base64, a space and its rank per line.

    Raises TokenizerError when the file can't be read or its SHA-256 is not ``sha256``.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TokenizerError(f"the bundled encoding {path} can't be read ({error}): install citewire again") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise TokenizerError(
            f"the bundled encoding {path} was changed: its SHA-256 is {found}, not {sha256}: install citewire again"
        )
    return tiktoken.Encoding(name=NAME, pat_str=PATTERN, mergeable_ranks=parse(content), special_tokens={})


def parse(content: bytes) -> dict[bytes, int]:
    """Read token to rank out of tiktoken's ranks format. Raises TokenizerError at the first line that isn't of it."""
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            token, rank = line.split()
            ranks[base64.b64decode(token, validate=True)] = int(rank)
        except (ValueError, binascii.Error) as error:
            raise TokenizerError(f"line {number} of the encoding is not a token and its rank: {line!r}") from error
    return ranks


def count(text: str) -> int:
    """Count how many tokens ``text`` has. It must be valid Unicode (an Article's text is)."""
    return len(encoding().encode_ordinary(text))


def counts(texts: list[str]) -> list[int]:
    """Count how many tokens each of ``texts`` has, in order."""
    encode = encoding().encode_ordinary
    return [len(encode(text)) for text in texts]
