from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.quantities import Quantity, agree, same_unit, spread, width
from qa.language.units import Unit
from tests.claims import first_figure as one

CHIPS = Unit("chips", "chip")
NUMBERS = st.floats(0.01, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "other", "same"),
    [
        ("more than 400,000 chips", "several hundred thousand", True),
        ("more than 400,000", "400,000", True),
        ("more than 400,000", "over 400,000 chips", True),
        ("more than 400,000", "2 million", False),
        ("more than 400,000", "200,000 each", False),
        ("1.4 million", "1,400,000", True),
        ("about 1.4 million", "1,398,000", True),
        ("1.4 million", "1.5 million", False),
        ("about $10 billion", "10bn dollars", True),
        ("$10 billion", "10 billion euros", False),
        ("$10 billion", "10 billion chips", False),
        ("$10 billion", "10 billion", False),
        ("a quarter", "25%", True),
        ("25%", "25 percentage points", False),
        ("50 basis points", "half a percentage point", True),
        ("50 basis points", "0.5 percentage points", True),
        ("two-thirds", "67 percent", True),
        ("5 miles", "8 km", True),
        ("5 miles", "8 miles", False),
        ("90 minutes", "1.5 hours", True),
        ("14 people", "14 passengers", True),
        ("14 people", "15 people", False),
        ("nearly 200", "195", True),
        ("nearly 200", "205", False),
        ("up to 200", "180", True),
        ("up to 200", "201", False),
        ("99 cents", "$0.99", True),
        ("dozens", "40", True),
        ("dozens", "140", False),
        ("more than 1,200", "1,250", True),
        ("more than 1,200", "1,900", False),
        ("12 °C", "12 °F", False),
        ("12 degrees Celsius", "12 degrees Fahrenheit", False),
        ("12 °C", "53.6 °F", True),
        ("minus 40 °C", "40 degrees F below zero", True),
        ("30 °C", "30 °F", False),
        ("12 °C", "12 degrees", True),
        ("12 °F", "12 degrees", True),
        ("12 °F", "54 degrees", False),
        ("1.5 °C", "2.7 °F", True),
    ],
)
def test_the_same_figure_in_other_words(text: str, other: str, same: bool) -> None:
    assert agree(one(text), one(other)) is same
    assert agree(one(other), one(text)) is same


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("more than 400,000", 400_000, 500_000),
        ("about 400,000", 360_000, 440_000),
        ("nearly 1,000", 900, 1_000),
        ("up to 200", 150, 200),
        ("12 people", 12, 12),
        ("1.4 million", 1_386_000, 1_414_000),
        ("25%", 24.5, 25.5),
        ("between 3 and 5", 3, 5),
        ("5 km", 4_900, 5_100),
    ],
)
def test_what_a_writer_can_have_meant(text: str, low: float, high: float) -> None:
    assert spread(one(text)) == pytest.approx((low, high))


def test_a_bare_figure_is_more_precise_than_a_worded_one() -> None:
    widths = [
        width(one(text))
        for text in ("412,000", "400,000", "about 400,000", "more than 400,000", "several hundred thousand")
    ]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1] < inf


@given(NUMBERS, st.sampled_from(["", "from", "to", "near below", "near above", "about"]))
def test_a_figure_lies_within_its_own_spread_and_agrees_with_itself(value: float, kind: str) -> None:
    found = Quantity(None if kind == "to" else value, None if kind == "from" else value, CHIPS, None, 0, 1, kind)
    low, high = spread(found)
    assert low <= value <= high
    assert agree(found, found)


@given(NUMBERS, NUMBERS)
def test_agreeing_is_mutual(a: float, b: float) -> None:
    left, right = (Quantity(value, value, CHIPS, None, 0, 1) for value in (a, b))
    assert agree(left, right) == agree(right, left)


def test_units_of_things_counted_compare_and_measures_do_not() -> None:
    assert same_unit(CHIPS, Unit("processors", "processor"))
    assert same_unit(CHIPS, None)
    assert not same_unit(CHIPS, Unit("USD", "USD"))
    assert not same_unit(None, Unit("%", "%"))
