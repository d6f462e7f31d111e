"""What a filter leaves out is said on the command line, and what can't be meant is wrong usage."""

import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.storage.view import State
from qa import engine as engine_module
from qa.answering.types import Reply
from qa.cli import app
from qa.cli.terminal import silent
from tests.fakes import Bag

Run = Callable[..., Result]
BERTHS = "How many berths has the harbour of Orrin?"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over five articles, three of them without a date."""
    for name in [name for name in os.environ if name.startswith("CITEWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(engine_module, "SentenceTransformerEmbedder", Bag)
    monkeypatch.setattr(os, "nice", lambda _: None)
    monkeypatch.setenv("CITEWIRE_ARCHIVE", str(tmp_path / "archive"))

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    articles = [
        {"id": "a", "text": "The harbour of Orrin has forty berths.", "source": "CNN (Web News)", "published_at": ""},
        {"id": "b", "text": "The dam holds, its keeper said.", "source": "People’s Post", "published_at": "2026-03-01"},
        {"id": "c", "text": "The tram is late again in Orrin.", "source": "Zürcher Bote", "published_at": "2026-03-02"},
        {"id": "d", "text": "A ferry was late on Monday.", "source": "Zürcher Bote"},
        {"id": "e", "text": "A mill burned down."},
    ]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, articles)), "utf-8")
    assert invoke("ingest", tmp_path / "news.jsonl", "--json").exit_code == 0
    return invoke


def test_what_the_filter_lets_through_does_not_say(run: Run) -> None:
    told = run("ask", BERTHS, "--from", "2026-03-01", "--min-confidence", 1)
    assert told.exit_code == 3
    assert told.stdout.splitlines()[0].startswith("These 2 articles do not say: ")
    assert told.stdout.endswith("\n\n3 undated articles were left out; --undated include searches them too.\n")
    one = run("ask", BERTHS, "--source", "Zürcher Bote", "--as-of", "2026-03-31", "--min-confidence", 1).stdout
    assert one.startswith("This one article does not say: ")
    assert one.endswith("\n1 undated article was left out; --undated include searches it too.\n")
    everything = run("ask", BERTHS, "--min-confidence", 1).stdout
    assert everything.startswith("The archive does not say: ")
    assert "left out" not in everything
    assert silent(Reply("x", "not_found", State(1, 9_000, 9_000), passing=1_234)) == "These 1,234 articles do not say"


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--from", "2026-03-01", "--undated", "include"], {"a", "b", "c", "d", "e"}),
        (["--from", "2026-03-02"], {"c"}),
        (["--to", "2026-03-01", "--undated", "exclude"], {"b"}),
        (["--undated", "only"], {"a", "d", "e"}),
        (["--undated", "only", "--source", "zürcher bote"], {"d"}),
        (["--undated", "exclude"], {"b", "c"}),
    ],
)
def test_undated_articles_are_included_excluded_or_the_only_ones(run: Run, options: list[str], ids: set[str]) -> None:
    found = json.loads(run("search", "orrin", "-k", 20, "--json", *options).stdout)
    assert {hit["article_id"] for hit in found["hits"]} == ids
    assert found["passing"] == len(ids)
    assert found["undated_left_out"] == (0 if {"include", "only"} & {*options} else 3)
    reply = json.loads(run("ask", BERTHS, "--json", *options).stdout)
    assert (reply["passing"], reply["undated_left_out"]) == (found["passing"], found["undated_left_out"])


def test_search_says_what_it_left_out(run: Run) -> None:
    printed = run("search", "berths", "--to", "2026-03-01").stdout
    assert printed.endswith("\n\n3 undated articles were left out; --undated include searches them too.\n")
    assert run("search", "berths", "--to", "2026-02-01").stdout.startswith("nothing found\n\n3 undated")
    assert "left out" not in run("search", "berths").stdout


def test_what_was_left_out_of_a_table_is_said_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text(f"{BERTHS}\nWho was late?\n")
    told = run("ask", "--file", tmp_path / "q.txt", "--from", "2026-03-01", "--format", "jsonl")
    assert [json.loads(line)["undated_left_out"] for line in told.stdout.splitlines()] == [3, 3]
    assert told.stderr == "\n3 undated articles were left out; --undated include searches them too.\n"
    unknown = run("ask", "--file", tmp_path / "q.txt", "--source", "Boten")
    assert (unknown.exit_code, unknown.stdout) == (2, "")


@pytest.mark.parametrize(
    "typed",
    ["cnn (web news)", "PEOPLE'S POST", unicodedata.normalize("NFD", "ZÜRCHER Bote"), " people‘s post"],
)
def test_an_outlet_is_known_however_it_is_typed(run: Run, typed: str) -> None:
    found = json.loads(run("search", "x", "--json", "--source", typed).stdout)
    assert {unicodedata.normalize("NFC", hit["source"].casefold().replace("’", "'")) for hit in found["hits"]} == {
        unicodedata.normalize("NFC", typed.casefold().replace("‘", "'").strip())
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("CNNN", "CNN (Web News)"), ("Peoples Post", "People’s Post"), ("zurcher", "Zürcher Bote")],
)
def test_an_unknown_outlet_is_wrong_usage_and_the_nearest_is_named(run: Run, typed: str, meant: str) -> None:
    for command in ("ask", "search"):
        told = run(command, "berths?", "--source", typed)
        assert (told.exit_code, told.stdout) == (2, "")
        assert told.stderr == f"citewire: no outlet {typed}; did you mean {meant}?\n"


def test_an_empty_archive_is_said_to_be_empty_whatever_the_filter(run: Run) -> None:
    assert run("articles", "delete", *"abcde").exit_code == 0
    told = run("ask", BERTHS, "--source", "CNNN", "--from", "2026-03-01")
    assert (told.exit_code, told.stdout) == (3, "The archive does not say: the archive is empty.\n")
    assert run("search", "berths", "--source", "CNNN").stdout == "nothing found: the archive is empty\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "2026-03-10", "--to", "2026-03-01"], "from 2026-03-10 is after to 2026-03-01: no article can pass"),
        (
            ["--from", "2026-03-02", "--as-of", "2026-03-01"],
            "from 2026-03-02 is after as of 2026-03-01: no",
        ),
    ],
)
def test_a_first_day_after_the_last_is_wrong_usage(run: Run, options: list[str], said: str) -> None:
    told = run("ask", BERTHS, *options)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr.startswith(f"citewire: {said}")
    if "--to" in options:
        assert run("search", "berths", *options).exit_code == 2
    assert run("ask", BERTHS, "--from", "2026-03-01", "--to", "2026-03-01").exit_code in (0, 3)
