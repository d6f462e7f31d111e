"""Copies of one report share one origin: for now, texts that are the same word for word."""

import hashlib
import re

_WORDS = re.compile(r"\w+")


def fingerprint(text: str) -> str:
    """Hexadecimal SHA-256 over the casefolded words of ``text``: equal for copies that differ in layout only.

    A text without any word is compared as it stands.
    """
    words = " ".join(_WORDS.findall(text.casefold()))
    return hashlib.sha256((words or text).encode()).hexdigest()
