"""Questions made of news: articles that tell one thing in other words, written for this test."""

import json
import lzma
from pathlib import Path

import pytest

from qa.reader.training.cloze import gaps, question
from qa.reader.training.news import news

STORIES = [
    (
        "Ferry inquiry opens",
        "Investigators from Lorn opened an inquiry on Monday into the sinking of the ferry Heron. The harbour master "
        "Ada Reed told reporters that the vessel carried 312 passengers across the narrow strait. Nobody was hurt.",
    ),
    (
        "Passengers recall the Heron",
        "Survivors of the sinking praised the crew. Officials promised newspapers before the budget vote that the "
        "vessel carried 312 passengers when it crossed the strait, organisers argued, and prize money for the runner. "
        "Divers arrive tomorrow, the company announced in a statement to newspapers.",
    ),
    (
        "Budget vote delayed",
        "The council of Port Alder delayed its budget vote by a week. Members argued about harbour fees for fishing "
        "vessels carrying fewer than a dozen passengers. The mayor promised a compromise before winter.",
    ),
    (
        "Marathon record falls",
        "A runner from Lorn broke the marathon record by almost two minutes. Thousands watched along the strait. "
        "The race carried prize money for the first time in a decade, organisers told newspapers.",
    ),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("news") / "news.jsonl.xz"
    # Words that one article alone has weigh nothing: each story is told by two outlets, filled up with their own words.
    with lzma.open(path, "wt", encoding="utf-8") as file:
        for number in range(40):
            title, text = STORIES[number % 4] if number < 4 else (f"Notes {number}", _filler(number))
            file.write(json.dumps({"title": title, "text": text}) + "\n")
    return path


def _filler(number: int) -> str:
    words = [f"word{(number * step) % 97:02}" for step in range(3, 60)]
    return " ".join(f"Filler {' '.join(words[start : start + 9])} ends here." for start in range(0, 54, 9))


def test_a_question_is_answered_by_another_passage_that_says_the_same(archive: Path) -> None:
    source, lookalikes = news(archive)
    found = [one for one in source.asked if source.texts[one.text].text[slice(*one.spans[0])] == "312"]
    assert found
    for one in found:
        assert "carried" in one.question
        assert "312" not in one.question
        assert "vessel" in source.texts[one.text].text
        # The passage that answers is not the one that was asked about.
        assert not source.texts[one.text].text.startswith("Investigators") or "told reporters" not in one.question
        for number in lookalikes[one.question]:
            assert "312" not in source.texts[number].text
            assert source.texts[number].article != source.texts[one.text].article


def test_the_same_news_gives_the_same_questions(archive: Path) -> None:
    assert news(archive) == news(archive)


@pytest.mark.parametrize(
    ("sentence", "answer", "asking"),
    [
        (
            "The ministry paid $14 million to the yard in Lorn last spring.",
            "14",
            "How much The ministry paid to the yard in Lorn last spring?",
        ),
        (
            "Some 40 percent of the voters stayed at home on Sunday.",
            "40",
            "What percentage Some of the voters stayed at home on?",
        ),
        ("The bridge was closed in 2019 after a storm.", "2019", "When The bridge was closed after a storm?"),
        (
            "Talks began on Friday when Mayor Ada Reed said that fees would rise.",
            "Mayor Ada Reed",
            "Who Talks began on",
        ),
        ("The survivors were taken to hospitals in Lorn by helicopter.", "Lorn", "Where The survivors were taken to"),
    ],
)
def test_what_is_asked_for_has_its_question_word(sentence: str, answer: str, asking: str) -> None:
    made = {sentence[one.start : one.end]: question(sentence, one) for one in gaps(sentence)}
    assert made[answer].startswith(asking)


def test_a_name_is_asked_for_as_a_whole() -> None:
    sentence = "The yard sued the Port Alder Ferry Company with Captain Reed-Moss, said Lorn's mayor."
    asked = {sentence[one.start : one.end] for one in gaps(sentence)}
    assert asked == {"Port Alder Ferry Company", "Captain Reed-Moss", "Lorn"}
