"""Tables: what databases and spreadsheets export, row by row, and what is wrong with a row."""

import gzip
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from time import thread_time

import pytest

from corpus import reading
from corpus.formats import Read, csv_rows, table
from corpus.types import Article, Rejected

DATA = Path(__file__).parents[1] / "data"
STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."


def read(path: Path) -> list[Read | Rejected]:
    return list(reading.read([path]))


def written(path: Path, content: str | bytes) -> list[tuple[str, str]]:
    """What becomes of a table of this content: where each row stands, and its text or why it has none."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = read(path)
    return [
        (one.where.removeprefix(f"{path}"), one.article.text if isinstance(one, Read) else one.reason) for one in found
    ]


def test_a_table_that_a_database_wrote() -> None:
    path = DATA / "sqlite.csv"
    assert read(path) == [
        Read(
            Article(
                "41",
                "Bridge approved",
                "The council of Lower Quill voted on Monday to build a new bridge, the mayor said.\n\n"
                '"It is late, but not too late," she told reporters; work starts in May.',
                published_at="2026-01-28",
                authors=("Jane Doe", "John Roe"),
                language="en",
            ),
            f"{path}:2",
        ),
        # An empty cell is a field that is not there, and no cause for a warning.
        Read(Article("42", "Ferry fares", "A crossing costs 3,50 crowns from March.", language="en"), f"{path}:5"),
        Read(
            Article(
                "43",
                'Ein Wort: "Brücke"',
                "Die Brücke über den Quill heißt künftig Lange Brücke.",
                published_at="2026-01-27",
                authors=("Ann Poe",),
                language="de",
            ),
            f"{path}:6",
        ),
    ]
    assert table.count(path) == 3


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Title;TEXT;Date", "Bridge, approved;One, two: 3 crowns;28 Jan 2026"),
        ("title\ttext\tdate", "Bridge, approved\tOne, two: 3 crowns\t28 Jan 2026"),
        ('"title","text","date"', '"Bridge, approved","One, two: 3 crowns","28 Jan 2026"'),
        # A comma in the header of a table that semicolons part: the names say which it is.
        ("title;text;date;words, counted", "Bridge, approved;One, two: 3 crowns;28 Jan 2026;4"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_that_by_which_the_header_is_known(header: str, row: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert written(path, ending.join((header, row, ""))) == [(":2", "One, two: 3 crowns")]
    (found,) = read(path)
    assert isinstance(found, Read)
    assert (found.article.title, found.article.published_at) == ("Bridge, approved", "2026-01-28")


@pytest.mark.parametrize(
    ("table_text", "encoding", "expected"),
    [
        ("text;title\r\nÜber den Fluß führt künftig eine Brücke;Schön\r\n", "cp1252", "Schön"),
        ("text;title\r\nДепутаты решили построить новый мост через реку;Мост\r\n", "cp1251", "Мост"),
        # As spreadsheets save "Unicode text".
        ("text\ttitle\r\nÜber den Fluß\tSchön\r\n", "utf-16", "Schön"),
        ("text\ttitle\r\nAcross the river\tWide\r\n", "utf-16-le", "Wide"),
        ("text,title\r\nÜber den Fluß,Schön\r\n", "utf-8-sig", "Schön"),
        # The first letter that is not ASCII stands behind what is read at once.
        ("text,title\n" + "Plain words,Plain\n" * 9_000 + "Über den Fluß,Schön\n", "cp1252", "Schön"),
        ("text,title\n" + "Plain words,Plain\n" * 9_000 + "Über den Fluß,Schön\n", "utf-8", "Schön"),
    ],
)
def test_encodings(table_text: str, encoding: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(table_text.encode(encoding))
    last = read(path)[-1]
    assert isinstance(last, Read), last
    assert last.article.title == expected
    assert last.article.text in table_text
    guessed = encoding.startswith("cp")
    assert last.warnings == ((f"the file is not UTF-8; it was read as {encoding}",) if guessed else ())


def test_each_row_that_is_not_whole_is_said_with_its_line_and_the_others_are_in(tmp_path: Path) -> None:
    rows = [
        "id,text",
        '1,"Two\nlines"',
        "2,One, too many",
        "3",
        "",
        '4,"a "quoted" word"',
        '5,"He said ""no"" to it."',
        ",",
        "6,",
        '7,"Not closed',
        "8,In it",
    ]
    quoting = (
        "a quoted field goes on behind its closing quotation mark, in line 7: one that belongs to the text must be"
    )
    assert written(tmp_path / "a.csv", "\n".join(rows)) == [
        (":2", "Two\nlines"),
        (":4", "3 fields where the header names 2"),
        (":5", "1 field where the header names 2"),
        (":7", f"{quoting} doubled"),
        (":8", 'He said "no" to it.'),
        (":10", "'text' is empty"),
        (":11", "a quotation mark is never closed"),
        (":12", "In it"),
    ]


def test_bytes_that_are_not_utf8_cost_their_row_alone(tmp_path: Path) -> None:
    data = "text,id\nÜber den Fluß führt künftig eine Brücke,1\nD\xfcnn,2\nSchön,3\n"
    broken = data.encode().replace("D\xfcnn".encode(), b"D\xfcnn")
    assert written(tmp_path / "a.csv", broken) == [
        (":2", "Über den Fluß führt künftig eine Brücke"),
        (":3", "not valid UTF-8"),
        (":4", "Schön"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        (
            "name;age\nx;3\n",
            "no column holds the text: the first line must name the columns, one of them text, content",
        ),
        ("text,Text\na,b\n", "two columns have the name 'text'"),
        (b"text\0,id\n", "binary"),
        (bytes(range(9)) * 30, "binary"),
    ],
)
def test_what_is_no_table_of_articles_is_refused_whole(content: str | bytes, expected: str, tmp_path: Path) -> None:
    ((where, reason),) = written(tmp_path / "a.csv", content)
    assert where == ""
    assert expected in reason


def test_a_truncated_file_gives_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    rows = "".join(f"{number},{STORY} {number * 7919 % 1009}\n" for number in range(4_000))
    path.write_bytes(gzip.compress(f"id,text\n{rows}".encode())[:-2_000])
    *whole, last = read(path)
    assert len(whole) > 2_000
    assert isinstance(last, Rejected)
    assert last.reason.startswith("the gz data ends too early: the file is truncated; the ")
    assert table.count(path) == len(whole) + 1


def test_a_field_longer_than_csv_allows_by_itself(tmp_path: Path) -> None:
    text = "word " * 40_000 + "end"
    assert written(tmp_path / "a.csv", f'text,id\n"{text}",1\n') == [(":2", text)]


def test_a_quotation_mark_that_is_never_closed_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "MAX_RECORD", 2_000)
    path = tmp_path / "a.csv"

    def lines() -> Iterator[bytes]:
        yield b'text,id\n"never closed,1\n'
        for number in range(50_000):
            yield b"Words and words and words,%d\n" % number

    path.write_bytes(b"".join(lines()))
    tracemalloc.start()
    first, *others = reading.read([path])
    assert tracemalloc.get_traced_memory()[1] < 40 * 2**20
    tracemalloc.stop()
    assert isinstance(first, Rejected)
    assert first.where == f"{path}:2"
    assert "the record has more than 2,000 characters, the most one may have, up to line" in first.reason
    # What stands behind is read on.
    assert len(others) > 49_000
    assert {isinstance(one, Read) for one in others} == {True}


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / "a.csv"
        path.write_text("language,text\n" + f'en,"{STORY * 100}"\n' * rows)
        tracemalloc.start()
        assert sum(isinstance(one, Read) for one in reading.read([path])) == rows
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(800) < 1.5 * peak(100)


@pytest.mark.parametrize(
    ("delimiter", "rows", "lost"),
    [
        ("\t", ['1|"Ready, says mayor|She is ready.', "2|Dam|The dam holds.", '3|A "fine" day|It was fine.'], [2]),
        (",", ['1|"Ready|She is ready.', "2|Dam|The dam holds.", '3|A "fine" day|It was fine.'], [2]),
        (";", ["1|Dam|It holds.", '2|"Ready|She is.', "3|Dam|The dam holds.", '4|"Tram"|Back.'], [3]),
        (",", ['1|"Ready|She is.', '2|"Dam|It holds.', '3|"Tram|It is back.', "4|Ferry|Late."], [2, 3, 4]),
        # One that is closed in a later row.
        ("\t", ['1|"Ready|She is ready.', "2|Dam|The dam holds.", '3|Tram"|It is back.', "4|Ferry|Late."], [2]),
        (",", ['1|Mill|"It burned.', '2|Dam|It holds."', "3|Ferry|Late."], [2]),
        (";", ['1|"Mill|It burned.', '2|Dam|It holds."', "3|Ferry|Late."], [2]),
        # Never closed.
        ("|", ["1|Dam|It holds.", '2|Tram|"It is back.', "3|Ferry|Late.", "4|Mill|It burned."], [3]),
        (",", ["1|Dam|It holds.", '2|"Tram|It is back.', '3|Said|"He said ""no"" to it."', "4|Mill|It burned."], [3]),
    ],
)
def test_a_stray_quotation_mark_costs_its_own_row_alone(
    delimiter: str, rows: list[str], lost: list[int], tmp_path: Path
) -> None:
    content = "\n".join(["id|title|text", *rows, ""]).replace("|", delimiter)
    found = written(tmp_path / "a.csv", content)
    assert [where for where, _ in found] == [f":{line}" for line in range(2, 2 + len(rows))]
    assert [int(where[1:]) for where, text in found if "quotation mark" in text] == lost
    assert all("went with it" not in text for _, text in found)


def test_lines_of_a_text_are_no_rows_where_its_quoting_is_wrong(tmp_path: Path) -> None:
    rows = ["id,text", "1,It holds.", '2,"He said "no"', "and left, at once", 'and came back, later."', "3,It is late."]
    (first, second, *others) = written(tmp_path / "a.csv", "\n".join(rows))
    assert (first, others[-1]) == ((":2", "It holds."), (":6", "It is late."))
    assert second[0] == ":3"
    assert not any(text.startswith(("at once", "later")) for _, text in others)


def test_lines_that_go_with_a_lost_row_are_named(tmp_path: Path) -> None:
    rows = ["id,text", "1,It holds.", '2,"Two lines', "of text, and", "a third", "3,It is late.", "4,It rained."]
    assert written(tmp_path / "a.csv", "\n".join(rows)) == [
        (":2", "It holds."),
        (":3", "a quotation mark is never closed; lines 4 to 5 went with it"),
        (":6", "It is late."),
        (":7", "It rained."),
    ]


def test_texts_with_line_breaks_stay_whole(tmp_path: Path) -> None:
    rows = ["id,title,text", '1,Ferries,"They leave at', "8,9,10 and", '12,15,18 daily."', "2,Dam,It holds."]
    assert written(tmp_path / "a.csv", "\n".join(rows)) == [
        (":2", "They leave at\n8,9,10 and\n12,15,18 daily."),
        (":5", "It holds."),
    ]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (
            r'1,Mill,"The owner said \"all is lost\" on Monday, and left."',
            'The owner said "all is lost" on Monday, and left.',
        ),
        (r'1,Mill,"\"Lost\", she said."', '"Lost", she said.'),
        (r'1,Mill,"It is \"late\""', 'It is "late"'),
        (r'1,"The \"old\" mill","It stands in C:\mill, ""she"" said."', r'It stands in C:\mill, "she" said.'),
        ('1,Mill,"Two lines, \\"one\\",\nand a second."', 'Two lines, "one",\nand a second.'),
    ],
)
def test_quotation_marks_that_backslashes_escape(row: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert written(path, f"id,title,text\n{row}\n2,Dam,It holds.\n")[0] == (":2", text)
    first, second = read(path)
    assert isinstance(first, Read)
    assert isinstance(second, Read)
    assert (first.warnings, second.warnings) == (("its quotation marks are escaped by backslashes",), ())


def test_a_backslash_before_a_closing_quotation_mark_is_a_backslash(tmp_path: Path) -> None:
    rows = 'id,title,text\n1,"C:\\",It stands there.\n2,Dam,"\\n is no line."\n'
    assert [text for _, text in written(tmp_path / "a.csv", rows)] == ["It stands there.", "\\n is no line."]


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\nid;title;text\n1;Dam, old;It holds, he said.\n",
        '"sep=|"\r\nid|title|text\r\n1|Dam, old|It holds, he said.\r\n',
        "SEP=\t\nid\ttitle\ttext\n1\tDam, old\tIt holds, he said.\n",
        "sep=^\nid^title^text\n1^Dam, old^It holds, he said.\n",
        "id|title|text\n1|Dam, old|It holds, he said.\n",
        '"id"|"title"|"text"\n"1"|"Dam, old"|"It holds, he said."\n',
    ],
)
def test_delimiters_that_are_stated_or_bars(content: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    ((_, text),) = written(path, content)
    (found,) = read(path)
    assert isinstance(found, Read)
    assert (found.article.id, found.article.title, text) == ("1", "Dam, old", "It holds, he said.")
    assert table.count(path) == 1


@pytest.mark.parametrize("nothing", ["\\N", "NULL", "null", "nan", "NaN", "NaT", "None", "<NA>", "#N/A", "(null)", ""])
def test_what_stands_for_nothing_is_no_name(nothing: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f"id,title,text,source,date,author,url\n1,{nothing},It holds.{f',{nothing}' * 4}\n2,Dam,{nothing},A,,,\n"
    )
    first, second = read(path)
    assert isinstance(first, Read)
    assert (first.article.title, first.article.source, first.article.published_at) == ("", None, None)
    assert (first.article.authors, first.article.url, first.warnings) == ((), None, ())
    assert second == Rejected(f"{path}:3", "'text' is empty")


def test_tables_of_stray_quotation_marks_take_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "MAX_RECORD", 1_000_000)
    monkeypatch.setattr(csv_rows, "_SHORT_RECORD", 10_000)
    path = tmp_path / "a.csv"
    for row in ('{},"never closed', '{},"""never closed', '{},"it is \\"late'):
        path.write_text("id,text\n" + "".join(row.format(number) + "\n" for number in range(3_000)))
        begun = thread_time()
        assert len(read(path)) >= 1_500
        assert thread_time() - begun < 10
