"""What is remembered of what was fetched: kept with the articles that came of it, and not before."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.formats import Read
from corpus.storage.store import FILE, Store
from corpus.storage.visits import Visit, key
from corpus.types import Article, Rejected
from qa import engine as engine_module
from qa.cli import app
from qa.engine import Engine
from qa.ingestion.outcomes import Outcome
from qa.ingestion.pipeline import ingest
from qa.ingestion.visit_log import VisitLog
from tests.fakes import Bag
from tests.sites import Site, serving

ROOT = Path(__file__).parents[3]
STORY = "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said."
FEED = (
    "<rss><channel><title>Post</title><item><guid>tag:post.example,2026:1</guid><title>Bridge</title>"
    f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{STORY}</content:encoded>"
    "<pubDate>Tue, 10 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>"
)


def visit(name: str) -> Visit:
    return Visit(key(name), "1", taken=True)


def record(name: str, text: str = STORY) -> Read:
    return Read(Article(name, "", text), name)


def kept(engine: Engine, *names: str) -> list[bool]:
    with engine.archive.store.read() as view:
        return [view.visits.get(key(name)) is not None for name in names]


def test_a_visit_is_kept_and_replaced(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        with store.read() as view:
            assert view.visits.get(key("a")) is None
        for tag in ('"1"', None):
            made = Visit(key("a"), "2026", taken=False, etag=tag, modified="Wed, 28 Jan 2026 09:30:00 GMT")
            with store.write() as writing:
                writing.visits.note(made)
            with store.read() as view:
                assert view.visits.get(key("a")) == made
        assert store.problems() == []
    assert b"post.example" not in (tmp_path / FILE).read_bytes()
    assert key("a\nb") != key("a", "b ")


def test_what_was_read_is_remembered_with_its_articles_and_not_before(engine: Engine) -> None:
    memory = VisitLog(engine)

    def records() -> Iterator[Read | Rejected]:
        yield record("one")
        memory.note(visit("one"))
        yield Rejected("two", "broken")
        memory.note(visit("two"))
        memory.note(visit("list"))
        yield record("three")
        memory.note(visit("three"))

    outcomes = ingest(engine, memory.through(records()), at_once=1, keep=memory.keep)
    assert next(outcomes).id == "one"
    # The reader may be further by now; what it noted of the others waits for them.
    assert kept(engine, "three") == [False]
    assert [outcome.outcome for outcome in outcomes] == ["rejected", "added"]
    assert kept(engine, "one", "two", "list") == [True, True, True]
    memory.finish()
    assert kept(engine, "three") == [True]


def test_what_cannot_be_stored_is_not_taken_for_read(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = VisitLog(engine)

    def records() -> Iterator[Read | Rejected]:
        yield record("one")
        memory.note(visit("one"))

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(memory, "keep", full)
    with pytest.raises(OSError, match="full"):
        list(ingest(engine, memory.through(records()), keep=memory.keep))
    assert kept(engine, "one") == [False]
    assert not memory.holds("one")


def test_after_a_record_that_slipped_through_all_is_read_again(engine: Engine) -> None:
    memory = VisitLog(engine)
    passed = memory.through([record("one"), record("two")])
    next(passed)
    memory.note(visit("one"))
    with engine.archive.store.write() as writing:
        memory.keep(writing, [Outcome("one", "one", "rejected", "somebody changed it", again=True)])
    list(passed)
    memory.note(visit("two"))
    memory.finish()
    assert kept(engine, "one", "two") == [False, False]
    assert memory.known(key("one")) is None
    memory.note(visit("two"))
    memory.finish()
    assert kept(engine, "two") == [True]


def test_what_was_deleted_is_passed_over_where_nobody_asks_for_it(engine: Engine) -> None:
    one, changed = record("one"), record("one", "Another text under the id.")
    list(ingest(engine, [one]))
    engine.archive.delete("one")
    unattended = VisitLog(engine, deleted=False)
    assert list(unattended.through([one, changed])) == [changed]
    assert list(VisitLog(engine).through([one, changed])) == [one, changed]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Site, "Run"]]:
    for name in [name for name in os.environ if name.startswith("CITEWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(engine_module, "SentenceTransformerEmbedder", Bag)
    monkeypatch.setattr(os, "nice", lambda more: more)
    monkeypatch.setenv("CITEWIRE_READER", "sentences")  # it has nothing to load
    monkeypatch.setenv("CITEWIRE_ARCHIVE", str(tmp_path / "archive"))
    with serving() as site:
        yield site, Run()


class Run:
    def __call__(self, *arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_an_address_is_fetched_only_where_that_is_allowed(
    run: tuple[Site, Run], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site, citewire = run
    address = site.put("/feed", FEED)
    site.tags["/feed"] = '"1"'
    for command in ("ingest", "watch"):
        refused = citewire(command, address)
        said = f"citewire: {address} is an address: fetching needs --allow-network\n"
        assert (refused.exit_code, refused.stderr, refused.stdout) == (1, said, "")
    assert not (tmp_path / "archive").exists()
    inside = citewire("ingest", "--allow-network", address)
    assert inside.exit_code == 1
    assert f"{address}: rejected: 127.0.0.1 is at 127.0.0.1, which is not allowed" in inside.stderr
    assert site.statuses == []

    monkeypatch.setenv("CITEWIRE_FETCH_FROM", "127.0.0.1/32")
    monkeypatch.setenv("CITEWIRE_CONTACT", "mailto:desk@post.example")
    taken = citewire("ingest", "--allow-network", address)
    assert (taken.exit_code, taken.stdout) == (0, "1 added, 0 updated, 0 unchanged, 0 rejected; 0 warnings\n")
    assert citewire("articles", "list").stdout.startswith("tag:post.example,2026:1\t")
    (agent,) = site.agents
    assert agent.endswith("(+mailto:desk@post.example)")
    again = citewire("ingest", "--allow-network", address)
    assert (again.exit_code, again.stdout) == (0, "0 added, 0 updated, 0 unchanged, 0 rejected; 0 warnings\n")
    assert site.statuses[-1] == 304
    assert citewire("check").stdout == "the archive is intact\n"


def test_control_c_does_not_wait_for_a_fetch(run: tuple[Site, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    site, citewire = run
    monkeypatch.setenv("CITEWIRE_FETCH_FROM", "127.0.0.1/32")
    site.put("/robots.txt", "")
    silent = threading.Event()

    def say_nothing(_: object) -> None:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        silent.wait(20)

    site.pages["/slow"] = say_nothing
    before = signal.getsignal(signal.SIGINT)
    start = time.monotonic()
    stopped = citewire("ingest", "--allow-network", site.at("/slow"))
    silent.set()
    assert time.monotonic() - start < 5
    assert (stopped.exit_code, stopped.stdout[:8]) == (130, "0 added,")
    assert signal.getsignal(signal.SIGINT) == before


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("FETCH_FROM", "10.1.0.1/8", "'10.1.0.1/8' is not a network"), ("CONTACT", "a) b", "String should match pattern")],
)
def test_a_setting_that_makes_no_sense_is_named(
    run: tuple[Site, Run], monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"CITEWIRE_{name}", value)
    result = run[1]("status")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"citewire: CITEWIRE_{name}: ")
    assert said in result.stderr


def test_nothing_that_connects_is_loaded_without_an_address() -> None:
    code = """
import sys
import qa.cli.ingest, qa.server.app, qa.settings, qa.ingestion.sources, qa.ingestion.watching, qa.cli.watch
print([name for name in sys.modules if name.split(".")[0] in ("httpcore2", "protego") or "fetching.client" in name])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
