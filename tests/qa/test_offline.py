"""Nothing is fetched at run time: a first question, without any network and with an empty environment."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa.engine import Engine

ROOT = Path(__file__).parents[2]


def test_a_first_question_is_answered_without_a_network(sample_engine: Engine, tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody switch networking off")
    command = (sys.executable, "-m", "qa.cli", "ask", "How many H200 chips were approved?")
    run = subprocess.run(
        [unshare, "-rn", *command, "--archive", str(sample_engine.archive.directory)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"HOME": str(tmp_path)},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "more than 400,000" in run.stdout
