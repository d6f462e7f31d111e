"""Gold questions: read from a file, or made from feedback."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from corpus.storage.feedback import Feedback
from qa.errors import GoldError


@dataclass(frozen=True, slots=True)
class Gold:
    """A question with every acceptable wording of its answer, and the articles that hold it.

    No ``answers`` means that it must be refused; no ``article_ids`` means that any article with the answer is right.
    """

    question: str
    answers: tuple[str, ...]
    article_ids: tuple[str, ...] = ()
    line: int = 0


class _Line(BaseModel):
    question: str = Field(min_length=1)
    answers: list[str]
    article_ids: list[str] = []


def read_gold(path: Path) -> list[Gold]:
    """Read a file of gold questions, one JSON object per line; unknown fields are ignored.

    Raises GoldError naming the line that is wrong, or if the file has no questions.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} can't be read: {error}") from error
    gold = [_gold(line, number, path) for number, line in enumerate(lines, 1) if line.strip()]
    if not gold:
        raise GoldError(f"{path} has no questions")
    return gold


def _gold(line: str, number: int, path: Path) -> Gold:
    try:
        fields = _Line.model_validate(json.loads(line), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"])) or "the line"
        raise GoldError(f"{path}, line {number}: {where}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{path}, line {number} is not valid JSON: {error}") from None
    if not all(re.search(r"\w", answer) for answer in fields.answers):
        raise GoldError(f"{path}, line {number}: an answer has no words")
    return Gold(fields.question, tuple(fields.answers), tuple(fields.article_ids), number)


def gold_from_feedback(said: Iterable[Feedback]) -> list[Gold]:
    """A gold question for each question whose correct answer is known, or known not to exist; the latest feedback
    counts. Answers without a word, which can't be found, are left out.
    """
    found: dict[str, Gold] = {}
    for one in said:
        if one.answers is not None and all(re.search(r"\w", answer) for answer in one.answers):
            found[one.question] = Gold(one.question, one.answers, one.article_ids if one.answers else ())
    return [*found.values()]


def gold_lines(said: Iterable[Feedback]) -> Iterator[str]:
    """The gold questions as the lines of a gold file."""
    for one in gold_from_feedback(said):
        fields = {"question": one.question, "answers": one.answers, "article_ids": one.article_ids}
        yield json.dumps(fields, ensure_ascii=False) + "\n"
