"""Writes to copies of an archive, in each of which one call that writes fails or is the last.

    LD_PRELOAD=faults.so python -m tests.index.faulted ARCHIVE ROOM MODE [N ...]
    strace ... python -m tests.index.faulted ARCHIVE ROOM traced

For each of the calls' numbers it prints a line of JSON: what the process said, as in ``tests.index.killed``, and
last how many calls it made and what went ``wrong``: what nobody should see. Each case has a process of its own,
forked from this one, which has imported what they need.
"""

import ctypes
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from index.archive import Archive
from index.errors import SearchError
from tests.archives import opened, prepared

MODES = {"traced": 0, "count": 0, "fail": 1, "full": 2, "stop": 3, "tear": 4}
KNOWN = (CorpusError, SearchError, sqlite3.Error, OSError)
"""What the command line and the service say in one line."""

_shim = ctypes.CDLL(None)
_PRELOADED = hasattr(_shim, "faults_arm")


def text(number: int) -> str:
    """What an article of the scenario says: three chunks."""
    return f"chips {number:05d} ,ships {number:05d} ,crowd {number:05d} ."


def steps(archive: Archive) -> list[tuple[dict[str, str | None], Callable[[], object]]]:
    """What is done to the archive, each step with the texts after it."""

    def put(texts: dict[int, str]) -> tuple[dict[str, str | None], Callable[[], object]]:
        changed: dict[str, str | None] = {f"article-{one}": said for one, said in texts.items()}
        return changed, lambda: archive.put([prepared(one, said) for one, said in texts.items()])

    return [
        put({20: text(20), 21: text(21)}),
        put({3: text(33)}),
        ({"article-4": None}, lambda: archive.delete("article-4")),
        ({}, lambda: archive.compact(force=True)),
        put({22: text(22)}),
        ({"article-20": None}, lambda: archive.erase("article-20")),
    ]


def write(directory: Path, mode: str, number: int) -> dict[str, Any]:
    """Do every step; one that fails is done again once there is room."""
    acknowledged: dict[str, str | None] = {}
    wrong: list[str] = []
    arm(os.fsencode(directory), number, MODES[mode])

    def attempted(doing: Callable[[], Any]) -> Any:
        try:
            return doing()
        except KNOWN:
            pass
        except BaseException as error:
            wrong.append(f"{type(error).__name__}: {error}")
        arm(b"", 0, 0)
        try:
            return doing()
        except BaseException as error:
            wrong.append(f"not even with room: {type(error).__name__}: {error}")

    archive = attempted(lambda: opened(directory))
    for texts, step in steps(archive) if archive else ():
        print(json.dumps({"begin": texts}), flush=True)
        attempted(step)
        acknowledged.update(texts)
        print(json.dumps({"done": True}), flush=True)
    if archive:
        attempted(archive.close)
    return {"calls": _shim.faults_calls() if _PRELOADED else 0, "wrong": wrong}


def arm(directory: bytes, number: int, how: int) -> None:
    """Tell the shim, where there is one, which call below the directory fails."""
    if _PRELOADED:
        _shim.faults_arm(directory, ctypes.c_long(number), how)


def forked(doing: Callable[[], object]) -> tuple[int, str]:
    """How a child process ended that did this, and what it printed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writing, 1)
        os.close(reading)
        try:
            print(json.dumps(doing()), flush=True)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        printed = said.read()
    return os.waitpid(child, 0)[1], printed


def main() -> None:
    """Try each of the numbers."""
    archive, room, mode, numbers = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], [*map(int, sys.argv[4:])]
    if mode == "traced":
        print(json.dumps(write(archive, mode, 0)), flush=True)
        return
    for number in numbers or [0]:
        directory = room / f"{mode}-{number}"
        shutil.copytree(archive, directory)
        status, printed = forked(partial(write, directory, mode, number))
        lines = [json.loads(line) for line in printed.splitlines()]
        print(json.dumps({"number": number, "status": status, "lines": lines}), flush=True)


if __name__ == "__main__":
    main()
