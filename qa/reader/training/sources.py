"""The sets of questions that the reader learns from, as ``../shared/data/README.md`` describes them."""

import json
import lzma
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple


class Text(NamedTuple):
    """A passage with the title of its article, which tells passages of one article from others."""

    title: str
    text: str
    article: str


class TrainingQuestion(NamedTuple):
    """A question about the text with this number, and where its answers stand there, in characters; none has none."""

    question: str
    text: int
    spans: tuple[tuple[int, int], ...]


class Source(NamedTuple):
    """Texts and the questions about them."""

    texts: list[Text]
    asked: list[TrainingQuestion]


def squad(path: Path) -> Source:
    """A file in SQuAD's form, xz-compressed. An answer that stands in its passage several times is right everywhere."""
    source = Source([], [])
    with lzma.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    for article in articles:
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            for question in paragraph["qas"]:
                spans = {(one["answer_start"], one["answer_start"] + len(one["text"])) for one in question["answers"]}
                if question.get("start_ambiguous"):
                    spans |= {span for one in question["answers"] for span in standing(one["text"], context)}
                source.asked.append(
                    TrainingQuestion(question["question"].strip(), len(source.texts), tuple(sorted(spans)))
                )
            source.texts.append(Text(article["title"].replace("_", " "), context, article["title"]))
    return source


def records(path: Path, *, split: str | None = None) -> Source:
    """A file of one question a line, xz-compressed: those of ``split`` whose answers stand in their context, and those
    that are marked as not ``answerable``.
    """
    source = Source([], [])
    numbers: dict[tuple[str, str], int] = {}
    for record in json_lines(path):
        spans = {span for answer in record["answers"] for span in standing(answer, record["context"])[:1]}
        unanswerable = record.get("answerable", True) in (False, 0)
        if bool(spans) is unanswerable or (split is not None and record["split"] != split):
            continue
        number = numbers.setdefault((record["title"], record["context"]), len(source.texts))
        if number == len(source.texts):
            # A context without a title stands for itself.
            article = record["title"] or f"{path.name}/{number}"
            source.texts.append(Text(record["title"], record["context"], article))
        asking = record.get("question_raw") or record["question"]
        source.asked.append(TrainingQuestion(asking.strip(), number, tuple(sorted(spans))))
    return source


def standing(answer: str, context: str) -> list[tuple[int, int]]:
    """Where ``answer`` stands in ``context`` on word borders."""
    if not answer.strip():
        return []
    before = r"(?<!\w)" if answer[0].isalnum() else ""
    behind = r"(?!\w)" if answer[-1].isalnum() else ""
    return [match.span() for match in re.finditer(before + re.escape(answer) + behind, context)]


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON-lines file, xz-compressed."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
