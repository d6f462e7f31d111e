"""Another figure of the thing asked for, in another report, is told. With the models that are shipped."""

from collections.abc import Callable

import pytest

from corpus.types import Article
from qa.answering.pipeline import ask
from qa.answering.retrieval import PER_ORIGIN
from qa.answering.types import Question, Reply
from qa.engine import Engine

Told = Callable[..., Reply]
COST = "How much did the Varn bridge cost?"
LEAD = "The Varn bridge cost {} crowns, the county said when it opened on Saturday. It took four years to build."


def article(name: str, title: str, text: str, day: str = "2026-04-04") -> Article:
    return Article(name, title, text, source=f"The {name.title()} Paper", published_at=day)


def told(reply: Reply) -> list[str]:
    """The answers' texts; each citation slices exactly."""
    citations = [cited for one in reply.answers for cited in one.citations]
    for cited in (*citations, *(one.citation for one in reply.candidates)):
        text = cited.article.text
        assert text[cited.start : cited.end] == cited.quote
        assert text[cited.answer_start : cited.answer_end] == cited.answer
    return [answer.text for answer in reply.answers]


def figures(reply: Reply) -> str:
    """Everything that is told as a figure of the thing asked for."""
    return " | ".join((*told(reply), *(one.text for one in reply.candidates)))


def test_the_samples_two_values_stand_side_by_side(sample_engine: Engine) -> None:
    reply = ask(sample_engine, Question("How much are the approved H200 chips worth?"))
    assert reply.status == "conflicting"
    assert told(reply) == ["around $10 billion", "around $14 billion"]


def test_what_was_not_among_the_ten_passages_read_is_found(asked: Told) -> None:
    names = "Ann Ott,Bo Ek,Cy Fell,Dag Ros,Eva Holt,Finn Moe,Gro Lie,Hal Dee,Ida Foss,Jon Vik,Kai Berg,Lea Nor".split(
        ","
    )
    talk = (
        "{} spoke at the hall about the Varn bridge and what it did cost. Nobody else from Varn came, and {} went home."
    )
    crowd = [article(who, f"{who} on the cost of the Varn bridge", talk.format(who, who)) for who in names]
    first = article("first", "How much the Varn bridge did cost", LEAD.format("400 million"))
    text = (
        "The ferries have stopped, now that cars cross the water elsewhere, and forty ferrymen look for work. At Varn "
        "the bridge cost 520 million crowns in the end, auditors found. Old Per Ruud, who rowed here, sells cakes."
    )
    other = article("other", "Ferries stop", text)
    reply = asked(COST, *crowd, first, other)
    assert "400 million" in figures(reply)
    assert "520 million" in figures(reply)
    assert {"first", "other"} <= {one.found.article.id for one in reply.read}
    assert len(reply.read) <= 10 + 2 * PER_ORIGIN


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("A long bridge", "The Varn bridge, which did cost a lot, is 620 metres long, its builder Ole Tamm said."),
        ("Builders", "At the Varn bridge 90 people worked, whatever the cost, its builder Ole Tamm said."),
        ("Repairs", "The Varn bridge will cost 2 million crowns a year to keep, its builder Ole Tamm said."),
        ("Per metre", "Each metre of the Varn bridge cost 645,000 crowns, its builder Ole Tamm said."),
        ("Another bridge", "The Hallan bridge cost 250 million crowns, its builder Ole Tamm said."),
        ("Another figure", "Ole Tamm, who drew the Varn bridge, has sold his house for 9 million crowns."),
    ],
)
def test_another_figure_is_no_rival(asked: Told, title: str, text: str) -> None:
    reply = asked(
        COST, article("first", "Varn bridge opens", LEAD.format("400 million")), article("other", title, text)
    )
    assert (reply.status, len(told(reply))) == ("answered", 1)
    assert reply.candidates == ()


def test_a_figure_of_the_headline_alone_is_a_candidate(asked: Told) -> None:
    text = "Cars cross the water at last. The county opened it on Saturday, and the band played in the rain."
    reply = asked(
        COST,
        article("first", "Varn bridge opens", LEAD.format("400 million")),
        article("other", "Varn bridge cost 520 million crowns, auditors find", text),
    )
    assert told(reply) == ["400 million crowns"]
    (candidate,) = reply.candidates
    assert (candidate.text, candidate.in_headline) == ("520 million crowns", True)
    cited = candidate.citation
    assert (cited.article.id, cited.quote, cited.answer) == ("other", text, "")
    assert cited.article.title.startswith("Varn bridge cost")


def test_a_figure_of_the_headline_is_cited_where_the_text_says_it_again(asked: Told) -> None:
    text = "Auditors have gone through the books. They came to 520 million crowns, a sum that nobody had named before."
    reply = asked(
        COST,
        article("first", "Varn bridge opens", LEAD.format("400 million")),
        article("other", "Varn bridge cost 520 million crowns, auditors find", text),
    )
    assert "520 million" in figures(reply)
    assert not any(one.in_headline for one in reply.candidates)


def test_two_that_say_the_same_have_nothing_beside_them(asked: Told) -> None:
    reply = asked(
        COST,
        article("first", "Varn bridge opens", LEAD.format("400 million")),
        article(
            "other",
            "Some 400 million crowns for Varn bridge",
            "The Varn bridge cost some 0.4 billion crowns, Ole Tamm said.",
        ),
    )
    assert (reply.status, reply.candidates, reply.answers[0].origins) == ("answered", (), 2)


def test_a_refusal_has_no_candidates(asked: Told) -> None:
    reply = asked("Who conducts the orchestra of Ostby?", article("first", "Bridge", LEAD.format("400 million")))
    assert (reply.status, reply.candidates) == ("not_found", ())


@pytest.fixture
def asked(story: Callable[..., Engine]) -> Told:
    """Ask a question of an archive of these articles."""
    return lambda question, *articles: ask(story(*articles), Question(question))
