"""Every call that writes, forces to disk or renames fails in turn, finds no room, or is the last of its process."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.types import Filter
from tests.archives import found, opened, prepared
from tests.index.faulted import text
from tests.index.test_killing import ROOT, Texts, applied, texts_of

CALLS = int(os.environ.get("CITEWIRE_TEST_CALLS", "8"))
"""Calls of each kind that are tried; 0 for every one."""

Faulted = dict[str, Any]


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that lets calls fail."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("needs a C compiler, on Linux")
    library = tmp_path_factory.mktemp("shim") / "faults.so"
    source = Path(__file__).with_name("faults.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"], check=True)
    return library


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a base, a tail and removed chunks."""
    directory = tmp_path_factory.mktemp("whole") / "archive"
    with opened(directory) as archive:
        archive.put([prepared(number, text(number)) for number in range(10)])
        archive.compact(force=True)
        archive.put([prepared(10, text(10))])
        archive.delete("article-5")
    return directory


def faulted(shim: Path, whole: Path, room: Path, mode: str, numbers: list[int]) -> Iterator[Faulted]:
    command = [sys.executable, "-m", "tests.index.faulted", str(whole), str(room), mode, *map(str, numbers)]
    # OpenMP's threads don't survive a fork, and one is enough.
    environment = {**os.environ, "LD_PRELOAD": str(shim), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, check=True)
    return map(json.loads, done.stdout.splitlines())


@pytest.mark.parametrize("mode", ["fail", "full", "stop", "tear"])
def test_no_call_that_fails_loses_anything(shim: Path, whole: Path, tmp_path: Path, mode: str) -> None:
    (counted,) = faulted(shim, whole, tmp_path, "count", [])
    calls = counted["lines"][-1]["calls"]
    assert calls > 100
    assert counted["lines"][-1]["wrong"] == []
    numbers = [*range(1, calls + 1)]
    if CALLS:
        numbers = sorted(random.Random(mode).sample(numbers, CALLS))
    for case in faulted(shim, whole, tmp_path, mode, numbers):
        what, lines = f"{mode} at call {case['number']} of {calls}", case["lines"]
        if mode in ("fail", "full"):
            assert (case["status"], lines[-1]["wrong"]) == (0, []), what
        else:
            assert case["status"] in (0, signal.SIGKILL), what
        directory = tmp_path / f"{mode}-{case['number']}"
        nothing_is_lost(directory, lines, what)
        shutil.rmtree(directory, ignore_errors=True)  # threads of its libraries may write there still


def nothing_is_lost(directory: Path, lines: list[dict[str, Any]], what: str) -> None:
    """Whether an archive that was written to, as its writer said, holds and finds what was acknowledged."""
    held: Texts = {f"article-{number}": text(number) for number in range(11) if number != 5}
    begun = applied(lines, held)
    with opened(directory) as archive:
        now = texts_of(archive)
        there = {name: now.get(name) for name in begun}
        assert there in (begun, {name: held.get(name) for name in begun}), f"{what}: {begun} is half there"
        held.update(there)
        assert now == {name: said for name, said in held.items() if said is not None}, what
        for name, said in now.items():
            hits = found(archive, str(said), 10, Filter(article_ids=(name,)))
            assert {start for _, start, _ in hits} == {0, 13, 26}, f"{what}: {name} is not found"
    with opened(directory) as archive:
        assert archive.problems() == [], what


def test_nor_does_a_process_that_ends_at_a_rename_that_a_library_asks_the_system_for(
    whole: Path, tmp_path: Path
) -> None:
    tracer = shutil.which("strace")
    if tracer is None or not may_trace(tracer):
        pytest.skip("needs strace, and the right to trace")
    for number in range(1, CALLS // 2 if CALLS else 20):  # each thread counts its own
        directory = tmp_path / f"{number}"
        shutil.copytree(whole, directory)
        renames = f"inject=rename,renameat,renameat2:signal=KILL:when={number}"
        command = [tracer, "-f", "-qq", "-o", os.devnull, "-e", renames, sys.executable, "-m", "tests.index.faulted"]
        run = [*command, str(directory), str(tmp_path), "traced"]
        done = subprocess.run(run, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        nothing_is_lost(directory, lines, f"killed at rename {number} of a thread")


def may_trace(tracer: str) -> bool:
    """Whether a process may be traced here."""
    return subprocess.run([tracer, "-qq", "-o", os.devnull, "true"], capture_output=True).returncode == 0
