"""Questions about news, made of news that nobody asked about: a sentence of one passage says something, another passage
says it in other words, and what both name is asked for.

The first, less the name or figure, becomes the question; the other is what is read (a sentence that was retrieved
teaches more than the one that answers: Fabbri et al., "Template-Based Question Generation from Retrieved Sentences for
Improved Unsupervised Question Answering", ACL 2020).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from corpus.sentences import sentences
from qa.reader.training.cloze import gaps, question
from qa.reader.training.sources import Source, Text, TrainingQuestion, json_lines, standing
from qa.reader.training.swaps import Kind

PASSAGE = 750
"""Characters that a passage has at least, of whole sentences: about as many word pieces as a chunk."""
PASSAGES = 8
"""Passages of an article that are read."""
TELLING = 12
"""Sentences from an article's beginning that questions are made of."""
WORDS = (7, 40)
"""Words of a sentence that a question is made of."""
SHORTEST = 6
"""Words that a question has at least."""
ALIKE = (0.18, 0.7)
"""How alike two sentences are that say one thing in other words, as a cosine of their words' weights."""
LOOKED_AT = 40
"""Sentences that are looked at for one that says the same."""
SHARED = 3
"""Telling words that the question and that sentence share at least."""
REPEATED = 0.7
"""From this share of telling words in common on, the two are one sentence printed twice."""
OF_ARTICLE = 8
"""Questions made of an article at most."""
COMMON = 0.001
"""The share of all questions that one answer ("Congress") is right for at most: passages without it are rare, and with
it say little.
"""
MINED = 6
"""Passages kept for a question that share its words and lack its answer, of the ``NEAREST`` nearest."""
NEAREST = 12
_BLOCK = 200

_WORD = re.compile(r"[A-Za-z][a-z]{3,}|\d[\d,.]*\d")
_BEFORE = re.compile(r"(?P<name>\b[A-Z][\w.'-]*),? (?:(?:and|of|for|the|&) )*$")
_BEHIND = re.compile(r" (?:of |and |for |the )*[A-Z]|-\w|\.\w")
_MAGNITUDE = re.compile(r"\s?%| (?:million|billion|trillion|percent|per cent)\b")
_BESIDE_NAMES = frozenset(
    "President Sen Sen. Rep Rep. Gov Gov. Mr. Mrs. Ms. Dr. Secretary Senator Governor Justice Judge Speaker Chairman "
    "Chief Director Minister Officer Spokesman Democrat Republican Attorney General Leader CEO Mayor Representative "
    "Congressman The In On At But And By For As With After When While If That This".split()
)
"""What stands before a name and is no part of it."""


class _Sentence(NamedTuple):
    text: str
    article: int
    passage: int
    place: int


def news(path: Path) -> tuple[Source, dict[str, list[int]]]:
    """Questions about the articles of a JSON-lines file, xz-compressed, with ``title`` and ``text``; and for each
    question the numbers of other articles' passages that look like an answer.
    """
    texts: list[Text] = []
    told: list[_Sentence] = []
    for article, record in enumerate(json_lines(path)):
        place = 0
        for passage, inside in islice(passages(record["text"]), PASSAGES):
            for start, end in inside:
                text = passage[start:end].rstrip()
                if 5 <= len(text.split()) <= 60:
                    told.append(_Sentence(text, article, len(texts), place))
                    place += 1
            texts.append(Text(record["title"], passage, f"news/{article}"))
    source = Source(texts, _uncommon(texts, _asked(texts, told)))
    return source, _lookalikes(source)


def passages(text: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """An article's passages, each with its sentences as ``[start, end)`` in it."""
    first = 0
    inside: list[tuple[int, int]] = []
    for start, end in sentences(text):
        if not inside:
            first = start
        inside.append((start - first, end - first))
        if end - first >= PASSAGE:
            yield text[first:end], inside
            inside = []
    if inside:
        yield text[first : first + inside[-1][1]], inside


def _asked(texts: Sequence[Text], told: Sequence[_Sentence]) -> list[TrainingQuestion]:
    """At most ``OF_ARTICLE`` questions of each article, those that share most words with what answers them."""
    found: dict[int, list[tuple[int, str, str, int, Kind]]] = defaultdict(list)
    for row, likely in _alike(told):
        for gap in gaps(told[row].text):
            asking = question(told[row].text, gap)
            answer = told[row].text[gap.start : gap.end]
            if len(asking.split()) >= SHORTEST and (best := _telling_the_same(told, row, likely, asking, answer)):
                found[told[row].article].append((best[0], asking, answer, best[1], gap.kind))
    asked: list[TrainingQuestion] = []
    for made in found.values():
        taken: set[str] = set()
        for _, asking, answer, number, kind in sorted(made, reverse=True):
            passage = told[number].passage
            spans = _spans(answer, kind, texts[passage].text)
            if spans and answer not in taken and len(taken) < OF_ARTICLE:
                taken.add(answer)
                asked.append(TrainingQuestion(asking, passage, spans))
    return asked


def _alike(told: Sequence[_Sentence]) -> Iterator[tuple[int, list[int]]]:
    """Each sentence that a question can be made of, with those of other passages that are alike, the most so first."""
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2, max_df=0.02, dtype=np.float32)
    table = vectorizer.fit_transform([one.text for one in told])
    turned = table.T.tocsr()
    passages = np.array([one.passage for one in told])
    made_of = [
        row
        for row, one in enumerate(told)
        if one.place < TELLING and WORDS[0] <= len(one.text.split()) <= WORDS[1] and one.text[-1] in '.”"'
    ]
    for start in range(0, len(made_of), _BLOCK):
        block = made_of[start : start + _BLOCK]
        scores = (table[block] @ turned).tocsr()
        for place, row in enumerate(block):
            part = slice(scores.indptr[place], scores.indptr[place + 1])
            others, alike = scores.indices[part], scores.data[part]
            fit = (alike > ALIKE[0]) & (alike < ALIKE[1]) & (passages[others] != passages[row])
            order = np.argsort(-alike[fit], kind="stable")[:LOOKED_AT]
            yield row, [int(other) for other in others[fit][order]]


def _telling_the_same(
    told: Sequence[_Sentence], row: int, likely: Sequence[int], asking: str, answer: str
) -> tuple[int, int] | None:
    """The sentence that shares most telling words with the question, and how many; it holds the answer, and is not the
    sentence itself printed again.
    """
    words, own = _telling(asking) - _telling(answer), _telling(told[row].text)
    best: tuple[int, int] | None = None
    for other in likely:
        theirs = _telling(told[other].text)
        shared = len(words & theirs)
        if shared < SHARED or (best and shared <= best[0]) or not standing(answer, told[other].text):
            continue
        if len(own & theirs) < REPEATED * min(len(own), len(theirs)):
            best = (shared, other)
    return best


def _spans(answer: str, kind: Kind, passage: str) -> tuple[tuple[int, int], ...]:
    """Where the answer stands as a whole: a figure with its currency and magnitude, a name that is not part of one."""
    spans: list[tuple[int, int]] = []
    for start, end in standing(answer, passage):
        if kind == "number":
            if match := _MAGNITUDE.match(passage, end):
                end = match.end()
            if passage[start - 1 : start] == "$":
                start -= 1
        elif kind == "name":
            before = _BEFORE.search(passage[:start])
            beside = before is not None and before["name"] in _BESIDE_NAMES
            begins = before is None or re.search(r"[.!?]\s*$", passage[: before.start("name")]) is not None
            if not (beside or begins) or _BEHIND.match(passage, end):
                continue
        spans.append((start, end))
    return tuple(spans)


def _uncommon(texts: Sequence[Text], asked: Sequence[TrainingQuestion]) -> list[TrainingQuestion]:
    most = max(2, COMMON * len(asked))
    kept: list[TrainingQuestion] = []
    times: Counter[str] = Counter()
    for row in np.random.default_rng(0).permutation(len(asked)):
        one = asked[row]
        answer = texts[one.text].text[slice(*one.spans[0])]
        if times[answer] < most:
            times[answer] += 1
            kept.append(one)
    return kept


def _lookalikes(source: Source) -> dict[str, list[int]]:
    """Each question with passages of other articles that share its words and lack its answer, nearest first."""
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", min_df=2, max_df=0.05, dtype=np.float32)
    table = vectorizer.fit_transform([text.text for text in source.texts]).T.tocsr()
    found: dict[str, list[int]] = {}
    for start in range(0, len(source.asked), _BLOCK):
        block = source.asked[start : start + _BLOCK]
        scores = (vectorizer.transform([one.question for one in block]) @ table).toarray()
        for one, row in zip(block, scores, strict=True):
            near = np.argpartition(-row, NEAREST)[:NEAREST]
            ordered = near[np.argsort(-row[near], kind="stable")]
            found[one.question] = [int(number) for number in ordered if _lacks_it(source, one, int(number))][:MINED]
    return found


def _lacks_it(source: Source, asked: TrainingQuestion, number: int) -> bool:
    own, other = source.texts[asked.text], source.texts[number]
    answer = own.text[slice(*asked.spans[0])].casefold()
    return own.article != other.article and answer not in other.text.casefold()


def _telling(text: str) -> set[str]:
    return {word.casefold()[:6] for word in _WORD.findall(text)}
