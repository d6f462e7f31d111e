"""One rule of the gate at a time: what it lets through and what it stops."""

from datetime import date

import pytest

from qa.gate.alignment import units
from qa.gate.judge import Cited, judge

DAY = date(2026, 6, 8)


def cited(*quotes: str) -> list[Cited]:
    """The quotes, as sentences of one article that follow each other."""
    text = " ".join(quotes)
    found = []
    for quote in quotes:
        start = text.index(quote)
        told = units(text, start, start + len(quote), about="", source="", published=DAY, id_="one")
        found.append(Cited(quote, [*told]))
    return found


GOOD = [
    (
        "Mills are hiring, and the guild denied that a ban existed.",
        ["Mills are taking on staff.", "The guild answered that there was no ban."],
    ),
    (
        "The guild did not explain the ban or say how long it would last.",
        ["The guild gave no reason for the ban and did not say how long it would stand."],
    ),
    ("Oslo has not said when or how it will pick them.", ["Oslo has said neither how it will choose them nor when."]),
    ("The tally was not complete, both clerks said.", ["The tally is incomplete, both clerks said."]),
    ("Warsaw barred the imports in May.", ["Poland banned the imports in May."]),
    ("The Polish harbour reopened in May.", ["The harbour in Poland reopened in May."]),
    ("The mill gave the plan the green light on Friday.", ["The mill approved the plan on Friday."]),
    ("The dispute lasted more than ten years.", ["The dispute lasted more than a decade."]),
    ("He served a year and a half.", ["He served 18 months."]),
    (
        "Norvik's profit rose by 18 percent to 4 million euros.",
        ["Norvik said on Monday its profit rose 18% to 4 million euros."],
    ),
    (
        "Nine people were killed before the storm weakened on Monday.",
        ["The storm weakened on Monday after killing nine people."],
    ),
    (
        "Kerr, a researcher at Halden, said the samples were real.",
        ["The researcher Ada Kerr of the firm Halden said the samples were real."],
    ),
    ("It was the first fall since October.", ["It was the first fall since last October."]),
    ("Prices were set by the board, Rudd said.", ["Rudd said the board had set the prices."]),
]
BAD = [
    ("The tally is complete, both clerks said.", ["The tally is incomplete, both clerks said."], "negation"),
    ("The mill is able to pay.", ["The mill is unable to pay."], "negation"),
    ("Both ferries were stopped in May.", ["One of the two ferries was stopped in May."], "figure"),
    ("The licences have been settled, the mill said.", ["The licences were being settled, the mill said."], "hedge"),
    ("Every order has to be matched.", ["Under one proposal, every order would have to be matched."], "hedge"),
    (
        "Ada Kerr said that patients were being taken off the lists by mistake.",
        ["Ada Kerr praised the doctors.", "Tom Rudd said that patients were being taken off the lists by mistake."],
        "attribution",
    ),
    (
        "The mill lost its licence because of a faulty valve.",
        ["The mill lost its licence in May.", "An earlier launch was called off because of a faulty valve."],
        "cause",
    ),
    ("The rocks are the largest of the four found in May.", ["The rocks are among the four found in May."], "added"),
    (
        "The film, a stunning tale of two sisters, opens in May.",
        ["The film, a tale of two sisters, opens in May."],
        "added",
    ),
    ("Sales fell after the strike ended.", ["Sales fell before the strike ended."], "direction"),
    ("Profits slipped by 3% in May.", ["Profits rose by 3% in May."], "direction"),
    (
        "A rule on tolls, still being written, will let the ferries return, clerks said.",
        ["A rule on tolls is being written, clerks said.", "It might let the ferries return."],
        "hedge",
    ),
    ("Norvik is refusing to pay.", ["The union accused Norvik of refusing to pay."], "hedge"),
    ("The statues were bought in Warsaw.", ["The statues were bought in Poland."], "name"),
    (
        "The work could start two weeks after a signal.",
        ["The work could start within two weeks of a signal."],
        "figure",
    ),
]


@pytest.mark.parametrize(("text", "quotes"), GOOD, ids=[row[0][:30] for row in GOOD])
def test_it_lets_through(text: str, quotes: list[str]) -> None:
    assert judge(text, cited(*quotes)) == []


@pytest.mark.parametrize(("text", "quotes", "reason"), BAD, ids=[row[0][:30] for row in BAD])
def test_it_stops(text: str, quotes: list[str], reason: str) -> None:
    assert reason in {fault.reason for fault in judge(text, cited(*quotes))}
