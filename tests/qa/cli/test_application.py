import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from corpus.storage.feedback import Feedback
from corpus.storage.store import Store
from index.errors import ModelError
from qa import engine as engine_module
from qa.cli import app
from qa.cli.options import LOW
from qa.cli.terminal import confidence, plain
from qa.ingestion.outcomes import Outcome
from tests.fakes import Bag

ROOT = Path(__file__).parents[3]
TEXT = "Forty zebras crossed the river at dawn. Nobody was hurt. The bridge had been closed."

Run = Callable[..., Result]
NICED: list[int] = []
"""What ingests have taken from the process's priority."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in [name for name in os.environ if name.startswith("CITEWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(engine_module, "SentenceTransformerEmbedder", Bag)
    monkeypatch.setattr(os, "nice", NICED.append)  # what is nice once stays so
    monkeypatch.setenv("CITEWIRE_ARCHIVE", str(tmp_path / "archive"))
    runner = CliRunner()

    def invoke(*arguments: object) -> Result:
        return runner.invoke(app, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    records = [
        {"id": "zebra", "title": "Zebras", "text": TEXT, "source": "Ledger", "published_at": "2026-01-28"},
        {
            "id": "tariff",
            "title": "Tariffs",
            "text": "The tariff rose to 25%.",
            "source": "Post",
            "published_at": "soon",
        },
    ]
    path.write_text("\n".join(map(json.dumps, records)) + "\n{broken\n")
    return path


def test_a_path_that_cannot_be_looked_at_ends_in_one_line(run: Run) -> None:
    result = run("status", "--archive", "x" * 300)
    assert result.exit_code == 1
    assert result.stderr == f"citewire: {'x' * 300}/archive.sqlite3: File name too long\n"


def test_a_model_that_cannot_be_loaded_is_said_once(run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ModelError("the model is gone")

    run("ingest", articles)
    unhandled: list[object] = []
    monkeypatch.setattr(threading, "excepthook", unhandled.append)
    monkeypatch.setattr(Bag, "load", broken)
    monkeypatch.setattr(Bag, "embed", broken)
    result = run("ask", "What rose to 25%?")
    assert (result.exit_code, result.stderr) == (1, "citewire: the model is gone\n")
    assert not unhandled


def test_ingest_says_what_became_of_every_record(run: Run, articles: Path) -> None:
    result = run("ingest", articles)
    assert result.exit_code == 0
    assert result.stdout == (
        "2 added, 0 updated, 0 unchanged, 1 rejected; 1 warnings (--verbose shows them)\n"
        "1 without a date: --from, --to and --as-of leave it out\n"
    )
    assert re.fullmatch(rf"{re.escape(str(articles))}:3: rejected: not valid JSON: .*\n", result.stderr)
    again = run("ingest", "--verbose", articles)
    assert again.stdout.startswith("0 added, 0 updated, 2 unchanged, 1 rejected; 1 warnings\n")
    assert f"{articles}:2: warning: published_at 'soon'" in again.stderr


def test_ingest_as_json_is_one_object(run: Run, articles: Path) -> None:
    summary = json.loads(run("ingest", "--json", articles).stdout)
    assert summary.pop("rejections")[0]["where"] == f"{articles}:3"
    assert summary == {
        "added": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": 1,
        "warnings": 1,
        "undated": 1,
        "passed_over": {},
        "interrupted": False,
    }


def test_ingest_counts_what_filters_and_readers_pass_over(run: Run, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "report.docx").write_bytes(b"PK")
    (inbox / "dated.jsonl").write_text('{"text": "The dam holds.", "published_at": "2026-03-10"}\n')
    assert run("ingest", inbox).stdout == (
        "1 added, 0 updated, 0 unchanged, 0 rejected; 0 warnings\n1 file of an unknown kind was passed over: 1 .docx\n"
    )
    (inbox / "undated.jsonl").write_text('{"text": "The ferry was late."}\n{"text": "The tram is back."}\n')
    printed = run("ingest", inbox).stdout.splitlines()
    assert printed[1] == "2 without a date: --from, --to and --as-of leave them out"
    summary = json.loads(run("ingest", "--json", inbox).stdout)
    assert (summary["unchanged"], summary["undated"], summary["passed_over"]) == (3, 2, {".docx": 1})


def test_an_ingest_lets_others_go_first_unless_told_otherwise(run: Run, articles: Path) -> None:
    NICED.clear()
    assert run("ingest", articles, "--priority", "normal").exit_code == 0
    assert NICED == []
    assert run("ingest", articles).exit_code == 0
    assert NICED == [LOW]


def test_an_archive_is_backed_up_and_restored(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    made = run("backup", tmp_path / "backup")
    assert (made.exit_code, made.stdout) == (0, f"2 articles (generation 1) in {tmp_path}/backup, checked\n")
    again = run("backup", tmp_path / "backup")
    assert (again.exit_code, again.stderr) == (
        1,
        f"citewire: {tmp_path}/backup is not empty: name another directory\n",
    )
    restored = run("restore", tmp_path / "backup", "--archive", tmp_path / "other", "--json")
    assert restored.exit_code == 0
    assert json.loads(restored.stdout)["articles"] == 2
    assert run("search", "zebras", "--archive", tmp_path / "other").stdout == run("search", "zebras").stdout
    assert run("check", "--archive", tmp_path / "other").stdout == "the archive is intact\n"
    nothing = run("restore", tmp_path, "--archive", tmp_path / "third")
    assert (nothing.exit_code, nothing.stderr) == (1, f"citewire: there is no backup in {tmp_path}\n")
    assert not (tmp_path / "third").exists()


def test_ingest_of_nothing_readable_fails(run: Run, tmp_path: Path) -> None:
    missing = run("ingest", tmp_path / "missing.jsonl")
    assert (missing.exit_code, missing.stderr) == (
        1,
        f"citewire: {tmp_path}/missing.jsonl: no such file or directory\n",
    )
    assert not (tmp_path / "archive").exists()
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{\n")
    result = run("ingest", bad)
    assert result.exit_code == 1
    assert result.stderr.endswith("citewire: no article could be read\n")
    assert run("ingest").exit_code == 2
    assert run("ingest", "--date-order", "ymd", bad).exit_code == 2


def test_an_interrupted_ingest_keeps_what_was_done(run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> Iterator[Outcome]:
        yield Outcome("a", "a", "added")
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.ingestion.pipeline.ingest", interrupted)
    result = run("ingest", articles)
    assert result.exit_code == 130
    assert result.stdout.startswith("1 added, ")
    assert "stopped: the articles counted here are in the archive" in result.stderr


def test_ask_prints_the_answer_with_its_place(run: Run, articles: Path) -> None:
    run("ingest", articles)
    result = run("ask", "How many zebras crossed the river?", "--min-confidence", 0)
    assert result.exit_code == 0
    assert "“Forty zebras crossed the river at dawn." in result.stdout
    assert "Ledger — Zebras — 2026-01-28" in result.stdout
    assert re.search(r"^    zebra \[0:\d+\]$", result.stdout, re.MULTILINE)
    assert "1 independent origin, published 2026-01-28" in result.stdout
    explained = run("ask", "How many zebras crossed the river?", "--min-confidence", 0, "--explain")
    assert f"zebra [0:{len(TEXT)}]  dense 1, words 1" in explained.stdout


def test_ask_as_json_is_the_contract(run: Run, articles: Path) -> None:
    run("ingest", articles)
    reply = json.loads(run("ask", "--json", "How many zebras crossed?", "--min-confidence", 0).stdout)
    citation = reply["answers"][0]["citations"][0]
    assert TEXT[citation["start"] : citation["end"]] == citation["quote"]
    assert "read" not in reply
    assert reply["archive"]["articles"] == 2
    assert "read" in json.loads(run("ask", "--json", "--explain", "How many zebras crossed?").stdout)


def test_ask_ends_with_3_when_the_archive_does_not_say(run: Run, articles: Path) -> None:
    run("ingest", articles)
    result = run("ask", "Who won the violin contest?")
    assert result.exit_code == 3
    assert result.stdout.startswith("The archive does not say: ")
    assert run("ask", "--json", "Who won the violin contest?").exit_code == 3
    for options in (["--from", "2026-01-29"], ["--to", "2026-01-27"], ["--as-of", "2026-01-27"]):
        filtered = run("ask", "zebras?", "--min-confidence", 0, *options)
        assert filtered.exit_code == 3
        assert filtered.stdout == (
            "The archive does not say: no article matches the filters.\n\n"
            "1 undated article was left out; --undated include searches it too.\n"
        )
    passing = ["--from", "2026-01-28", "--to", "2026-01-28", "--source", "Post", "--source", "Ledger"]
    assert run("ask", "zebras?", "--min-confidence", 0, *passing).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "zebras?", "-k", "0"],
        ["ask", "zebras?", "-k", "101"],
        ["ask", "zebras?", "--from", "28.1.2026"],
        ["ask", "zebras?", "--min-confidence", "1.5"],
        ["ask", "zebras?", "--typo"],
        ["ask", "zebras \udcff"],
        ["evaluate", "missing.jsonl"],
        ["verify", "missing.json"],
        ["serve", "--port", "70000"],
        ["articles", "rename"],
        ["nothing"],
    ],
)
def test_wrong_usage_ends_with_2(run: Run, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_what_the_user_can_mend_is_one_line_and_1(run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (["ask", "x"], ["search", "x"], ["status"], ["check"], ["articles", "list"]):
        result = run(*command)
        assert result.exit_code == 1
        assert re.fullmatch(r"citewire: there is no archive in .*\n", result.stderr)
    run("ingest", articles)
    assert run("ask", "?!").stderr == "citewire: the question has no words\n"
    assert run("ask", "").stderr == "citewire: the question is empty\n"
    assert run("ask", "x" * 10_000).exit_code == 1
    monkeypatch.setenv("CITEWIRE_MODEL", "another")
    assert "was made with model" in run("ask", "zebras?").stderr
    monkeypatch.setenv("CITEWIRE_MIN_CONFIDENCE", "2")
    assert run("status").stderr.startswith("citewire: CITEWIRE_MIN_CONFIDENCE: ")
    monkeypatch.delenv("CITEWIRE_MIN_CONFIDENCE")
    monkeypatch.setenv("CITEWIRE_PORT", "many")
    assert run("status").stderr.startswith("citewire: CITEWIRE_PORT: ")


def test_search_prints_what_was_found(run: Run, articles: Path) -> None:
    run("ingest", articles)
    result = run("search", "zebras river", "-k", 1)
    assert result.stdout.startswith("\n[1] Ledger — Zebras — 2026-01-28\n")
    assert TEXT in result.stdout
    hits = json.loads(run("search", "--json", "tariff", "--rerank", "--source", "Post").stdout)["hits"]
    assert [(one["article_id"], one["rank"], one["text"]) for one in hits] == [("tariff", 1, "The tariff rose to 25%.")]


def test_articles_are_listed_shown_and_deleted(run: Run, articles: Path) -> None:
    run("ingest", articles)
    assert run("articles", "list").stdout == "tariff\t\tPost\t1\tTariffs\nzebra\t2026-01-28\tLedger\t1\tZebras\n"
    listed = json.loads(run("articles", "list", "--json").stdout)["articles"]
    assert [(one["id"], one["chunks"]) for one in listed] == [("tariff", 1), ("zebra", 1)]
    shown = run("articles", "show", "zebra").stdout
    assert shown.splitlines()[0] == "Zebras"
    assert shown.splitlines()[-1] == TEXT
    assert json.loads(run("articles", "show", "zebra", "--json").stdout)["text"] == TEXT
    assert run("articles", "show", "lion").stderr.startswith("citewire: there is no article 'lion' in ")
    assert run("articles", "delete", "zebra").stdout == "1 deleted\n"
    gone = run("articles", "delete", "tariff", "zebra")
    assert (gone.exit_code, gone.stdout, gone.stderr) == (1, "1 deleted\n", "citewire: no such article: 'zebra'\n")
    assert run("articles", "list").stdout == ""


def test_a_terminal_is_given_no_commands_by_an_article(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "evil.jsonl"
    evil = "Red \x1b[31mzebras\x1b[0m \x1b]0;title\x07 crossed\x08 the \x9b2Jriver [bold]now[/bold] \u202eback."
    path.write_text(json.dumps({"id": "a", "title": "T\x1b[2J [red]", "text": evil, "source": "S\x07"}))
    run("ingest", path)
    for command in (["ask", "zebras river?", "--min-confidence", "0"], ["search", "zebras"], ["articles", "show", "a"]):
        printed = run(*command).stdout
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", printed)
        assert "crossed the river [bold]now[/bold] back." in printed.replace("  ", " ")
    assert "[red]" in run("articles", "list").stdout
    # What programs read is exact.
    assert json.loads(run("articles", "show", "a", "--json").stdout)["text"] == evil


def test_check_finds_and_repairs_what_is_derived(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    whole = run("check")
    assert (whole.exit_code, whole.stdout) == (0, "the archive is intact\n")
    (tmp_path / "archive" / "derived" / "manifest.json").write_text("{")
    broken = run("check")
    assert (broken.exit_code, broken.stdout.splitlines()[-1]) == (1, "the archive is damaged")
    assert "manifest.json" in broken.stdout
    assert json.loads(run("check", "--json").stdout)["whole"] is False
    repaired = run("check", "--repair")
    assert (repaired.exit_code, repaired.stdout.splitlines()[-1]) == (0, "repaired")
    assert json.loads(run("check", "--json").stdout) == {"whole": True, "problems": [], "found": [], "repaired": False}
    assert "zebra" in run("search", "zebras").stdout


def test_a_store_that_is_damaged_is_not_rebuilt_from(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    with Store.open(tmp_path / "archive").write() as writing:
        writing._db.execute("UPDATE articles SET text = 'Invented.' || text WHERE id = 'zebra'")
    result = run("check", "--repair")
    assert result.exit_code == 1
    assert "article 'zebra': its text is not what was stored" in result.stdout
    assert result.stdout.endswith("the archive is damaged\n")


def test_verify_takes_a_whole_reply(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    reply = tmp_path / "reply.json"
    reply.write_text(run("ask", "--json", "How many zebras crossed?", "--min-confidence", 0).stdout)
    valid = run("verify", reply)
    assert valid.exit_code == 0
    assert valid.stdout.startswith("valid\tzebra [0:")
    run("articles", "delete", "zebra")
    assert run("verify", reply).exit_code == 1
    assert json.loads(run("verify", "--json", reply).stdout)["results"][0] == {"verdict": "withdrawn"}
    reply.write_text("[]x")
    assert "can't be read as JSON" in run("verify", reply).stderr


def test_status_says_what_the_archive_holds(run: Run, articles: Path) -> None:
    run("ingest", articles)
    lines = [" ".join(line.split()) for line in run("status").stdout.splitlines()]
    assert lines == [
        "articles 2",
        "chunks 2",
        "generation 1",
        "published 2026-01-28 to 2026-01-28",
        "model all-MiniLM-L6-v2",
        "index exact-float16",
        "sources Ledger: 1",
        "Post: 1",
    ]


def test_evaluate_measures_gold(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    gold = tmp_path / "gold.jsonl"
    line = {"question": "To what did the tariff rise?", "answers": ["25%"], "article_ids": ["tariff"]}
    gold.write_text(json.dumps(line))
    measures = json.loads(run("evaluate", "--json", "--min-confidence", 0, gold).stdout)
    assert (measures["questions"], measures["hit_at_1"], measures["first_citation"]) == (1, 1.0, 1.0)
    assert measures["refused_unanswerable"] is None
    assert re.search(r"^hit_at_1 +1\.000$", run("evaluate", gold).stdout, re.MULTILINE)
    gold.write_text("{}")
    assert "line 1: question" in run("evaluate", gold).stderr


def test_the_archive_option_comes_before_the_environment(run: Run, articles: Path, tmp_path: Path) -> None:
    assert run("ingest", "--archive", tmp_path / "other", articles).exit_code == 0
    assert not (tmp_path / "archive").exists()
    assert run("status", "--archive", tmp_path / "other").exit_code == 0
    assert run("status").exit_code == 1


def test_serve_passes_its_settings_on(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Any] = []
    monkeypatch.setattr("qa.server.process.serve", served.append)
    monkeypatch.setenv("CITEWIRE_PORT", "9000")
    assert run("serve", "--host", "0.0.0.0", "--insecure").exit_code == 0
    assert run("serve", "--port", 9001, "--workers", 2).exit_code == 0
    asked = [(one.host, one.port, one.workers, one.insecure) for one in served]
    assert asked == [("0.0.0.0", 9000, 1, True), ("127.0.0.1", 9001, 2, False)]


def test_serving_strangers_without_a_key_is_refused_in_one_line(run: Run) -> None:
    result = run("serve", "--host", "0.0.0.0")
    assert result.exit_code == 1
    assert "no key is set: set CITEWIRE_READ_KEY and CITEWIRE_WRITE_KEY, or use --insecure" in result.stderr
    assert result.stderr.count("\n") == 1


def test_serve_makes_an_empty_archive(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    assert run("serve", "--port", 0).exit_code == 0
    assert json.loads(run("articles", "list", "--json").stdout) == {"articles": []}


def test_a_port_that_is_taken_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", port)
    assert result.exit_code == 1
    assert result.stderr == f"citewire: can't listen at 127.0.0.1 port {port}: Address already in use\n"
    assert not (tmp_path / "archive").exists()


def test_the_version_is_told_both_ways(run: Run) -> None:
    assert run("version").stdout == run("--version").stdout != ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[1;31mb\x1b[0mc", "abc"),
        ("a\x1b]8;;http://x\x1b\\b\x1b]8;;\x07c", "abc"),
        ("a\x1bPq#0\x1b\\b", "ab"),
        ("a\x9b31mb\x9d0;t\x9cc", "abc"),
        ("a\x1bcb\x1b(Bc", "abc"),
        ("one\r\ntwo\rthree\tfour", "one\ntwo\nthree\tfour"),
        ("a\ud800b\u202ec\x7f\x00", "abc"),
        ("naïve 😀 北京 ‍", "naïve 😀 北京 ‍"),
    ],
)
def test_plain_text_holds_nothing_that_a_terminal_obeys(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("value", "said"),
    [(1.0, "almost certain (1.00)"), (0.93, "very likely (0.93)"), (0.5, "uncertain (0.50)"), (0.0, "doubtful (0.00)")],
)
def test_confidence_is_said_in_words_and_figures(value: float, said: str) -> None:
    assert confidence(value) == said


# As a process of its own

COMMAND = [sys.executable, "-m", "qa.cli"]


def test_help_loads_no_heavy_library() -> None:
    heavy = ["torch", "sentence_transformers", "transformers", "fastapi", "uvicorn", "trafilatura", "faiss", "pydantic"]
    heavy += ["httpcore2", "protego"]
    code = f"""
import sys
sys.argv = ["citewire", "--help"]
from qa.cli import main
try:
    main()
except SystemExit:
    pass
print("LOADED", [name for name in {heavy} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "evaluate" in done.stdout
    assert done.stdout.splitlines()[-1] == "LOADED []"


def test_no_model_is_loaded_to_keep_an_archive(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    code = f"""
import sys
from typer.testing import CliRunner
from qa.cli import app
for command in (["status"], ["check"], ["articles", "list"], ["articles", "delete", "zebra"]):
    result = CliRunner().invoke(app, [*command, "--archive", {str(tmp_path / "archive")!r}])
    assert result.exit_code == 0, result.output
print([name for name in ("torch", "sentence_transformers", "fastapi", "uvicorn") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_reader_that_stops_early_causes_no_traceback(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(json.dumps({"id": f"a{n}", "title": "t" * 900, "text": "x."}) for n in range(300)))
    run("ingest", path)
    for json_option in ([], ["--json"]):
        command = [*COMMAND, "articles", "list", "--archive", str(tmp_path / "archive"), *json_option]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        process.wait()


def test_a_terminal_without_unicode_gets_question_marks(run: Run, articles: Path, tmp_path: Path) -> None:
    articles.write_text(json.dumps({"id": "a", "title": "北京", "text": "x."}))
    run("ingest", articles)
    command = [*COMMAND, "articles", "list", "--archive", str(tmp_path / "archive")]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout == b"a\t\t\t1\t??\n"
    exact = subprocess.run([*command, "--json"], cwd=ROOT, env=environment, capture_output=True, check=True)
    assert json.loads(exact.stdout.decode())["articles"][0]["title"] == "北京"


def test_control_c_stops_an_ingest_and_keeps_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with path.open("w") as file:
        for n in range(20_000):
            file.write(json.dumps({"id": f"a{n:05}", "title": "t", "text": f"Report number {n} came in. " * 20}) + "\n")
    # Processes that run tests beside others ignore the signal, and so would theirs.
    code = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from qa import engine as engine_module
from tests.fakes import Bag

engine_module.SentenceTransformerEmbedder = Bag
sys.argv = ["citewire", "ingest", "--archive", {str(tmp_path / "archive")!r}, {str(path)!r}]
from qa.cli import main
main()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    database = tmp_path / "archive" / "archive.sqlite3-wal"
    while process.poll() is None and not (database.exists() and database.stat().st_size > 500_000):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    said = re.match(r"([\d,]+) added, 0 updated, 0 unchanged, 0 rejected; 0 warnings\n", stdout)
    assert said is not None
    assert stderr == "stopped: the articles counted here are in the archive; run it again for the rest\n"
    with Store.open(tmp_path / "archive").read() as view:
        assert view.state.articles >= int(said[1].replace(",", "")) > 0
        assert view.state.articles < 20_000
        assert view.miscounted() + view.damaged() == []


def test_the_questions_of_a_file_are_answered_in_a_table(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    file = tmp_path / "questions.txt"
    file.write_text("# about animals\nHow many zebras crossed the river?\n\n?!\n", "utf-8")
    asked = ("ask", "--file", file, "--min-confidence", 0)
    header, *rows = csv.reader(io.StringIO(run(*asked).stdout))
    table = [dict(zip(header, row, strict=True)) for row in rows]
    assert [one["question"] for one in table] == ["How many zebras crossed the river?", "?!"]
    assert table[0]["status"] == "answered"
    assert table[0]["answer"] in table[0]["quote"]
    assert table[1]["status"] == "refused: the question has no words"
    first, second = map(json.loads, run(*asked, "--format", "jsonl").stdout.splitlines())
    assert first["answers"][0]["text"] == table[0]["answer"]
    assert second == {"question": "?!", "problem": "the question has no words"}
    markdown = run(*asked, "--format", "markdown").stdout.splitlines()
    assert len(markdown) == 4
    assert all(
        re.fullmatch(r"\|(?:[^|]|\\\|)*\|(?:[^|]|\\\|)*\|(?:[^|]|\\\|)*\|(?:[^|]|\\\|)*\|", line) for line in markdown
    )
    assert run("ask").exit_code == run("ask", "Who?", "--file", file).exit_code == 2
    file.write_text("\n# nothing\n", "utf-8")
    assert "has no questions" in run("ask", "--file", file).output


def test_feedback_is_printed_as_gold(run: Run, articles: Path, tmp_path: Path) -> None:
    run("ingest", articles)
    with Store.open(tmp_path / "archive") as store, store.write() as writing:
        writing.feedback.add(Feedback("Who?", "right", "Ada", None, ("a",)))
    assert json.loads(run("feedback").stdout) == {"question": "Who?", "answers": ["Ada"], "article_ids": ["a"]}


STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."


def test_what_files_lack_is_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_text(STORY)
    given = ("--source", "Quill Post", "--published", "2026-01-28", "--title", "Bridge approved", "--language", "de")
    assert "1 added" in run("ingest", tmp_path / "bridge.txt", *given).stdout
    shown = json.loads(run("articles", "show", "bridge.txt", "--json").stdout)
    assert [shown[name] for name in ("source", "published_at", "title", "language")] == [
        *("Quill Post", "2026-01-28", "Bridge approved", "de")
    ]


def test_one_title_for_several_articles_is_refused_and_nothing_stored(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "files" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "files" / f"{name}.txt").write_text(f"{STORY} {name}.")
    refused = run("ingest", tmp_path / "files", "--title", "Bridge approved")
    assert refused.exit_code == 2
    assert "nothing was added" in " ".join(refused.stderr.replace("│", " ").split())
    assert json.loads(run("status", "--json").stdout)["articles"] == 0


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--published", "28/01/2026", "not a date such as 2026-01-28"),
        ("--published", "", "not a date"),
        ("--language", "german", "not an ISO 639-1 code"),
        ("--source", " ", "source is empty"),
        ("--title", "", "title is empty"),
    ],
)
def test_what_can_not_be_given_is_refused(
    run: Run, articles: Path, tmp_path: Path, option: str, value: str, said: str
) -> None:
    refused = run("ingest", articles, option, value)
    assert refused.exit_code == 2
    assert option in refused.stderr
    assert said in " ".join(refused.stderr.replace("│", " ").split())
    assert not (tmp_path / "archive").exists()
