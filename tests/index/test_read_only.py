"""Archives that can't be written are asked, searched, listed and checked: on media that are read-only, and where the
permissions say so. Each is opened by a process that really may not write.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.formats import Read
from corpus.storage.store import FILE
from corpus.types import Article
from index.archive import Archive
from qa.engine import Engine
from qa.ingestion.pipeline import ingest

ROOT = Path(__file__).parents[2]
TEXT = "The council of Lower Quill voted on Monday to build a bridge for {0} crowns, the mayor said."

USE = """
import json, sys
from pathlib import Path
from fastapi.testclient import TestClient
from corpus.errors import StoreError
from corpus.types import Article
from index.archive import Archive
from qa.answering.pipeline import ask
from qa.answering.types import Question
from qa.engine import Engine
from qa.reader.sentences import SentenceReader
from qa.server.app import create_app
from tests.fakes import BagEmbedder

embedder, said = BagEmbedder(), {}
try:
    with Archive.open(Path(sys.argv[1]), settings={"model": embedder.name}, dimensions=embedder.dimensions) as archive:
        engine = Engine(archive, embedder, SentenceReader(embedder))
        said["problems"] = archive.problems()
        with archive.read() as now:
            said["articles"] = [article.id for article, _ in now.view.page()]
        for step in sys.argv[2:]:
            print(json.dumps(said), flush=True)
            sys.stdin.readline()
            with archive.read() as now:
                said[step] = [article.id for article, _ in now.view.page()]
        with TestClient(create_app(engine)) as client:
            found = client.post("/v1/search", json={"query": "bridge for 7 crowns"}).json()["hits"]
            said["found"] = found[0]["article_id"]
            asked = {"question": "How many crowns is the bridge for 7 crowns?", "min_confidence": 0}
            said["asked"] = client.post("/v1/ask", json=asked).json()["answers"][0]["citations"][0]["article_id"]
            put = client.post("/v1/articles", json={"articles": [{"title": "t", "text": "x"}]})
            sent = client.post("/v1/jobs", files={"file": ("a.txt", b"x")})
            gone = client.delete("/v1/articles/a7")
            said["refused"] = [(one.status_code, one.json()["detail"]) for one in (put, sent, gone)]
        said["compacted"] = archive.compact()
        try:
            archive.compact(force=True)
        except StoreError as error:
            said["forced"] = str(error)
except StoreError as error:
    said["error"] = str(error)
print(json.dumps(said))
"""


@pytest.fixture(params=["permissions", "mount"])
def sealed(request: pytest.FixtureRequest, archive: Path) -> Iterator[list[str]]:
    """What a command is begun with so that it can't write the archive."""
    if request.param == "mount":
        seal = f'mount --bind "{archive}" "{archive}" && mount -o remount,ro,bind "{archive}" && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", seal, "sh"]
    else:
        for path in (archive, *archive.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        # To root, modes are nothing, but for the capability that makes it so.
        root = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        command = root if os.geteuid() == 0 else []
    if command and shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]} here")
    tried = subprocess.run([*command, "touch", str(archive / "probe")], capture_output=True, text=True)
    if tried.returncode == 0 or "probe" not in tried.stderr:
        pytest.skip(f"nothing can be made read-only here: {tried.stderr.strip() or 'it could be written'}")
    yield command
    for path in (archive, *archive.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def archive(engine: Engine) -> Path:
    """An archive of ten articles, closed and with its files in order."""
    records = [Read(Article(f"a{number}", f"Bridge {number}", TEXT.format(number)), "w") for number in range(10)]
    assert {one.outcome for one in ingest(engine, records)} == {"added"}
    engine.archive.compact(force=True)
    engine.archive.close()
    # The embedder of the tests says nothing of its dimensions, which the command line asks for.
    with closing(sqlite3.connect(engine.archive.directory / FILE)) as db, db:
        db.execute("INSERT INTO settings VALUES ('dimensions', ?)", (str(engine.embedder.dimensions),))
    return engine.archive.directory


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def used(sealed: list[str], archive: Path) -> dict[str, Any]:
    command = [*sealed, sys.executable, "-c", USE, str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment())
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def files(archive: Path) -> list[tuple[str, int, int]]:
    return sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in archive.rglob("*"))


SAID = "this archive is read-only: it can be asked, but not changed"


@pytest.mark.parametrize("lost", ["", "derived", "derived/manifest.json", "locks", "index"])
def test_an_archive_that_can_not_be_written_is_used(sealed: list[str], archive: Path, lost: str) -> None:
    if lost == "index":  # as earlier versions made it
        for path in (archive, archive / FILE):
            path.chmod(0o755)
        with closing(sqlite3.connect(archive / FILE)) as db, db:
            db.execute("DROP INDEX articles_url")
        for path in (archive / FILE, archive):
            path.chmod(0o555)
    elif lost == "locks":
        for path in archive.glob("*.lock"):
            path.unlink()
    elif lost:
        gone = archive / lost
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    before = files(archive)
    assert used(sealed, archive) == {
        "problems": [],
        "articles": [f"a{number}" for number in range(10)],
        "found": "a7",
        "asked": "a7",
        "refused": [[403, SAID]] * 3,
        "compacted": False,
        "forced": f"the archive in {archive} is read-only: it can be asked, but not changed",
    }
    assert files(archive) == before


def test_what_was_damaged_is_made_anew_elsewhere(sealed: list[str], archive: Path) -> None:
    for path in (archive / "derived").rglob("*.store"):
        path.chmod(0o644)
        path.write_bytes(b"x" * path.stat().st_size)
        path.chmod(0o444)
    found = used(sealed, archive)
    assert (found["found"], found["asked"], len(found["problems"])) == ("a7", "a7", 1)


def test_the_command_line_on_a_read_only_archive(sealed: list[str], archive: Path, tmp_path: Path) -> None:
    settings = archive.parent / "made"
    story = tmp_path / "a.txt"
    story.write_text(TEXT)

    def citewire(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [*sealed, sys.executable, "-m", "qa.cli", *arguments, "--archive", str(archive)]
        return subprocess.run(command, capture_output=True, text=True, cwd=settings.parent, env=environment())

    assert "10" in citewire("status").stdout
    assert len(citewire("articles", "list").stdout.splitlines()) == 10
    assert citewire("check").stdout == "the archive is intact\n"
    assert TEXT.format(7) in citewire("articles", "show", "a7").stdout
    cited = {"article_id": "a7", "start": 0, "end": 11, "quote": "The council", "article_sha256": ""}
    (tmp_path / "cited.json").write_text(json.dumps([cited]))
    assert "a7" in citewire("verify", str(tmp_path / "cited.json")).stdout
    refused = citewire("articles", "delete", "a7")
    assert refused.returncode == 1
    assert refused.stderr == f"citewire: the archive in {archive} is read-only: it can be asked, but not changed\n"


def test_an_archive_that_was_not_closed_says_so(sealed: list[str], archive: Path, engine: Engine) -> None:
    one = Read(Article("late", "Late", TEXT.format(99)), "w")
    with reopened(engine) as again:
        list(ingest(again, [one]))
        log = archive / f"{FILE}-wal"
        kept = log.read_bytes()
        assert kept
    log.write_bytes(kept)
    if "setpriv" in sealed or not sealed:
        log.chmod(0o444)
    found = used(sealed, archive)
    assert f"{archive / FILE} was not closed: its last changes are in {FILE}-wal" in found["error"]


def test_what_another_process_writes_meanwhile_is_seen(sealed: list[str], archive: Path, engine: Engine) -> None:
    with subprocess.Popen(
        [*sealed, sys.executable, "-c", USE, str(archive), "added", "closed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    ) as reading:
        assert reading.stdin is not None
        assert reading.stdout is not None
        reading.stdout.readline()
        for path in (archive, *archive.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        with reopened(engine) as again:
            list(ingest(again, [Read(Article("late", "Late", TEXT.format(99)), "w")]))
            reading.stdin.write("\n")
            reading.stdin.flush()
            assert "late" in json.loads(reading.stdout.readline())["added"]
        reading.stdin.write("\n")
        reading.stdin.flush()
        assert "late" in json.loads(reading.stdout.readline())["closed"]


def reopened(engine: Engine) -> "Reopened":
    return Reopened(engine)


class Reopened:
    """The archive of an engine, opened once more by this process, which may write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Engine:
        self._archive = Archive.open(
            self._engine.archive.directory,
            settings={"model": self._engine.embedder.name},
            dimensions=self._engine.embedder.dimensions,
        )
        return Engine(self._archive, self._engine.embedder, self._engine.reader)

    def __exit__(self, *_: object) -> None:
        self._archive.close()
