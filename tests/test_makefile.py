"""Which build of PyTorch the Makefile installs, with pip itself over small indexes on the disk."""

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.findall(r"^torch==(.+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)[0]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def index(directory: Path, *versions: str, note: str = "", cuda: bool = True) -> str:
    """The address of a package index with these versions of an empty torch, which need CUDA but for those of "+cpu"."""
    shelf = directory / "torch"
    shelf.mkdir(parents=True)
    for version in versions:
        about = f"torch-{version}.dist-info"
        needs = "" if version.endswith("+cpu") or not cuda else "Requires-Dist: nvidia-cublas\n"
        with zipfile.ZipFile(shelf / f"torch-{version}-py3-none-any.whl", "w") as wheel:
            wheel.writestr(
                f"{about}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\nSummary: {note}\n{needs}"
            )
            wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{about}/RECORD", "")
    links = (f'<a href="{file.name.replace("+", "%2B")}">{file.name}</a>' for file in shelf.glob("*.whl"))
    (shelf / "index.html").write_text("<!DOCTYPE html>" + "".join(links))
    return directory.as_uri()


class Machine:
    """A machine with an empty environment, whose default index is one of those on the disk."""

    def __init__(self, directory: Path, default: str) -> None:
        self.directory, self.default = directory, default
        venv.create(directory / "venv")
        (directory / "venv" / "bin" / "pip").touch()  # it is this interpreter's pip that works there: see PIP

    def make_torch(self, *variables: str, system: str = "Linux") -> subprocess.CompletedProcess[str]:
        pip = f"{sys.executable} -m pip --python {self.directory / 'venv' / 'bin' / 'python'}"
        command = ["make", "torch", f"VENV={self.directory / 'venv'}", f"PIP={pip}", f"SYSTEM={system}", *variables]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE"))}
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": self.default},
        )

    def torch(self) -> tuple[str, str] | None:
        """The version and the summary of the torch in the environment, or None."""
        found = list(self.directory.glob("venv/lib/*/site-packages/torch-*.dist-info/METADATA"))
        if not found:
            return None
        fields = dict(line.split(": ", 1) for line in found[0].read_text().splitlines())
        return fields["Version"], fields["Summary"]


def test_cpu_builds_of_the_default_index_are_taken_from_there(tmp_path: Path) -> None:
    machine = Machine(tmp_path, index(tmp_path / "default", PIN, f"{PIN}+cpu", note="default"))
    done = machine.make_torch("CPU_INDEX=http://127.0.0.1:9")
    assert done.returncode == 0, done.stderr
    assert machine.torch() == (f"{PIN}+cpu", "default")
    assert "127.0.0.1" not in done.stdout + done.stderr


def test_where_the_default_index_brings_cuda_pytorchs_own_is_asked(tmp_path: Path) -> None:
    machine = Machine(tmp_path, index(tmp_path / "default", PIN, note="default"))
    cpu = index(tmp_path / "cpu", f"{PIN}+cpu", "99+cpu", note="own")
    done = machine.make_torch(f"CPU_INDEX={cpu}")
    assert done.returncode == 0, done.stderr
    assert machine.torch() == (f"{PIN}+cpu", "own")
    said = done.stdout.splitlines()
    assert [line for line in said if cpu in line] == [f"Taking PyTorch for the CPU from {cpu} (CUDA=yes: with CUDA)"]


def test_an_index_that_cant_be_reached_is_named_with_the_ways_out(tmp_path: Path) -> None:
    machine = Machine(tmp_path, index(tmp_path / "default", PIN, note="default"))
    missing = (tmp_path / "nowhere").as_uri()
    done = machine.make_torch(f"CPU_INDEX={missing}")
    assert done.returncode != 0
    assert machine.torch() is None
    assert f"PyTorch could not be installed from {missing}" in done.stderr
    assert "make TORCH_INDEX=" in done.stderr
    assert "make CUDA=yes" in done.stderr


def test_cuda_can_be_asked_for(tmp_path: Path) -> None:
    machine = Machine(tmp_path, index(tmp_path / "default", PIN, note="default"))
    done = machine.make_torch("CUDA=yes", f"CPU_INDEX={index(tmp_path / 'cpu', f'{PIN}+cpu')}")
    # With the default build pip wants what it needs, which this index has not got.
    assert done.returncode != 0
    assert "nvidia-cublas" in done.stderr
    assert machine.torch() is None


def test_a_mirror_can_be_named_whatever_it_calls_its_builds(tmp_path: Path) -> None:
    machine = Machine(tmp_path, index(tmp_path / "default", PIN, f"{PIN}+cpu", note="default"))
    mirror = index(tmp_path / "mirror", PIN, "99", note="mirror")
    assert machine.make_torch(f"TORCH_INDEX={mirror}").returncode == 0
    assert machine.torch() == (PIN, "mirror")


def test_elsewhere_than_on_linux_the_default_build_is_taken(tmp_path: Path) -> None:
    machine = Machine(tmp_path, index(tmp_path / "default", PIN, note="default", cuda=False))
    assert machine.make_torch("CPU_INDEX=http://127.0.0.1:9", system="Darwin").returncode == 0
    assert machine.torch() == (PIN, "default")


def test_a_build_that_is_in_place_stays(tmp_path: Path) -> None:
    machine = Machine(tmp_path, index(tmp_path / "default", f"{PIN}+cpu", note="default"))
    assert machine.make_torch(f"TORCH_INDEX={index(tmp_path / 'mirror', PIN, note='mirror')}").returncode == 0
    assert machine.make_torch().returncode == 0
    assert machine.torch() == (PIN, "mirror")
