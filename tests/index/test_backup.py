"""Backups of archives that are written to, damaged, cut off; and archives made of them."""

import sqlite3
import threading
from pathlib import Path

import pytest

from corpus.errors import StoreError
from index import backup
from index.archive import Archive
from index.backup import back_up, restore
from tests.archives import found, opened, prepared

ASKED = "chips 00003"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = opened(tmp_path / "archive")
    archive.put([prepared(number) for number in range(20)])
    archive.put([prepared(3, "chips 00003 ,ships 99999 ,crowd 00000 .")])
    archive.delete("article-4")
    return archive


def test_a_restored_archive_finds_and_verifies_what_the_one_that_was_backed_up_did(
    archive: Archive, tmp_path: Path
) -> None:
    made = back_up(archive.store, tmp_path / "backup")
    expected = found(archive, ASKED, 60)
    archive.put([prepared(30)])
    archive.close()
    assert (made.articles, made.chunks) == (19, 57)
    assert restore(tmp_path / "backup", tmp_path / "restored") == made
    with opened(tmp_path / "restored") as again:
        assert found(again, ASKED, 60) == expected
        assert again.problems() == []
        with again.read() as snapshot:
            assert snapshot.view.state.generation == made.generation
        # It is an archive of its own, that goes on by itself.
        assert again.put([prepared(31)]) == ["added"]


def test_a_backup_is_one_moment_of_an_archive_that_is_written_to(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.storage.store._PAGES", 1)  # a copy in many steps, writers between them
    ended = threading.Event()

    def write() -> None:
        number = 100
        while not ended.is_set():
            # Two at once: no moment has one without the other.
            archive.put([prepared(number), prepared(number + 1)])
            archive.delete(f"article-{number - 20}", f"article-{number - 19}")
            number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(5):
            made = back_up(archive.store, tmp_path / f"{turn}")
            with opened(tmp_path / f"{turn}") as copy:
                with copy.store.read() as view:
                    names = {article.id for article, _ in view.page(limit=1_000)}
                numbers = {int(name.partition("-")[2]) for name in names}
                assert len(numbers) == made.articles
                assert {number ^ 1 for number in numbers if number >= 100} == {n for n in numbers if n >= 100}
                assert copy.problems() == []
    finally:
        ended.set()
        writer.join()
        archive.close()


def test_a_backup_that_is_not_what_was_written_is_not_restored(archive: Archive, tmp_path: Path) -> None:
    back_up(archive.store, tmp_path / "backup")
    archive.close()
    store = tmp_path / "backup" / "archive.sqlite3"
    content = store.read_bytes()
    for damaged in (content[:-1], content[:5000] + bytes([content[5000] ^ 1]) + content[5001:], b""):
        store.write_bytes(damaged)
        with pytest.raises(StoreError, match="sha256 differs"):
            restore(tmp_path / "backup", tmp_path / "restored")
        assert [*(tmp_path / "restored").iterdir()] == []
    store.unlink()
    with pytest.raises(StoreError, match="No such file"):
        restore(tmp_path / "backup", tmp_path / "restored")
    store.write_bytes(content)
    note = tmp_path / "backup" / backup.FILE
    note.write_text(note.read_text().replace("19", "18"))
    with pytest.raises(StoreError, match="is damaged"):
        restore(tmp_path / "backup", tmp_path / "restored")
    note.unlink()
    with pytest.raises(StoreError, match="there is no backup"):
        restore(tmp_path / "backup", tmp_path / "restored")


def test_nothing_is_overwritten(archive: Archive, tmp_path: Path) -> None:
    back_up(archive.store, tmp_path / "backup")
    with pytest.raises(StoreError, match="is not empty"):
        back_up(archive.store, tmp_path / "backup")
    with pytest.raises(StoreError, match="is not empty"):
        restore(tmp_path / "backup", tmp_path / "archive")
    assert archive.problems() == []
    archive.close()


def test_remains_of_another_archive_are_not_taken_for_this_ones(archive: Archive, tmp_path: Path) -> None:
    back_up(archive.store, tmp_path / "backup")
    archive.close()
    (tmp_path / "archive" / "archive.sqlite3").unlink()
    with pytest.raises(StoreError, match="is not empty"):
        restore(tmp_path / "backup", tmp_path / "archive")


def test_a_damaged_store_has_no_backup(archive: Archive, tmp_path: Path) -> None:
    archive.close()
    with sqlite3.connect(tmp_path / "archive" / "archive.sqlite3") as db:
        db.execute("UPDATE articles SET text = replace(text, 'chips', 'ships') WHERE id = 'article-7'")
    with opened(tmp_path / "archive") as damaged, pytest.raises(StoreError, match="article-7"):
        back_up(damaged.store, tmp_path / "backup")
    assert not (tmp_path / "backup" / "archive.sqlite3").exists()


def test_where_nothing_can_be_written_it_is_said(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't be written"):
        back_up(archive.store, tmp_path / "file" / "backup")
    archive.close()
