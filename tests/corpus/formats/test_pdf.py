"""PDF files: what a browser printed and what a typesetter made, lines and pages, and files that mean harm."""

import io
from pathlib import Path
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from corpus import reading
from corpus.chunking import chunk
from corpus.formats import Read
from corpus.formats.pdf import document as pdf
from corpus.formats.pdf import layout
from corpus.formats.pdf import pieces as pdf_pieces
from corpus.formats.pdf.layout import Line
from corpus.sentences import sentences
from corpus.types import Article, Rejected
from tests.corpus.formats.pdf_writing import drawn
from tests.fakes import BagEmbedder

DATA = Path(__file__).parents[1] / "data"


def article(outcome: Read | Rejected) -> Article:
    assert isinstance(outcome, Read), outcome
    return outcome.article


def reason(data: bytes) -> str:
    outcome = pdf.read(data, article_id="a.pdf", where="w")
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason


def shown(*lines: str) -> bytes:
    """Operators that show lines, one under the other."""
    return b"BT /F 10 Tf 12 TL 20 350 Td " + b" ".join(f"({line}) Tj T*".encode("cp1252") for line in lines) + b" ET"


def lines(*texts: str, x: float = 50, y: float = 700, size: float = 10) -> list[Line]:
    return [Line(text, x, y - 12 * place, size) for place, text in enumerate(texts)]


def told(*pages: list[Line]) -> list[list[tuple[int, str]]]:
    return [paragraph.parts for paragraph in layout.paragraphs(pages)]


def test_a_page_that_a_browser_printed() -> None:
    found = article(next(reading.read([DATA / "chromium.pdf"])))
    assert (found.id, found.title) == ("chromium.pdf", "Bridge at Lower Quill approved")
    assert (found.published_at, found.authors, found.language) == ("2026-01-28", ("Jane Doe",), "en")
    first, second = found.text.split("\n\f\n")
    paragraphs = first.split("\n\n")
    assert paragraphs[0].startswith(
        "The council of Lower Quill voted on Monday to build a new bridge across the river,"
    )
    assert paragraphs[2:4] == [
        "Ferries go on until the bridge is open. A crossing costs 3.50 crowns from March; children under six travel"
        " free, and a bicycle costs one crown.",
        "The cost",
    ]
    assert len(paragraphs) == 9
    # Without the outlet above and the page's number below.
    assert second == "Work on the road begins in September, the county said."


def test_columns_that_run_over_the_page_in_the_middle_of_a_sentence() -> None:
    found = article(next(reading.read([DATA / "columns.pdf"])))
    assert found.title == "Bridge at Lower Quill approved"
    assert found.text.count("\f") == 1
    assert "The mayor answered that \feach of them had been visited twice.\n\nThe first plan" in found.text
    assert "QUILL POST" not in found.text
    assert len(found.text.split("\n\n")) == 9
    # One sentence, that is cited as such, and lies in one chunk with what the embedder gets of it.
    spans = [found.text[start:end] for start, end in sentences(found.text)]
    assert "The mayor answered that \feach of them had been visited twice." in spans
    cut = chunk(found, BagEmbedder())
    assert [found.text[one.start : one.end] for one in cut] == [found.text[one.start : one.end].strip() for one in cut]
    assert sum("that \feach" in found.text[one.start : one.end] for one in cut) == 1


def test_the_tokens_of_a_sentence_that_runs_over_a_page_are_those_of_one_that_does_not() -> None:
    from qa.reader.inputs import packaged_tokenizer

    tokenizer = packaged_tokenizer()
    assert tokenizer.encode("The mayor \fanswered.").tokens == tokenizer.encode("The mayor answered.").tokens


@pytest.mark.parametrize(
    ("broken", "following", "expected"),
    [
        ("the documen-", "tation is late and more", "the documentation is late and more"),  # neither part is a word
        ("the adminis-", "tration is late and more", "the administration is late and more"),  # a common word
        ("a well-", "known engineer of them", "a well-known engineer of them"),
        ("the Poe-", "designed bridge of them", "the Poe-designed bridge of them"),
        ("the quill\u00ad", "pen of the two of them", "the quillpen of the two of them"),  # a soft hyphen is one
        ("from 1998-", "2001 it was closed then", "from 1998- 2001 it was closed then"),
        ("the Anti-", "American one of them", "the Anti- American one of them"),
    ],
)
def test_words_that_were_broken_at_a_lines_end(broken: str, following: str, expected: str) -> None:
    assert told(lines("A line that is as long as a line", broken, following)) == [
        [(1, f"A line that is as long as a line {expected}")]
    ]


def test_a_word_that_the_text_has_elsewhere_is_put_together() -> None:
    ((parts,),) = [told(lines("The turbofreight left, and the turbo-", "freight came back and left anew"))]
    assert parts == [(1, "The turbofreight left, and the turbofreight came back and left anew")]


def test_a_word_stays_on_the_page_on_which_it_begins() -> None:
    pages = lines("The council has approved of the docu-"), lines("mentation, and left.")
    assert told(*pages) == [[(1, "The council has approved of the documentation,"), (2, "and left.")]]


def test_paragraphs_are_told_by_space_size_indentation_and_a_short_last_line() -> None:
    page = [
        Line("The heading of it all", 50, 740, 18),
        *lines("The first line that is full", "and the second that is full", "and then the end.", y=700),
        *lines("A second one after a short line", "which goes on and is as full", y=664),
        Line("Indented, a third, and full.", 62, 640, 10),
        Line("And this one too, Mr. Roe told", 50, 628, 10),
        Line("the last of them all.", 50, 616, 10),
        Line("Set apart by space.", 50, 590, 10),
        Line("• An item of a list", 50, 578, 10),
        Line("that runs over its line", 60, 566, 10),
    ]
    assert [text for ((_, text),) in told(page)] == [
        "The heading of it all",
        "The first line that is full and the second that is full and then the end.",
        "A second one after a short line which goes on and is as full",
        "Indented, a third, and full. And this one too, Mr. Roe told the last of them all.",
        "Set apart by space.",
        "• An item of a list that runs over its line",
    ]


def test_an_initial_as_high_as_lines_belongs_to_its_word() -> None:
    assert told([Line("T", 50, 690, 36), *lines("he council voted on it today", "and left.")]) == [
        [(1, "The council voted on it today and left.")]
    ]


def test_what_repeats_at_the_edges_goes_and_what_repeats_in_the_text_stays() -> None:
    def page(number: int, *texts: str) -> list[Line]:
        return [
            Line("The Quill Post", 50, 780, 8),
            Line(f"28 January 2026 - {number}", 300, 780, 8),
            *lines(*texts),
            Line(f"Page {number} of 3", 200, 30, 8),
        ]

    text = "It was closed for 3 days."
    pages = [page(number, text, "More of it stands here...", f"End {word}.") for number, word in enumerate("abc", 1)]
    assert [text for paragraph in told(*pages) for _, text in paragraph] == [
        f"{text} More of it stands here... End {word}." for word in "abc"
    ]


def test_a_single_pages_number_goes_and_another_figure_stays() -> None:
    def page(foot: str) -> list[Line]:
        return [*lines("One line of the text.", "Another line of it."), Line(foot, 200, 30, 8)]

    assert len(told(page("- 1 -"))) == 1
    assert told(page("14"))[-1] == [(1, "14")]


@given(
    st.lists(
        st.lists(
            st.builds(
                Line,
                st.text("abc -.A1\u00ad•家", min_size=1, max_size=12).map(str.strip).filter(bool),
                st.sampled_from([50.0, 62.0, 300.0]),
                st.sampled_from([800.0, 700.0, 688.0, 676.0, 600.0, 30.0]),
                st.sampled_from([0.0, 8.0, 10.0, 24.0]),
            ),
            max_size=8,
        ),
        max_size=4,
    )
)
def test_every_paragraph_keeps_its_pages_in_order(pages: list[list[Line]]) -> None:
    found = layout.paragraphs(pages)
    numbers = [page for paragraph in found for page, _ in paragraph.parts]
    assert numbers == sorted(numbers)
    assert all(text.strip() == text != "" for paragraph in found for _, text in paragraph.parts)
    for paragraph in found:
        within = [page for page, _ in paragraph.parts]
        assert len(within) == len(set(within))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bridge approved - The Quill Post", "Bridge approved - The Quill Post"),
        ("Microsoft Word - bridge.docx", ""),
        ("untitled", ""),
        ("(anonymous)", ""),
        ("bridge_final_2.indd", ""),
        ("scan0001", ""),
    ],
)
def test_what_a_file_calls_itself_is_its_title_where_somebody_gave_it(title: str, expected: str) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(drawn(shown("The bridge was approved on Monday."))))
    writer.add_metadata({"/Title": title})
    file = io.BytesIO()
    writer.write(file)
    assert article(pdf.read(file.getvalue(), article_id="a", where="w")).title == expected


def test_empty_pages_count_and_are_said() -> None:
    found = pdf.read(
        drawn(b"", shown("It opens in May."), b"", b"", shown("It closes in June.")), article_id="a", where="w"
    )
    assert article(found).text == "\f\nIt opens in May.\n\f\f\f\nIt closes in June."
    assert isinstance(found, Read)
    assert found.warnings == ("3 of its 5 pages hold no text",)


def test_a_file_of_one_page_has_no_form_feed() -> None:
    assert article(pdf.read(drawn(shown("One.", "Two.")), article_id="a", where="w")).text == "One. Two."


def test_ligatures_are_the_letters_that_they_show() -> None:
    assert pdf_pieces._LIGATURE.sub(pdf_pieces._letters, "ﬁnal oﬃce ﬂow") == "final office flow"


@pytest.mark.parametrize("cipher", ["RC4-128", "AES-128", "AES-256"])
def test_encrypted_files(cipher: str) -> None:
    # No password is asked for; only copying is forbidden, which pypdf and we leave to whoever has the file.
    open_to_all = drawn(shown("It opens in May."), password="", cipher=cipher)
    assert article(pdf.read(open_to_all, article_id="a", where="w")).text == "It opens in May."
    closed = drawn(shown("x"), password="s", cipher=cipher)
    assert reason(closed) == "the PDF is encrypted: save it without a password first"


def test_files_without_a_text_that_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason(drawn(b"0 0 100 100 re f")).startswith("the PDF has no text layer, only pictures of its pages")
    monkeypatch.setattr(pdf, "_lines", lambda *_: (lines("\ue001\ue002\ufffd\ue003 a b"), []))
    assert reason(drawn(shown("x"))) == "the PDF's text can't be read: its fonts don't say which letters they show"


def test_too_many_pages_and_too_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    assert reason(drawn(b"", b"", b"")) == "the PDF has 3 pages, more than the 2 one file may have"
    monkeypatch.setattr(pdf, "MAX_TEXT", 5)
    assert "more than the 5 characters" in reason(drawn(shown("It opens.")))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no PDF at all",
        b"%PDF-1.7\n%%EOF",
        (DATA / "columns.pdf").read_bytes()[:900],
        (DATA / "columns.pdf").read_bytes()[:300] + bytes(3_000),
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.4\n1 0 obj" + b"<<" * 30_000 + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    ],
)
def test_damaged_files_are_refused(data: bytes) -> None:
    assert "PDF" in reason(data)


def test_hostile_files_are_refused_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_DRAWN", 100_000)
    begun = thread_time()
    # Forms that draw forms that draw forms, a million and more of them.
    nested = {f"/X{depth}": f"/X{depth + 1} Do ".encode() * 20 for depth in range(6)} | {"/X6": shown("Words.")}
    assert "operators to draw" in reason(drawn(b"/X0 Do", forms=nested))
    # One that draws itself.
    endless = pdf.read(drawn(shown("One.") + b" /X Do", forms={"/X": b"/X Do"}), article_id="a", where="w")
    assert isinstance(endless, Rejected) or endless.article.text == "One."
    # 20 MB of drawing in 20 KB, and many operators in few bytes.
    assert "PDF" in reason(drawn(b" " * 20 * 2**20))
    monkeypatch.setattr(pdf, "MAX_OPERATIONS", 10_000)
    assert "PDF" in reason(drawn(b"q Q " * 100_000))
    assert thread_time() - begun < 10


def test_many_operators_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_DRAWN", 50)
    monkeypatch.setattr(pdf, "MORE_DRAWN", 5)
    assert "more than 65 operators to draw" in reason(drawn(*[shown(*["A line."] * 12)] * 3))
