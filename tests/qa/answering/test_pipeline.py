import textwrap
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.formats import Read
from corpus.sentences import sentences
from corpus.types import Article
from corpus.verification import Reference, verify
from index.types import Filter
from qa.answering.pipeline import RERANKED, ask, search
from qa.answering.question import MAX_QUESTION
from qa.answering.reranking import merit
from qa.answering.retrieval import PER_ORIGIN
from qa.answering.types import Question, Reply
from qa.engine import Engine
from qa.errors import QuestionError
from qa.ingestion.pipeline import ingest
from qa.reader.types import Passage


def put(engine: Engine, *articles: Article) -> None:
    assert {one.outcome for one in ingest(engine, [Read(article, article.id, ()) for article in articles])} <= {
        "added",
        "updated",
        "unchanged",
    }


def sliced(reply: Reply) -> None:
    """Invariant 1: every citation and every hit slices exactly, and quotes are one to three whole sentences."""
    for answer in reply.answers:
        assert answer.text == answer.citations[0].answer
        for citation in answer.citations:
            text = citation.article.text
            assert text[citation.start : citation.end] == citation.quote
            assert citation.start <= citation.answer_start < citation.answer_end <= citation.end
            assert text[: citation.start].endswith(citation.prefix)
            assert text[citation.end :].startswith(citation.suffix)
            inside = [span for span in sentences(text) if citation.start <= span[0] and span[1] <= citation.end]
            assert (inside[0][0], inside[-1][1]) == (citation.start, citation.end)
            assert 1 <= len(inside) <= 3
            assert len(citation.quote) <= 500 or len(inside) == 1
    for found in (*reply.nearest, *(one.found for one in reply.read)):
        assert found.text == found.article.text[found.hit.start : found.hit.end]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many H200 chips were approved?", "400,000"),
        ("What value do the importers in Shenzhen put on the H200 chips?", "$14 billion"),
        ("How much more powerful is the H200 than the H20?", "six times"),
    ],
)
def test_the_sample_answers(sample_engine: Engine, question: str, answer: str) -> None:
    reply = ask(sample_engine, Question(question))
    assert reply.status == "answered"
    assert answer in reply.answers[0].text
    origins = [citation.origin for citation in reply.answers[0].citations]
    assert len(set(origins)) == len(origins)
    sliced(reply)


def test_a_copy_is_named_beside_what_was_published_first(engine: Engine) -> None:
    text = "The ferry sank on Monday. Nobody was hurt."
    put(
        engine,
        Article("b-copy", "Ferry", text, source="Post", url="https://post.example/2", published_at="2026-01-02"),
        Article("c-first", "Ferry", text, source="Wire", url="https://wire.example/1", published_at="2026-01-01"),
    )
    reply = ask(engine, Question("When did the ferry sink?", min_confidence=0.0))
    (citation,) = reply.answers[0].citations
    assert (citation.article.id, citation.origin) == ("c-first", "c-first")
    assert [(copy.article_id, copy.source) for copy in citation.copies] == [("b-copy", "Post")]
    assert reply.answers[0].origins == 1
    filtered = ask(engine, Question("When did the ferry sink?", where=Filter(sources=("Post",)), min_confidence=0.0))
    (citation,) = filtered.answers[0].citations
    assert (citation.article.id, citation.origin) == ("b-copy", "c-first")


def test_copies_crowd_out_neither_other_articles_nor_the_reports_own_passages(engine: Engine) -> None:
    paragraph = "The ferry sank on day {}. " + "Words follow words here. " * 40
    text = "\n\n".join(paragraph.format(number) for number in range(5))
    put(
        engine,
        *(Article(f"copy-{number}", "", text, published_at=f"2026-01-{20 - number:02}") for number in range(12)),
        Article("other", "", "Another ferry sank."),
    )
    reply = ask(engine, Question("Which ferry sank?"))
    places = sorted((one.found.article.id, one.found.hit.start) for one in reply.read)
    assert [article_id for article_id, _ in places] == ["copy-11"] * PER_ORIGIN + ["other"]
    assert len(set(places)) == PER_ORIGIN + 1


def test_a_quote_of_hard_wrapped_text_is_whole_sentences_of_the_article(engine: Engine) -> None:
    sentence = "The ferry that sank on Monday had been repaired in the spring by a yard that nobody had heard of before"
    text = "\n".join(textwrap.wrap(" ".join(f"{sentence} number {n}." for n in range(20)), 66))
    put(engine, Article("wrapped", "", text))
    for number in range(0, 20, 5):
        sliced(ask(engine, Question(f"Which ferry sank, number {number}?", min_confidence=0.0)))


def test_nothing_is_said_where_the_archive_says_nothing(engine: Engine) -> None:
    assert ask(engine, Question("Which ferry sank?")).reason == "empty_archive"
    put(engine, Article("1", "", "The ferry sank on Monday.", source="Post", published_at="2026-01-02"))
    nowhere = ask(engine, Question("Which ferry sank?", where=Filter(article_ids=("2",))))
    assert (nowhere.status, nowhere.reason, nowhere.answers, nowhere.nearest) == (
        "not_found",
        "nothing_matches_filter",
        (),
        (),
    )
    unrelated = ask(engine, Question("Quem ganhou?"))
    assert (unrelated.status, unrelated.reason) == ("not_found", "no_relevant_article")
    assert [found.article.id for found in unrelated.nearest] == ["1"]
    weak = ask(engine, Question("Who raised prize oxen in Monday gardens abroad?"))
    assert (weak.status, weak.reason, weak.answers) == ("not_found", "low_confidence", ())


def test_the_bar_is_the_askers_where_one_is_set(engine: Engine) -> None:
    put(engine, Article("1", "", "The ferry sank on Monday."))
    question = "Who raised prize oxen in Monday gardens abroad?"
    assert ask(engine, Question(question, min_confidence=0.0)).status == "answered"
    assert ask(engine, Question("Did the ferry sink on Monday?", min_confidence=1.0)).status == "not_found"


def test_a_setting_moves_the_bar_for_questions_without_one(engine: Engine) -> None:
    put(engine, Article("1", "", "The ferry sank on Monday."))
    question = "When did the ferry sink?"
    assert ask(replace(engine, bar=0.0), Question(question)).status == "answered"
    assert ask(replace(engine, bar=1.0), Question(question)).reason == "low_confidence"
    assert ask(replace(engine, bar=1.0), Question(question, min_confidence=0.0)).status == "answered"


def test_as_of_sees_only_what_was_published_by_then(engine: Engine) -> None:
    put(
        engine,
        Article("early", "", "The ferry carried 200 people.", published_at="2026-01-01"),
        Article("late", "", "The ferry carried 300 people.", published_at="2026-01-05T23:00:00-10:00"),
        Article("undated", "", "The ferry carried 400 people."),
    )

    def seen(question: Question) -> set[str]:
        return {one.found.article.id for one in ask(engine, question).read}

    text = "How many people did the ferry carry?"
    assert seen(Question(text)) == {"early", "late", "undated"}
    assert seen(Question(text, as_of=date(2026, 1, 4))) == {"early"}
    assert seen(Question(text, as_of=date(2026, 1, 5))) == {"early", "late"}
    assert seen(Question(text, as_of=date(2026, 1, 9), where=Filter(published_to=date(2026, 1, 2)))) == {"early"}
    assert seen(Question(text, as_of=date(2026, 1, 9), where=Filter(published_from=date(2026, 1, 2)))) == {"late"}


def test_citations_are_bounded_by_k(engine: Engine) -> None:
    put(engine, *(Article(f"a{n}", "", f"The ferry sank on Monday, said witness {'abc'[n]}.") for n in range(3)))
    question = "When did the ferry sink?"
    assert [len(ask(engine, Question(question, k=k, min_confidence=0)).answers[0].citations) for k in (1, 2, 9)] == [
        1,
        2,
        3,
    ]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("x" * (MAX_QUESTION + 1), "has 2,001 characters; at most 2,000 can be asked"),
        ("?! ... 🚣", "has no words"),
        ("a\0b", "not valid text"),
        ("a\ud800b", "not valid text"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(engine: Engine, question: str, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        ask(engine, Question(question))
    with pytest.raises(QuestionError, match=message):
        search(engine, question)


@pytest.mark.parametrize("question", ["北京批准了多少芯片？", "كم عدد الرقائق؟", "400,000", "x", "\u202eabc"])
def test_a_question_in_any_script_can_be_asked(engine: Engine, question: str) -> None:
    put(engine, Article("zh", "芯片", "北京批准了四十万枚芯片。上海没有。"), Article("ar", "", "تمت الموافقة. نعم."))
    reply = ask(engine, Question(question, min_confidence=0.0))
    assert reply.status == "answered"
    sliced(reply)


def test_the_same_question_has_the_same_answer(sample_engine: Engine) -> None:
    first, second = (ask(sample_engine, Question("Who visited Shanghai?", min_confidence=0)) for _ in range(2))
    assert (first.answers, first.read, first.nearest) == (second.answers, second.read, second.nearest)


def test_reranking_gives_the_best_of_more_hits_by_merit(sample_engine: Engine) -> None:
    query = "How many H200 chips were approved?"
    plain, reranked = search(sample_engine, query, k=RERANKED), search(sample_engine, query, k=8, rerank=True)
    assert {found.hit.chunk_id for found in reranked} < {found.hit.chunk_id for found in plain}
    assert [found.hit.rank for found in reranked] == list(range(1, 9))
    readings = sample_engine.reader.read(query, [Passage(found.article.title, found.text) for found in plain])
    merits = {
        found.hit.chunk_id: merit(reading.score, found.hit.score)
        for found, reading in zip(plain, readings, strict=True)
    }
    best = sorted(merits, key=lambda chunk_id: -merits[chunk_id])[:8]
    assert [found.hit.chunk_id for found in reranked] == best
    assert [found.hit.score for found in reranked] == [merits[chunk_id] for chunk_id in best]


wild = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=400)
prose = st.lists(
    st.sampled_from(
        [
            "The ferry sank.",
            "é́ 🚣🏽‍♂️!",
            "\r\n",
            "\u2028",
            "مرحبا بالعالم؟",
            "北京。",
            "U.S. $1.5bn",
            " ",
            "\n\n",
            "x" * 700,
        ]
    ),
    min_size=1,
    max_size=30,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(texts=st.lists((wild | prose).filter(str.strip), min_size=1, max_size=3), question=wild)
def test_every_citation_and_every_hit_slices_exactly(engine: Engine, texts: Sequence[str], question: str) -> None:
    put(engine, *(Article(f"w{number}", "", text, url="https://w.example/") for number, text in enumerate(texts)))
    for asked in ("Did the ferry sink?", question):
        try:
            reply = ask(engine, Question(asked, min_confidence=0.0))
        except QuestionError:
            continue
        sliced(reply)
        for found in search(engine, asked, k=20):
            assert found.text == found.article.text[found.hit.start : found.hit.end]


def test_as_of_a_day_a_corrected_article_is_read_as_it_stood(engine: Engine) -> None:
    first = "The ferry Aare carried 200 people when it sank off Lindholm. Its captain was saved."
    corrected = "Correction: the ferry Aare carried 240 people when it sank off Lindholm. Its captain was saved."
    put(engine, Article("1", "Ferry", first, source="Post", published_at="2026-01-02"))
    put(engine, Article("1", "Ferry", corrected, source="Post", published_at="2026-01-09"))
    text = "How many people did the ferry Aare carry off Lindholm?"

    def told(day: date | None) -> str | None:
        reply = ask(engine, Question(text, as_of=day, min_confidence=0.0))
        sliced(reply)
        return reply.answers[0].citations[0].quote if reply.answers else None

    assert told(None) == told(date(2026, 1, 9)) == corrected
    assert told(date(2026, 1, 8)) == told(date(2026, 1, 2)) == first
    assert told(date(2026, 1, 1)) is None
    (citation,) = ask(engine, Question(text, as_of=date(2026, 1, 5), min_confidence=0.0)).answers[0].citations
    assert citation.article.published_at == "2026-01-02"
    with engine.archive.store.read() as view:
        cited = Reference("1", citation.start, citation.end, citation.quote, citation.article.sha256)
        assert verify(view, cited) == "changed"
    assert engine.archive.delete("1")
    assert told(date(2026, 1, 5)) is None


def test_as_of_keeps_to_the_other_filters(engine: Engine) -> None:
    put(engine, Article("1", "", "The ferry carried 200 people.", source="Post", published_at="2026-01-02"))
    put(engine, Article("1", "", "The ferry carried 240 people.", source="Post", published_at="2026-01-09"))
    put(engine, Article("other", "", "The tram is back.", source="Ledger", published_at="2026-02-02"))
    for where in (Filter(sources=("Ledger",)), Filter(published_to=date(2026, 1, 1)), Filter(article_ids=("2",))):
        reply = ask(engine, Question("How many people did the ferry carry?", where=where, as_of=date(2026, 1, 5)))
        assert reply.reason == "nothing_matches_filter"
