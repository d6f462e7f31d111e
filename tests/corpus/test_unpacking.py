"""Packed files: what is taken out of them, what is not, and that nothing of them lands elsewhere."""

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import FormatError
from corpus.unpacking import is_packed, unpack

TEXT = b"The ferry sank."


def zipped(path: Path, *names: str, content: bytes = TEXT) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def tarred(path: Path, *names: str, content: bytes = TEXT) -> Path:
    with tarfile.open(
        path, "w:gz" if path.suffix in (".gz", ".tgz") else "w:xz" if path.suffix == ".xz" else "w"
    ) as packed:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return path


def files(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("pack", "name"),
    [(zipped, "a.zip"), (tarred, "a.tar"), (tarred, "a.tar.gz"), (tarred, "a.tgz"), (tarred, "a.TAR.XZ".lower())],
)
def test_readable_files_come_out_under_their_names(pack: Callable[..., Path], name: str, tmp_path: Path) -> None:
    assert is_packed(name)
    refused = unpack(pack(tmp_path / name, "one.txt", "deep/er/two.md", ".hidden.txt", "x.exe"), tmp_path / "out")
    assert files(tmp_path / "out") == ["deep/er/two.md", "one.txt"]
    assert (tmp_path / "out" / "one.txt").read_bytes() == TEXT
    assert [(one.where, one.reason) for one in refused] == [("x.exe", "unknown kind of file")]


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    "name",
    ["../out.txt", "/etc/out.txt", "a/../../out.txt", "..\\out.txt", "C:\\out.txt", "a/" * 300 + "b" * 300 + ".txt"],
)
def test_no_name_leads_out_of_the_directory(pack: Callable[..., Path], name: str, tmp_path: Path) -> None:
    (refused,) = unpack(pack(tmp_path / f"a{'.zip' if pack is zipped else '.tar'}", name), tmp_path / "in" / "out")
    assert "name" in refused.reason
    assert files(tmp_path / "in") == []
    assert not (tmp_path / "out.txt").exists()


def test_links_and_devices_are_left_out(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as packed:
        for name, kind in (("l.txt", tarfile.SYMTYPE), ("h.txt", tarfile.LNKTYPE), ("d.txt", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            packed.addfile(info)
    assert [one.reason for one in unpack(tmp_path / "a.tar", tmp_path / "out")] == [
        "a link",
        "a link",
        "not a regular file",
    ]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped_links:
        link = zipfile.ZipInfo("l.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped_links.writestr(link, "/etc/passwd")
    assert [one.reason for one in unpack(tmp_path / "a.zip", tmp_path / "out2")] == ["a link"]
    assert files(tmp_path / "out") == files(tmp_path / "out2") == []


def test_a_name_that_comes_twice_keeps_its_first(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path / "a.zip", "a.txt", "a.txt", "a.txt/b.txt")
    assert [one.reason for one in unpack(path, tmp_path / "out")] == ["a file of this name came before"] * 2


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "a.zip", "a.txt", "b.txt", content=bytes(10 * 2**20))
    assert bomb.stat().st_size < 50_000
    with pytest.raises(FormatError, match="unpacks to more than 15 MB"):
        unpack(bomb, tmp_path / "out", max_bytes=15 * 2**20)
    with pytest.raises(FormatError, match="more than 1 files"):
        unpack(bomb, tmp_path / "out2", max_files=1)


def test_what_is_damaged_is_said(tmp_path: Path) -> None:
    for name, pack in (("a.zip", zipped), ("a.tar.gz", tarred)):
        whole = pack(tmp_path / name, *(f"{number}.txt" for number in range(9)), content=os.urandom(5_000)).read_bytes()
        (tmp_path / name).write_bytes(whole[: len(whole) // 2])
        with pytest.raises(FormatError):
            unpack(tmp_path / name, tmp_path / "out" / name)
        (tmp_path / name).write_bytes(b"no such thing" * 100)
        with pytest.raises(FormatError):
            unpack(tmp_path / name, tmp_path / "out2" / name)
