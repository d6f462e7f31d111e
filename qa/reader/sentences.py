"""A reader without training: the sentence nearest to the question, by meaning and by its words.

It finds whole sentences and its confidence is only a monotone function of its score; a trained reader replaces it.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from corpus.sentences import is_heading, sentences
from index.embedding import Embedder
from qa.types import Passage, Reading, Span

MAX_SENTENCES = 32
"""Sentences embedded for one question: the ones that share most with it."""
TERM_WEIGHT = 0.5
PASSAGE_WEIGHT = 0.3
KIND_WEIGHT = 0.1
"""What a sentence gains, on a scale where the cosine of equal texts is one."""

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_COMMON = frozenset(
    "a an and are as at be been by can could did do does for from had has have how in is it its many much of on or that "
    "the their them they this to was we were what when where which who whom whose why will with would you s".split()
)
_KINDS = (
    (re.compile(r"\bhow (many|much|long|old|far|large|big|high|fast|often)\b|\bwhat (percentage|share|number|price)\b"),
     re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion)", re.I)),
    (re.compile(r"\bwhen\b|\bwhat (year|month|day|date)\b|\bwhich (year|month|day)\b"),
     re.compile(r"\d{4}|\b(January|February|March|April|May|June|July|August|September|October|November|December|Monday|"
                r"Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|week|month|year|today|yesterday)\b", re.I)),
    (re.compile(r"\bwho\b|\bwhose\b|\bwhich (company|companies|firm|firms|person|country|countries|city|cities)\b|\bwhere\b"),
     re.compile(r"(?<!^)\b[A-Z][a-z]+")),
)  # fmt: skip


class SentenceReader:
    """Reads by comparing sentences with the question. A reading depends on the passages beside it: the rarer a word is
    among them, the more it tells.
    """

    name = "sentences"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        places = [
            (row, start, end)
            for row, passage in enumerate(passages)
            for start, end in sentences(passage.text)
            if not is_heading(passage.text[start:end])
        ]
        if not places:
            return [Reading(0.0, ()) for _ in passages]
        texts = [passages[row].text[start:end] for row, start, end in places]
        wanted = _words(question) or set(_WORD.findall(question.casefold()))
        weights = _weights(wanted, [_words(text) for text in texts])
        in_passage = [_share(wanted, _words(f"{passage.title} {passage.text}"), weights) for passage in passages]
        shares = [
            TERM_WEIGHT * _share(wanted, _words(text), weights)
            + PASSAGE_WEIGHT * in_passage[row]
            + KIND_WEIGHT * _has_kind(question, text)
            for text, (row, _, _) in zip(texts, places, strict=True)
        ]
        order = sorted(range(len(places)), key=lambda one: (-shares[one], one))[:MAX_SENTENCES]
        vectors = self._embedder.embed([question, *(texts[one] for one in order)], kind="document")
        cosines = vectors[1:] @ vectors[0]
        spans: list[list[Span]] = [[] for _ in passages]
        for one, cosine in zip(order, cosines, strict=True):
            row, start, end = places[one]
            spans[row].append(Span(start, end, round(float(cosine) + shares[one], 6)))
        best = [tuple(sorted(found, key=lambda span: (-span.score, span.start))) for found in spans]
        return [Reading(found[0].score if found else 0.0, found) for found in best]

    def confidence(self, score: float) -> float:
        return 1 / (1 + math.exp(-6 * (score - 0.9)))


def _words(text: str) -> set[str]:
    """The words of a text that say something, without their endings' commonest forms."""
    return {_stem(word) for word in _WORD.findall(text.casefold()) if word not in _COMMON}


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def _weights(wanted: set[str], texts: Sequence[set[str]]) -> dict[str, float]:
    """Inverse frequency of each wanted word among the sentences at hand."""
    counts = Counter(word for words in texts for word in words & wanted)
    return {word: math.log(1 + (len(texts) + 1) / (1 + counts[word])) for word in wanted}


def _share(wanted: set[str], words: set[str], weights: dict[str, float]) -> float:
    total = sum(weights.values())
    return sum(weights[word] for word in sorted(wanted & words)) / total if total else 0.0


def _has_kind(question: str, text: str) -> float:
    """1 where the text holds the kind of thing that the question asks for, or the question asks for none we know."""
    asked = [answer for ask, answer in _KINDS if ask.search(question.casefold())]
    return float(all(answer.search(text) for answer in asked))
