"""A figure is read whole, or not at all: its sign, its groups, its words, and the unit that its JSON names."""

from pathlib import Path

import pytest

from qa.answering.normalization import Meaning
from qa.language.quantities import Quantity, agree, spread
from qa.language.quantity_extraction import quantities
from qa.schemas.answers import QuantityOut
from tests.claims import first_figure as one

TABLE = [
    tuple(cell.strip() for cell in line.split("|"))
    for line in (Path(__file__).parent / "whole_figures.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def test_every_row_of_the_table_is_whole() -> None:
    assert len(TABLE) >= 150
    assert {len(row) for row in TABLE} == {4}
    assert len({row[0] for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("text", "intervals", "units", "spans"), TABLE)
def test_whole_figures(text: str, intervals: str, units: str, spans: str) -> None:
    found = quantities(text)
    assert [text[each.start : each.end] for each in found] == (spans.split(" ; ") if spans else [])
    for each, interval, unit in zip(found, intervals.split(" ; "), units.split(" ; "), strict=bool(found)):
        low, dots, high = interval.partition("..")
        said = told(text, each)
        assert said.low == (pytest.approx(float(low), rel=1e-12) if low else None)
        assert said.high == (pytest.approx(float(high or low), rel=1e-12) if high or not dots else None)
        assert (said.unit or "-") == unit


@pytest.mark.parametrize(
    ("text", "low"),
    [
        ("57 cents", 0.57),
        ("8.2 million people", 8_200_000),
        ("29 pence", 0.29),
        ("1.1 billion", 1.1e9),
        ("7 bps", 0.07),
    ],
)
def test_what_is_told_has_no_rounding_of_ours(text: str, low: float) -> None:
    assert told(text, one(text)).low == low


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("more than -5 degrees", -5, -4),
        ("below -10 degrees", -12.5, -10),
        ("about -40 degrees", -44, -36),
        ("just over -40 degrees", -40, -36),
        ("just below -40 degrees", -44, -40),
        ("nearly -40 degrees", -40, -36),
        ("nearly 40 degrees below zero", -40, -36),
        ("-12 degrees", -12.24, -11.76),
        ("a profit of -$3,000,000", -3_060_000, -2_940_000),
        ("between -12 and -8 degrees", -12, -8),
    ],
)
def test_what_a_writer_can_have_meant_below_zero(text: str, low: float, high: float) -> None:
    assert spread(one(text)) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("minus 7 degrees", "7 degrees below zero", True),
        ("minus 7 degrees", "-7°C", True),
        ("minus 7 degrees", "7 degrees", False),
        ("-$3 million", "$3 million", False),
        ("more than -5 degrees", "-6 degrees", False),
        ("more than -50 degrees", "-48 degrees", True),
        ("below -10 degrees", "-11 degrees", True),
        ("below -10 degrees", "-9 degrees", False),
        ("between -12 and -8 degrees", "-10 degrees", True),
        ("between -12 and -8 degrees", "10 degrees", False),
        ("minus 0.4 per cent", "−0.4%", True),
        ("minus 0.4 per cent", "0.4%", False),
        ("40-odd boats", "about 40 boats", True),
        ("40-odd boats", "43 boats", True),
        ("50p", "£0.50", True),
        ("416 000 tonnes", "416,000 tonnes", True),
        ("416 000 tonnes", "416 tonnes", False),
        ("a million and a half", "1.5 million", True),
    ],
)
def test_the_same_figure_below_zero_and_in_other_groups(text: str, other: str, same: bool) -> None:
    assert agree(one(text), one(other)) is same
    assert agree(one(other), one(text)) is same


def told(text: str, figure: Quantity) -> QuantityOut:
    """What the API says of a figure."""
    out = QuantityOut.of(Meaning(text, figure=figure))
    assert out is not None
    return out
