import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from corpus.types import Article

ROOT = Path(__file__).parents[2]
WIRE = "wire-agency-2026-01-28-approval"
COPY = "harbour-courier-2026-01-28-approval"
REWRITE = "northern-ledger-2026-01-28-approval"


def records(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]


def stands_in(answer: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) is not None


ARTICLES = [
    Article(**{**record, "authors": tuple(record["authors"])}) for record in records("corpus/sample/articles.jsonl")
]
BY_ID = {article.id: article for article in ARTICLES}
GOLD = records("bench/gold.jsonl")
SEEDS = records("bench/seeds.jsonl")


def test_there_are_fifteen_articles_with_ids_of_their_own() -> None:
    assert len(ARTICLES) == len(BY_ID) == 15


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_an_article_is_complete_and_marked_as_a_sample(article: Article) -> None:
    assert article.source is not None
    assert article.source.startswith("Sample ")
    assert article.day is not None
    assert article.authors
    address = urlsplit(article.url or "")
    assert address.scheme == "https"
    assert address.hostname is not None
    assert address.hostname.endswith(".example")
    assert f"{article.day:%Y/%m/%d}" in address.path
    assert f"{article.day:%Y-%m-%d}" in article.id


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_an_article_is_a_short_report_in_paragraphs(article: Article) -> None:
    assert 120 <= len(article.text.split()) <= 350
    assert article.text.count("\n\n") >= 3
    assert article.text == article.text.strip()


def test_no_two_articles_share_an_address() -> None:
    assert len({article.url for article in ARTICLES}) == len(ARTICLES)


def test_exactly_one_text_stands_twice_under_two_outlets() -> None:
    twice = [{one.id, other.id} for one, other in combinations(ARTICLES, 2) if one.text == other.text]
    assert twice == [{WIRE, COPY}]
    assert BY_ID[WIRE].source != BY_ID[COPY].source


def test_the_rewrite_names_the_agency_it_has_its_report_from() -> None:
    assert BY_ID[REWRITE].source != BY_ID[WIRE].source
    assert f"the {BY_ID[WIRE].source} reported" in BY_ID[REWRITE].text


def test_the_outlets_disagree_and_a_figure_moves() -> None:
    assert "$10 billion" in BY_ID["market-gazette-2026-01-28-worth"].text
    assert "$14 billion" in BY_ID["evening-dispatch-2026-01-29-worth"].text
    first, later = BY_ID["harbour-courier-2026-01-07-orders"], BY_ID["strait-observer-2026-01-30-no-orders"]
    assert "ordered about 1.4 million H200 chips in December" in first.text
    assert "ordered more than 2 million H200 chips in December" in later.text
    assert first.day is not None
    assert later.day is not None
    assert first.day < later.day


@pytest.mark.parametrize("question", GOLD, ids=lambda question: question["question"])
def test_a_gold_answer_stands_on_word_borders_in_each_of_its_articles(question: dict[str, Any]) -> None:
    texts = [BY_ID[article_id].text for article_id in question["article_ids"]]
    assert [text for text in texts if not any(stands_in(answer, text) for answer in question["answers"])] == []
    assert [answer for answer in question["answers"] if not any(stands_in(answer, text) for text in texts)] == []


@pytest.mark.parametrize(("questions", "least"), [(GOLD, 72), (SEEDS, 56)], ids=["gold", "seeds"])
def test_the_questions_are_enough_and_a_quarter_cannot_be_answered(questions: list[dict[str, Any]], least: int) -> None:
    assert len(questions) >= least
    assert sum(not question["answers"] for question in questions) >= len(questions) / 4


@pytest.mark.parametrize("questions", [GOLD, SEEDS], ids=["gold", "seeds"])
def test_the_questions_are_well_formed_and_stand_once(questions: list[dict[str, Any]]) -> None:
    assert len({question["question"].casefold() for question in questions}) == len(questions)
    for question in questions:
        assert set(question) == {"question", "answers", "article_ids"}
        assert bool(question["answers"]) == bool(question["article_ids"])
        assert len(set(question["answers"])) == len(question["answers"])
        assert len(set(question["article_ids"])) == len(question["article_ids"])


def test_how_many_chips_were_approved_is_said_by_six_articles() -> None:
    [question] = [question for question in GOLD if question["question"] == "How many H200 chips were approved?"]
    assert len(question["article_ids"]) == 6
    assert sum("more than 400,000 H200 chips" in BY_ID[article_id].text for article_id in question["article_ids"]) == 5
