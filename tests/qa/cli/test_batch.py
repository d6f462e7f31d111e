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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_of_questions_is_read_by_its_encoding(tmp_path: Path, encoding: str, end: str) -> None:
    asked = ["Who runs the Café Lorn?", "How many boats sank in the harbour of Orrin?"]
    (tmp_path / "q.txt").write_bytes(end.join(["# a comment", "", *asked, ""]).encode(encoding))
    assert read_questions(tmp_path / "q.txt") == asked


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\xff", "UTF-16"),
        ("Who runs the Caf\u00e9?\n".encode() * 9 + b"\xc3", "UTF-8"),
        (b"a\x00\x01\x02b", "binary"),
    ],
)
def test_a_broken_file_of_questions_is_refused_in_plain_words(tmp_path: Path, content: bytes, said: str) -> None:
    from qa.errors import QuestionError

    (tmp_path / "q.txt").write_bytes(content)
    with pytest.raises(QuestionError, match=said) as error:
        read_questions(tmp_path / "q.txt")
    assert "codec" not in str(error.value)
