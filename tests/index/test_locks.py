"""Turns among threads and processes, and what who waits is told."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import Timeout

from index import locks as turns
from index.locks import Turn

HOLD = """
import sys
from pathlib import Path
from index.locks import Turn
with Turn(Path(sys.argv[1])).taken():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_threads_take_turns(tmp_path: Path) -> None:
    turn, inside, most = Turn(tmp_path / "write.lock"), 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with turn.taken():
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_waits_is_told_which_process_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    path = tmp_path / "write.lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Timeout), Turn(path).taken(wait=False):
            pass
        assert caplog.records == []
        timer = threading.Timer(0.6, holder.stdin.close)
        timer.start()
        with caplog.at_level(logging.WARNING), Turn(path).taken():
            assert path.with_suffix(".holder").read_text() == str(os.getpid())
        timer.join()
    assert [record.getMessage() for record in caplog.records] == [
        f"waiting for process {holder.pid}, which holds {path}"
    ]
