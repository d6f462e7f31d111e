import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from corpus.storage.store import Store
from index.archive import Archive
from index.errors import DerivedError
from index.milvus.indexes import KIND, MilvusIndexes
from tests.archives import found, opened, prepared
from tests.servers import free_port, milvus_lite


def indexes(archive: Archive) -> MilvusIndexes:
    assert isinstance(archive.indexes, MilvusIndexes)
    return archive.indexes


def test_a_server_that_goes_away_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "milvus").mkdir()
    port = free_port()
    with milvus_lite(tmp_path / "milvus", port) as address:
        archive = opened(tmp_path / "archive", address)
        archive.put([prepared(1)])
    with pytest.raises(DerivedError, match=f"Milvus at {address} can't be used"):
        archive.put([prepared(2)])
    with pytest.raises(DerivedError, match=f"Milvus at {address} can't be used"):
        found(archive, "chips")
    (problem,) = archive.problems()
    assert problem.startswith(f"derived: Milvus at {address} can't be used")
    with milvus_lite(tmp_path / "milvus", port):
        again = opened(tmp_path / "archive", address)
        for _ in range(100):  # gRPC waits a moment before it connects again to what just refused it
            with suppress(DerivedError):
                assert found(again, "chips 00002", 1)[0][0] == "article-2"
                break
            time.sleep(0.1)
        assert {one[0] for one in found(again, "chips", 9)} == {"article-1", "article-2"}
        assert again.problems() == []


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    archive = opened(tmp_path, f"http://127.0.0.1:{free_port()}")
    with pytest.raises(DerivedError, match=r"Milvus at http://127\.0\.0\.1:\d+ can't be used"):
        found(archive, "chips")


def test_a_collection_that_went_is_told_without_a_traceback_and_made_anew(milvus: str, tmp_path: Path) -> None:
    Store.open(tmp_path, settings={"model": "bag", "dimensions": "32"}, create=True).close()
    archive = opened(tmp_path, milvus)
    archive.put([prepared(1)])
    stand, connection = indexes(archive)._stand(), indexes(archive)._connection
    assert stand is not None
    connection.ask(lambda client: client.drop_collection(stand.collection))

    def check(*options: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "qa.cli", "check", "--archive", str(tmp_path), *options]
        environment = {**os.environ, "CITEWIRE_MILVUS_URI": milvus}
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    code, said = check()
    assert code == 1
    assert f"derived: Milvus at {milvus} can't be used: " in said
    assert "Traceback" not in said
    assert check("--repair")[0] == 0
    assert len(found(archive, "chips", 9)) == 3


def test_rows_that_went_are_noticed_and_put_back(milvus: str, tmp_path: Path) -> None:
    archive = opened(tmp_path, milvus)
    archive.put([prepared(1), prepared(2)])
    stand = indexes(archive)._stand()
    assert stand is not None
    connection = indexes(archive)._connection
    connection.ask(lambda client: client.delete(stand.collection, ids=[2, 3]))
    assert archive.problems() == ["derived: Milvus has 4 chunks, the store 6"]
    assert archive.compact(force=True)
    assert archive.problems() == []
    assert len(found(archive, "chips", 9)) == 6
    assert stand.collection not in connection.ask(lambda client: client.list_collections())


def test_a_damaged_file_is_noticed_and_mended(milvus: str, tmp_path: Path) -> None:
    archive = opened(tmp_path, milvus)
    archive.put([prepared(1)])
    (tmp_path / "derived" / "milvus.json").write_text("{")
    (problem,) = archive.problems()
    assert "milvus.json can't be read" in problem
    archive.compact(force=True)
    assert archive.problems() == []
    assert len(found(archive, "chips", 9)) == 3


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(DerivedError, match=r"pip install 'citewire\[milvus\]'"):
        found(opened(tmp_path, "http://127.0.0.1:1"), "chips")


def test_files_and_milvus_take_turns_over_one_archive(milvus: str, tmp_path: Path) -> None:
    files, server = opened(tmp_path), opened(tmp_path, milvus)
    files.put([prepared(number) for number in range(5)])
    files.compact(force=True)
    expected = found(files, "chips 00003", 15)
    assert found(server, "chips 00003", 15)[0][:2] == expected[0][:2]
    server.delete("article-3")
    assert "article-3" not in {hit[0] for hit in found(files, "chips 00003", 15)}
    files.compact(force=True)
    assert files.problems() == server.problems() == []
    with server.read() as snapshot:
        assert (snapshot.indexes.kind, snapshot.indexes.recall, snapshot.indexes.stale) == (KIND, None, 0)
