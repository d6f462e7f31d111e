"""Names and figures that have swapped places, while everything around them is the same word for word."""

from qa.gate.text.word_classes import MONTHS
from qa.gate.text.words import Word, words
from qa.language.numbers import SMALL

_FEWEST = 3
"""Words around names and figures without which nothing is told word for word."""
_COUNTS = frozenset(SMALL) - {"zero", "one"} | {"half", "third", "quarter"}
_ARTICLES = frozenset("a an the one".split())


def permuted(text: str, said: str) -> str:
    """The names and figures of a text that the other has in another order, with the same words around; or ""."""
    mine, theirs = _undated(text), _undated(said)
    anchors = {word.stem for word in mine if _anchor(word)} & {word.stem for word in theirs if _anchor(word)}
    own, its = ([word.stem for word in found if word.stem in anchors] for found in (mine, theirs))
    if len(own) < 2 or max(len(own), len(its)) > len(anchors) or own == its:
        return ""
    frame, frames = ([word.lower for word in found if _around(word, anchors)] for found in (mine, theirs))
    if len(frame) < _FEWEST or not _within(frame, frames):
        return ""
    return " ".join(word.text for word in mine if word.stem in anchors)


def _undated(text: str) -> list[Word]:
    """The words of a text without its dates, which are told anywhere in a sentence."""
    found = words(text)
    months = {at for at, word in enumerate(found) if word.lower in MONTHS}
    dated = months | {at for at, word in enumerate(found) if word.text.isdigit() and {at - 1, at + 1} & months}
    return [word for at, word in enumerate(found) if at not in dated]


def _anchor(word: Word) -> bool:
    return word.text[0].isdigit() or (word.name and word.content) or word.lower in _COUNTS


def _around(word: Word, anchors: set[str]) -> bool:
    return word.stem not in anchors and word.lower not in _ARTICLES


def _within(frame: list[str], other: list[str]) -> bool:
    """Whether all words of one stand in the other, in the same order."""
    rest = iter(other)
    return all(any(word == one for one in rest) for word in frame)
