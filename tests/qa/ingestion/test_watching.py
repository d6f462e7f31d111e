"""Keeping an archive up to date: rounds in process, and the command as a process beside an open archive."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from corpus.errors import StoreError
from corpus.fetching.addresses import networks
from corpus.fetching.client import Bounds, Client
from corpus.fetching.crawling import Follower
from qa.answering.pipeline import ask
from qa.answering.types import Question
from qa.cli.watch import WatchPrinter
from qa.engine import Engine, open_engine
from qa.ingestion.visit_log import VisitLog
from qa.ingestion.watching import Folder, Watched, keep_watch
from qa.ingestion.watching import Site as Watching
from qa.settings import Settings
from tests.sites import Site, serving, status

ROOT = Path(__file__).parents[3]
STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."


@dataclass
class Watch:
    """Rounds over sources, one at a time, with what each printed."""

    engine: Engine
    capture: pytest.CaptureFixture[str]
    stop: threading.Event = field(default_factory=threading.Event)
    said: WatchPrinter = field(default_factory=lambda: WatchPrinter(as_json=False))

    def __post_init__(self) -> None:
        self.memory = VisitLog(self.engine, deleted=False)

    def folder(self, path: Path) -> Folder:
        return Folder(path, self.memory, self.stop, every=0.02, order=None)

    def round(self, *sources: Watched) -> tuple[str, str]:
        """One round, whether due or not; what it printed on stdout and stderr."""
        for source in sources:
            source.due = 0.0
        keep_watch(self.engine, sources, self.memory, self.said, self.stop, once=True)
        captured = self.capture.readouterr()
        return captured.out, captured.err

    def texts(self) -> dict[str, str]:
        with self.engine.archive.store.read() as view:
            return {article.id: article.text for article, _ in view.page()}


@pytest.fixture
def watch(engine: Engine, capsys: pytest.CaptureFixture[str]) -> Watch:
    return Watch(engine, capsys)


def feed(*numbers: int) -> str:
    items = (
        f"<item><guid>tag:post.example,2026:{number}</guid><title>Bridge {number}</title>"
        f"<c:encoded xmlns:c='http://purl.org/rss/1.0/modules/content/'>{STORY} Number {number}.</c:encoded></item>"
        for number in numbers
    )
    return f"<rss><channel><title>Post</title>{''.join(items)}</channel></rss>"


def test_what_comes_into_a_directory_is_taken_and_nothing_said_of_the_rest(watch: Watch, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text(STORY)
    folder = watch.folder(inbox)
    assert watch.round(folder) == (f"added\ta.txt\t{inbox}/a.txt\n", "")
    assert watch.round(folder) == ("", "")
    (inbox / "a.txt").write_text(STORY + " More follows.")
    (inbox / "deeper").mkdir()
    (inbox / "deeper" / "b.txt").write_text("The ferry sank.")
    assert watch.round(folder)[0] == (f"updated\ta.txt\t{inbox}/a.txt\nadded\tdeeper/b.txt\t{inbox}/deeper/b.txt\n")
    generation = watch.engine.archive.store.read
    with generation() as view:
        before = view.state.generation
    # A file that goes leaves its article; one that is only touched changes none.
    (inbox / "deeper" / "b.txt").unlink()
    os.utime(inbox / "a.txt", (1, 1))
    assert watch.round(folder) == ("", "")
    assert watch.texts() == {"a.txt": STORY + " More follows.", "deeper/b.txt": "The ferry sank."}
    with generation() as view:
        assert view.state.generation == before
    assert watch.engine.archive.problems() == []


def test_a_file_is_left_alone_while_it_is_written(watch: Watch, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The fer")
    folder = watch.folder(tmp_path / "a.txt")
    assert list(folder.look()) == []
    path.write_text("The ferry")
    assert (list(folder.look()), folder.settled) == ([], False)
    path.write_text("The ferry sank.")
    os.utime(path, ns=(path.stat().st_mtime_ns, path.stat().st_mtime_ns + 1))
    assert list(folder.look()) == []
    assert len(list(folder.look())) == 1
    assert folder.settled


def test_a_round_does_not_wait_for_a_file_that_is_written_on_and_on(watch: Watch, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("0")
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.002):
            with path.open("a") as file:
                file.write("1")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        out, err = watch.round(watch.folder(tmp_path))
    finally:
        done.set()
        writer.join()
    assert (out, err) == ("", f"{tmp_path}: files still being written are left for the next scan\n")


def test_a_second_watch_reads_nothing_again(watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "bad.txt").write_bytes(b"\0\1\2")
    assert watch.round(watch.folder(tmp_path))[0] == f"added\ta.txt\t{tmp_path}/a.txt\n"
    monkeypatch.setattr("qa.ingestion.watching.read_file", None)
    again = Watch(watch.engine, watch.capture)
    assert again.round(again.folder(tmp_path)) == ("", "")


def test_a_rejection_is_said_once(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": ""}\n{"text": ""}\n')
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    folder = watch.folder(tmp_path)
    first = watch.round(folder)[1]
    assert first.count("'text' is empty") == 2
    assert first.count("gone.txt: rejected: a link that leads to no file") == 1
    assert watch.round(folder) == ("", "")
    (tmp_path / "bad.jsonl").write_text('\n{"text": ""}\n{"text": ""}\n{"text": ""}\n')
    assert watch.round(folder)[1].count("'text' is empty") == 1  # a third one
    assert watch.texts() == {}


def test_each_file_that_is_broken_is_said(watch: Watch, tmp_path: Path) -> None:
    folder = watch.folder(tmp_path)
    for name in ("report-1.txt", "report-2.txt"):
        (tmp_path / name).write_text("")
        assert watch.round(folder) == ("", f"{tmp_path}/{name}: rejected: the file is empty\n")


def test_an_archive_inside_a_watched_directory_is_passed_over(watch: Watch, tmp_path: Path) -> None:
    (watch.memory.archive / "jobs").mkdir()
    (watch.memory.archive / "jobs" / "upload.txt").write_text(STORY)
    assert watch.round(watch.folder(tmp_path)) == ("", "")
    assert watch.texts() == {}


def test_a_directory_that_goes_away_is_said_once_and_read_when_it_is_back(watch: Watch, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    folder = watch.folder(inbox)
    watch.round(folder)
    inbox.rename(tmp_path / "away")
    assert watch.round(folder) == ("", f"{inbox}: rejected: can't be opened: No such file or directory\n")
    assert watch.round(folder) == ("", "")
    (tmp_path / "away" / "a.txt").write_text(STORY)
    (tmp_path / "away").rename(inbox)
    assert watch.round(folder)[0] == f"added\ta.txt\t{inbox}/a.txt\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_tried_again(watch: Watch, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    path.chmod(0)
    folder = watch.folder(tmp_path)
    assert watch.round(folder) == ("", f"{path}: rejected: can't be read: Permission denied\n")
    path.chmod(0o600)
    assert watch.round(folder)[0] == f"added\ta.txt\t{path}\n"


def test_what_was_deleted_from_the_archive_stays_deleted(watch: Watch, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": STORY}) + "\n")
    folder = watch.folder(tmp_path)
    watch.round(folder)
    watch.engine.archive.delete("a")
    rest = json.dumps({"id": "b", "text": "The ferry sank."})
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": STORY}) + f"\n{rest}\n")
    assert watch.round(folder)[0] == f"added\tb\t{tmp_path}/a.jsonl:2\n"
    assert watch.texts() == {"b": "The ferry sank."}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def follower(watch: Watch) -> Iterator[Follower]:
    bounds = Bounds(seconds=2, pause=0, patience=0)
    with Client(allowed=networks("127.0.0.1/32"), bounds=bounds, stop=watch.stop) as client:
        yield Follower(client, known=watch.memory.known, note=watch.memory.note, holds=watch.memory.holds)


def test_a_feed_is_followed_by_its_tag(watch: Watch, site: Site, follower: Follower) -> None:
    address = site.put("/feed", feed(1))
    site.tags["/feed"] = '"1"'
    watching = Watching(address, follower, every=900)
    assert watch.round(watching) == (f"added\ttag:post.example,2026:1\t{address}[1]\n", "")
    assert watch.round(watching) == ("", "")
    assert site.statuses[-1] == 304
    assert 890 < watching.due - time.monotonic() <= 900
    site.put("/feed", feed(2, 1))
    site.tags["/feed"] = '"2"'
    assert watch.round(watching) == (f"added\ttag:post.example,2026:2\t{address}[1]\n", "")


def test_a_failing_feed_is_said_once_and_asked_more_and_more_seldom(
    watch: Watch, site: Site, follower: Follower, tmp_path: Path
) -> None:
    address = site.put("/feed", feed(1))
    (tmp_path / "in").mkdir()
    folder, watching = watch.folder(tmp_path / "in"), Watching(address, follower, every=60)
    watch.round(watching, folder)
    site.pages["/feed"] = status(500)
    out, err = watch.round(watching, folder)
    assert (out, err) == (
        "",
        f"{address}: can't be fetched: the server answered (HTTP 500); next attempt in 120 seconds, then less and "
        "less often\n",
    )
    for pause in (240, 480):
        (tmp_path / "in" / f"{pause}.txt").write_text(f"{STORY} {pause}")
        assert watch.round(watching, folder) == (f"added\t{pause}.txt\t{tmp_path}/in/{pause}.txt\n", "")
        assert pause - 10 < watching.due - time.monotonic() <= pause
    for _ in range(20):
        watch.round(watching)
    assert watching.due - time.monotonic() <= 21_600
    site.put("/feed", "<rss><channel><item>")
    assert watch.round(watching) == ("", "")  # it fails still, in another way
    site.put("/feed", feed(1, 2))
    out, err = watch.round(watching)
    assert (out, err) == (f"added\ttag:post.example,2026:2\t{address}[2]\n", f"{address}: can be had again\n")
    assert watching.due - time.monotonic() <= 60
    site.pages["/feed"] = status(429, Retry_After="7200")
    watch.round(watching)
    assert 7_190 < watching.due - time.monotonic() <= 7_200


def test_json_is_a_line_for_each_article(watch: Watch, tmp_path: Path) -> None:
    watch.said = WatchPrinter(as_json=True)
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_text("")
    lines = [json.loads(line) for line in watch.round(watch.folder(tmp_path))[0].splitlines()]
    assert lines == [
        {"outcome": "added", "id": "a.txt", "where": f"{tmp_path}/a.txt", "reason": None},
        {"outcome": "rejected", "id": None, "where": f"{tmp_path}/b.txt", "reason": "the file is empty"},
    ]


def test_an_archive_that_cannot_be_written_ends_the_watch(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    (tmp_path / "a.txt").write_text(STORY)
    monkeypatch.setattr(watch.engine.archive, "put", full)
    with pytest.raises(StoreError):
        watch.round(watch.folder(tmp_path))
    monkeypatch.undo()
    again = Watch(watch.engine, watch.capture)
    assert again.round(again.folder(tmp_path))[0].startswith("added")


def test_told_to_stop_it_ends_with_what_it_has_in_hand(watch: Watch, tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number:02}.txt").write_text(f"{STORY} {number}")
    folder = watch.folder(tmp_path)
    list(folder.look())
    records = folder.look()
    first = next(records)

    def then_stopped() -> Iterator[object]:
        yield first
        watch.stop.set()
        yield from records

    folder.look = then_stopped  # type: ignore[assignment,method-assign]
    folder.due = 0.0
    keep_watch(watch.engine, [folder], watch.memory, watch.said, watch.stop)
    assert list(watch.texts()) == ["00.txt"]
    assert watch.capture.readouterr().out == f"added\t00.txt\t{tmp_path}/00.txt\n"
    watch.stop.clear()
    assert len(watch.round(watch.folder(tmp_path))[0].splitlines()) == 59


def test_the_command_beside_an_open_archive(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with open_engine(Settings(archive=tmp_path / "archive"), create=True) as engine:
        command = [sys.executable, "-m", "qa.cli", "watch", str(inbox), "--archive", str(tmp_path / "archive")]
        process = subprocess.Popen(
            [*command, "--every", "0.1"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            (inbox / "chips.txt").write_text("Officials approved the sale of 412,000 H200 chips on Wednesday.")
            assert process.stdout is not None
            assert process.stdout.readline() == f"added\tchips.txt\t{inbox}/chips.txt\n"
            reply = ask(engine, Question("How many H200 chips were approved?", 5))
            assert [answer.text for answer in reply.answers] == ["412,000"]
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
            assert (process.returncode, out, err) == (0, "", "")
        finally:
            process.kill()
            process.wait()


def test_a_directory_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from qa.cli import app

    done = CliRunner().invoke(app, ["watch", str(tmp_path / "inbx"), "--archive", str(tmp_path / "archive")])
    assert (done.exit_code, done.stderr) == (1, f"citewire: {tmp_path}/inbx: no such file or directory\n")
