"""One page is one article, whoever named it; and a summary does not take the place of what it sums up."""

import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.formats import Read, page_id
from corpus.reading import read
from corpus.types import Article, Rejected
from qa import engine as engine_module
from qa.cli import app
from qa.engine import Engine
from qa.ingestion.identity import forms
from qa.ingestion.outcomes import Outcome
from qa.ingestion.pipeline import ingest
from qa.ingestion.visit_log import VisitLog
from tests.fakes import Bag
from tests.sites import Site, serving

STORY = (
    "The council of Lower Quill voted on Monday to build a new bridge across the river, the mayor said.\n\n"
    "It costs 12 million crowns, and the county pays a third of it, she told reporters after the meeting.\n\n"
    "Work starts in May, when the river is low, and will take two summers. Ferries go on until the bridge is open."
)
FIRST = STORY.partition("\n\n")[0]
PAGE, GUID = "https://quill.example/2026/01/28/bridge", "tag:quill.example,2026:41"


def item(text: str, *, guid: str = GUID, link: str = PAGE, title: str = "Bridge approved", full: bool = False) -> str:
    name = "content:encoded" if full else "description"
    told = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    return (
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>"
        f"<pubDate>Wed, 28 Jan 2026 08:00:00 GMT</pubDate><{name}>{escape(told)}</{name}></item>"
    )


def feed(*items: str) -> str:
    space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    home = "<title>Quill Post</title><link>https://quill.example/</link>"
    return f"<rss {space}><channel>{home}{''.join(items)}</channel></rss>"


def saved(tmp_path: Path, *items: str) -> list[Read | Rejected]:
    path = tmp_path / "saved.xml"
    path.write_text(feed(*items))
    return [*read([path])]


def page(text: str = STORY, *, address: str = PAGE, title: str = "Bridge approved", **fields: str) -> Read:
    """What a sitemap or its own address gives of a page."""
    return Read(Article(page_id(address), title, text, url=address, **fields), address)  # type: ignore[arg-type]


def put(engine: Engine, records: Iterable[Read | Rejected]) -> list[tuple[str, str | None]]:
    return [(one.outcome, one.reason) for one in ingest(engine, records)]


def held(engine: Engine) -> dict[str, str]:
    with engine.archive.store.read() as view:
        return {article.id: article.text for article, _ in view.page()}


SUMMARIES = [
    FIRST,
    f"{FIRST[:60]} …",
    f"{FIRST[:60]} [...] Read more about the bridge",
    f"{FIRST} Continue reading…",
    f"{FIRST} The post Bridge approved appeared first on Quill Post.",
    "It costs 12 million crowns, and the county pays a third of it, she told reporters after the meeting.",
    FIRST.replace("Lower Quill", "LOWER  QUILL").replace(",", " –"),
]


@pytest.mark.parametrize("summary", SUMMARIES)
def test_a_summary_leaves_the_whole_text(engine: Engine, tmp_path: Path, summary: str) -> None:
    assert put(engine, [page()]) == [("added", None)]
    (found,) = put(engine, saved(tmp_path, item(summary)))
    assert found == ("unchanged", "the archive has its whole text, of which this is a summary")
    assert held(engine) == {PAGE: STORY}


@pytest.mark.parametrize("first", ["page", "full entry"])
def test_a_summary_leaves_a_full_entry_too(engine: Engine, tmp_path: Path, first: str) -> None:
    put(engine, [page()] if first == "page" else saved(tmp_path, item(STORY, full=True)))
    for guid in (GUID, "1042", f"{PAGE}#0", PAGE, "https://quill.example/?p=41"):
        (found,) = put(engine, saved(tmp_path, item(FIRST, guid=guid)))
        assert found[0] == "unchanged", guid
    assert held(engine) == {PAGE: STORY}


def test_a_summary_that_says_something_else_leaves_a_much_longer_text_and_says_so(
    engine: Engine, tmp_path: Path
) -> None:
    long = f"{STORY}\n\n{STORY.replace('bridge', 'quay')}\n\n{STORY.replace('mayor', 'reeve')}"
    put(engine, [page(long)])
    for told in ("What we know so far about the crossing.", FIRST.replace("Monday", "27 January")):
        (found,) = put(engine, saved(tmp_path, item(told)))
        assert found[0] == "unchanged"
        assert "not these words: fetch its page" in (found[1] or "")
    assert held(engine) == {PAGE: long}


def test_a_summary_that_changed_is_an_update(engine: Engine, tmp_path: Path) -> None:
    first = "Nine people were hurt when two trams met in Lorn on Monday morning, the fire service said."
    later = "Fourteen hurt, two of them badly, after the crash at the depot; the line stays shut."
    put(engine, saved(tmp_path, item(first, title="Trams collide in Lorn")))
    assert put(engine, saved(tmp_path, item(later, title="Line shut after crash"))) == [("updated", None)]
    assert held(engine) == {PAGE: later}
    figures = later.replace("two", "2")
    assert put(engine, saved(tmp_path, item(figures, title="Line shut after crash"))) == [("updated", None)]


def test_the_whole_text_takes_the_place_of_its_summary_in_the_same_ingest_too(engine: Engine, tmp_path: Path) -> None:
    assert put(engine, [*saved(tmp_path, item(FIRST)), page()]) == [("added", None), ("updated", None)]
    assert held(engine) == {PAGE: STORY}


def test_a_summary_behind_its_page_in_the_same_ingest(engine: Engine, tmp_path: Path) -> None:
    found = put(engine, [page(), *saved(tmp_path, item(FIRST)), page(title="Bridge"), *saved(tmp_path, item(FIRST))])
    assert [outcome for outcome, _ in found] == ["added", "unchanged", "updated", "unchanged"]
    assert held(engine) == {PAGE: STORY}


@pytest.mark.parametrize("guid", [GUID, "1042", f"{PAGE}#2", "https://quill.example/?p=41", "urn:uuid:7"])
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("feed_first", [True, False])
def test_a_page_of_a_feed_and_of_a_sitemap_is_one_article(
    engine: Engine, tmp_path: Path, guid: str, together: bool, feed_first: bool
) -> None:
    records = [*saved(tmp_path, item(STORY, guid=guid, full=True)), page()]
    records = records if feed_first else records[::-1]
    for some in [records] if together else [[one] for one in records]:
        put(engine, some)
    assert held(engine) == {PAGE: STORY}
    with engine.archive.store.read() as view:
        found = view.article(PAGE)
    # What the feed said of it stays when the page says nothing of it.
    assert found is not None
    assert (found.source, found.published_at) == ("Quill Post", "2026-01-28T08:00:00+00:00")


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        f"{PAGE}/",
        PAGE.replace("https", "http"),
        PAGE.replace("quill.example", "www.quill.example"),
        f"{PAGE}?utm_source=rss&utm_medium=feed",
        f"{PAGE}#comments",
    ],
)
def test_an_archive_that_holds_a_page_under_the_id_of_its_feed_does_not_double_it(
    engine: Engine, tmp_path: Path, address: str
) -> None:
    put(engine, [Read(Article(GUID, "Bridge approved", STORY, "Quill Post", PAGE), "earlier")])
    put(engine, [page(address=address)])
    put(engine, saved(tmp_path, item(STORY, full=True, link=escape(address))))
    assert put(engine, saved(tmp_path, item(FIRST, link=escape(address))))[0][0] == "unchanged"
    assert held(engine) == {GUID: STORY}
    assert VisitLog(engine).holds(address)


def test_addresses_of_other_pages_are_others() -> None:
    assert page_id("https://a.example/x?id=7&utm_source=rss#top") == "https://a.example/x?id=7"
    assert page_id("https://a.example/x?") == "https://a.example/x?"
    assert "https://a.example/x?id=8" not in forms("https://a.example/x?id=7")
    assert forms("http://[") == ["http://["]


@pytest.mark.parametrize("guids", [("9001", "9002", "9003"), ("urn:1", "urn:2", "urn:3")])
def test_entries_of_one_link_are_articles_each_shown_together_or_by_turns(
    engine: Engine, tmp_path: Path, guids: tuple[str, ...]
) -> None:
    live = "https://quill.example/live"
    told = (
        ("Mill burns", "The Lorn mill burned down on Monday, its owner said."),
        ("Dam holds", "The Orrin dam holds 42 million cubic metres, its keeper said."),
        ("Ferry late", "The ferry was forty minutes late on Tuesday, its captain said."),
    )
    items = [item(text, guid=guid, link=live, title=title) for guid, (title, text) in zip(guids, told, strict=True)]
    for one in items:
        assert put(engine, saved(tmp_path, one)) == [("added", None)]
    for shown in (items[:1], items[1:2], items, items[::-1], items[2:]):
        assert {outcome for outcome, _ in put(engine, saved(tmp_path, *shown))} == {"unchanged"}
    assert {*held(engine).values()} == {text for _, text in told}
    changed = item("The ferry was fifty minutes late on Tuesday, its captain said.", guid=guids[2], link=live)
    assert put(engine, saved(tmp_path, changed)) == [("updated", None)]
    assert len(held(engine)) == 3


def test_an_entry_with_another_id_for_each_revision_is_one_article(engine: Engine, tmp_path: Path) -> None:
    for number, text in enumerate((FIRST, f"{FIRST} Work starts in May.", f"{FIRST} Work starts in June.")):
        put(engine, saved(tmp_path, item(text, guid=f"{PAGE}#{number}")))
    assert held(engine) == {PAGE: f"{FIRST} Work starts in June."}


def test_a_record_with_an_id_of_its_own_is_nobody_elses(engine: Engine) -> None:
    named = Read(Article("a17", "Bridge approved", STORY, url=PAGE), "a.jsonl:1")
    assert put(engine, [page()]) == [("added", None)]
    assert put(engine, [named]) == [("added", None)]
    assert put(engine, [page("Something else altogether was printed here.", title="Ferry fares")]) == [
        ("updated", None)
    ]


def test_an_id_that_was_another_outlets_is_an_update_with_a_warning(engine: Engine, tmp_path: Path) -> None:
    first = "id,title,text,source\n1,Mill burns,The Lorn mill burned down on Monday and nobody was hurt.,Quill Post\n"
    other = "id,title,text,source\n1,Tram back,The Lorn tram runs again after a strike of 8 days.,Harbour Courier\n"
    moved = first.replace("Quill Post", "The Quill Post").replace("nobody was", "two were")
    (tmp_path / "a.csv").write_text(first)
    (tmp_path / "b.csv").write_text(other)
    (tmp_path / "c.csv").write_text(moved)
    list(ingest(engine, read([tmp_path / "a.csv"])))
    (same,) = ingest(engine, read([tmp_path / "c.csv"]))
    assert (same.outcome, same.warnings) == ("updated", ())
    (found,) = ingest(engine, read([tmp_path / "b.csv"]))
    assert found.outcome == "updated"
    assert found.warnings == ("replaces an article of outlet The Quill Post under the same id",)
    (again,) = ingest(engine, read([tmp_path / "b.csv"]))
    assert (again.outcome, again.warnings) == ("unchanged", ())


def test_what_was_deleted_under_the_id_of_its_feed_stays_deleted(engine: Engine, tmp_path: Path) -> None:
    records = saved(tmp_path, item(FIRST))
    (one,) = records
    assert isinstance(one, Read)
    put(engine, [replace(one, article=replace(one.article, id=GUID), entry=None)])
    engine.archive.delete(GUID)
    assert [*VisitLog(engine, deleted=False).through(records)] == []
    assert [*VisitLog(engine).through(records)] == records


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterable[tuple[Site, "Run"]]:
    for name in [name for name in os.environ if name.startswith("CITEWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(engine_module, "SentenceTransformerEmbedder", Bag)
    monkeypatch.setattr(os, "nice", lambda more: more)
    monkeypatch.setenv("CITEWIRE_READER", "sentences")
    monkeypatch.setenv("CITEWIRE_FETCH_FROM", "127.0.0.1/32")
    monkeypatch.setenv("CITEWIRE_ARCHIVE", str(tmp_path / "archive"))
    with serving() as site:
        yield site, Run()


class Run:
    def __call__(self, *arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_fetched_by_feed_and_sitemap_and_then_saved(run: tuple[Site, Run], tmp_path: Path) -> None:
    site, citewire = run
    parts = "".join(f"<p>{part}</p>" for part in STORY.split("\n\n"))
    link = site.put("/bridge", f"<html><body><article><h1>Bridge</h1>{parts}</article></body></html>", "text/html")
    entries = feed(item(FIRST, link=link))
    feed_at = site.put("/feed", entries)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    sitemap = site.put("/sitemap.xml", f"<urlset xmlns='{space}'><url><loc>{link}</loc></url></urlset>")
    assert citewire("ingest", "--allow-network", feed_at).stdout.startswith("1 added")
    assert citewire("ingest", "--allow-network", sitemap).stdout.startswith("0 added")
    assert citewire("ingest", "--allow-network", link).stdout.startswith("0 added")
    (tmp_path / "saved.xml").write_text(entries)
    again = citewire("ingest", "--verbose", tmp_path / "saved.xml")
    assert again.stdout.startswith("0 added, 0 updated, 1 unchanged, 0 rejected")
    assert "unchanged: the archive has its whole text, of which this is a summary" in again.stderr
    assert citewire("articles", "list").stdout.splitlines()[0].startswith(f"{link}\t")
    assert STORY.splitlines()[-1] in citewire("articles", "show", link).stdout


def test_a_damaged_article_is_replaced(engine: Engine, tmp_path: Path) -> None:
    put(engine, [page(), *saved(tmp_path, item(FIRST, link=f"{PAGE}2"))])
    with closing(sqlite3.connect(engine.archive.store.path)) as db, db:
        db.execute("UPDATE articles SET text = text || '!', digest = 'x'")
    assert put(engine, [page(), *saved(tmp_path, item(FIRST, link=f"{PAGE}2"))]) == [("updated", None)] * 2
    assert engine.archive.problems() == []


@pytest.mark.parametrize("piece", ["more ", "… ", "[...] ", "The post ", "A-", " ", "(more)"])
def test_the_end_of_a_summary_costs_no_time(engine: Engine, tmp_path: Path, piece: str) -> None:
    put(engine, [page()])
    start = time.thread_time()
    put(engine, saved(tmp_path, item(f"{piece * 20_000}x.")))
    put(engine, saved(tmp_path, item(f"By {piece * 20_000}x.\n\n{FIRST}")))
    assert time.thread_time() - start < 5


def test_outcomes_name_the_article_that_is_stored(engine: Engine, tmp_path: Path) -> None:
    put(engine, [page()])
    (found,) = ingest(engine, saved(tmp_path, item(FIRST, guid="1042")))
    assert isinstance(found, Outcome)
    assert (found.id, found.undated) == (PAGE, True)


def test_the_index_over_addresses_is_used(engine: Engine) -> None:
    put(engine, [page()])
    with engine.archive.store._connection() as db:
        plan = db.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM articles WHERE url IN (SELECT value FROM json_each('[]')) ORDER BY id"
        ).fetchall()
    assert any("articles_url" in str(row) for row in plan)
