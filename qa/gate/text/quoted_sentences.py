"""A sentence of a quote, with what it may refer to without naming it."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from qa.gate.text.metonyms import governments
from qa.gate.text.synonyms import near, phrases
from qa.gate.text.words import Word, words

_KIN = 5
_ENDING = 4


class QuotedSentence(NamedTuple):
    """A sentence of a quote. ``around`` are the stems that it may speak of without naming them: of the article's title
    and
    source, and of the sentence before where it points there ("it", "both", "such"), which are in ``before`` too.
    ``place`` orders the article's own.
    """

    text: str
    stems: frozenset[str]
    around: frozenset[str]
    before: frozenset[str]
    published: date | None
    source: frozenset[str]
    article_id: str
    place: int

    def holds(self, word: Word) -> bool:
        """Whether a word stands in it or may be taken from around it."""
        if word.stem in self.stems or word.stem in self.around:
            return True
        if word.name and governments(word) & self.stems:
            return True
        if word.name and not word.first:
            return word.text.isupper() and word.text in _initials(self.text)
        return bool(near(word.stem) & self.stems) or any(_kin(word.stem, one) for one in self.stems)


def _kin(one: str, other: str) -> bool:
    """Whether one stem is the other with an ending that is not cut off: "threat", "threaten"."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _KIN and len(long) <= len(short) + _ENDING and long.startswith(short)


@lru_cache(maxsize=64)
def _initials(text: str) -> str:
    """The first letters of the names in a text, run together where they stand together: "UN" of United Nations."""
    found = words(text)
    return "".join(
        word.text[0] if word.name else " " for word in found if word.name or word.lower not in ("of", "for", "the")
    )


def stems(text: str) -> frozenset[str]:
    """The stems in a text, and the phrases."""
    return frozenset(word.stem for word in words(text)) | {phrase.name for phrase in phrases(text)}
