"""Documentation that is checked: links, commands, the map of modules, and figures with their commands."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from qa.cli import app
from qa.engine import Engine
from qa.server.app import create_app
from qa.settings import DEFAULT_MIN_CONFIDENCE, Settings
from tests.resident import resident
from tests.servers import free_port

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readmes_make_targets_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"make (\w+)", README))
    assert {"demo", "test"} <= named <= targets


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    told = dict(re.findall(r"^\| `CITEWIRE_(\w+)` \| ([^|]+) \|", page, re.MULTILINE))
    assert {name.lower() for name in told} == set(Settings.model_fields)
    assert told["MIN_CONFIDENCE"] == str(DEFAULT_MIN_CONFIDENCE)
    for name in ("archive", "device", "host", "port"):
        assert told[name.upper()] == f"`{Settings.model_fields[name].default}`"


def test_the_readmes_commands_and_options_exist() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    used = re.findall(r"citewire (\w+)([^\n#]*)", README)
    assert {name for name, _ in used} == {"ask", "backup", "ingest", "mcp", "search", "serve", "watch"}
    for name, rest in used:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--[\w-]+", rest)) <= options


def test_the_readmes_answer_is_the_one_that_is_given(sample_engine: Engine) -> None:
    found = re.findall(r'citewire ask --archive demo-archive "(.*)"\n```\n\n```\n(.*?)```', README, re.DOTALL)
    ((question, shown),) = found
    run = CliRunner().invoke(
        app, ["ask", "--archive", str(sample_engine.archive.directory), question], env={"COLUMNS": "400"}
    )
    # Processors with bfloat16 give another third digit.
    given, expected = (re.sub(r"\(0\.\d\d\)", "", text).strip() for text in (run.output, shown))
    assert given == expected


def test_the_readmes_requests_are_answered(sample_engine: Engine) -> None:
    from fastapi.testclient import TestClient

    client = TestClient(create_app(sample_engine))
    requests = re.findall(r"curl -s localhost:8080(\S+)(?:.* -d '(.*)')?", README)
    assert len(requests) == 5
    for path, body in requests:
        if path == "/v1/articles":  # the sample is shared: a look at the shape is enough
            assert set(json.loads(body)["articles"][0]) == {"title", "text"}
            continue
        response = client.post(path, json=json.loads(body)) if body else client.get(path)
        assert response.status_code == 200, response.text


def test_the_map_names_every_package() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    folders = {
        path.relative_to(ROOT).parent for name in ("corpus", "index", "qa") for path in (ROOT / name).rglob("*.py")
    }
    assert len(folders) > 5
    assert sorted(str(folder) for folder in folders if f"(../{folder})" not in page) == []


def test_no_folder_holds_more_modules_than_one_can_look_through() -> None:
    folders = Counter(path.parent for name in ("corpus", "index", "qa") for path in (ROOT / name).rglob("*.py"))
    assert len(folders) > 20
    assert {str(folder): count for folder, count in folders.items() if count > 20} == {}


def test_the_tests_that_the_map_names_exist() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Invariants")[2]
    names = re.findall(r"`(?:tests/[\w/]+/)?(test_\w+\.py)`", page)
    assert len(names) > 5
    assert {name for name in names if not list(ROOT.glob(f"tests/**/{name}"))} == set()


def test_the_command_line_reference_is_generated() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "typer", "qa.cli.application", "utils", "docs", "--name", "citewire"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "COLUMNS": "100", "TERM": "dumb"},
    ).stdout
    assert made.strip() == (ROOT / "docs" / "cli.md").read_text("utf-8").strip(), "run `make reference`"


def test_the_api_reference_is_generated(tmp_path: Path) -> None:
    made = [sys.executable, str(ROOT / "docs" / "reference.py"), str(tmp_path / "api.md")]
    subprocess.run(made, check=True, env={"PYTHONPATH": str(ROOT), "PATH": ""})
    assert (tmp_path / "api.md").read_text("utf-8") == (ROOT / "docs" / "api.md").read_text("utf-8"), (
        "run `make reference`"
    )


def test_results_say_how_they_were_measured() -> None:
    results = [json.loads(path.read_text("utf-8")) for path in (ROOT / "bench" / "results").glob("*.json")]
    assert len(results) >= 4
    for result in results:
        assert result["command"].startswith("python -m bench.")
        assert result["machine"]["cores"] > 0


EXITS = [
    ("3", 'citewire ask "Who won the football match in Lisbon?"'),
    ("1", "citewire verify ferry-reply.json"),
]
"""The tutorial's commands that end with another code than 0, as its text says."""

NOTING_EXITS = """set -E
trap 'echo "$? $BASH_COMMAND" >> "$EXITS"' ERR
"""
"""Lets bash note each command that fails and go on, as it does for the tutorial's reader."""


def even(text: str) -> str:
    """The text with single spaces, and without what differs between processors: a confidence's digits."""
    return re.sub(r"\b0\.\d\d\b", "0.##", " ".join(text.split()))


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_tutorial_works_as_it_stands(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    port = str(free_port())
    blocks = re.findall(r"^```(sh|text)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    commands = "".join(block for kind, block in blocks if kind == "sh").replace("8123", port)
    (tmp_path / "bin").mkdir()
    exits = tmp_path / "exits"
    with resident(tmp_path / "bin") as path:
        done = subprocess.run(
            ["bash"],
            input=NOTING_EXITS + commands,
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "EXITS": str(exits)},
        )
    failed = [tuple(line.split(" ", 1)) for line in exits.read_text().splitlines()]
    assert failed == EXITS, done.stdout[-2_000:] + done.stderr[-2_000:]
    assert done.returncode == 0
    # What the page shows was printed, in this order; "..." stands for what it leaves out.
    shown = [even(part) for kind, block in blocks if kind == "text" for part in block.split("...") if part.strip()]
    assert len(shown) >= 20
    printed, missing = even(done.stdout), []
    for part in shown:
        _, found, after = printed.partition(part)
        if found:
            printed = after
        else:
            missing.append(part)
    assert missing == []
    assert not (tmp_path / "tour").exists()
