from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.quantity_extraction import counting, quantities, singular
from qa.language.units import Unit
from tests.claims import first_figure as one

TABLE = [
    tuple(cell.strip() for cell in line.split(" | "))
    for line in (Path(__file__).parent / "worded_quantities.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
CHIPS = Unit("chips", "chip")


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(TABLE) >= 150
    assert len({row[0] for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("text", "interval", "unit", "wording"), TABLE)
def test_worded_quantities(text: str, interval: str, unit: str, wording: str) -> None:
    found = one(text)
    low, dots, high = interval.partition("..")
    assert found.low == (pytest.approx(float(low)) if low else None)
    assert found.high == (pytest.approx(float(high or low)) if high or not dots else None)
    assert (found.unit.name if found.unit else "-") == unit
    assert (found.wording or "-") == wording
    assert found.wording is None or found.wording in text[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    ["H200", "COVID-19", "the 21st century", "his third attempt", "few of them", "a chip", "", "and", "an A380", "G-7"],
)
def test_what_is_no_figure(text: str) -> None:
    assert quantities(text) == []


def test_every_figure_of_a_sentence_stands_where_it_says() -> None:
    text = "Of 3,000 dogs and about 40 cats, at least a quarter had fleas; each cost $12."
    found = quantities(text)
    assert [text[one.start : one.end] for one in found] == [
        "3,000 dogs", "about 40 cats", "at least a quarter", "$12",
    ]  # fmt: skip


def test_of_what_is_counted_where_the_text_does_not_say() -> None:
    assert counting(one("more than 400,000"), "chips").unit == CHIPS
    named = counting(one("$12"), "chips")
    assert named.unit is not None
    assert named.unit.name == "USD"
    assert quantities("no figure") == []


@pytest.mark.parametrize(
    "text", ["1" * 400, "9" * 60 + " chips", "5 " + "million " * 60, f"hundreds{' of millions' * 80}"]
)
def test_figures_that_count_nothing_are_none(text: str) -> None:
    assert all(one.low is not None and one.low < 1e50 for one in quantities(text))
    assert [one.low for one in quantities(f"{text} and 7 cars")][-1] == 7


@given(st.integers(1, 10**12))
def test_grouped_figures_are_read_back(number: int) -> None:
    assert one(f"{number:,} tonnes").low == number


@given(st.text(max_size=80))
def test_any_text_is_read_without_error(text: str) -> None:
    end = 0
    for found in quantities(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@pytest.mark.parametrize(
    ("many", "single"), [("companies", "company"), ("boxes", "box"), ("chips", "chip"), ("gas", "ga"), ("ties", "tie")]
)
def test_singular(many: str, single: str) -> None:
    assert singular(many) == single
