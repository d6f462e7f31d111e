"""Copies of one report that contradict each other, asked with the models that are shipped."""

from collections.abc import Callable

import pytest

from corpus.types import Article
from qa.answering.near_copies import contradicts
from qa.answering.pipeline import ask
from qa.answering.types import Question, Reply
from qa.engine import Engine
from tests.claims import claim

Told = Callable[..., Reply]

FERRY = (
    "TARN HEAD (Tarn Wire) - The excursion boat Selka struck a pier at Tarn Head on Tuesday with 140 people aboard. "
    "{toll} people were injured, the harbour office said. {more} The skipper has been questioned, and divers will look "
    "at the rudder on Wednesday. The pier, built in 1908, stays closed until engineers have seen its piles. Boats to "
    "the islands leave from the northern quay meanwhile, and tickets that were bought for the pier are valid there."
)
REMARKS = (
    "The weather was fair.",
    "Two ambulances came from Ostby.",
    "School classes were among the passengers.",
    "The boat is forty years old.",
)
HURT = "How many people were injured when the Selka struck the pier?"


def boat(number: int, toll: str, published: str | None, *, more: str = "") -> Article:
    text = FERRY.format(toll=toll, more=more)
    source = "Tarn Wire" if number == 0 else f"Daily {number}"
    return Article(f"boat-{number}", "Boat strikes pier", text, source=source, published_at=published)


def answers(reply: Reply) -> list[tuple[str, str]]:
    for answer in reply.answers:
        for citation in answer.citations:
            assert citation.article.text[citation.start : citation.end] == citation.quote
    return [(answer.text.casefold().removesuffix(" people"), answer.role) for answer in reply.answers]


def test_an_update_on_the_same_day_replaces_the_toll(asked: Told) -> None:
    reply = asked(HURT, boat(0, "Seven", "2026-03-10T09:10:00Z"), boat(1, "Eleven", "2026-03-10T17:30:00Z"))
    assert (reply.status, answers(reply)) == ("answered", [("eleven", "current"), ("seven", "earlier")])
    assert [answer.origins for answer in reply.answers] == [1, 1]
    assert all(not citation.copies for answer in reply.answers for citation in answer.citations)
    # The clocks of two zones: what was published at 10:30 in the one came before 09:10 in the other.
    reply = asked(HURT, boat(0, "Seven", "2026-03-10T09:10:00Z"), boat(1, "Eleven", "2026-03-10T10:30:00+08:00"))
    assert answers(reply) == [("seven", "current"), ("eleven", "earlier")]


def test_an_update_is_found_where_copies_take_all_that_is_read(asked: Told) -> None:
    crowd = [boat(at, "Seven", f"2026-03-10T0{at}:00:00Z", more=more) for at, more in enumerate(REMARKS, 1)]
    late = "The county sent a second helicopter in the afternoon, its spokeswoman Runa Holm said from Ostby."
    reply = asked(HURT, *crowd, boat(9, "Eleven", "2026-03-10T18:00:00Z", more=late))
    assert answers(reply) == [("eleven", "current"), ("seven", "earlier")]
    assert reply.answers[0].citations[0].article.id == "boat-9"


@pytest.mark.parametrize("published", ["2026-03-10", None])
def test_copies_in_no_order_disagree(asked: Told, published: str | None) -> None:
    reply = asked(HURT, boat(0, "Seven", published), boat(1, "Eleven", published))
    assert (reply.status, sorted(answers(reply))) == ("conflicting", [("eleven", "current"), ("seven", "current")])


def test_of_three_copies_the_two_that_agree_are_one_answer(asked: Told) -> None:
    three = (
        boat(0, "Seven", "2026-03-10"),
        boat(1, "7", "2026-03-10", more=REMARKS[0]),
        boat(2, "Eleven", "2026-03-10", more=REMARKS[1]),
    )
    reply = asked(HURT, *three)
    assert reply.status == "conflicting"
    assert len(reply.answers) == 2
    assert {one.origins for one in reply.answers} == {1}


def test_copies_that_differ_elsewhere_are_copies(asked: Told) -> None:
    reply = asked(
        HURT, *(boat(at, "Seven", f"2026-03-10T0{at}:00:00Z", more=more) for at, more in enumerate(REMARKS[:3]))
    )
    assert (reply.status, answers(reply), reply.candidates) == ("answered", [("seven", "current")], ())


CHESS = (
    "{first} won the final of the Ostby rowing cup on Sunday. {first} crossed the line two lengths ahead of {second} "
    "after nine minutes on choppy water. Some three hundred people watched from the old mole, where the cup was first "
    "rowed for in 1924. The winner receives a copper oar, and the club will hold its summer feast in June, it said."
)


def test_names_that_are_exchanged_disagree(asked: Told) -> None:
    reply = asked(
        "Who won the final of the Ostby rowing cup?",
        Article("r1", "Rowing cup", CHESS.format(first="Marta Lind", second="Ada Krol"), "Post", None, "2026-05-04"),
        Article("r2", "Rowing cup", CHESS.format(first="Ada Krol", second="Marta Lind"), "Sun", None, "2026-05-04"),
    )
    assert reply.status == "conflicting"
    assert sorted(answers(reply)) == [("ada krol", "current"), ("marta lind", "current")]


def test_one_report_of_another_race_is_no_rival(asked: Told) -> None:
    other = CHESS.format(first="Ada Krol", second="Signe Dahl").replace("Ostby", "Hallan")
    articles = (
        Article("r1", "Rowing cup", CHESS.format(first="Marta Lind", second="Ada Krol"), "Post", None, "2026-05-04"),
        Article("r2", "Rowing cup", other, "Sun", None, "2026-05-04"),
    )
    for question in ("Who won the final of the Ostby rowing cup?", "who won the final of the ostby rowing cup?"):
        reply = asked(question, *articles)
        assert (reply.status, answers(reply)) == ("answered", [("marta lind", "current")])


VOTE = (
    "The council of Brenn {verb} the tram line to the university on Monday by nine votes to six. The line would be "
    "eleven kilometres long and cost 210 million crowns, half of which the state has promised. Mayor Otto Fehn spoke "
    "of a day that people in Brenn will remember. The council will meet again in April to talk about the buses."
)


def test_opposite_verbs_disagree(asked: Told) -> None:
    reply = asked(
        "What did the council of Brenn do with the tram line?",
        Article("v1", "Tram line", VOTE.format(verb="approved"), "Post", None, "2026-02-03"),
        Article("v2", "Tram line", VOTE.format(verb="rejected"), "Sun", None, "2026-02-03"),
    )
    assert reply.status == "conflicting"


def test_what_stands_at_one_place_of_two_sentences() -> None:
    question = "Who won the cup?"

    won = claim(question, "Marta Lind beat Ada Krol in the final on Sunday.", "Marta Lind", source="Post")
    swapped = claim(question, "Ada Krol beat Marta Lind in the final on Sunday.", "Ada Krol", source="Sun")
    loser = claim(question, "Marta Lind beat Ada Krol in the final on Saturday.", "Ada Krol", source="Sun")
    unlike = claim(question, "Ada Krol holds the cup for a year, the club said.", "Ada Krol", source="Sun")
    assert contradicts(won, swapped)
    assert not contradicts(won, loser)
    assert not contradicts(won, unlike)


@pytest.fixture
def asked(story: Callable[..., Engine]) -> Told:
    """Ask a question of an archive of these articles."""
    return lambda question, *articles: ask(story(*articles), Question(question))
