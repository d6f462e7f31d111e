import unicodedata
from datetime import date

import pytest

from corpus.formats import Read
from corpus.types import Article
from index.types import EVERYTHING, Filter
from qa.answering.filtering import check_days
from qa.answering.pipeline import ask, find
from qa.answering.types import Question
from qa.engine import Engine
from qa.errors import FilterError
from qa.ingestion.pipeline import ingest

QUESTION = "How many berths has the harbour of Orrin?"
DAY = date(2026, 3, 1)


def filled(engine: Engine) -> Engine:
    """Ten articles: with a date and without, 3 and 2 of the Bote, 2 and 1 of the Post (spelt two ways), 2 of nobody."""
    outlets = [
        *[("Zürcher Bote", "2026-03-0%d"), ("Zürcher Bote", "2026-03-0%d"), ("Zürcher Bote", "2026-03-0%d")],
        *[("Zürcher Bote", None), ("Zürcher Bote", None)],
        *[("People’s Post", "2026-03-0%d"), ("People's post", "2026-03-0%d"), ("People's post", None)],
        *[(None, None), (None, None)],
    ]
    articles = [
        Article(
            f"a{number}",
            "",
            f"The harbour of Orrin has {number + 10} berths, its warden said.",
            source=source and unicodedata.normalize("NFD" if number % 2 else "NFC", source),
            published_at=day and day % (number + 1),
        )
        for number, (source, day) in enumerate(outlets)
    ]
    assert {one.outcome for one in ingest(engine, [Read(one, one.id, ()) for one in articles])} == {"added"}
    return engine


@pytest.mark.parametrize(
    ("where", "as_of", "passing", "left_out"),
    [
        (EVERYTHING, None, None, 0),
        (Filter(published_from=DAY), None, 5, 5),
        (Filter(published_to=DAY), None, 1, 5),
        (EVERYTHING, date(2026, 3, 2), 2, 5),
        (Filter(published_from=date(2027, 1, 1)), None, 0, 5),
        (Filter(sources=("zürcher bote",), published_from=DAY), None, 3, 2),
        (Filter(sources=("zürcher bote",)), None, 5, 0),
        (Filter(sources=("PEOPLE'S POST",), published_from=DAY), None, 2, 1),
        (Filter(article_ids=("a0", "a3", "a9", "none")), date(2026, 3, 31), 1, 2),
        (Filter(published_from=DAY, undated="include"), None, 10, 0),
        (Filter(undated="include"), None, None, 0),
        (Filter(undated="exclude"), None, 5, 5),
        (Filter(undated="only"), None, 5, 0),
        (Filter(undated="only", sources=("People’s Post",), published_from=DAY), None, 1, 0),
        (Filter(undated="include"), date(2026, 3, 2), 7, 0),
    ],
)
def test_what_a_filter_lets_through_and_leaves_out_is_counted(
    engine: Engine, where: Filter, as_of: date | None, passing: int | None, left_out: int
) -> None:
    reply = ask(filled(engine), Question(QUESTION, where=where, as_of=as_of, min_confidence=0.0))
    assert (reply.passing, reply.undated_left_out) == (passing, left_out)
    assert bool(reply.read) == (passing != 0)
    if as_of is None:
        found = find(engine, "harbour berths", k=20, where=where)
        assert (found.passing, found.undated_left_out) == (passing, left_out)
        assert len(found.hits) == (10 if passing is None else passing)


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("ZÜRCHER BOTE", 5),
        (unicodedata.normalize("NFD", "Zürcher Bote"), 5),
        ("people`s  post", 3),
        ("People’s Post", 3),
    ],
)
def test_every_spelling_of_an_outlet_passes(engine: Engine, typed: str, count: int) -> None:
    assert len(find(filled(engine), "berths", k=20, where=Filter(sources=(typed,))).hits) == count


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Zuricher Bote",), "no outlet Zuricher Bote; did you mean Zürcher Bote?"),
        (("Zürcher Bote", "Peoples Post"), "no outlet Peoples Post; did you mean People's post?"),
        (("bote", "post"), "no outlet bote; did you mean Zürcher Bote? no outlet post; did you mean People's post?"),
        (("a", "b", "c", "d", "e"), "And 2 more that no article has."),
        (("Orrin " * 500,), "…; did you mean "),
        (("",), "no outlet ; did you mean "),
    ],
)
def test_an_unknown_outlet_is_an_error_that_names_the_nearest(
    engine: Engine, names: tuple[str, ...], said: str
) -> None:
    filled(engine)
    where = Filter(sources=names)
    with pytest.raises(FilterError) as asked:
        ask(engine, Question(QUESTION, where=where))
    with pytest.raises(FilterError) as sought:
        find(engine, "berths", where=where)
    told = str(asked.value)
    assert told == str(sought.value)
    assert unicodedata.normalize("NFC", said) in unicodedata.normalize("NFC", told)
    assert len(told) < 400


def test_where_no_article_names_its_outlet_that_is_said(engine: Engine) -> None:
    list(ingest(engine, [Read(Article("a", "", "The dam holds."), "a", ())]))
    with pytest.raises(FilterError, match="no outlet Post: no article of this archive names its outlet"):
        ask(engine, Question(QUESTION, where=Filter(sources=("Post",))))


def test_an_empty_archive_is_said_to_be_empty_whatever_the_outlet(engine: Engine) -> None:
    reply = ask(engine, Question(QUESTION, where=Filter(sources=("Post",), published_from=DAY)))
    assert (reply.reason, reply.passing, reply.undated_left_out) == ("empty_archive", 0, 0)
    found = find(engine, "harbour", where=Filter(sources=("Post",)))
    assert (found.hits, found.state.articles) == ((), 0)


@pytest.mark.parametrize(
    ("where", "as_of", "said"),
    [
        (Filter(published_from=date(2026, 3, 10), published_to=DAY), None, "from 2026-03-10 is after to 2026-03-01"),
        (Filter(published_from=date(2026, 3, 2)), DAY, "from 2026-03-02 is after as of 2026-03-01"),
        (Filter(None, date(2026, 3, 2), DAY, undated="include"), None, "from 2026-03-02 is after to 2026-03-01"),
    ],
)
def test_a_first_day_after_the_last_is_an_error(engine: Engine, where: Filter, as_of: date | None, said: str) -> None:
    with pytest.raises(FilterError, match=f"{said}: no article can pass"):
        ask(engine, Question(QUESTION, where=where, as_of=as_of))
    check_days(Filter(published_from=DAY, published_to=DAY), DAY)
