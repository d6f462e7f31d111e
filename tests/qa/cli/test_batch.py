"""Answers as a table: what stands in it can't be taken for a formula, a mark or a command."""

import csv
import io
from pathlib import Path

import pytest

from corpus.storage.view import State
from corpus.types import Article
from qa.answering.types import Answer, Citation, Reply
from qa.cli.batch import COLUMNS, BatchRow, read_questions, write_table

EVIL = '=HYPERLINK("https://x.example";"a") | <b>*x*</b> \x1b[31mred'


def row(text: str) -> BatchRow:
    article = Article("a", EVIL, text, EVIL, "https://x.example/a", "2026-01-28")
    link = "https://x.example/a#:~:text=x"
    citation = Citation(article, 0, len(text), 0, len(text), 1.0, "", "", link, "a")
    return BatchRow(EVIL, Reply(EVIL, "answered", State(1, 1, 1), answers=(Answer(0.5, (citation,)),)))


def test_no_cell_is_a_formula() -> None:
    written = "".join(write_table([row(EVIL), row("-3"), row("@x"), row("+4")], "csv"))
    header, *rows = csv.reader(io.StringIO(written))
    assert tuple(header) == COLUMNS
    assert len(rows) == 4
    assert not [cell for one in rows for cell in one if cell[:1] in ("=", "+", "-", "@") or "\x1b" in cell]


def test_nothing_in_a_markdown_table_is_marked_up() -> None:
    *_, line = write_table([row(EVIL)], "markdown")
    assert line.count("|") - line.count("\\|") == 5
    assert "<b>" not in line.replace("\\<b\\>", "")
    assert "\x1b" not in line


@pytest.mark.parametrize("content", [b"", b"# only\n \n", b"\xff\xfe\xff"])
def test_a_file_without_questions_is_said(tmp_path: Path, content: bytes) -> None:
    from qa.errors import QuestionError

    (tmp_path / "q.txt").write_bytes(content)
    with pytest.raises(QuestionError, match=r"q\.txt"):
        read_questions(tmp_path / "q.txt")
