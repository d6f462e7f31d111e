"""The service does what its OpenAPI document says, whatever it is sent: schemathesis, all checks."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from qa.engine import Engine
from qa.ingestion.pipeline import ingest
from qa.server.access_control import Guard
from qa.server.app import create_app
from qa.settings import Settings
from tests.conftest import SAMPLE
from tests.servers import listening
from tests.writers import model, says

EXAMPLES = int(os.environ.get("CITEWIRE_TEST_EXAMPLES", "5"))
"""Requests of each phase for each operation, at most."""
# Its guess that each article of a request exists afterwards is wrong: one by one they may be rejected, with status 200.
# And what stands in an uploaded file no schema says, nor which outlets an archive has.
CONFIG = """
[phases.stateful.inference]
algorithms = []

[[operations]]
include-operation-id = [
    "ask_v1_ask_post", "ask_simply_v1_ask_get", "ask_many_v1_ask_batch_post", "search_v1_search_post"
]

[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "422"]

[[operations]]
include-operation-id = "start_job_v1_jobs_post"

[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "415", "422"]
"""
KEY = "a-key-that-may-read-and-write"


def test_the_service_does_what_its_document_says(engine: Engine, tmp_path: Path) -> None:
    # With a key, so that what comes without it is tried as well.
    from corpus.reading import read

    assert {one.outcome for one in ingest(engine, read([SAMPLE]))} == {"added"}
    guard = Guard.of(Settings(write_key=KEY, rate=0))
    with model() as played, listening(create_app(replace(engine, writer=played.writer()), guard)) as port:
        played.answer = says(("Chips were approved.", [1]), ("No.", [9]))
        (tmp_path / "schemathesis.toml").write_text(CONFIG)
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"http://127.0.0.1:{port}/openapi.json"]
        options = ["--checks", "all", "--max-examples", str(EXAMPLES), "--seed", "1", "--continue-on-failure"]
        # A batch is of up to a hundred questions, and ten seconds, its own default, are those of some twenty.
        options += ["--no-color", "--generation-database", "none", "--request-timeout", "120"]
        options += ["--header", f"Authorization: Bearer {KEY}"]
        done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    generated = re.search(r"([\d,]+) generated", done.stdout)
    assert generated, done.stdout
    print(f"{generated[1]} cases")
    assert int(generated[1].replace(",", "")) > 500
