import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.calibration import FITTED, PLAIN, Looked, Signs, calibrate, probability, signs, weights_for
from qa.answering.claims import merge_claims
from qa.reader import DEFAULT_READER
from tests.claims import claim

QUESTION = "How many chips did the Norrland council approve in 2026?"
TEXT = "The Norrland council approved 400 chips, it said."
REALS = st.floats(-20, 20)


def signs_of(answer: str = "400", *, question: str = QUESTION, text: str = TEXT, origins: int = 1) -> Signs:
    claims = [claim(question, text, answer, 0.8, source=f"Post {number}") for number in range(origins)]
    return signs(Looked.of(question), claims, merge_claims(claims)[0], 1_000)


def test_the_signs_of_a_statement() -> None:
    found = signs_of(origins=2)
    assert found == Signs(
        score=math.log(0.8 / (1 - 0.8)),
        retrieved=1.0,
        words=4 / 5,  # chips, norrland, council, approve; not 2026
        names=1 / 2,  # Norrland; not 2026
        kind=1.0,
        origins=1.0,
        size=3.0,
    )


def test_what_is_asked_for_and_not_given() -> None:
    assert signs_of("chips").kind == -1.0
    assert signs_of("it", question="Who approved the chips?").kind == -1.0
    assert signs_of("Norrland", question="Who approved the chips?").kind == 1.0
    assert signs_of("400", question="Why were the chips approved?").kind == 0.0
    assert signs_of("400", question="When were the chips approved?").kind == -1.0


def test_any_other_reader_is_taken_at_its_word() -> None:
    assert weights_for("sentences") == PLAIN
    assert weights_for(DEFAULT_READER) == FITTED
    claims = [claim(QUESTION, TEXT, "400", 0.8)]
    (statement,) = calibrate(QUESTION, claims, merge_claims(claims), 1_000, PLAIN)
    assert statement.confidence == pytest.approx(0.8)


@given(st.tuples(*7 * [REALS]), st.floats(0, 5))
def test_a_better_score_never_lowers_confidence(values: tuple[float, ...], more: float) -> None:
    found = Signs(*values)
    low, high = (probability(found._replace(score=found.score + step), FITTED) for step in (0.0, more))
    assert 0 < low <= high < 1
