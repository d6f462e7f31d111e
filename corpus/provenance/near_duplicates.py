"""Near-duplicates: copies and rewrites of one report share one origin.

They are found by MinHash over runs of three words (Broder, "On the resemblance and containment of documents", 1997),
looked up by bands of it, so that the millionth article costs what the thousandth did. Whether two articles are one
report depends on these two alone: the order of ingest changes nothing.
"""

import hashlib
import re
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from datasketch import MinHash

SHINGLE = 3
"""Words in a run."""
SHORTEST = 30
"""Words of the shortest text that is looked at for what it shares: a shorter one says too little, only equal ones are
copies."""
PERMUTATIONS = 128
BAND = 3
"""Values of a sketch that are looked up together: pairs that share 0.3 of their runs meet in one of the 42 bands with a
probability of 0.68, those that share half with 0.997."""
COPY = 0.75
"""Texts that share so much are copies, whoever published them, whenever."""
REPRINT = 0.6
"""... so much, when published within ``NEAR_DAYS``. One outlet repeats up to half of a text in another: background, and
what stands around it on the page."""
REWRITE = 0.3
"""... and so much, when other outlets did."""
NEAR_DAYS = 7

_WORDS = re.compile(r"\w+")


class Sketched(NamedTuple):
    """What tells whether two articles are one report: ``sketch`` of the text, outlet, day as a proleptic ordinal."""

    sketch: bytes
    source: str | None
    day: int | None


def fingerprint(text: str) -> str:
    """Hexadecimal SHA-256 over the casefolded words of ``text``: equal for copies that differ in layout only.

    A text without any word is compared as it stands.
    """
    words = " ".join(_WORDS.findall(text.casefold()))
    return hashlib.sha256((words or text).encode()).hexdigest()


def sketch(text: str) -> bytes:
    """MinHash of the runs of words of ``text``: PERMUTATIONS values of 32 bits, little-endian."""
    words = _WORDS.findall(text.casefold()) or [text]
    size = SHINGLE if len(words) >= SHORTEST else len(words)
    runs = {" ".join(words[at : at + size]).encode() for at in range(len(words) - size + 1)}
    made = _empty().copy()
    made.update_batch([*runs])
    return bytes(made.hashvalues.astype("<u4").tobytes())


@cache
def _empty() -> "MinHash":
    # Imported here, because it brings scipy: who only asks needs neither.
    from datasketch import MinHash

    return MinHash(PERMUTATIONS, seed=1, scheme="affine32", hashfunc=zlib.crc32)


def bands(sketched: bytes) -> list[int]:
    """Keys to look a sketch up by, one a band: near-copies share one of them. Signed 64-bit integers."""
    size = 4 * BAND
    return [
        int.from_bytes(hashlib.blake2b(bytes([band]) + sketched[at : at + size], digest_size=8).digest(), signed=True)
        for band, at in enumerate(range(0, len(sketched) - size + 1, size))
    ]


def one_report(one: Sketched, other: Sketched) -> bool:
    """Whether two articles are copies or rewrites of one report."""
    shared = similarity(one.sketch, other.sketch)
    if shared >= COPY:
        return True
    if one.day is not None and other.day is not None and abs(one.day - other.day) > NEAR_DAYS:
        return False
    other_outlet = one.source and other.source and one.source.casefold() != other.source.casefold()
    return shared >= (REWRITE if other_outlet else REPRINT)


def similarity(one: bytes, other: bytes) -> float:
    """The estimated share of runs of words that two texts have in common, 0 to 1."""
    left, right = (np.frombuffer(sketched, "<u4") for sketched in (one, other))
    return float(np.mean(left == right))


def families(articles: Sequence[Sketched]) -> list[int]:
    """For each article the row of the first one that is the same report, directly or through others."""
    family = [*range(len(articles))]

    def root(row: int) -> int:
        while family[row] != row:
            row = family[row]
        return row

    for row, article in enumerate(articles):
        for before in range(row):
            if root(before) != root(row) and one_report(articles[before], article):
                first, last = sorted((root(before), root(row)))
                family[last] = first
    return [root(row) for row in range(len(articles))]
