"""What users see of two checkouts, compared: for a change that must alter nothing but words.

    python -m bench.surface BEFORE AFTER [--rounds 15]

Each checkout ingests the sample, answers its gold questions over HTTP, describes itself (OpenAPI) and its commands; the
imports that must stay light are timed in turns. Descriptions are left out of the comparison: they are wording.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, chdir
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.measuring import save, spread
from bench.serving import served

CLIENT = ("-c", "import qa.client")
HELP = ("-m", "qa.cli", "--help")
WORDS = frozenset({"description", "summary", "title"})


def run(checkout: Path, *arguments: str) -> str:
    """What Python prints in a checkout; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(checkout), "COLUMNS": "200", "TERM": "dumb", "NO_COLOR": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True, text=True).stdout


def wordless(value: Any) -> Any:
    """A description of the service without its prose."""
    if isinstance(value, dict):
        return {name: wordless(part) for name, part in value.items() if name not in WORDS or not isinstance(part, str)}
    return [wordless(part) for part in value] if isinstance(value, list) else value


def commands(checkout: Path) -> dict[str, list[str]]:
    """The options of each command, by its name."""
    page = (checkout / "docs" / "cli.md").read_text("utf-8")
    names = re.findall(r"^##+ `citewire ([^`]+)`$", page, re.MULTILINE)
    return {
        name: sorted(
            set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", run(checkout, "-m", "qa.cli", *name.split(), "--help")))
        )
        for name in names
    }


def answers(checkout: Path, questions: Sequence[str]) -> tuple[Any, dict[str, Any]]:
    """The service's description of itself, and its replies about the sample, without what it took to make them."""
    with TemporaryDirectory() as room, ExitStack() as stack:
        run(
            checkout,
            "-m",
            "qa.cli",
            "ingest",
            "--archive",
            room,
            str(checkout / "corpus" / "sample" / "articles.jsonl"),
        )
        stack.enter_context(chdir(checkout))
        os.environ["PYTHONPATH"] = str(checkout)
        server = stack.enter_context(served(Path(room)))
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)

        def fetch(method: str, path: str, body: object = None) -> Any:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())

        replies = {}
        for question in questions:
            reply = fetch("POST", "/v1/ask", {"question": question, "min_confidence": 0.0, "explain": True})
            replies[question] = {name: part for name, part in reply.items() if name != "timings_ms"}
        return fetch("GET", "/openapi.json"), replies


def main() -> None:
    """Compare, print and keep; exit code 1 where something else than words differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=lambda name: Path(name).resolve())
    parser.add_argument("after", type=lambda name: Path(name).resolve())
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    before, after = arguments.before, arguments.after
    gold = (before / "bench" / "gold.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in gold]
    (said, replies), (says, replies_now) = answers(before, questions), answers(after, questions)
    seconds: dict[tuple[Path, tuple[str, ...]], list[float]] = {}
    for _ in range(arguments.rounds):
        for what in (CLIENT, HELP):
            for checkout in (before, after):
                start = perf_counter()
                run(checkout, *what)
                seconds.setdefault((checkout, what), []).append(1000 * (perf_counter() - start))
    different = [question for question in questions if replies[question] != replies_now[question]]
    figures = {
        "openapi_equal_but_for_words": wordless(said) == wordless(says),
        "commands_equal_but_for_words": commands(before) == commands(after),
        "answers": len(questions),
        "answers_that_differ": different,
        "import_client_ms": {
            name: spread(seconds[one, CLIENT]) for name, one in (("before", before), ("after", after))
        },
        "help_ms": {name: spread(seconds[one, HELP]) for name, one in (("before", before), ("after", after))},
    }
    save("surface", f"python -m bench.surface BEFORE AFTER --rounds {arguments.rounds}", figures)
    if different or not (figures["openapi_equal_but_for_words"] and figures["commands_equal_but_for_words"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
