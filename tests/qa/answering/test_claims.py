from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.claims import merge_claims
from qa.answering.origins import one_per_origin
from qa.answering.types import Claim, Statement
from tests.claims import claim

QUESTION = "How many chips were approved?"


def said(*told: tuple[str, float, str]) -> list[Claim]:
    """Claims of (answer, confidence, outlet), the best first."""
    return [
        claim(QUESTION, f"Regulators approved {answer} on Wednesday.", answer, confidence, source=source)
        for answer, confidence, source in told
    ]


def texts(claims: Sequence[Claim], statement: Statement) -> list[str]:
    return [claims[row].meaning.text for row in statement.claims]


def test_figures_in_other_words_are_one_statement() -> None:
    claims = said(
        ("more than 400,000 chips", 0.9, "Wire"),
        ("2 million chips", 0.8, "Post"),
        ("over 400,000 chips", 0.7, "Ledger"),
        ("several hundred thousand chips", 0.6, "Gazette"),
        ("200,000 chips", 0.5, "Courier"),
    )
    assert [texts(claims, one) for one in merge_claims(claims)] == [
        ["more than 400,000 chips", "over 400,000 chips", "several hundred thousand chips"],
        ["2 million chips"],
        ["200,000 chips"],
    ]
    assert [one.confidence for one in merge_claims(claims)] == [0.9, 0.8, 0.5]


def test_the_most_precise_of_the_well_supported_gives_the_words() -> None:
    claims = said(("hundreds of thousands of chips", 0.9, "Wire"), ("412,000 chips", 0.6, "Post"))
    (statement,) = merge_claims(claims)
    assert texts(claims, statement) == ["412,000 chips", "hundreds of thousands of chips"]
    assert statement.confidence == 0.9


def test_weak_support_neither_words_nor_confirms() -> None:
    claims = said(
        ("hundreds of thousands of chips", 0.9, "Wire"), ("412,000 chips", 0.5, "Post"), ("410,000 chips", 0.2, "Sun")
    )
    (statement,) = merge_claims(claims)
    assert texts(claims, statement) == ["hundreds of thousands of chips", "412,000 chips"]


def test_one_claim_an_origin_is_cited_up_to_k() -> None:
    claims = said(
        ("400,000 chips", 0.9, "Wire"),
        ("400,000 chips", 0.8, "Wire"),
        ("400,000 chips", 0.7, "Post"),
        ("400,000 chips", 0.6, "Ledger"),
    )
    (statement,) = merge_claims(claims)
    assert one_per_origin(claims, statement, 5) == [0, 2, 3]
    assert one_per_origin(claims, statement, 2) == [0, 2]


@pytest.mark.parametrize("answers", [("Jensen Huang", "Mr. Huang", "Lisa Su"), ("the U.S.", "United States", "China")])
def test_names_are_merged_by_their_normal_form(answers: tuple[str, str, str]) -> None:
    claims = [claim("Who banned it?", f"It was banned by {one}.", one, source=one) for one in answers]
    assert [texts(claims, one) for one in merge_claims(claims)] == [[*answers[:2]], [answers[2]]]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.floats(0.01, 1.0)), max_size=8))
def test_every_claim_is_in_one_statement_at_most_and_the_best_are(told: list[tuple[int, float]]) -> None:
    claims = said(*((f"{number:,} chips", confidence, str(row)) for row, (number, confidence) in enumerate(told)))
    statements = merge_claims(claims)
    rows = [row for one in statements for row in one.claims]
    assert len(rows) == len(set(rows))
    assert all(one.confidence == max(claims[row].confidence for row in one.claims) for one in statements)
    assert bool(statements) == bool(claims)
