"""Bytes of derived files, turned or cut off: noticed when an archive is opened, mended, never believed. And erasing."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.archive import Archive, Prepared
from tests.archives import found, opened, prepared

PLACES = int(os.environ.get("CITEWIRE_TEST_PLACES", "2"))
"""Places of a file that are damaged, one after the other; 0 for every byte there is."""
ASKED = "chips 00004"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a base, a tail, removed chunks, and a full-text index in several pieces."""
    directory = tmp_path_factory.mktemp("whole") / "archive"
    archive = opened(directory)
    archive.put([prepared(number) for number in range(30)])
    archive.compact(force=True)
    archive.put([prepared(40), prepared(41)])
    archive.delete("article-3", "article-40")
    archive.close()
    return directory


def files(directory: Path) -> list[Path]:
    return sorted(
        path.relative_to(directory)
        for path in (directory / "derived").rglob("*")
        if path.is_file() and path.suffix != ".lock"
    )


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :]


def cut(content: bytes, place: int) -> bytes:
    return content[:place]


def places(size: int) -> Iterator[int]:
    chosen = range(size) if not PLACES else sorted(random.Random(size).sample(range(size), min(PLACES, size)))
    return iter({*chosen, 0, size - 1} if size else ())


@pytest.mark.parametrize("damage", [flipped, cut])
def test_no_damage_to_what_is_derived_changes_what_is_found(
    whole: Path, tmp_path: Path, damage: Callable[[bytes, int], bytes]
) -> None:
    archive = opened(whole)
    expected = found(archive, ASKED, 93)
    archive.close()
    assert len(expected) == 90
    tried = 0
    for file in files(whole):
        content = (whole / file).read_bytes()
        for place in places(len(content)):
            directory = tmp_path / f"{tried}"
            shutil.copytree(whole, directory)
            (directory / file).write_bytes(damage(content, place))
            damaged = opened(directory)
            assert found(damaged, ASKED, 93) == expected, (file, place)
            damaged.close()
            again = opened(directory)
            assert again.problems() == [], (file, place)
            assert found(again, ASKED, 93) == expected, (file, place)
            again.close()
            # Only to save room: tantivy's threads may write a file there after it is closed.
            shutil.rmtree(directory, ignore_errors=True)
            tried += 1
    assert tried > 2 * len(files(whole))


def test_a_damaged_file_is_said_in_one_line(whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.copytree(whole, tmp_path / "archive")
    base = next((tmp_path / "archive/derived").glob("*.faiss"))
    base.write_bytes(flipped(base.read_bytes(), 100))
    archive = opened(tmp_path / "archive")
    found(archive, ASKED)
    archive.close()
    assert [record.getMessage() for record in caplog.records] == [
        f"{base} is not what was written (sha256 differs): made anew from the store"
    ]


def titled(title: str, one: Prepared) -> Prepared:
    """With this title, and vectors that no other article has."""
    vectors = np.random.default_rng(len(title)).standard_normal(one.vectors.shape).astype(np.float16)
    return replace(one, article=replace(one.article, title=title), vectors=vectors)


def bytes_of(archive: Archive) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(archive.directory.rglob("*")) if path.is_file())


def test_an_erased_article_is_in_no_file(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    long = "Zyzzyva quagga. " * 2_000
    archive.put([prepared(number) for number in range(30)])
    archive.put([titled("Quixotry", prepared(50, "xylophone jazz")), prepared(51, long)])
    archive.put([titled("Byzantium", prepared(50, "vivisect quark"))])
    archive.compact(force=True)
    archive.put([titled("Zeppelin", prepared(52, "kumquat fjords"))])
    vectors = [bytes(vector) for number in (50, 52) for vector in _vectors(archive, f"article-{number}")]
    words = [b"xylophone", b"ylophon", b"vivisect", b"kumquat", b"Quixotry", b"Byzantium", b"Zyzzyva", b"zyzzyva"]
    assert archive.erase("article-50", "article-51", "article-52", "article-99") == [
        "article-50",
        "article-51",
        "article-52",
    ]
    left = bytes_of(archive)
    assert [word for word in words if word in left] == []
    assert [number for number, vector in enumerate(vectors) if vector in left] == []
    assert b"chips 00004" in left
    assert archive.problems() == []


def _vectors(archive: Archive, article_id: str) -> Iterator[memoryview]:
    with archive.store.read() as view:
        number = view.numbers("id = ?", [article_id])[0]
        places = view.places(after=0)
        ids, vectors = view.vectors(after=0, dimensions=32)
        mine = {*places[places[:, 1] == number][:, 0].tolist()}
        return iter([vector.data for chunk, vector in zip(ids.tolist(), vectors, strict=True) if chunk in mine])
