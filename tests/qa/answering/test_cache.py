from collections.abc import Sequence
from dataclasses import replace

import pytest

from corpus.formats import Read
from corpus.types import Article
from qa.answering.cache import KEPT, ReplyCache
from qa.answering.types import Question
from qa.engine import Engine
from qa.errors import QuestionError
from qa.ingestion.pipeline import ingest
from qa.reader.sentences import SentenceReader
from qa.reader.types import Passage, Reading

FERRY = Article("1", "", "The ferry sank on Monday near the old harbour.")


class CountingReader(SentenceReader):
    """Counts how often it is asked to read."""

    times = 0

    def read(self, question: str, passages: Sequence[Passage]) -> list[Reading]:
        self.times += 1
        return super().read(question, passages)


@pytest.fixture
def reader(engine: Engine) -> CountingReader:
    return CountingReader(engine.embedder)


@pytest.fixture
def counted(engine: Engine, reader: CountingReader) -> Engine:
    put(engine, FERRY)
    return replace(engine, reader=reader)


def put(engine: Engine, article: Article) -> None:
    assert [one.outcome for one in ingest(engine, [Read(article, article.id, ())])] != ["rejected"]


def test_the_same_question_is_answered_without_reading_again(counted: Engine, reader: CountingReader) -> None:
    remembered = ReplyCache(counted)
    first, second = (remembered.ask(Question("When did the ferry sink?", min_confidence=0.0)) for _ in range(2))
    assert reader.times == 1
    assert replace(second, timings_ms={}) == replace(first, timings_ms={})
    assert (second.timings_ms.keys(), second.timings_ms["read"]) == (first.timings_ms.keys(), 0.0)


def test_another_question_is_another(counted: Engine, reader: CountingReader) -> None:
    remembered = ReplyCache(counted)
    for question in (
        Question("When did the ferry sink?"),
        Question("Where did the ferry sink?"),
        Question("When did the ferry sink?", k=1),
        Question("When did the ferry sink?", min_confidence=0.0),
    ):
        remembered.ask(question)
    assert reader.times == 4


def test_what_is_written_is_answered_from_at_once(counted: Engine) -> None:
    remembered = ReplyCache(counted)
    question = Question("When did the ferry sink?", min_confidence=0.0)
    assert remembered.ask(question).state.articles == 1
    put(counted, Article("2", "", "The other ferry sank on Sunday."))
    assert remembered.ask(question).state.articles == 2
    counted.archive.delete("1")
    assert {citation.article.id for one in remembered.ask(question).answers for citation in one.citations} == {"2"}


def test_a_compaction_is_a_new_archive(counted: Engine, reader: CountingReader) -> None:
    remembered = ReplyCache(counted)
    remembered.ask(Question("When did the ferry sink?"))
    counted.archive.compact(force=True)
    remembered.ask(Question("When did the ferry sink?"))
    assert reader.times == 2


def test_the_oldest_are_forgotten(counted: Engine, reader: CountingReader) -> None:
    remembered = ReplyCache(counted)
    for number in range(KEPT + 1):
        remembered.ask(Question(f"When did ferry {number} sink?"))
    before = reader.times
    remembered.ask(Question(f"When did ferry {KEPT} sink?"))
    assert reader.times == before
    remembered.ask(Question("When did ferry 0 sink?"))
    assert reader.times == before + 1


def test_a_question_that_cannot_be_asked_is_refused_each_time(counted: Engine) -> None:
    for _ in range(2):
        with pytest.raises(QuestionError):
            ReplyCache(counted).ask(Question("  "))
