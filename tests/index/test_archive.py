import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import StoreError
from index.archive import Archive, Prepared, Snapshot
from index.errors import DerivedError
from index.local.dense import Base, write_base
from index.local.indexes import LocalSearch
from index.local.lexical import LexicalIndex, Words
from index.local.manifest import Manifest
from index.types import EVERYTHING, Half, Ids
from tests.archives import found, opened, prepared


def words_of(snapshot: Snapshot) -> Words:
    assert isinstance(snapshot.indexes, LocalSearch)
    return snapshot.indexes.words


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return opened(tmp_path)


def test_what_was_deleted_is_found_no_more(archive: Archive) -> None:
    archive.put([prepared(1), prepared(2)])
    assert archive.delete("article-2", "article-none") == ["article-2"]
    assert archive.delete("article-2") == []
    assert {one[0] for one in found(archive, "chips 00002")} == {"article-1"}


def test_an_update_replaces_what_is_found(archive: Archive) -> None:
    archive.put([prepared(1)])
    assert archive.put([prepared(1, "trams 00001 .")]) == ["updated"]
    assert [one[:2] for one in found(archive, "chips")] == [("article-1", 0)]
    with archive.read() as snapshot:
        assert snapshot.view.state == (2, 1, 1)


def test_every_opening_of_the_archive_sees_what_another_wrote(archive: Archive, tmp_path: Path) -> None:
    archive.put([prepared(number) for number in range(20)])
    other = opened(tmp_path)
    assert found(other, "chips 00003") == found(archive, "chips 00003")
    other.put([prepared(100)])
    assert found(archive, "chips 00100")[0][0] == "article-100"
    archive.delete("article-3")
    assert found(other, "chips 00003") == found(archive, "chips 00003")
    archive.compact(force=True)
    assert found(other, "chips 00100") == found(archive, "chips 00100")
    other.put([prepared(101)])
    assert found(archive, "chips 00101")[0][0] == "article-101"
    assert archive.problems() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(order=st.permutations(range(12)), cuts=st.sets(st.integers(1, 11), max_size=4), extra=st.booleans())
def test_order_and_batches_of_ingest_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: set[int], extra: bool
) -> None:
    # Texts repeat (number % 7, number % 3), so many scores tie.
    plain = opened(tmp_path_factory.mktemp("plain"))
    plain.put([prepared(number, f"chips {number % 4:05d} ,ships {number % 3:05d} .") for number in range(12)])
    shuffled = opened(tmp_path_factory.mktemp("shuffled"))
    if extra:
        shuffled.put([prepared(99), prepared(5)])
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), 12], strict=True):
        shuffled.put([prepared(n, f"chips {n % 4:05d} ,ships {n % 3:05d} .") for n in order[start:end]])
    if extra:
        shuffled.delete("article-99")
        shuffled.compact(force=True)
    for query in ("chips 00002", "ships 00001 chips", "crowd", "00003"):
        assert found(shuffled, query, 7) == found(plain, query, 7)


def test_compaction_changes_no_answer_and_leaves_no_file_behind(archive: Archive, tmp_path: Path) -> None:
    archive.put([prepared(number) for number in range(30)])
    before = found(archive, "chips 00004")
    assert not archive.compact()
    assert archive.compact(force=True)
    assert archive.compact(force=True)
    assert found(archive, "chips 00004") == before
    assert sorted(path.suffix for path in (tmp_path / "derived").iterdir()) == ["", ".faiss", ".json", ".npy"]
    with archive.read() as snapshot:
        assert isinstance(snapshot.indexes, LocalSearch)
        dense = snapshot.indexes.dense
        assert (len(dense.base.ids), dense.stale) == (90, 0)


def test_writers_go_on_while_an_archive_is_compacted(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put([prepared(number) for number in range(30)])
    tried: list[bool] = []

    def written_to_meanwhile(path: Path, ids: Ids, vectors: Half) -> Base:
        archive.put([prepared(50)])
        archive.delete("article-3")
        tried.append(archive.compact())
        return write_base(path, ids, vectors)

    monkeypatch.setattr("index.local.indexes.write_base", written_to_meanwhile)
    assert archive.compact(force=True)
    assert tried == [False]  # one is enough
    for one in (archive, opened(tmp_path)):
        assert one.problems() == []
        everything = {hit[0] for hit in found(one, "chips", 200)}
        assert everything == {f"article-{number}" for number in (*range(30), 50) if number != 3}


def damage_base(derived: Path) -> None:
    path = next(derived.glob("*.faiss"))
    path.write_bytes(path.read_bytes()[:100])


def damage_manifest(derived: Path) -> None:
    (derived / "manifest.json").write_text("{")


def damage_lexical(derived: Path) -> None:
    (next(derived.glob("lexical*")) / "meta.json").write_text("?")


def remove_all(derived: Path) -> None:
    for path in sorted(derived.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize("damage", [damage_base, damage_manifest, damage_lexical, remove_all])
def test_damaged_derived_files_are_noticed_and_lose_nothing(
    archive: Archive, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    archive.put([prepared(number) for number in range(30)])
    archive.compact(force=True)
    archive.put([prepared(40)])
    expected = found(archive, "chips 00004", 93)
    archive.close()
    damage(tmp_path / "derived")
    again = opened(tmp_path)
    if damage is not remove_all:
        assert len(again.problems()) == 1
    assert found(again, "chips 00004", 93) == expected
    again.compact(force=True)
    assert again.problems() == []
    assert found(opened(tmp_path), "chips 00004", 93) == expected


KILLED = """
import sys
from pathlib import Path
from tests.archives import opened, prepared

archive = opened(Path(sys.argv[1]))
number = 0
while True:
    archive.put([prepared(number), prepared(number + 1)])
    number += 2
    print(number, flush=True)
    if number % 10 == 0:
        archive.compact(force=True)
"""


def test_a_full_disk_fails_no_search(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DerivedError("the full-text index can't be written: no space left on device")

    archive.put([prepared(1)])
    with monkeypatch.context() as patched:
        patched.setattr(LexicalIndex, "update", full)
        assert archive.put([prepared(2)]) == ["added"]
        assert {hit[0] for hit in found(archive, "chips 00002")} == {"article-1", "article-2"}
        assert "no space left" in caplog.text
    with archive.read() as snapshot:
        assert len(words_of(snapshot).search("00002", 10, where=EVERYTHING)) == 3


def test_a_compaction_that_died_before_its_end_leaves_nothing_for_the_next(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise OSError("the machine went away")

    archive.put([prepared(number) for number in range(5)])
    archive.delete("article-3")
    before = found(archive, "chips 00002")
    with monkeypatch.context() as patched:
        patched.setattr(Manifest, "save", die)
        with pytest.raises(OSError, match="went away"):
            archive.compact(force=True)
    assert archive.compact(force=True)
    assert archive.problems() == []
    assert [hit[:2] for hit in found(archive, "chips 00002")] == [hit[:2] for hit in before]


def test_derived_files_that_go_under_a_running_archive_lose_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.put([prepared(1)])
    expected = found(archive, "chips 00001")
    remove_all(tmp_path / "derived")
    assert [hit[:2] for hit in found(archive, "chips 00001")] == [hit[:2] for hit in expected]
    remove_all(tmp_path / "derived")
    assert archive.put([prepared(2)]) == ["added"]
    assert found(archive, "chips 00002", 1)[0][0] == "article-2"
    assert archive.problems() == []


def test_what_was_handed_out_does_not_change_when_words_are_added(archive: Archive) -> None:
    archive.put([prepared(1)])
    with archive.read() as snapshot:
        before = words_of(snapshot).search("chips", 9, where=EVERYTHING)
        archive.put([prepared(2)])
        archive.compact(force=True)
        assert words_of(snapshot).search("chips", 9, where=EVERYTHING) == before


def test_checking_an_archive_that_is_written_to_finds_nothing_wrong(archive: Archive) -> None:
    stop = threading.Event()

    def write() -> None:
        for number in range(1000):
            archive.put([prepared(number)])
            if stop.is_set():
                break

    thread = threading.Thread(target=write)
    thread.start()
    assert [archive.problems() for _ in range(10)] == [[]] * 10
    stop.set()
    thread.join()


def test_an_archive_that_may_not_be_written_says_so(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "write.lock").unlink(missing_ok=True)
    (tmp_path / "write.lock").mkdir()
    with pytest.raises(StoreError, match="can't be written: Is a directory"):
        archive.put([prepared(1)])


def test_a_search_beside_another_process_s_write_has_its_words_once_it_is_done(tmp_path: Path) -> None:
    with opened(tmp_path) as searching, opened(tmp_path) as writing:
        writing.put([prepared(1)])
        found(searching, "chips")
        with writing._writer.taken():
            with writing.store.write() as transaction:
                one = prepared(2)
                transaction.put(one.article, one.chunks, one.vectors)
            found(searching, "chips")  # the store has it already, the full-text index not yet
            writing.indexes.follow()
        with searching.read() as snapshot:
            assert len(words_of(snapshot).search("00002", 10, where=EVERYTHING)) == 3


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    for seconds in (0.0, 0.05, 0.15):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path / str(seconds))], stdout=subprocess.PIPE, env=environment
        )
        assert process.stdout is not None
        process.stdout.readline()
        threading.Event().wait(seconds)
        process.send_signal(signal.SIGKILL)
        acknowledged = int(([b"2", *process.stdout.read().split()])[-1])
        process.stdout.close()
        process.wait()
        archive = opened(tmp_path / str(seconds))
        with archive.read() as snapshot:
            assert snapshot.view.state.articles >= acknowledged
        for number in range(acknowledged):
            assert found(archive, f"chips {number:05d}", 1)[0][:2] == (f"article-{number}", 0)
        assert archive.problems() == []


def test_searches_go_on_while_articles_come_and_go(archive: Archive) -> None:
    archive.put([prepared(number) for number in range(10)])
    stop = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        number = 100
        while not stop.is_set():
            archive.put([prepared(number)])
            archive.delete(f"article-{number - 2}")
            number += 1
            if number % 5 == 0:
                archive.compact(force=True)

    def read() -> None:
        try:
            while not stop.is_set():
                hits = found(archive, "chips 00003", 30)
                assert len(hits) == 30
                assert hits[0][:2] == ("article-3", 0)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write), *(threading.Thread(target=read) for _ in range(3))]
    for thread in threads:
        thread.start()
    threading.Event().wait(2)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert archive.problems() == []


def test_a_batch_with_a_flaw_changes_nothing(archive: Archive) -> None:
    archive.put([prepared(1)])
    flawed = Prepared(prepared(3).article, prepared(3).chunks, np.empty((0, 32), np.float16))
    with pytest.raises(StoreError, match="3 chunks came with 0 vectors"):
        archive.put([prepared(2), flawed])
    assert {one[0] for one in found(archive, "chips")} == {"article-1"}
    with archive.read() as snapshot:
        assert snapshot.view.state == (1, 1, 3)
