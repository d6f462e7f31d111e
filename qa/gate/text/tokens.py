"""The words of a text in order, with what is between them, and which of them are names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.gate.text.word_classes import MONTHS, is_verb
from qa.gate.text.words import Word, words

_OWN = re.compile(r"['’]s?$")


class TextTokens(NamedTuple):
    """The words of a text, with what stands before each and behind the last."""

    text: str
    words: list[Word]
    gaps: list[str]

    def owns(self, at: int) -> bool:
        """Whether a word is written as an owner: "Nvidia's"."""
        one = self.words[at]
        return _OWN.search(self.text[one.start : one.end]) is not None

    def joined(self, at: int) -> bool:
        """Whether nothing stands between a word and the one before it."""
        return at > 0 and self.gaps[at] in (" ", "-") and not self.owns(at - 1)


def read(text: str) -> TextTokens:
    """Take a text apart."""
    found = words(text)
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(text)]
    return TextTokens(text, found, [text[a:b] for a, b in zip(ends, starts, strict=True)])


def proper(word: Word) -> bool:
    """Whether it is a name, and none of a day or a month."""
    return word.name and word.content and word.lower not in MONTHS


def labels(word: Word) -> bool:
    """Whether it says something and is neither a verb nor a figure."""
    return word.content and not is_verb(word) and not word.text[0].isdigit()


def names(read: TextTokens) -> Iterator[tuple[int, int]]:
    """The names ``[first, end)``: runs of words that are written so."""
    at = 0
    while at < len(read.words):
        if not proper(read.words[at]):
            at += 1
            continue
        first, at = at, at + 1
        while at < len(read.words) and proper(read.words[at]) and read.joined(at):
            at += 1
        yield first, at
