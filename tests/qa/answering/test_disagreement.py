from dataclasses import replace

import pytest

from qa.answering.claims import merge_claims
from qa.answering.disagreement import Shown, _about, runners_up, weigh
from qa.answering.types import Claim, Status
from tests.claims import claim

BAR = 0.2


def told(question: str, claims: list[Claim]) -> tuple[Status, list[tuple[str, str]]]:
    status, shown = weigh(question, claims, merge_claims(claims), BAR)
    return status, [(_text(claims, one), one.role) for one in shown]


def _text(claims: list[Claim], shown: Shown) -> str:
    return claims[shown.statement.claims[0]].meaning.text


CRASH = "How many people died in the ferry accident at Lindholm?"


def crash(number: str, confidence: float, day: str, source: str, **fields: str) -> Claim:
    text = f"The ferry accident at Lindholm on the Aare killed {number}, Ida Brandt said; all died at once."
    return claim(CRASH, text, number, confidence, day=day, source=source, **fields)


def test_a_toll_that_rises_is_no_quarrel() -> None:
    claims = [crash("12 people", 0.9, "2026-03-01", "Post"), crash("14 people", 0.8, "2026-03-03", "Ledger")]
    assert told(CRASH, claims) == ("answered", [("14 people", "current"), ("12 people", "earlier")])


def test_where_a_figure_moves_lesser_answers_are_part_of_its_history() -> None:
    first, last = crash("12 people", 0.9, "2026-03-01", "Post"), crash("16 people", 0.8, "2026-03-05", "Ledger")
    between, after = crash("14 people", 0.3, "2026-03-03", "Sun"), crash("90 people", 0.3, "2026-03-09", "Star")
    assert told(CRASH, [first, last, between, after]) == (
        "answered",
        [("16 people", "current"), ("14 people", "earlier"), ("12 people", "earlier")],
    )
    # Alone beside the best answer it shows no movement.
    assert told(CRASH, [first, between]) == ("answered", [("12 people", "current")])


def test_the_present_tense_asks_for_the_latest() -> None:
    question = "Who is the head coach of the Rovers?"
    before = claim(question, "The Rovers' head coach is Tom Ek.", "Tom Ek", 0.9, day="2026-01-01", source="Post")
    behind = claim(
        question, "Dan Pell, head coach of the Rovers, won.", "Dan Pell", 0.8, day="2026-03-01", source="Sun"
    )
    assert told(question, [before, behind]) == ("answered", [("Dan Pell", "current"), ("Tom Ek", "earlier")])


def test_a_name_counts_where_a_sentence_begins() -> None:
    question = "Who is the head coach of Penwarrick Rovers?"
    texts = {
        "Dario Penhale": "Dario Penhale is the new head coach of Penwarrick Rovers.",
        "Tom Ek": "Penwarrick Rovers have a new head coach: Tom Ek.",
    }
    claims = [
        claim(question, text, name, 0.9, day=day, source=day)
        for (name, text), day in zip(texts.items(), ("2026-02-23", "2026-02-02"), strict=True)
    ]
    assert told(question, claims) == ("answered", [("Dario Penhale", "current"), ("Tom Ek", "earlier")])


def test_for_each_share_and_a_share_are_one_thing() -> None:
    question = "How much is Orlane offering for each share?"
    claims = [
        claim(question, "Orlane is offering $8.35 for each share.", "$8.35", 0.9, day="2026-05-12", source="Post"),
        claim(question, "Orlane is offering $7.20 a share.", "$7.20", 0.9, day="2026-05-04", source="Sun"),
    ]
    assert told(question, claims) == ("answered", [("$8.35", "current"), ("$7.20", "earlier")])


def test_a_figure_and_a_phrase_can_answer_one_question() -> None:
    question = "What was stolen from the museum?"
    claims = [
        claim(
            question,
            "Three seascapes were stolen from the museum on Orsey, said Joss Penmarrow of the police.",
            "Three seascapes",
            source="Post",
        ),
        claim(
            question,
            "A bronze helmet was stolen from the museum in Caldmere, said Agnes Holloway of the watch.",
            "A bronze helmet",
            source="Sun",
        ),
    ]
    status, shown = told(question, claims)
    assert (status, len(shown)) == ("ambiguous", 2)


def test_what_says_both_does_not_quarrel() -> None:
    question = "Which firms got licences?"
    claims = [
        claim(question, "Tellgard and Brune got licences from Norland, said Ida Brandt.", "Tellgard and Brune"),
        claim(question, "Norland gave firms licences, said Ida Brandt.", "Norland", 0.8, source="Sun"),
    ]
    assert told(question, claims) == ("answered", [("Tellgard and Brune", "current")])


def test_a_figure_without_its_sign_is_not_said_by_the_one_that_has_it() -> None:
    question = "What was the temperature in Vorn?"
    cold = claim(question, "The temperature in Vorn was minus 7 degrees.", "minus 7 degrees", source="Post")
    warm = claim(question, "The temperature in Vorn was 7 degrees.", "7 degrees", source="Ledger")
    shown = [("minus 7 degrees", "current"), ("7 degrees", "current")]
    assert told(question, [cold, warm]) == ("conflicting", shown)


def test_reports_of_one_day_quarrel() -> None:
    claims = [crash("12 people", 0.9, "2026-03-01", "Post"), crash("14 people", 0.8, "2026-03-01", "Ledger")]
    assert told(CRASH, claims) == ("conflicting", [("12 people", "current"), ("14 people", "current")])


def test_copies_of_one_report_quarrel_where_they_differ_at_one_place() -> None:
    first = crash("12 people", 0.9, "2026-03-01", "Post")
    copy = crash("14 people", 0.8, "2026-03-01", "Ledger", origin="Post")
    assert told(CRASH, [first, copy]) == ("conflicting", [("12 people", "current"), ("14 people", "current")])
    text = "Of those aboard at Lindholm in the ferry accident 14 people died in the water, it was said later."
    elsewhere = claim(CRASH, text, "14 people", 0.8, day="2026-03-01", source="Ledger", origin="Post")
    assert told(CRASH, [first, elsewhere]) == ("answered", [("12 people", "current")])


def test_of_one_origin_the_newer_is_current_whatever_is_asked() -> None:
    question = "Who won the Aare cup?"
    text = "{} won the Aare cup by two lengths, Ida Brandt said."
    names = {"Tom Ek": "2026-03-01", "Dan Pell": "2026-03-02"}
    claims = [
        claim(question, text.format(name), name, day=day, source=day, origin="Post") for name, day in names.items()
    ]
    assert told(question, claims) == ("answered", [("Dan Pell", "current"), ("Tom Ek", "earlier")])
    claims = [replace(one, origin=f"origin {at}") for at, one in enumerate(claims)]
    assert told(question, claims)[0] == "conflicting"


def test_the_time_of_day_orders_reports_of_one_day() -> None:
    def hours(first: str, second: str) -> tuple[str, str]:
        claims = [crash("12 people", 0.9, first, "Post"), crash("14 people", 0.8, second, "Ledger")]
        status, (best, *_) = told(CRASH, claims)
        return status, best[0]

    assert hours("2026-03-01T08:00:00Z", "2026-03-01T18:00:00Z") == ("answered", "14 people")
    assert hours("2026-03-01T18:00:00+09:00", "2026-03-01T08:00:00-05:00") == ("answered", "14 people")
    assert hours("2026-03-02T00:30:00+09:00", "2026-03-01T18:00:00Z") == ("answered", "14 people")
    assert hours("2026-03-01", "2026-03-01T18:00:00Z")[0] == "conflicting"
    assert hours("2026-03-01T00:00:00Z", "2026-03-01T18:00:00Z")[0] == "conflicting"  # midnight is no time of day
    assert hours("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z")[0] == "conflicting"


def test_two_values_of_a_week_are_two_opinions() -> None:
    question = "How much is the Aare ferry worth?"

    def values(first: str, second: str) -> str:
        texts = {"9 million euros": first, "6 million euros": second}
        claims = [
            claim(question, f"The Aare ferry is worth {value}, Ida Brandt said.", value, day=day, source=day)
            for value, day in texts.items()
        ]
        return told(question, claims)[0]

    assert values("2026-03-01", "2026-03-03") == "conflicting"
    assert values("2026-03-01", "2026-05-03") == "answered"


def test_figures_that_are_not_shown_are_runners_up() -> None:
    claims = [
        crash("12 people", 0.9, "2026-03-01", "Post"),
        crash("14 people", 0.4, "2026-03-01", "Ledger"),
        crash("15 people", 0.05, "2026-03-01", "Sun"),
    ]
    statements = merge_claims(claims)
    _, shown = weigh(CRASH, claims, statements, BAR)
    (other,) = runners_up(CRASH, claims, statements, shown)
    assert claims[other.claims[0]].meaning.text == "14 people"
    assert runners_up(CRASH, claims, statements, []) == []


@pytest.mark.parametrize(("confidence", "status"), [(0.59 * 0.9, "answered"), (0.61 * 0.9, "conflicting")])
def test_only_a_good_answer_is_set_against_the_best(confidence: float, status: str) -> None:
    claims = [crash("12 people", 0.9, "2026-03-01", "Post"), crash("14 people", confidence, "2026-03-01", "Ledger")]
    assert told(CRASH, claims)[0] == status


@pytest.mark.parametrize(("confidence", "status"), [(0.69 * 0.9, "answered"), (0.71 * 0.9, "conflicting")])
def test_a_figure_beside_less_of_what_was_asked_must_be_surer(confidence: float, status: str) -> None:
    question = "How many people died on the pier at Lindholm?"
    text = "At Lindholm {} people died, Ida Brandt said."
    claims = [
        claim(question, text.format(12), "12", 0.9, day="2026-03-01", source="Post"),
        claim(question, text.format(14), "14", confidence, day="2026-03-01", source="Ledger"),
    ]
    assert told(question, claims)[0] == status


def test_a_rival_must_be_above_the_bar() -> None:
    claims = [crash("12 people", 0.21, "2026-03-01", "Post"), crash("14 people", 0.19, "2026-03-01", "Ledger")]
    assert told(CRASH, claims)[0] == "answered"


def test_a_figure_of_another_thing_does_not_appear() -> None:
    question = "How many chips did China approve?"
    approved = claim(question, "China approved 400,000 chips for three firms.", "400,000", 0.9, source="Wire")
    wanted = claim(question, "Each firm told Nvidia that it wants 200,000 chips.", "200,000", 0.8, source="Post")
    people = claim(question, "Four people said that China did approve chips.", "Four", 0.8, source="Sun")
    assert told(question, [approved, wanted, people]) == ("answered", [("400,000", "current")])


def test_what_each_has_is_no_rival_of_what_they_have_together() -> None:
    question = "How many trams did the three towns order?"
    together = claim(question, "The three towns order 45 trams.", "45", 0.9, source="Post")
    each = claim(question, "In that order each of the three towns has 15 trams.", "15", 0.8, source="Sun")
    assert told(question, [together, each]) == ("answered", [("45", "current")])
    asked_of_each = "How many trams did each of the three towns order?"
    assert told(asked_of_each, [each, together])[1][0] == ("15", "current")


def test_other_events_are_told_apart() -> None:
    question = "How many people died in the mine fire?"
    one = claim(
        question,
        "The mine fire at Karsk killed 9 people who died below ground, Mayor Olga Tern said in Karsk.",
        "9 people",
        0.9,
        day="2025-02-01",
        source="Post",
    )
    other = claim(
        question,
        "In Duvall, 31 people died in a mine fire, said Perry Holt of the Duvall rescue service.",
        "31 people",
        0.8,
        day="2026-01-10",
        source="Ledger",
    )
    status, shown = weigh(question, [one, other], merge_claims([one, other]), BAR)
    assert status == "ambiguous"
    assert [entry.about for entry in shown] == [
        "Karsk, Olga Tern, 2025-02-01",
        "Duvall, Perry Holt, 2026-01-10",
    ]
    named = question.replace("mine fire", "mine fire at Karsk")
    assert told(named, [one, other]) == ("answered", [("9 people", "current")])


@pytest.mark.parametrize(
    ("texts", "about"),
    [
        (
            (
                "The ferry Sea Gannet sank off Port Merrow, and 12 people died. Port Merrow's harbour master said that "
                "the Sea Gannet had left Port Merrow late.",
                "In Lake Ombri 31 people died as a ferry turned over. Lake Ombri is deep, said Captain Tessa Vane.",
            ),
            ("Port Merrow, Sea Gannet", "Lake Ombri, Tessa Vane"),
        ),
        (
            (  # what both have in common tells neither, and a part of a name is that name
                "The Coast Guard said 12 people died off Port Merrow. Merrow mourns.",
                "The Coast Guard said 31 people died off Port Sallis. Sallis mourns.",
            ),
            ("Port Merrow", "Port Sallis"),
        ),
        (
            (  # small words stay inside a name; a sentence's first word is no part of it
                "Rescuers from the Isle of Tarn said that 12 people died. The rescuers left Isle of Tarn at dawn.",
                "Yesterday San Bravo del Monte said that 31 people died; San Bravo del Monte grieves, said "
                "Luís Ávila-Roca.",
            ),
            ("Isle of Tarn", "San Bravo del Monte, Luís Ávila-Roca"),
        ),
        (
            ("The ferry was late and 12 people died at sea.", "The ferry was full and 31 people died on a river."),
            ("12 people: a headline", "31 people: a headline"),
        ),
    ],
)
def test_an_event_is_told_by_whole_names_or_else_by_the_headline(
    texts: tuple[str, str], about: tuple[str, str]
) -> None:
    claims = [
        claim("How many people died?", text, answer, day=day, source=day, title=f"{answer}: a headline")
        for text, answer, day in zip(texts, ("12 people", "31 people"), ("2025-03-02", "2026-01-10"), strict=True)
    ]
    statements = merge_claims(claims)
    told = [_about(claims, one, statements) for one in statements]
    assert told == [f"{about[0]}, 2025-03-02", f"{about[1]}, 2026-01-10"]


def test_an_approval_after_a_refusal_stands_first() -> None:
    question = "What did the council decide about the Vesterdal bridge?"
    no = "The council decided about the Vesterdal bridge: it rejected the plan."
    yes = "The council has decided to build the Vesterdal bridge after all."
    before = claim(question, no, "rejected the plan", 0.9, day="2026-01-05", source="Post")
    behind = claim(question, yes, "to build the Vesterdal bridge", 0.8, day="2026-02-05", source="Ledger")
    assert told(question, [before, behind]) == (
        "answered",
        [("to build the Vesterdal bridge", "current"), ("rejected the plan", "earlier")],
    )


def test_undated_reports_that_differ_quarrel() -> None:
    claims = [
        claim(CRASH, "The ferry accident at Lindholm killed 12 people.", "12 people", 0.9, day=None, source="Post"),
        claim(CRASH, "At Lindholm 14 people died in a ferry accident.", "14 people", 0.8, day=None, source="Ledger"),
    ]
    assert told(CRASH, claims)[0] == "conflicting"
