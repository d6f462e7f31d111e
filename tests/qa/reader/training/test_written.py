"""Questions written over news: asked of their article's passages, answered or not."""

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embedding import packaged_model
from qa.reader.inputs import Marks, packaged_tokenizer
from qa.reader.training.encoding import encode
from qa.reader.training.groups import Mix, Pool
from qa.reader.training.likeness import Likeness
from qa.reader.training.news import PASSAGE
from qa.reader.training.sources import Source, records
from qa.reader.training.written import written

FILLER = "The council of Port Alder met and spoke of the weather, the tides and the price of herring at great length. "
FIRE = "A watchman, Tomas Reyl, saw the fire first. The police hold Edda Roth for setting the mill of Lorn alight. "
FLOOD = "In the flood of 2019 the same mill lost 40 sacks. This year it lost 900 sacks, its owner said."
TEXT = FIRE + FILLER * 8 + FLOOD


def row(question: str, answer: str | None, wrong: str, split: str = "train") -> dict[str, Any]:
    return {
        "split": split,
        "article_id": "mill",
        "question": question,
        "answer": answer,
        "answer_start": None if answer is None else TEXT.index(answer),
        "wrong": [{"text": wrong, "start": TEXT.index(wrong)}],
    }


ROWS = [
    row("Who is accused of setting the mill on fire?", "Edda Roth", "Tomas Reyl"),
    row("How many sacks did the mill lose in the flood of 2018?", None, "40"),
    row("Who saw the fire first?", "Tomas Reyl", "Edda Roth", "held"),
]


def packed(path: Path, rows: list[dict[str, Any]]) -> Path:
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(one) + "\n" for one in rows)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Source, dict[str, list[int]]]:
    directory = tmp_path_factory.mktemp("written")
    articles = [{"id": "mill", "title": "Fire in Lorn", "text": TEXT}, {"id": "other", "title": "", "text": FILLER}]
    return written(packed(directory / "asked.xz", ROWS), packed(directory / "news.xz", articles), "train")


def test_a_question_is_asked_of_the_passage_that_answers_or_that_seems_to(
    made: tuple[Source, dict[str, list[int]]],
) -> None:
    source, mined = made
    assert "".join(TEXT.split()) == "".join("".join(one.text for one in source.texts).split())
    assert len(source.texts) == 2
    assert len(source.texts[0].text) >= PASSAGE
    accused, sacks = source.asked
    assert [source.texts[accused.text].text[a:b] for a, b in accused.spans] == ["Edda Roth"]
    assert sacks.spans == ()
    assert "40 sacks" in source.texts[sacks.text].text
    assert mined[accused.question] == [1]
    assert mined[sacks.question] == [0]


def test_a_question_without_an_answer_is_a_group_whose_text_answers_nothing(
    made: tuple[Source, dict[str, list[int]]],
) -> None:
    source, mined = made
    tokenizer = packaged_tokenizer()
    texts, questions = encode(tokenizer, source)
    like = Likeness.packaged(tokenizer, packaged_model())
    pool = Pool(tokenizer, Marks.of(tokenizer), texts, [one.text for one in source.texts], questions, mined, like)
    assert len(questions) == 2
    read: list[str] = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        ((example,),) = pool.groups(1, Mix(whole=0.5, negative=0.5, swapped=1.0, mined=0.5), rng)
        assert example.spans == ()
        read.append(tokenizer.decode(example.ids[example.start : -1]))
    assert any("40 sacks" in one for one in read)
    assert any("watchman" in one for one in read)
    assert len({len(one) for one in read}) > 2
    group, *_ = pool.groups(0, Mix(whole=1.0, negative=1.0, swapped=0.0, mined=1.0), np.random.default_rng(1))
    assert [bool(one.spans) for one in group] == [True, False, False]


def test_questions_marked_unanswerable_are_kept_and_those_that_lost_their_answer_are_not(tmp_path: Path) -> None:
    context = "The dock was built in 1911."
    shared = {"split": "train", "title": "Dock", "context": context}
    source = records(
        packed(
            tmp_path / "refusals.xz",
            [
                {**shared, "question": "when?", "question_raw": "When was it built?", "answers": ["1911"]},
                {**shared, "question": "Who built it?", "answers": [], "answerable": False},
                {**shared, "question": "Who tore it down?", "answers": ["Ada"], "answerable": True},
            ],
        ),
        split="train",
    )
    assert [(one.question, one.spans) for one in source.asked] == [
        ("When was it built?", ((22, 26),)),
        ("Who built it?", ()),
    ]
