"""What every reader promises, over each implementation."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

from corpus.sentences import sentences
from index.embedding import SentenceTransformerEmbedder, packaged_model
from index.errors import ModelError
from qa.reader import Reader
from qa.reader.extractive import ExtractiveReader
from qa.reader.sentences import SentenceReader
from qa.reader.trained import TrainedReader
from qa.reader.types import Passage
from tests.fakes import BagEmbedder

PASSAGES = [
    Passage("Harbour news", "The ferry sank on Monday. It carried 300 people. Nobody was hurt."),
    Passage("", "Ada Reed is the captain of the ferry. She was not on board."),
    Passage("Gardens", "Prize oxen were shown. The weather was fine."),
    Passage("Harbour news", "The ferry sank on Monday. It carried 300 people. Nobody was hurt."),
]


@cache
def trained_reader() -> Reader:
    return TrainedReader()


@cache
def untrained_reader() -> Reader:
    """A tiny model of Hugging Face's form with random weights: what it answers is nonsense."""
    directory = mkdtemp()
    torch.manual_seed(0)
    config = BertConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
    BertForQuestionAnswering(config).save_pretrained(directory)
    AutoTokenizer.from_pretrained(packaged_model()).save_pretrained(directory)
    return ExtractiveReader(directory)


@cache
def sentence_reader() -> Reader:
    return SentenceReader(SentenceTransformerEmbedder())


def bag_reader() -> Reader:
    return SentenceReader(BagEmbedder())


MAKERS: dict[str, Callable[[], Reader]] = {
    "trained": trained_reader,
    "extractive-random": untrained_reader,
    "sentences-minilm": sentence_reader,
    "sentences-bag": bag_reader,
}


@pytest.fixture(params=MAKERS.values(), ids=[*MAKERS])
def reader(request: pytest.FixtureRequest) -> Reader:
    make: Callable[[], Reader] = request.param
    return make()


@pytest.mark.parametrize("make", [trained_reader, sentence_reader, bag_reader])
@pytest.mark.parametrize(
    ("question", "row", "answer"),
    [
        ("How many people did the ferry carry?", 0, "300"),
        ("When did the ferry sink?", 0, "Monday"),
        ("Who is the captain of the ferry?", 1, "Ada Reed"),
    ],
)
def test_the_answer_is_in_the_best_span_of_the_best_passage(
    make: Callable[[], Reader], question: str, row: int, answer: str
) -> None:
    readings = make().read(question, PASSAGES)
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
    empty, *others = reader.read("When?", [Passage("Title", ""), *PASSAGES])
    assert empty.spans == ()
    assert all(empty.score <= other.score for other in others)


def test_confidence_rises_with_the_score(reader: Reader) -> None:
    confidences = [reader.confidence(score / 10) for score in range(-100, 100)]
    assert confidences == sorted(confidences)
    assert 0 <= confidences[0] < 0.1
    assert 0.9 < confidences[-1] <= 1


def inside_a_word(text: str, place: int) -> bool:
    """Whether letters stand on both sides of a place: in plain letters no word is cut in two."""
    around = text[max(0, place - 1) : place + 1]
    return len(around) == 2 and around.isascii() and around.isalpha()


wild = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@settings(max_examples=40)
@given(question=wild.filter(str.strip), texts=st.lists(st.tuples(wild, wild), max_size=3))
def test_no_span_leaves_its_passage(question: str, texts: list[tuple[str, str]]) -> None:
    passages = [Passage(title, text) for title, text in texts]
    for make in MAKERS.values():
        reader = make()
        for passage, reading in zip(passages, reader.read(question, passages), strict=True):
            assert [span.score for span in reading.spans] == sorted((one.score for one in reading.spans), reverse=True)
            for span in reading.spans:
                assert 0 <= span.start < span.end <= len(passage.text)
                if isinstance(reader, SentenceReader):
                    assert (span.start, span.end) in sentences(passage.text)
                if isinstance(reader, TrainedReader):
                    assert not any(inside_a_word(passage.text, place) for place in (span.start, span.end))


def test_long_passages_and_long_questions_are_read_to_their_end(reader: Reader) -> None:
    filler = "The weather was fine and nothing else happened on the quay that day. " * 60
    late = Passage("Harbour news", filler + "The ferry sank on Monday.")
    for question in ("When did the ferry sink?", "When did the ferry sink? " * 200):
        (reading,) = reader.read(question, [late])
        assert all(0 <= span.start < span.end <= len(late.text) for span in reading.spans)
    (reading,) = reader.read("When did the ferry sink?", [late])
    if not isinstance(reader, ExtractiveReader):
        assert "Monday" in late.text[reading.spans[0].start : reading.spans[0].end]


SCRIPTS = [
    "北京批准了四十万枚芯片。",
    "تمت الموافقة على الرقائق.",
    "🚣🏽‍♂️🚣🏽‍♂️",
    "a\u0301\u0302" * 40,
    "\u200b\ufeff",
    " \n\t",
]


@pytest.mark.parametrize("text", SCRIPTS)
def test_any_script_can_be_read(reader: Reader, text: str) -> None:
    for question in ("When?", text if text.strip() else "?"):
        (reading,) = reader.read(question, [Passage(text, text)])
        assert all(0 <= span.start < span.end <= len(text) for span in reading.spans)


@pytest.mark.parametrize("make", [trained_reader, untrained_reader])
def test_a_reading_does_not_depend_on_what_is_read_beside_it(make: Callable[[], Reader]) -> None:
    passages = [*PASSAGES, *(Passage("", "The ferry sank. " * count) for count in (1, 2, 7, 7, 30))]
    reader, question = make(), "When did the ferry sink?"
    alone = [reader.read(question, [one])[0] for one in passages]
    assert reader.read(question, passages) == alone
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(lambda _: reader.read(question, passages), range(8))] == [alone] * 8


def test_what_the_network_says_of_a_passage_is_the_same_to_the_bit_under_load() -> None:
    reader, question = TrainedReader(), "When did the ferry sink?"
    passages = [*PASSAGES, *(Passage("", "The ferry sank. " * count) for count in (1, 2, 7, 7, 30))]

    def bits(_: int) -> list[bytes]:
        return [np.r_[said.starts, said.ends, said.answers].tobytes() for _, said in reader.said(question, passages)]

    alone = bits(0)
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(bits, range(8))] == [alone] * 8


def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="can't be loaded"):
        ExtractiveReader(str(tmp_path)).read("When?", PASSAGES)
