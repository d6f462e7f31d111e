import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evidence import Claim, agreeing, says_the_same

RIGHT = "Regulators approved more than 400,000 chips for three companies."


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("More than 400,000 chips were approved for the companies, three of them.", True),
        ("Regulators approved more than 200,000 chips for three companies.", False),
        ("Regulators approved chips for three companies.", False),
        ("A ferry carried 400,000 people last summer.", False),
    ],
)
def test_the_same_figures_and_half_the_words_say_the_same(other: str, same: bool) -> None:
    assert says_the_same(RIGHT, other) is same


@given(st.text(max_size=60), st.text(max_size=60))
def test_saying_the_same_is_mutual(one: str, other: str) -> None:
    assert says_the_same(one, one)
    assert says_the_same(one, other) == says_the_same(other, one)


def test_one_claim_an_origin_agrees_up_to_k() -> None:
    claims = [
        Claim(RIGHT, "wire"),
        Claim(RIGHT, "wire"),
        Claim("A ferry sank.", "post"),
        Claim(RIGHT + " It said so.", "ledger"),
        Claim(RIGHT, "gazette"),
    ]
    assert agreeing(claims, 5) == [0, 3, 4]
    assert agreeing(claims, 2) == [0, 3]
