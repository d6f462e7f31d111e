import io
from dataclasses import replace

from rich.console import Console

from corpus.storage.view import State
from corpus.types import Article
from qa.answering.normalization import expected_answer, interpret
from qa.answering.types import Answer, Candidate, Citation, FirstReport, Reply, Role, Status
from qa.cli.terminal import print_reply

TEXT = "The ferry sank last week. The Norrland Wire reported that 12 people died."


def answer(
    text: str,
    question: str,
    role: Role = "current",
    about: str | None = None,
    first_report: FirstReport | None = None,
) -> Answer:
    article = Article("a", "Ferry", TEXT, source="Post", published_at="2026-01-28")
    start = TEXT.index(text)
    citation = Citation(
        article, 0, len(TEXT), start, start + len(text), 1.0, "", "", None, "a", first_report=first_report
    )
    return Answer(0.9, (citation,), role, interpret(text, expected_answer(question), article.day), about)


def printed(status: Status, *answers: Answer, candidates: tuple[Candidate, ...] = ()) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=200, highlight=False, markup=False)
    print_reply(console, Reply("?", status, State(1, 1, 1), answers=answers, candidates=candidates))
    return file.getvalue().splitlines()


def test_a_relative_date_is_resolved_beside_the_quote() -> None:
    assert "last week (2026-01-19 to 2026-01-25)" in printed("answered", answer("last week", "When did it sink?"))


def test_the_relative_dates_of_a_quote_are_resolved_below_it() -> None:
    assert "    last week = 2026-01-19 to 2026-01-25" in printed("answered", answer("12 people", "How many died?"))


def test_an_earlier_figure_says_that_it_is() -> None:
    lines = printed("answered", answer("12 people", "How many died?"), answer("12 people", "How many died?", "earlier"))
    assert [line for line in lines if line.endswith("12 people")] == ["12 people", "earlier: 12 people"]


def test_answers_about_different_events_say_which() -> None:
    lines = printed("ambiguous", answer("12 people", "How many died?", about="Lindholm, 2026-01-28"))
    assert lines[0] == "The question fits more than one event."
    assert "12 people — Lindholm, 2026-01-28" in lines


def test_other_figures_stand_beneath_the_answer() -> None:
    first = answer("12 people", "How many died?")
    others = (
        Candidate("about 15 people", 0.31, first.citations[0]),
        Candidate("16 people", 0.2, first.citations[0], in_headline=True),
    )
    lines = printed("answered", first, candidates=others)
    assert lines[lines.index("Other figures found, less sure:") + 1 :] == [
        "    about 15 people – Post — Ferry — 2026-01-28, doubtful (0.31)",
        "    16 people – Post — Ferry — 2026-01-28, in the headline, doubtful (0.20)",
    ]
    assert not any("less sure" in line for line in printed("answered", first))


def test_reports_of_two_origins_disagree() -> None:
    one = answer("12 people", "How many died?")
    other = replace(one, citations=(replace(one.citations[0], origin="b"),))
    assert printed("conflicting", one, other)[0] == "Reports disagree."


def test_an_outlet_that_reported_it_first_is_named() -> None:
    named = answer("12 people", "How many died?", first_report=FirstReport("Norrland Wire"))
    lines = printed("conflicting", named)
    assert lines[0] == "Copies of one report disagree."
    assert "    first reported by Norrland Wire" in lines
    first = FirstReport("Norrland Wire", "n1", "Ferry sinks", None, "2026-01-27T08:00:00Z")
    lines = printed("answered", answer("12 people", "How many died?", first_report=first))
    assert "    first reported by Norrland Wire, 2026-01-27: “Ferry sinks”" in lines
    assert not any("n1" in line for line in lines)
    assert not any("first reported" in line for line in printed("answered", answer("12 people", "How many died?")))
