"""Who reported something first, and which articles are copies of what is cited."""

from corpus.formats import Read
from corpus.types import Article
from index.types import Filter
from qa.answering.pipeline import ask
from qa.answering.types import Citation, FirstReport, Question
from qa.engine import Engine
from qa.ingestion.pipeline import ingest

STORY = (
    "The county counted forty flooded cellars in Lorn on Monday. Nobody was hurt; schools stay closed until "
    "the end of the week. Pumps came from three neighbouring towns, and volunteers carried sandbags through the "
    "night along the river. The mayor thanked everybody who had come to help with boats, food and dry clothes."
)
QUESTION = "How many flooded cellars did the county count in Lorn?"


def cited(engine: Engine, *articles: Article) -> dict[str, Citation]:
    """The citations of the answer, by their articles, over these articles alone."""
    assert {one.outcome for one in ingest(engine, [Read(one, one.id, ()) for one in articles])} == {"added"}
    answers = ask(engine, Question(QUESTION, min_confidence=0.0)).answers
    return {one.article.id: one for answer in answers for one in answer.citations}


def test_other_articles_of_an_agency_did_not_report_it_first(engine: Engine) -> None:
    """All that an agency reports is one origin; what it reported elsewhere is no first report of this."""
    citations = cited(
        engine,
        Article(
            "a1", "Strike", "The tram drivers of Quill went on strike.", source="Reuters", published_at="2026-03-01"
        ),
        Article("b1", "Flood", STORY, source="Reuters", published_at="2026-03-09"),
    )
    assert citations["b1"].first_report is None


def test_an_earlier_copy_is_the_first_report_and_told_whole(engine: Engine) -> None:
    first = Article(
        "f", "Lorn under water", STORY, source="Quill Post", published_at="2026-03-09", url="https://q.example/1"
    )
    later = Article("l", "Lorn floods", STORY, source="Ledger", published_at="2026-03-10")
    with_both = cited(engine, first, later)
    assert with_both["f"].first_report is None
    assert [one.article_id for one in with_both["f"].copies] == ["l"]
    # The later one alone is cited where the question is asked of it.
    answers = ask(engine, Question(QUESTION, min_confidence=0.0, where=_only("l"))).answers
    citation = answers[0].citations[0]
    assert citation.first_report == FirstReport(
        "Quill Post", "f", "Lorn under water", "https://q.example/1", "2026-03-09"
    )


def test_of_two_copies_of_one_day_neither_is_called_first(engine: Engine) -> None:
    cited(
        engine,
        Article("a", "Flood", STORY, source="Quill Post", published_at="2026-03-09"),
        Article("b", "Flood", STORY, source="Ledger", published_at="2026-03-09"),
        Article("c", "Flood", STORY, source="Gazette"),
    )
    for name in "abc":
        answers = ask(engine, Question(QUESTION, min_confidence=0.0, where=_only(name))).answers
        assert answers[0].citations[0].first_report is None


def test_an_agencys_copy_is_the_first_report_on_the_same_day(engine: Engine) -> None:
    cited(
        engine,
        Article("a", "Flood", STORY, source="Quill Post", published_at="2026-03-09"),
        Article("z", "Flood in Lorn", STORY, source="Reuters", published_at="2026-03-09"),
    )
    answers = ask(engine, Question(QUESTION, min_confidence=0.0, where=_only("a"))).answers
    assert answers[0].citations[0].first_report == FirstReport("Reuters", "z", "Flood in Lorn", None, "2026-03-09")


def test_an_outlet_that_the_sentence_names_keeps_its_capitals(engine: Engine) -> None:
    text = "The county counted forty flooded cellars in Lorn, the Morning Post reported on Monday."
    citations = cited(engine, Article("m", "Flood", text, source="Ledger", published_at="2026-03-09"))
    assert citations["m"].first_report == FirstReport("Morning Post")
    assert citations["m"].origin == "morning post"


def test_a_copy_that_says_otherwise_is_no_copy_of_the_quote(engine: Engine) -> None:
    other = STORY.replace("forty", "fifty")
    citations = cited(
        engine,
        Article("a", "Flood", STORY, source="Quill Post", published_at="2026-03-09"),
        Article("b", "Flood", other, source="Ledger", published_at="2026-03-10"),
        Article(
            "c", "Flood", STORY.replace(" on Monday. ", "\non Monday.\n"), source="Gazette", published_at="2026-03-10"
        ),
    )
    with engine.archive.store.read() as view:
        assert {one.article_id for one in view.copies("a")} == {"a", "b", "c"}
    assert [one.article_id for one in citations["a"].copies] == ["c"]


def _only(article_id: str) -> Filter:
    return Filter(article_ids=(article_id,))
