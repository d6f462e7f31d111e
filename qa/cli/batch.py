"""Many questions, and their answers as a table with one row per question, for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

from corpus.decoding import decode
from corpus.errors import FormatError
from qa.answering.pipeline import ask
from qa.answering.types import Answer, Question, Reply
from qa.cli.terminal import plain
from qa.engine import Engine
from qa.errors import QuestionError
from qa.schemas.answers import ask_response

Format = Literal["csv", "jsonl", "markdown"]
COLUMNS = (
    *("question", "status", "answer", "confidence", "role", "origins", "first_published", "last_published"),
    *("quote", "source", "title", "published_at", "article_id", "start", "end", "link", "other_answers"),
)


class BatchRow(NamedTuple):
    """A question with its reply, or with the reason why it can't be asked."""

    question: str
    reply: Reply | None
    problem: str = ""


def read_questions(path: Path) -> list[str]:
    """The questions in a text file of any usual encoding, one per line; blank lines and those that begin with # are
    skipped.

    Raises QuestionError if the file can't be read or has no questions.
    """
    try:
        lines = decode(path.read_bytes())[0].splitlines()
    except OSError as error:
        raise QuestionError(f"{path} can't be read: {error.strerror or error}") from error
    except FormatError as error:
        raise QuestionError(f"{path} can't be read: {error}") from error
    found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not found:
        raise QuestionError(f"{path} has no questions: write one per line")
    return found


def ask_each(engine: Engine, texts: Iterable[str], like: Question) -> Iterator[BatchRow]:
    """Ask each question separately, with the options of ``like``; one that can't be asked doesn't stop the others."""
    for text in texts:
        try:
            yield BatchRow(text, ask(engine, replace(like, text=text)))
        except QuestionError as error:
            yield BatchRow(text, None, str(error))


def write_table(rows: Iterable[BatchRow], form: Format, *, explain: bool = False) -> Iterator[str]:
    """The rows as text, each as soon as it is available."""
    match form:
        case "csv":
            return _csv(rows)
        case "markdown":
            return _markdown(rows)
        case "jsonl":
            return (_json_line(row, explain=explain) for row in rows)


def cells(row: BatchRow) -> dict[str, str]:
    """The cells of a row, by column: the first answer with its first citation."""
    found = dict.fromkeys(COLUMNS, "") | {"question": row.question}
    if row.reply is None:
        return found | {"status": f"refused: {row.problem}"}
    found["status"] = row.reply.status if row.reply.reason is None else f"{row.reply.status}: {row.reply.reason}"
    if not row.reply.answers:
        return found
    answer, *others = row.reply.answers
    citation = answer.citations[0]
    first, last = answer.dates
    return found | {
        "answer": answer.text,
        "confidence": f"{answer.confidence:.2f}",
        "role": answer.role,
        "origins": str(answer.origins),
        "first_published": first or "",
        "last_published": last or "",
        "quote": citation.quote,
        "source": citation.article.source or "",
        "title": citation.article.title,
        "published_at": citation.article.published_at or "",
        "article_id": citation.article.id,
        "start": str(citation.start),
        "end": str(citation.end),
        "link": citation.deep_link or "",
        "other_answers": "; ".join(map(_in_short, others)),
    }


def _csv(rows: Iterable[BatchRow]) -> Iterator[str]:
    """Comma-separated values (RFC 4180), with the names of the columns in the first row."""
    yield _csv_line(COLUMNS)
    for row in rows:
        yield _csv_line([_inert(one) for one in cells(row).values()])


def _markdown(rows: Iterable[BatchRow]) -> Iterator[str]:
    """A Markdown table: question, answer, confidence and source."""
    yield "| Question | Answer | Confidence | Source |\n|---|---|---|---|\n"
    for row in rows:
        one = cells(row)
        where = ", ".join(one[name] for name in ("source", "title", "published_at") if one[name])
        cited = f"“{_md(one['quote'])}” {_md(where)}" + (f" [link](<{one['link']}>)" if one["link"] else "")
        answer = _md(one["answer"]) or f"*{_md(one['status'])}*"
        yield f"| {_md(one['question'])} | {answer} | {one['confidence']} | {cited if one['quote'] else ''} |\n"


def _json_line(row: BatchRow, *, explain: bool) -> str:
    """What ``POST /v1/ask`` returns, or the question with its problem."""
    if row.reply is None:
        return json.dumps({"question": row.question, "problem": row.problem}, ensure_ascii=False) + "\n"
    return ask_response(row.reply, explain=explain).model_dump_json() + "\n"


def _in_short(answer: Answer) -> str:
    words = f"{answer.text} ({answer.confidence:.2f}, {answer.role})"
    return f"{words} about {answer.about}" if answer.about else words


def _csv_line(values: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _inert(value: str) -> str:
    """The value, never a formula: a spreadsheet would run what begins like one, and articles must not write any."""
    text = plain(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _md(value: str) -> str:
    text = " ".join(plain(value).split())
    for mark in "\\`*_[]<>|~":
        text = text.replace(mark, f"\\{mark}")
    return text
