"""What every reader promises, over each implementation."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import sentences
from index.embedding import SentenceTransformerEmbedder
from qa.reader import Reader
from qa.reader.sentences import SentenceReader
from qa.types import Passage
from tests.fakes import BagEmbedder

PASSAGES = [
    Passage("Harbour news", "The ferry sank on Monday. It carried 300 people. Nobody was hurt."),
    Passage("", "Ada Reed is the captain of the ferry. She was not on board."),
    Passage("Gardens", "Prize oxen were shown. The weather was fine."),
    Passage("Harbour news", "The ferry sank on Monday. It carried 300 people. Nobody was hurt."),
]


@cache
def sentence_reader() -> Reader:
    return SentenceReader(SentenceTransformerEmbedder())


def bag_reader() -> Reader:
    return SentenceReader(BagEmbedder())


@pytest.fixture(params=[sentence_reader, bag_reader], ids=["sentences-minilm", "sentences-bag"])
def reader(request: pytest.FixtureRequest) -> Reader:
    make: Callable[[], Reader] = request.param
    return make()


@pytest.mark.parametrize(
    ("question", "row", "answer"),
    [
        ("How many people did the ferry carry?", 0, "300"),
        ("When did the ferry sink?", 0, "Monday"),
        ("Who is the captain of the ferry?", 1, "Ada Reed"),
    ],
)
def test_the_answer_is_in_the_best_span_of_the_best_passage(
    reader: Reader, question: str, row: int, answer: str
) -> None:
    readings = reader.read(question, PASSAGES)
    assert max(range(4), key=lambda one: readings[one].score) == row
    best = readings[row].spans[0]
    assert answer in PASSAGES[row].text[best.start : best.end]


def test_equal_passages_are_read_equally_and_the_same_again(reader: Reader) -> None:
    first, second = (reader.read("When did the ferry sink?", PASSAGES) for _ in range(2))
    assert first == second
    assert first[0] == first[3]


def test_the_order_of_passages_does_not_matter(reader: Reader) -> None:
    question = "When did the ferry sink?"
    assert reader.read(question, PASSAGES[::-1])[::-1] == reader.read(question, PASSAGES)


def test_nothing_to_read_gives_nothing(reader: Reader) -> None:
    assert reader.read("When?", []) == []
    ((score, spans),) = reader.read("When?", [Passage("Title", "")])
    assert (score, spans) == (0.0, ())


def test_confidence_rises_with_the_score(reader: Reader) -> None:
    confidences = [reader.confidence(score / 10) for score in range(-20, 40)]
    assert confidences == sorted(confidences)
    assert 0 <= confidences[0] < 0.1
    assert 0.9 < confidences[-1] <= 1


wild = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@settings(deadline=None, max_examples=40)
@given(question=wild.filter(str.strip), texts=st.lists(st.tuples(wild, wild), max_size=3))
def test_no_span_leaves_its_passage(question: str, texts: list[tuple[str, str]]) -> None:
    passages = [Passage(title, text) for title, text in texts]
    for reader in (sentence_reader(), bag_reader()):
        for passage, reading in zip(passages, reader.read(question, passages), strict=True):
            assert [span.score for span in reading.spans] == sorted((one.score for one in reading.spans), reverse=True)
            for span in reading.spans:
                assert 0 <= span.start < span.end <= len(passage.text)
                assert (span.start, span.end) in sentences(passage.text)
