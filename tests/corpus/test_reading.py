import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from corpus.reading import PassedOver, Read, read, walk
from corpus.types import Rejected

STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."


def outcomes(*paths: Path) -> list[tuple[str, str]]:
    """Each outcome as (id or where, reason or "")."""
    return [(o.article.id, "") if isinstance(o, Read) else (o.where, o.reason) for o in read(paths)]


def put(path: Path, text: str = STORY) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_directory_is_walked_in_order_and_ids_are_its_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.html", "c.jsonl", ".hidden.txt", ".git/x.txt", "picture.png", "B.TXT"):
        put(tmp_path / name, '{"id": "j", "text": "x"}' if name == "c.jsonl" else f"<p>{STORY}</p>")
    (tmp_path / "d.txt.gz").write_bytes(gzip.compress(STORY.encode()))
    assert outcomes(tmp_path) == [(i, "") for i in ("B.TXT", "b.txt", "j", "d.txt", "a/z.md", "a/b/c.html")]
    assert [o.where for o in read([tmp_path])][-1] == f"{tmp_path.as_posix()}/a/b/c.html"


def test_a_file_named_directly_has_its_name_as_id(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "a.txt.gz"
    put(path).write_bytes(gzip.compress(STORY.encode()))
    assert outcomes(path, path) == [("a.txt", ""), ("a.txt", "")]


def test_linked_directories_are_entered_once(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.txt")
    put(tmp_path / "out" / "b.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "other").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "other2").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert outcomes(tmp_path / "in") == [
        ("a.txt", ""),
        (f"{tmp_path}/in/gone.txt", "a link that leads to no file"),
        ("other/b.txt", ""),
    ]


def test_what_cannot_be_read_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    torn = put(tmp_path / "torn.txt.gz")
    torn.write_bytes(gzip.compress(os.urandom(2000))[:1000])
    paths = [tmp_path / "none.txt", put(tmp_path / "a.xyz"), put(tmp_path / "e.txt", ""), pipe, torn]
    found = outcomes(*paths, put(tmp_path / "one.txt", "Word"))
    assert [where for where, _ in found] == [*map(str, paths), "one.txt"]
    assert found[0][1] == "no such file or directory"
    assert found[1][1] == (
        "unknown kind of file; readable are .atom, .csv, .htm, .html, .json, .jsonl, .markdown, .md, .ndjson, .nitf, "
        ".pdf, .rss, .text, .tsv, .txt, .xhtml, .xml, each also packed as .gz, .xz, .zst"
    )
    assert [reason for _, reason in found[2:5]] == [
        "the file is empty",
        "not a regular file",
        "the gz data ends too early: the file is truncated",
    ]


def test_a_path_that_cannot_be_looked_at_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    unreachable = tmp_path / ("x" * 300)
    assert outcomes(unreachable, put(tmp_path / "a.txt")) == [
        (str(unreachable), "can't be read: File name too long"),
        ("a.txt", ""),
    ]


def test_an_empty_directory_is_fine(tmp_path: Path) -> None:
    assert outcomes(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_directory_that_may_not_be_opened_is_said(tmp_path: Path) -> None:
    put(tmp_path / "locked" / "a.txt")
    (tmp_path / "locked").chmod(0)
    assert outcomes(tmp_path) == [(f"{tmp_path}/locked", "can't be opened: Permission denied")]
    (tmp_path / "locked").chmod(0o700)


def test_a_name_that_is_no_unicode_is_refused_and_can_be_printed(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    put(path)
    reason = "its name is not valid UTF-8, and would be the article's id: rename the file"
    assert outcomes(tmp_path) == [(f"{tmp_path}/\ufffd.txt", reason)]


def test_a_file_too_large_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200 * 2**20)
    tracemalloc.start()
    assert outcomes(path) == [(str(path), "the file has more than 64 MB, the most one article's file may have")]
    assert tracemalloc.get_traced_memory()[1] < 140 * 2**20
    tracemalloc.stop()


def test_memory_does_not_grow_with_the_archive(tmp_path: Path) -> None:
    def peak(records: int) -> int:
        path = tmp_path / "a.jsonl.gz"
        line = b'{"language": "en", "text": "' + STORY.encode() * 100 + b'"}\n'
        path.write_bytes(gzip.compress(line * records, 1))
        tracemalloc.start()
        assert sum(isinstance(outcome, Read) for outcome in read([path])) == records
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(2000) < 1.5 * peak(200)


def test_the_stated_order_of_dates_reaches_every_format(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", '{"text": "x", "date": "9/6/17"}')
    put(tmp_path / "b.txt", f"Published 9/6/17\n\n{STORY}")
    put(tmp_path / "c.md", f"---\ndate: 9/6/17\n---\n\n{STORY}")
    put(
        tmp_path / "d.html", f'<html><head><meta name="date" content="9/6/17"></head><body><p>{STORY}</p></body></html>'
    )
    found = [o.article.published_at for o in read([tmp_path], date_order="dmy") if isinstance(o, Read)]
    assert found == ["2017-06-09"] * 4
    assert [o.article.published_at for o in read([tmp_path]) if isinstance(o, Read)] == [None] * 4


def test_the_real_scraped_texts(shared: Path) -> None:
    found = list(read([shared / "seeds"]))
    assert [isinstance(outcome, Rejected) for outcome in found] == [False] * 5
    assert {outcome.article.language for outcome in found if isinstance(outcome, Read)} == {"en"}


def test_files_of_unknown_kinds_are_passed_over_and_counted(tmp_path: Path) -> None:
    for name in ("a.txt", "b.docx", "in/c.DOCX", "in/d", "in/e.warc.gz", ".hidden.docx", ".git/f.docx", "g.pdf.bak"):
        put(tmp_path / name)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.docx").symlink_to(tmp_path / "nowhere")
    over = PassedOver()
    assert [o.article.id for o in read([tmp_path], passed_over=over) if isinstance(o, Read)] == ["a.txt"]
    assert over.kinds == {".docx": 2, "": 1, ".warc": 1, ".bak": 1}
    assert over.files == 5
    assert str(over) == "5 files of unknown kinds were passed over: 2 .docx, 1 .bak, 1 without an ending, 1 .warc"
    # A file that is named is said, not passed over.
    named = PassedOver()
    assert [type(o) for o in read([tmp_path / "b.docx"], passed_over=named)] == [Rejected]
    assert (named.files, str(named)) == (0, "")


def test_a_file_passed_over_is_told_alone_and_among_many(tmp_path: Path) -> None:
    put(tmp_path / "a.docx")
    over = PassedOver()
    assert list(read([tmp_path], passed_over=over)) == []
    assert str(over) == "1 file of an unknown kind was passed over: 1 .docx"
    for number in range(8):
        put(tmp_path / f"{number}.k{number}")
    over = PassedOver()
    assert [*walk(tmp_path, over)] == []
    assert str(over).endswith("1 .k0, 1 .k1, 1 .k2, 1 .k3, 1 .k4 and 4 other kinds")
    put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/x.\xff")))
    assert [*walk(tmp_path, over)] == []
    str(over).encode()
