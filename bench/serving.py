"""A server of its own for measurements, and what its clients need."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any, NamedTuple


class Served(NamedTuple):
    """A server: its process, its port, and the seconds until it said that it was ready."""

    process: subprocess.Popen[bytes]
    port: int
    ready_s: float


@contextmanager
def served(directory: Path, **settings: object) -> Iterator[Served]:
    """A server over the archive in ``directory``, ready; with these of its settings."""
    start = perf_counter()
    command = [sys.executable, "-m", "qa.cli", "serve", "--archive", str(directory), "--port", "0"]
    environment = {f"CITEWIRE_{name.upper()}": str(value) for name, value in settings.items()}
    with TemporaryDirectory() as room:
        log = Path(room) / "log"
        with log.open("wb") as written:
            process = subprocess.Popen(command, stderr=written, env=os.environ | environment)
        try:
            while not (address := re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text("utf-8"))):
                assert process.poll() is None, log.read_text("utf-8")
                sleep(0.05)
            port = int(address[1])
            while asked(HTTPConnection("127.0.0.1", port, timeout=30), "GET", "/readyz") != 200:
                sleep(0.1)
            yield Served(process, port, perf_counter() - start)
        finally:
            process.terminate()
            process.wait()


def asked(connection: HTTPConnection, method: str, path: str, body: Any = None) -> int:
    """The status of one request."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def memory(process: int) -> dict[str, float]:
    """Resident megabytes of a process: all, its own, and of mapped files, which the system takes back at need."""
    rows = _status(process)
    names = {"all": "VmRSS", "own": "RssAnon", "mapped": "RssFile"}
    return {name: round(int(rows[row].split()[0]) / 1024, 1) for name, row in names.items()}


def threads(process: int) -> int:
    """Threads of a process."""
    return int(_status(process)["Threads"])


def _status(process: int) -> dict[str, str]:
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return dict(line.split(":", 1) for line in status.splitlines())
