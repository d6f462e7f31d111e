import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.reader.kinds import Kind, asked, has


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many ferries sank?", "number"),
        ("What share of the catch was cod?", "number"),
        ("When did the ferry sink?", "time"),
        ("In which month did it sink?", "time"),
        ("How long ago did it sink?", "time"),
        ("Who sank the ferry?", "name"),
        ("Which of the companies owned it?", "name"),
        ("Which shipping company owned it?", "name"),
        ("Why did it sink?", None),
    ],
)
def test_what_a_question_asks_for(question: str, kind: Kind | None) -> None:
    assert asked(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "found"),
    [
        ("number", "The ferry carried 400,000 people.", True),
        ("number", "The ferry carried three million people.", True),
        ("number", "The MS-7 sank.", False),  # the question has it
        ("time", "The ferry sank in April.", True),
        ("time", "The ferry sank last week.", True),
        ("time", "It may sink.", False),
        ("name", "The captain was Ada Reed.", True),
        ("name", "The captain was drunk.", False),
        ("name", "The MS-7's captain was drunk.", False),
        (None, "the captain", True),
    ],
)
def test_whether_a_sentence_has_it(kind: Kind | None, sentence: str, found: bool) -> None:
    assert has(kind, sentence, "What of the MS-7?") is found


@given(st.text(max_size=80))
def test_a_question_says_nothing_new_about_itself(text: str) -> None:
    assert not has("number", text, text)
    assert not has("time", text, text)
    assert not has("name", text, text)
