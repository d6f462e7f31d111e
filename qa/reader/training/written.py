"""Questions that people wrote over news articles, with what a careless reader would answer.

Their passages are the article's own. A question that its article does not answer is asked of the passage that comes
nearest to an answer; what stands beside a right answer is asked for it too, and answers nothing.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.reader.training.news import passages
from qa.reader.training.sources import Source, Text, TrainingQuestion, json_lines, standing

MINED = 4
"""Passages of the article kept for a question that hold no answer to it."""
_WORD = re.compile(r"\w{3,}")


def written(path: Path, articles: Path, split: str) -> tuple[Source, dict[str, list[int]]]:
    """The questions of ``split`` in a JSON-lines file, xz-compressed, over ``articles``, another with ``id``, ``title``
    and ``text``; and for each question the numbers of its article's passages that hold no answer, likeliest first.
    """
    asked: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in json_lines(path):
        if record["split"] == split:
            asked[record["article_id"]].append(record)
    source = Source([], [])
    mined: dict[str, list[int]] = {}
    for article in json_lines(articles):
        if article["id"] in asked:
            _add(source, mined, article, asked[article["id"]])
    return source, mined


def _add(
    source: Source, mined: dict[str, list[int]], article: Mapping[str, Any], records: Sequence[Mapping[str, Any]]
) -> None:
    first, text = len(source.texts), article["text"]
    starts: list[int] = []
    for passage, _ in passages(text):
        starts.append(text.index(passage, starts[-1] if starts else 0))
        source.texts.append(Text(article["title"] or "", passage, f"written/{article['id']}"))
    words = [_words(one.text) for one in source.texts[first:]]
    for record in records:
        question, answer = record["question"].strip(), record["answer"]
        wrong = {first + _passage(starts, one["start"]) for one in record["wrong"]}
        shared = _words(question)
        near = sorted(range(len(words)), key=lambda row: (first + row not in wrong, -len(shared & words[row]), row))
        likely = [first + row for row in near]
        if answer is None:
            number, spans = likely[0], tuple[tuple[int, int], ...]()
        else:
            number = first + _passage(starts, record["answer_start"])
            spans = tuple(standing(answer, source.texts[number].text))
            likely = [one for one in likely if not standing(answer, source.texts[one].text)]
            if not spans:  # it stands across two passages
                continue
        source.asked.append(TrainingQuestion(question, number, spans))
        mined[question] = [one for one in likely if one != number][:MINED]


def _passage(starts: Sequence[int], place: int) -> int:
    return max(0, bisect_right(starts, place) - 1)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
