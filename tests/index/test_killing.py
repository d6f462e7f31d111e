"""What was acknowledged survives ``kill -9`` at any moment, of one writer or of several; nothing is half there."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive
from index.types import Filter
from tests.archives import found, opened

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("CITEWIRE_TEST_KILLS", "6"))

Texts = dict[str, str | None]
"""Articles' texts by id, None for those that are deleted."""


def killed(directory: Path, seed: int, writers: int, after: int, seconds: float) -> list[list[dict[str, Any]]]:
    """What each of some writers said until their process group was killed, so long after the first said so many lines.

    Counted by lines, not from the start: on a busy machine the first second may pass before anything is written.
    """
    leader = 0
    processes: list[subprocess.Popen[str]] = []
    for number in range(writers):
        command = [sys.executable, "-m", "tests.index.killed", str(directory), str(seed), str(number)]
        # A session of its own must not end with this one's terminal; the others join the first's group.
        processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, process_group=leader))
        leader = leader or processes[0].pid
    first = processes[0].stdout
    assert first is not None
    said = [[json.loads(first.readline()) for _ in range(after)]]
    time.sleep(seconds)
    os.killpg(leader, signal.SIGKILL)
    for process in processes:
        lines = process.communicate()[0].splitlines(keepends=True)
        assert process.returncode == -signal.SIGKILL
        # The last line may be cut off.
        whole = [json.loads(line) for line in lines if line.endswith("\n")]
        said = [said[0] + whole] if process is processes[0] else [*said, whole]
    return said


def applied(said: list[dict[str, Any]], texts: Texts) -> Texts:
    """Put what was acknowledged into the texts; gives what was begun and not acknowledged."""
    begun: Texts = {}
    for line in said:
        if "begin" in line:
            begun = line["begin"]
        elif "done" in line:
            texts.update(begun)
            begun = {}
    return begun


def texts_of(archive: Archive) -> Texts:
    with archive.store.read() as view:
        return {article.id: article.text for article, _ in view.page(after="", limit=1_000)}


@pytest.mark.parametrize("writers", [1, 3])
def test_killing_loses_nothing_that_was_acknowledged(tmp_path: Path, writers: int) -> None:
    directory = tmp_path / "archive"
    acknowledged: Texts = {}
    rng = random.Random(writers)
    done = 0
    for seed in range((KILLS + 1) // 2):
        # It opens, then says what it begins and what is done: each is cut off somewhere in one of its first ten writes.
        said = killed(directory, seed, writers, rng.randint(2, 20), rng.uniform(0, 0.1))
        with opened(directory) as archive:
            held = texts_of(archive)
            for one in said:
                begun = applied(one, acknowledged)
                done += sum("done" in line for line in one)
                there = {name: held.get(name) for name in begun}
                before = {name: acknowledged.get(name) for name in begun}
                assert there in (begun, before), f"{begun} is half there after kill {seed}"
                acknowledged.update(there)
            assert held == {name: text for name, text in acknowledged.items() if text is not None}
            for name, text in held.items():
                hits = found(archive, str(text), 10, Filter(article_ids=(name,)))
                assert {start for _, start, _ in hits} == {0, 13}, f"{name} is not found after kill {seed}"
            assert archive.problems() == []
    assert done
