"""Pages of PDF files as programs draw them: columns in any order, tables, words drawn twice, marks across the text."""

from collections.abc import Callable, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from random import Random
from time import thread_time
from typing import NamedTuple

import pytest

from corpus.formats import Read
from corpus.formats.pdf import document as pdf
from tests.corpus.formats.pdf_writing import drawn

# Helvetica's widths from the space to the tilde, in thousandths of its size (Adobe's metrics).
_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556),
    *(556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667),
    *(556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556),
    *(556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722),
    *(500, 500, 500, 334, 260, 334, 584),
)
FIRST = (
    "The lighthouse at Ossum was sold to its keeper Brita Lunde for one crown, the harbour board said in a letter on "
    "Thursday. She has lived in the tower since the great storm of that autumn and means to paint it white again, with "
    "a red band below the lamp. Nobody else had offered to buy it, and the board was glad to be rid of its roof."
)
SECOND = (
    "The ferry to Skarvik will sail twice a day from May, as its captain told the council. A ticket costs nine crowns, "
    "and children under seven travel free of charge. The old boat goes to a museum in Vardal, where it is to lie "
    "beside the wharf on which it was built, and visitors may stand on its bridge in the summer months."
)
THIRD = (
    "Snow closed the pass at Hollin for eleven days. Four lorries were stuck below the summit until the plough came up "
    "from the valley on Sunday morning. Their drivers had burned what wood they carried, shared bread and coffee, and "
    "waited in the hut of the road service, whose stove they praised when they came down."
)


class Words(NamedTuple):
    text: str
    x: float
    y: float
    size: float = 10


def width(text: str, size: float = 10) -> float:
    return sum(_WIDTHS[ord(one) - 32] for one in text) * size / 1000


def column(text: str, x: float, wide: float, *, top: float = 700, leading: float = 12, size: float = 10) -> list[Words]:
    """The lines of a text in a column, as many words in each as fit."""
    lines: list[Words] = []
    line = ""
    for word in [*text.split(), ""]:
        longer = f"{line} {word}".strip()
        if word and width(longer, size) <= wide:
            line = longer
        else:
            lines.append(Words(line, x, top - leading * len(lines), size))
            line = word
    return lines


def shown(words: Words) -> bytes:
    return f"BT /F {words.size} Tf {words.x} {words.y} Td ({words.text}) Tj ET\n".encode()


def each(page: Sequence[Words]) -> bytes:
    """Each line by itself."""
    return b"".join(map(shown, page))


def at_once(page: Sequence[Words]) -> bytes:
    """All lines in one text object, by moves from one to the next."""
    x, y, operators = 0.0, 0.0, [b"BT /F 10 Tf"]
    for one in page:
        operators.append(f"{one.x - x:.2f} {one.y - y:.2f} Td ({one.text}) Tj".encode())
        x, y = one.x, one.y
    return b"\n".join([*operators, b"ET"])


def by_matrix(page: Sequence[Words]) -> bytes:
    """All lines in one text object, at places of the page that is scaled."""
    moves = (f"1 0 0 1 {one.x * 2} {one.y * 2} Tm ({one.text}) Tj".encode() for one in page)
    return b"q 0.5 0 0 0.5 0 0 cm BT /F 20 Tf\n" + b"\n".join(moves) + b" ET Q"


def by_words(page: Sequence[Words]) -> bytes:
    """Each word by itself."""
    found = []
    for one in page:
        x = one.x
        for word in one.text.split():
            found.append(Words(word, round(x, 2), one.y, one.size))
            x += width(f"{word} ", one.size)
    return by_matrix(found)


def rows(*columns: Sequence[Words]) -> list[Words]:
    """The first lines of all columns, the second ones, and so on."""
    return [one for row in zip_longest(*columns) for one in row if one is not None]


def rising(*columns: Sequence[Words]) -> list[Words]:
    return [*reversed(rows(*columns))]


def turned_round(*columns: Sequence[Words]) -> list[Words]:
    return [*chain.from_iterable(reversed(columns))]


def shuffled(*columns: Sequence[Words]) -> list[Words]:
    page = rows(*columns)
    Random(7).shuffle(page)
    return page


def one_by_one(*columns: Sequence[Words]) -> list[Words]:
    return [*chain.from_iterable(columns)]


def read(*pages: bytes) -> Read:
    found = pdf.read(drawn(*pages, size=(595, 842)), article_id="a", where="w")
    assert isinstance(found, Read), found
    return found


def text_of(*pages: bytes) -> str:
    found = read(*pages)
    assert found.warnings == ()
    return found.article.text


@pytest.mark.parametrize("draw", [each, at_once, by_matrix, by_words])
@pytest.mark.parametrize("order", [rows, rising, one_by_one, shuffled])
@pytest.mark.parametrize("gutter", [14, 30])
def test_two_columns_in_any_order(
    draw: Callable[[Sequence[Words]], bytes],
    order: Callable[..., list[Words]],
    gutter: int,
) -> None:
    wide = 220
    left, right = column(FIRST, 50, wide), column(SECOND, 50 + wide + gutter, wide)
    assert text_of(draw(order(left, right))).split("\n\n") == [FIRST, SECOND]


@pytest.mark.parametrize("draw", [each, at_once, by_words])
@pytest.mark.parametrize("order", [rows, rising, shuffled, one_by_one])
def test_three_columns_below_a_heading(
    draw: Callable[[Sequence[Words]], bytes], order: Callable[..., list[Words]]
) -> None:
    columns = [column(text, 40 + 175 * place, 160) for place, text in enumerate((FIRST, SECOND, THIRD))]
    heading = shown(Words("Lighthouse, ferry and pass: a week in the north", 40, 750, 20))
    for page in (heading + draw(order(*columns)), draw(order(*columns)) + b"\n" + heading):
        found = read(page)
        assert (found.article.title, found.warnings) == ("Lighthouse, ferry and pass: a week in the north", ())
        assert found.article.text.split("\n\n") == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize("order", [rows, rising, shuffled])
def test_columns_whose_lines_are_not_at_one_height(order: Callable[..., list[Words]]) -> None:
    left, right = column(FIRST, 50, 230), column(SECOND, 300, 230, top=695)
    assert text_of(each(order(left, right))).split("\n\n") == [FIRST, SECOND]


def test_columns_between_texts_of_the_whole_width() -> None:
    above, below = column(THIRD, 50, 480, top=740), column(THIRD, 50, 480, top=440)
    left, right = column(FIRST, 50, 230, top=660), column(SECOND, 300, 230, top=660)
    for order in (rows, one_by_one):
        found = text_of(each([*above, *order(left, right), *below]))
        # The columns' lines are short beside the others, so that a paragraph may end with a sentence.
        assert found.split() == " ".join((THIRD, FIRST, SECOND, THIRD)).split()


@pytest.mark.parametrize("draw", [each, at_once, by_words])
def test_one_column_from_the_foot_to_the_top(draw: Callable[[Sequence[Words]], bytes]) -> None:
    assert text_of(draw([*reversed(column(FIRST, 50, 300))])) == FIRST
    assert text_of(draw(shuffled(column(FIRST, 50, 300)))) == FIRST


def test_a_box_beside_a_text_is_none_of_its_lines() -> None:
    text = column(FIRST, 50, 230)
    box = column("In short: the tower is 31 metres high and was built in the year of the comet.", 330, 160, size=8)
    for page in ([*text[:3], *box, *text[3:]], [*box, *text], rows(text, box)):
        found = text_of(each(page))
        assert FIRST in found.split("\n\n")
        assert "In short: the tower is 31 metres high and was built in the year of the comet." in found.split("\n\n")


def test_the_order_of_drawing_stands_where_it_is_one_of_reading() -> None:
    # Two articles one above the other, in two columns each: geometry alone would read down the page.
    upper = column(FIRST, 50, 230, top=760), column(SECOND, 300, 230, top=760)
    lower = column(THIRD, 50, 230, top=600), column(FIRST, 300, 230, top=600)
    assert text_of(each(one_by_one(*upper, *lower))).split("\n\n") == [FIRST, SECOND, THIRD, FIRST]


def test_words_of_another_font_stay_in_their_line() -> None:
    lines = column(FIRST, 50, 300)
    parts: list[bytes] = []
    for one in lines:
        before, middle, after = one.text.partition(" the ")
        x = one.x + width(before)
        parts.append(shown(Words(before, one.x, one.y)))
        if middle:
            parts.append(shown(Words("the", round(x + width(" "), 2), one.y, 10.5)))
            parts.append(shown(Words(after, round(x + width(middle), 2), one.y)))
    assert text_of(b"".join(parts)) == FIRST


def test_the_rows_of_a_table_stay_rows() -> None:
    cells = [("Port", "Boats", "Crew"), ("Ossum", "4", "17"), ("Skarvik", "11", "52"), ("Vardal", "2", "9")]
    table = [
        Words(cell, 50 + 150 * place, 500 - 14 * number)
        for number, row in enumerate(cells)
        for place, cell in enumerate(row)
    ]
    for page in (table, [*reversed(table)], sorted(table, key=lambda one: one.x)):
        found = text_of(each([*column(FIRST, 50, 300), *page]))
        assert "Port Boats Crew" in found
        assert "Skarvik 11 52" in found
        assert "Vardal 2 9" in found


def test_items_with_their_numbers_stay_items() -> None:
    items = [f"{number}. {text}" for number, text in enumerate((FIRST[:60], SECOND[:60], THIRD[:40]), 1)]
    page = chain.from_iterable(
        (Words(f"{number}.", 50, 700 - 14 * number), Words(item[3:], 70, 700 - 14 * number))
        for number, item in enumerate(items, 1)
    )
    found = text_of(each([*page]))
    assert all(item.strip() in found for item in items)


def test_what_may_be_columns_or_a_table_is_said() -> None:
    # Long texts in cells, side by side, each pair apart from the next.
    pairs = [(FIRST[:113], SECOND[:114]), (THIRD[:114], FIRST[113:230]), (SECOND[115:230], THIRD[115:225])]
    page = [
        one
        for number, pair in enumerate(pairs)
        for place, cell in enumerate(pair)
        for one in column(cell, 50 + 260 * place, 220, top=700 - 70 * number)
    ]
    found = read(each(page))
    assert found.warnings == (
        "page 1: it can't be told for sure in which order its lines are read: columns or a table",
    )


def test_what_is_said_of_several_pages_is_said_once() -> None:
    page = each(column(FIRST, 50, 300)) + b"BT /F 70 Tf 0.7 0.7 -0.7 0.7 120 300 Tm (PROOF) Tj ET"
    found = read(page, page, each(column(SECOND, 50, 300)), page)
    assert found.warnings == ("pages 1, 2, 4: 'PROOF' lies across the text and was left out",)
    assert "PROOF" not in found.article.text


@pytest.mark.parametrize("apart", [(0.2, 0.0), (0.4, 0.0), (0.3, 0.3), (0.0, -0.5), (0.0, 0.0)])
@pytest.mark.parametrize("draw", [each, at_once, by_words, by_matrix])
def test_what_is_drawn_twice_counts_once(apart: tuple[float, float], draw: Callable[[Sequence[Words]], bytes]) -> None:
    lines = column(FIRST, 50, 300)
    again = [Words(one.text, one.x + apart[0], one.y + apart[1], one.size) for one in lines]
    assert text_of(draw(rows(lines, again))) == FIRST
    assert text_of(draw([*lines, *again])) == FIRST
    # A heading alone.
    heading = Words("Lighthouse sold at Ossum", 50, 750, 18)
    twice = Words(heading.text, heading.x + apart[0], heading.y + apart[1], 18)
    found = read(each([heading, twice]) + draw(lines))
    assert (found.article.title, found.article.text) == ("Lighthouse sold at Ossum", FIRST)


def test_letters_that_are_drawn_twice_count_once_and_double_letters_stay() -> None:
    text = "All will still fill the hall in Hollin, a tall bookkeeper said on Thursday of the little cellar."
    x, letters = 50.0, []
    for one in text:
        letters += [Words(one, round(x, 2), 700), Words(one, round(x + 0.3, 2), 700)]
        x += width(one)
    moves = (f"1 0 0 1 {one.x} {one.y} Tm ({one.text}) Tj".encode() for one in letters)
    assert text_of(b"BT /F 10 Tf\n" + b"\n".join(moves) + b" ET") == text


def test_the_same_words_in_another_place_stay() -> None:
    page = column("No, said the keeper. No, said the board. No, said everybody else in Ossum on Thursday.", 50, 110)
    assert text_of(by_words(page)).count("No, said") == 3


@pytest.mark.parametrize(
    "mark",
    [
        b"BT /F 60 Tf 0.7 0.7 -0.7 0.7 100 500 Tm (CONFIDENTIAL) Tj ET\n",
        b"q 0.8 0.6 -0.6 0.8 100 550 cm BT /F 60 Tf (CONFIDENTIAL) Tj ET Q\n",
        b"BT /F 48 Tf 60 640 Td (CONFIDENTIAL) Tj ET\n",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_marks_across_the_text_are_left_out_and_said(mark: bytes, first: bool) -> None:
    text = each(column(FIRST, 50, 300))
    found = read(mark + text if first else text + mark)
    assert found.article.text == FIRST
    assert found.warnings == ("page 1: 'CONFIDENTIAL' lies across the text and was left out",)


def test_an_initial_of_several_lines_is_no_mark() -> None:
    lines = [Words(FIRST[0], 50, 676, 36), *column(FIRST[1:], 80, 250, top=700)[:3], *column(SECOND, 50, 280, top=664)]
    assert text_of(each(lines)).startswith("The lighthouse at Ossum was sold")


@pytest.mark.parametrize("matrix", ["0 1 -1 0 595 0", "0 -1 1 0 0 842", "-1 0 0 -1 595 842"])
def test_a_page_that_is_drawn_sideways(matrix: str) -> None:
    left, right = column(FIRST, 50, 230, top=500), column(SECOND, 300, 230, top=500)
    page = each(rows(left, right))
    assert text_of(f"q {matrix} cm ".encode() + page + b" Q").split("\n\n") == [FIRST, SECOND]


def test_raised_figures_are_not_read_into_what_stands_before_them() -> None:
    line = "The fire killed 40"
    page = [
        Words(line, 50, 700),
        Words("2", round(50 + width(line), 1), 704, 6),
        Words("people in the mill of Ossum and burned 90 m", round(50 + width(line) + 8, 1), 700),
    ]
    page.append(Words("2", round(page[-1].x + width(page[-1].text), 1), 704, 6))
    page += column("of its roof, the county said in a letter on Thursday of the next week.", 50, 300, top=688)
    assert text_of(each(page)).startswith("The fire killed 40 people in the mill of Ossum and burned 90 m² of its")


def test_columns_inside_a_form() -> None:
    form = each(rows(column(FIRST, 50, 230), column(SECOND, 300, 230)))
    found = pdf.read(drawn(b"/X Do", forms={"/X": form}, size=(595, 842)), article_id="a", where="w")
    assert isinstance(found, Read), found
    assert found.article.text.split("\n\n") == [FIRST, SECOND]


def test_a_page_of_very_many_words_takes_no_time() -> None:
    random = Random(3)
    words = [Words("word", random.randint(0, 500), random.randint(0, 800)) for _ in range(2_500)]
    begun = thread_time()
    read(each(words))
    read(each([*words, *words, *words]))
    assert thread_time() - begun < 30


def test_the_sample_of_two_columns_is_read_alike_however_its_parts_are_drawn(tmp_path: Path) -> None:
    left, right = column(FIRST, 50, 230), column(SECOND, 300, 230)
    texts = {text_of(each(order(left, right))) for order in (rows, rising, one_by_one, shuffled)}
    assert len(texts) == 1
