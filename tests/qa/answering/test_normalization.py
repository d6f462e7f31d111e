from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.normalization import ExpectedAnswer, can_answer, expected_answer, interpret, says_the_same

COUNT = ExpectedAnswer("count", "chips")
PUBLISHED = date(2026, 1, 28)


@pytest.mark.parametrize(
    ("question", "kind", "counted"),
    [
        ("How many chips were approved?", "count", "chips"),
        ("How many H200 chips did Baidu order?", "count", "chips"),
        ("How many people died in the crash?", "count", "people"),
        ("In how many of the countries is it sold?", "count", None),
        ("When was the bridge closed?", "time", None),
        ("How much did the ferry cost?", "amount", None),
        ("Who leads Nvidia?", "name", None),
        ("Why did the mayor resign?", None, None),
    ],
)
def test_what_a_question_asks_for(question: str, kind: str | None, counted: str | None) -> None:
    found = expected_answer(question)
    assert (found.kind, found.counted) == (kind, counted)


def test_a_figure_has_the_unit_of_what_is_counted() -> None:
    figure = interpret("more than 400,000", COUNT, None).figure
    assert figure is not None
    assert (figure.low, figure.high, figure.unit and figure.unit.name) == (400_000, None, "chips")


def test_a_figure_is_read_with_the_words_beside_it() -> None:
    figure = interpret(
        "400,000", ExpectedAnswer("count", None), None, "It approved more than ", " H200 chips on Friday."
    ).figure
    assert figure is not None
    assert (figure.low, figure.high, figure.unit and figure.unit.name) == (400_000, None, "chips")
    assert figure.start == -len("more than ")


def test_a_part_of_a_figure_means_the_whole() -> None:
    figure = interpret(
        "quarter", ExpectedAnswer("amount", None), None, "About a ", " of the bridges need repair."
    ).figure
    assert figure is not None
    assert (figure.low, figure.unit and figure.unit.name, figure.start) == (25, "%", -len("About a "))
    assert interpret("quarter", ExpectedAnswer("amount", None), None, "in the third ", " of 2025").figure is None


def test_days_are_seen_from_the_article() -> None:
    found = interpret("last week", ExpectedAnswer("time", None), PUBLISHED).days
    assert found is not None
    assert (found.first, found.last) == (date(2026, 1, 19), date(2026, 1, 25))
    assert interpret("last week", ExpectedAnswer("time", None), None).days is None


def test_a_phrase_that_holds_a_figure_is_a_phrase() -> None:
    found = interpret("because two of the tunnels had been flooded by the storm", ExpectedAnswer(None, None), PUBLISHED)
    assert found.figure is None
    assert found.days is None


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        ("How many chips were approved?", "more than 400,000", "several hundred thousand chips", True),
        ("How many chips were approved?", "more than 400,000", "2 million", False),
        ("When did it close?", "Wednesday", "January 28", True),
        ("When did it close?", "January 2026", "28 January 2026", True),
        ("When did it close?", "2025", "28 January 2026", False),
        ("When did it close?", "yesterday", "Monday", False),
        ("Who leads it?", "Jensen Huang", "Mr. Huang", True),
        ("Who leads it?", "Jensen Huang", "Lisa Su", False),
        ("Which country banned it?", "the U.S.", "United States", True),
        ("Which companies?", "ByteDance, Alibaba and Tencent", "Alibaba and ByteDance", True),
        ("Which companies?", "ByteDance, Alibaba and Tencent", "Baidu", False),
        ("Who said so?", "the World Health Organization", "WHO", True),
        ("Who bought it?", "Norrland Steel Ltd", "Norrland Steel", True),
        ("What was found?", "traces of lead in the water", "lead in the drinking water", True),
        ("What was found?", "traces of lead in the water", "a body", False),
        ("How much did it cost?", "$10 billion", "10 billion euros", False),
    ],
)
def test_what_says_the_same(question: str, one: str, other: str, expected: bool) -> None:
    asks = expected_answer(question)
    left, right = (interpret(text, asks, PUBLISHED) for text in (one, other))
    assert says_the_same(left, right) is expected
    assert says_the_same(right, left) is expected


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["count", "time", "name", None]))
def test_saying_the_same_is_mutual_and_holds_of_itself(one: str, other: str, kind: str | None) -> None:
    asks = ExpectedAnswer(kind, None)  # type: ignore[arg-type]
    left, right = (interpret(text, asks, PUBLISHED) for text in (one, other))
    assert says_the_same(left, left)
    assert says_the_same(left, right) == says_the_same(right, left)


def test_the_exact_figure_leaves_less_room() -> None:
    exact, worded, vague = (
        interpret(text, COUNT, None).room for text in ("412,000", "more than 400,000", "hundreds of thousands")
    )
    assert exact < worded < vague


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("How many chips were approved?", "more than 400,000", True),
        ("How many chips were approved?", "several hundred thousand chips", True),
        ("How many chips were approved?", "none", True),
        ("How many chips were approved?", "only a single one", True),
        ("How many voters agreed?", "60%", True),
        ("How many times did she visit?", "at least three times", True),
        ("How many dollars were paid?", "$5", True),
        ("How many chips were approved?", "six times the performance", False),
        ("How many chips were approved?", "around $10 billion", False),
        ("How many chips were approved?", "Nvidia", False),
        ("Who approved the chips?", "Beijing", True),
    ],
)
def test_what_can_answer_a_question(question: str, answer: str, expected: bool) -> None:
    asks = expected_answer(question)
    assert can_answer(interpret(answer, asks, PUBLISHED), asks) is expected


@pytest.mark.parametrize(
    ("before", "answer", "behind", "first", "last", "wording"),
    [
        ("The weir will be drained ", "on Friday", ", the river board said.", "2026-01-30", "2026-01-30", "on Friday"),
        ("The weir was drained ", "on Friday", ", the river board said.", "2026-01-23", "2026-01-23", "on Friday"),
        ("The weir will be drained on ", "Easter Monday", ".", "2026-04-06", "2026-04-06", "Easter Monday"),
        ("The weir will be drained on Easter ", "Monday", ".", "2026-04-06", "2026-04-06", "Monday"),
        ("The weir will be drained from 3 to ", "5 April", ".", "2026-04-03", "2026-04-05", "5 April"),
        ("It sails ", "the day after tomorrow", ".", "2026-01-30", "2026-01-30", "the day after tomorrow"),
    ],
)
def test_a_date_is_read_in_its_sentence(
    before: str, answer: str, behind: str, first: str, last: str, wording: str
) -> None:
    found = interpret(answer, ExpectedAnswer("time", None), PUBLISHED, before, behind).days
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert answer[found.start : found.end] == wording


def test_a_day_of_a_date_that_is_not_read_is_none() -> None:
    assert interpret("Friday", ExpectedAnswer("time", None), PUBLISHED, "It is drained every ", ".").days is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("approved the harbour plan by nine votes", "rejected the harbour plan by nine votes", False),
        ("to build the bridge at Brenn", "not to build the bridge at Brenn", False),
        ("the roof of the neighbouring bakery", "the roof of the adjoining bakery", True),
        ("the largest order of the yard", "the biggest order of the yard", True),
    ],
)
def test_a_phrase_turned_round_does_not_say_the_same(one: str, other: str, same: bool) -> None:
    asks = expected_answer("What did they do?")
    meanings = (interpret(text, asks, None) for text in (one, other))
    assert says_the_same(*meanings) is same
