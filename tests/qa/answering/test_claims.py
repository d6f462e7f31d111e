from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.storage.view import Copy
from qa.answering.claims import make_claims, merge_claims
from qa.answering.origins import one_per_origin
from qa.answering.types import Claim, ReadPassage, Statement
from qa.reader.types import Reading, Span
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


def claimed(question: str, text: str, start: int, end: int) -> Claim:
    """The claim that a span of a text makes."""
    read = ReadPassage(claim(question, text, text[start:end]).found, Reading(1.0, (Span(start, end, 1.0),)))
    engine: Any = SimpleNamespace(reader=SimpleNamespace(confidence=lambda score: score))
    snapshot: Any = SimpleNamespace(view=SimpleNamespace(copies=lambda id_: (Copy(id_, None, None),)))
    (one,) = make_claims(engine, snapshot, question, [read])
    return one


@pytest.mark.parametrize(
    ("question", "text", "seen", "answer"),
    [
        ("How cold was it?", "In Vorn it was -7 degrees at dawn.", "7 degrees", "-7 degrees"),
        ("How cold was it?", "In Vorn it was minus 7 degrees at dawn.", "7", "minus 7"),
        ("How cold was it?", "In Vorn it was 7 degrees below zero at dawn.", "7 degrees", "7 degrees below zero"),
        ("What profit did Vorn Mills make?", "It made a profit of -$6 million.", "$6 million", "-$6 million"),
        ("What profit did Vorn Mills make?", "It made a profit of −€2,4 million.", "2", "−€2,4 million"),
        ("How much did it cost?", "It cost one and a half million crowns.", "one", "one and a half million"),
        ("How much did it cost?", "It cost a million and a half crowns.", "million", "a million and a half"),
        ("How much did it cost?", "It cost a million and a half crowns.", "half", "a million and a half"),
        ("How many barges sank?", "The storm sank 30-odd barges.", "30", "30-odd"),
        ("How many barges sank?", "The storm sank thirty-plus barges.", "thirty", "thirty-plus"),
        ("How many barges sank?", "The storm sank 30 or more barges.", "30", "30 or more"),
        ("How many sacks were ground?", "The mill ground 416 000 sacks of rye.", "416", "416 000"),
        ("How many sacks were ground?", "The mill ground 416 000 sacks of rye.", "000 sacks", "416 000 sacks"),
        ("How much is a swim?", "A swim is 40p from May.", "40", "40p"),
        ("How much is a stamp?", "A stamp is 85 cents from May.", "85", "85 cents"),
        (
            "By how much did it grow?",
            "It grew by zero point five per cent.",
            "five per cent",
            "zero point five per cent",
        ),
        ("How many tonnes were sold?", "It sold 1 to 1.5 million tonnes.", "1.5 million", "1 to 1.5 million"),
        ("How many chips were approved?", "It approved more than 400,000 chips.", "400,000", "more than 400,000"),
        ("How many people live there?", "In Vorn live 12 people.", "12", "12"),
    ],
)
def test_an_answer_holds_the_whole_of_its_figure(question: str, text: str, seen: str, answer: str) -> None:
    start = text.index(seen)
    one = claimed(question, text, start, start + len(seen))
    assert text[one.span.start : one.span.end] == one.meaning.text == answer
    assert one.meaning.figure is not None


@pytest.mark.parametrize(
    ("text", "seen", "answer"),
    [
        ("The weir will be drained on Easter Monday.", "Monday", "Easter Monday"),
        ("The robots should leave the line in the spring of 2028.", "2028", "in the spring of 2028"),
        ("The fair runs from 3 to 5 April, the county said.", "5 April", "from 3 to 5 April"),
        ("The weir was drained on 12 March 2026.", "12 March 2026", "12 March 2026"),
    ],
)
def test_an_answer_holds_the_whole_of_its_date(text: str, seen: str, answer: str) -> None:
    start = text.index(seen)
    one = claimed("When was it?", text, start, start + len(seen))
    assert one.meaning.days is not None
    assert text[one.span.start : one.span.end] == one.meaning.text == answer


def answers(question: str, text: str, *seen: str) -> list[str]:
    """What is left of an article's spans, the reader's best first."""
    spans = tuple(Span(text.index(one), text.index(one) + len(one), 1.0 - row / 10) for row, one in enumerate(seen))
    read = ReadPassage(claim(question, text, seen[0]).found, Reading(1.0, spans))
    engine: Any = SimpleNamespace(reader=SimpleNamespace(confidence=lambda score: score))
    snapshot: Any = SimpleNamespace(view=SimpleNamespace(copies=lambda id_: (Copy(id_, None, None),)))
    return [one.meaning.text for one in make_claims(engine, snapshot, question, [read])]


@pytest.mark.parametrize(
    ("question", "text", "seen", "left"),
    [
        (
            "What is the death toll of the fever in Lorn?",
            "Lorn fever has come back. The county has confirmed nearly 9,400 infections. The toll in Lorn rose by "
            "exactly 50% within a week. It stands at 386 now.",
            ("Lorn fever", "nearly 9,400", "exactly 50%", "386"),
            ["386"],
        ),
        (
            "How many people were killed in the Orrin mine?",
            "The blast wounded 40 and killed 19. Police made 12 arrests.",
            ("40", "12", "19"),
            ["19"],
        ),
        ("How many ferries were delivered?", "The Ardent Yard took orders for 14 ferries.", ("14",), []),
        ("How old is Edda Roth?", "Roth, 61, was fined $400 on Monday.", ("$400", "61"), ["61"]),
    ],
)
def test_another_kind_makes_no_claim(question: str, text: str, seen: tuple[str, ...], left: list[str]) -> None:
    assert answers(question, text, *seen) == left
