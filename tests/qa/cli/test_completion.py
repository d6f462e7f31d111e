import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CALLED = "import sys; sys.argv[0] = 'citewire'; from qa.cli import main; main()"
"""The command as it is installed."""


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("citewire s", ["search", "serve", "status"]),
        ("citewire articles d", ["delete"]),
        ("citewire ask --expo", ["--export"]),
        ("citewire ask --export c", ["csl"]),
    ],
)
def test_bash_completes(typed: str, completed: list[str]) -> None:
    """As bash asks: what is typed stands in the environment."""
    asked = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1), "_CITEWIRE_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [sys.executable, "-c", CALLED],
        env={**os.environ, **asked, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == completed, done.stderr


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_script_is_for_the_shell_that_asks() -> None:
    # With a command behind it, bash stays the parent, by which the shell is known.
    script = f'{sys.executable} -c "{CALLED}" --show-completion; true'
    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "complete -o default -F _citewire_completion citewire" in done.stdout, done.stderr
    assert subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=False).returncode == 0
