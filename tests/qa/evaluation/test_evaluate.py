import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.reading import Read
from corpus.types import Article
from index.types import Hit
from qa.answering.types import RetrievedPassage
from qa.engine import Engine
from qa.errors import GoldError
from qa.evaluation.evaluate import Report, Scored, evaluate, first_hit
from qa.evaluation.gold import Gold, read_gold
from qa.evaluation.metrics import exact_match, f1, holds, normalise, percentile
from qa.ingestion.pipeline import ingest

words = st.lists(st.text("abcd", min_size=1, max_size=3), min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("China approved 400,000 chips.", "400,000", True),
        ("China approved 1,400,000 chips.", "400,000", False),
        ("China approved 400,000,000 chips.", "400,000", False),
        ("up by 2.5 points", "2", False),
        ("up by 2.5 points", "5", False),
        ("up by 2, 5 or 7", "5", True),
        ("The mainland", "main", False),
        ("main-land", "main", True),
        ("in BEIJING.", "beijing", True),
        ("Beijing’s plan", "Beijing's", True),
        ("more than\n 400,000", "more than 400,000", True),
        ("worth US$14 billion", "$14 billion", True),
        ("a 25% tariff", "25%", True),
        ("a 125% tariff", "25%", False),
        ("C++ code", "c++", True),
        ("any", "", False),
    ],
)
def test_an_answer_stands_on_word_borders(text: str, answer: str, expected: bool) -> None:
    assert holds(text, answer) is expected


@given(before=words, answer=words, behind=words)
def test_an_answer_between_words_is_found_and_glued_to_one_is_not(before: str, answer: str, behind: str) -> None:
    assert holds(f"{before}, {answer}. {behind}", answer)
    assert not holds(f"xx{answer}xx", answer)


def test_normalising_drops_case_punctuation_and_articles() -> None:
    assert normalise("The U.S.  approved\ta chip!") == "us approved chip"
    assert normalise("theatre an") == "theatre"


@pytest.mark.parametrize(
    ("answer", "gold", "exact", "overlap"),
    [
        ("The Wire", ["wire", "paper"], 1.0, 1.0),
        ("more than 400,000", ["400,000"], 0.0, 0.5),
        ("cat cat dog", ["cat dog dog"], 0.0, 2 / 3),
        ("x", ["y"], 0.0, 0.0),
        ("", ["y"], 0.0, 0.0),
        ("the", ["y"], 0.0, 0.0),
        ("A", ["B", "A"], 1.0, 1.0),
        ("x", [], 0.0, 0.0),
    ],
)
def test_answers_are_compared_as_squad_does(answer: str, gold: list[str], exact: float, overlap: float) -> None:
    assert exact_match(answer, gold) == exact
    assert f1(answer, gold) == pytest.approx(overlap)


@given(answer=words, gold=words)
def test_f1_is_symmetric_bounded_and_one_for_equals(answer: str, gold: str) -> None:
    assert 0 <= f1(answer, [gold]) <= 1
    assert f1(answer, [gold]) == pytest.approx(f1(gold, [answer]))
    assert exact_match(answer, [gold]) <= f1(answer, [gold])
    assert f1(answer, [gold, answer]) == exact_match(answer, [answer]) == 1


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


def test_percentiles_of_ten_and_of_none() -> None:
    assert percentile([float(n) for n in range(1, 11)], 50) == 5
    assert percentile([float(n) for n in range(1, 11)], 95) == 10
    assert percentile([], 50) is None


def hits(*articles: tuple[str, str]) -> list[RetrievedPassage]:
    return [
        RetrievedPassage(Hit(n, n, article_id, 0, len(text), 1.0, n, n, None), Article(article_id, "", text))
        for n, (article_id, text) in enumerate(articles, 1)
    ]


def test_a_hit_needs_the_right_article_and_the_answer() -> None:
    found = hits(("b", "Say 42."), ("a", "Say 7."), ("a", "Say 42."))
    assert first_hit(found, Gold("?", ("42",), ("a",))) == 3
    assert first_hit(found, Gold("?", ("42",))) == 1
    assert first_hit(found, Gold("?", ("4",), ("a",))) is None
    assert first_hit([], Gold("?", ("42",), ("a",))) is None


def test_a_report_counts_refusals_as_zero() -> None:
    scored = [
        Scored(answerable=True, refused=False, milliseconds=10, rank=1, exact=1, f1=1, cited=True),
        Scored(answerable=True, refused=False, milliseconds=20, rank=4, exact=0, f1=0.5, cited=False),
        Scored(answerable=True, refused=True, milliseconds=30),
        Scored(answerable=True, refused=True, milliseconds=40, rank=10),
        Scored(answerable=False, refused=True, milliseconds=50),
        Scored(answerable=False, refused=False, milliseconds=60, exact=0, f1=0),
    ]
    assert Report.of(scored) == Report(
        questions=6,
        answerable=4,
        unanswerable=2,
        hit_at_1=0.25,
        hit_at_3=0.25,
        hit_at_5=0.5,
        hit_at_10=0.75,
        mrr=0.3375,  # (1 + 1/4 + 1/10) / 4
        exact_match=0.25,
        f1=0.375,
        first_citation=0.25,
        refused_unanswerable=0.5,
        refused_answerable=0.5,
        latency_p50_ms=30,
        latency_p95_ms=60,
    )


def test_a_report_about_nothing_says_so() -> None:
    report = Report.of([Scored(answerable=False, refused=True, milliseconds=1)])
    assert (report.hit_at_1, report.f1, report.refused_answerable) == (None, None, None)
    assert report.refused_unanswerable == 1


def test_questions_are_asked_of_the_archive(engine: Engine) -> None:
    articles = [
        Article("zebra", "Zebras", "Forty zebras crossed the river at dawn."),
        Article("tariff", "Tariffs", "The tariff on steel rose to 25% in March."),
    ]
    list(ingest(engine, [Read(article, "test", ()) for article in articles]))
    gold = [
        Gold("How many zebras crossed the river?", ("Forty zebras crossed the river at dawn.",), ("zebra",)),
        Gold("To what did the tariff on steel rise?", ("25%",), ("zebra",)),
        Gold("Who won the violin contest?", ()),
    ]
    report = evaluate(engine, gold, min_confidence=0)
    assert (report.questions, report.answerable, report.unanswerable) == (3, 2, 1)
    assert report.hit_at_1 == report.hit_at_10 == report.mrr == 0.5  # the second names the wrong article
    assert report.first_citation == 1
    assert report.exact_match == 0.5
    assert report.latency_p95_ms is not None
    assert report.latency_p95_ms >= (report.latency_p50_ms or 0) > 0
    refusing = evaluate(engine, gold, min_confidence=1)
    assert (refusing.refused_answerable, refusing.refused_unanswerable) == (1, 1)
    assert (refusing.exact_match, refusing.f1, refusing.first_citation) == (0, 0, 0)
    assert refusing.hit_at_1 == 0.5


def test_a_gold_question_that_cannot_be_asked_is_named(engine: Engine) -> None:
    with pytest.raises(GoldError, match=r"line 7: '\?!' can't be asked"):
        evaluate(engine, [Gold("?!", (), (), 7)])


def test_gold_is_read_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    lines = [
        {"question": "Q?", "answers": ["A", "B"], "article_ids": ["x"]},
        {"question": "R?", "answers": [], "note": 1},
    ]
    path.write_text("\ufeff" + "\n\n".join(map(json.dumps, lines)) + "\r\n", "utf-8")
    assert read_gold(path) == [Gold("Q?", ("A", "B"), ("x",), 1), Gold("R?", (), (), 3)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2 is not valid JSON"),
        ("[" * 100_000, "line 2 is not valid JSON"),
        ("7", "line 2: the line: "),
        ('{"question": "Q?"}', "line 2: answers: "),
        ('{"question": "", "answers": []}', "line 2: question: "),
        ('{"question": "Q?", "answers": "A"}', "line 2: answers: "),
        ('{"question": "Q?", "answers": [7]}', "line 2: answers/0: "),
        ('{"question": "Q?", "answers": ["A"], "article_ids": "x"}', "line 2: article_ids: "),
        ('{"question": "Q?", "answers": ["..."]}', "line 2: an answer has no words"),
    ],
)
def test_a_bad_line_of_gold_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"question": "Q?", "answers": []}\n' + line)
    with pytest.raises(GoldError) as error:
        read_gold(path)
    assert said in str(error.value)


def test_gold_without_a_question_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n\n")
    with pytest.raises(GoldError, match="has no questions"):
        read_gold(path)
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(GoldError, match="can't be read"):
        read_gold(path)
