import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.language.answer_types import Kind, Wanted, fit, wanted

FERRIES = "How many ferries sank near pier 7?"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What share of the catch was cod?", "amount"),
        ("How much did it cost?", "amount"),
        ("When did the ferry sink?", "time"),
        ("In which month did it sink?", "time"),
        ("How long ago did it sink?", "time"),
        ("Who sank the ferry?", "name"),
        ("Which shipping company owned it?", "name"),
        ("Why did it sink?", None),
    ],
)
def test_what_a_question_asks_for(question: str, kind: Kind | None) -> None:
    assert wanted(question) == Wanted(kind)


def test_how_many_asks_for_a_count_of_things() -> None:
    assert wanted("How many old ferries sank?") == Wanted("count", frozenset({"old", "ferrie", "sank"}))


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        (FERRIES, "Three ferries sank.", 1.0),
        (FERRIES, "The harbour said 12 of its ferries sank.", 1.0),
        (FERRIES, "The ferries carried 300 people.", 0.5),
        (FERRIES, "The ferries were worth $12 million.", 0.0),
        (FERRIES, "The ferries were 40% empty in 2019.", 0.0),
        (FERRIES, "Ferries sank near pier 7.", 0.0),  # the question has it
        ("How much did it cost?", "It cost $12 million.", 1.0),
        ("When did it sink?", "It sank in April.", 1.0),
        ("When did it sink?", "It sank last week.", 1.0),
        ("When did it sink?", "It may sink.", 0.0),
        ("Who was the MS-7's captain?", "The captain was Ada Reed.", 1.0),
        ("Who was the MS-7's captain?", "The MS-7's captain was drunk.", 0.0),
        ("Why did it sink?", "It sank.", 1.0),
    ],
)
def test_how_far_a_sentence_has_it(question: str, sentence: str, expected: float) -> None:
    assert fit(wanted(question), sentence, question) == expected


@given(st.text(max_size=80), st.sampled_from(["amount", "time", "name", "count"]))
def test_a_question_says_nothing_new_about_itself(text: str, kind: Kind) -> None:
    assert fit(Wanted(kind), text, text) == 0
