import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ArticleError, IncompatibleStore, StoreError
from corpus.storage.schema import FORMAT
from corpus.storage.store import FILE, Store
from corpus.types import Article, Chunk

ARTICLE = Article(
    "ledger-1",
    "Kayaks return",
    "Kayaks are back. \r\n\tEmoji 🚣 and e\u0301 stay as they are.",
    source="Ledger",
    url="https://ledger.example/1",
    published_at="2026-01-28T09:30:00+08:00",
    authors=("A. Writer", "B. Writer"),
    language="en",
)
CHUNKS = [Chunk(0, 16, 4), Chunk(19, 40, 9)]
VECTORS = np.array([[1, 0, 0.5], [0, 1, 0.25]], np.float16)

stored_text = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200
).filter(lambda text: bool(text.strip()))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path, settings={"model": "m"}, create=True)


def put(store: Store, article: Article, *, run: int = 0) -> str:
    with store.write() as writing:
        return writing.put(article, CHUNKS, VECTORS, run=run)


def test_an_article_comes_back_as_it_was_given(store: Store) -> None:
    assert put(store, ARTICLE) == "added"
    with store.read() as view:
        assert view.article("ledger-1") == ARTICLE
        assert view.chunks("ledger-1") == CHUNKS
        assert view.state == (1, 1, 2)
        ids, vectors = view.vectors(after=0, dimensions=3)
        assert ids.tolist() == [1, 2]
        assert vectors.tolist() == VECTORS.tolist()


@given(text=stored_text, title=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_any_text_is_stored_verbatim(tmp_path_factory: pytest.TempPathFactory, text: str, title: str) -> None:
    store = Store.open(tmp_path_factory.getbasetemp() / "verbatim", create=True)
    article = Article("any", title, text)
    with store.write() as writing:
        writing.put(article, [Chunk(0, len(text), 1)], VECTORS[:1])
    with store.read() as view:
        assert view.article("any") == article
        assert next(iter(view.texts(after=0))).text == text
    store.close()


def test_the_same_article_again_changes_nothing(store: Store) -> None:
    put(store, ARTICLE)
    assert put(store, ARTICLE) == "unchanged"
    with store.read() as view:
        assert view.state == (1, 1, 2)


def test_an_update_keeps_the_earlier_text_and_gives_new_chunks(store: Store) -> None:
    put(store, ARTICLE)
    newer = Article("ledger-1", "Kayaks return", "Kayaks are not back.")
    assert put(store, newer) == "updated"
    with store.read() as view:
        assert view.article("ledger-1") == newer
        assert view.version("ledger-1", ARTICLE.sha256) == ARTICLE.text
        assert view.version("ledger-1", newer.sha256) is None
        assert view.state == (2, 1, 2)
        assert view.vectors(after=0, dimensions=3)[0].tolist() == [3, 4]
        last, removed = view.removed(after=0)
        assert (last, removed.tolist()) == (2, [1, 2])
        assert view.removed(after=1)[1].tolist() == [2]


def test_another_title_is_an_update_without_another_version(store: Store) -> None:
    put(store, ARTICLE)
    assert put(store, Article("ledger-1", "Another title", ARTICLE.text)) == "updated"
    with store.read() as view:
        assert view.version("ledger-1", ARTICLE.sha256) is None


def test_a_deleted_article_leaves_no_text_behind(store: Store) -> None:
    put(store, ARTICLE)
    put(store, Article("ledger-1", "", "Another text."))
    with store.write() as writing:
        assert writing.delete("ledger-1")
        assert not writing.delete("ledger-1")
    with store.read() as view:
        assert view.article("ledger-1") is None
        assert view.version("ledger-1", ARTICLE.sha256) is None
        assert view.withdrawn("ledger-1", ARTICLE.sha256)
        assert not view.withdrawn("ledger-1", "0" * 64)
        assert view.state == (3, 0, 0)
    assert store.problems() == []


def test_an_id_that_comes_twice_in_a_run_does_not_overwrite(store: Store) -> None:
    with store.write() as writing:
        run = writing.start_run()
    other = Article("ledger-1", "", "Another text.")
    assert [put(store, ARTICLE, run=run), put(store, other, run=run), put(store, ARTICLE, run=run)] == [
        "added",
        "repeated",
        "unchanged",
    ]
    with store.write() as writing:
        later = writing.start_run()
    assert put(store, other, run=later) == "updated"
    with store.write() as writing:
        again = writing.start_run()
    # Unchanged counts as having come, too.
    assert [put(store, other, run=again), put(store, ARTICLE, run=again)] == ["unchanged", "repeated"]


def test_an_article_without_chunks_is_not_stored(store: Store) -> None:
    with store.write() as writing:
        assert writing.put(ARTICLE, [], VECTORS[:0]) == "missed"
    with store.read() as view:
        assert view.state == (0, 0, 0)


def test_a_failed_transaction_leaves_everything_as_it_was(store: Store) -> None:
    put(store, ARTICLE)

    def fail() -> None:
        with store.write() as writing:
            writing.delete("ledger-1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.read() as view:
        assert view.article("ledger-1") == ARTICLE
        assert view.state == (1, 1, 2)


def test_a_view_does_not_see_what_is_written_after_it(store: Store) -> None:
    put(store, ARTICLE)
    with store.read() as before:
        put(store, Article("other", "", "Other text."))
        assert before.article("other") is None
        assert before.state.articles == 1
    with store.read() as after:
        assert after.state.articles == 2


def test_copies_stand_in_order_of_publication_whatever_the_order_of_ingest(store: Store) -> None:
    text = "The same words, here and there."
    for article in (
        Article("undated", "", text),
        Article("later", "", text, published_at="2026-01-02"),
        Article("earlier-b", "", text.replace(" ", "\n"), published_at="2026-01-01"),
        Article("earlier-a", "", text.upper(), published_at="2026-01-01"),
        Article("another", "", "Other words.", published_at="2025-01-01"),
    ):
        put(store, article)
    with store.read() as view:
        assert [copy.article_id for copy in view.copies("later")] == ["earlier-a", "earlier-b", "later", "undated"]
        assert [copy.article_id for copy in view.copies("another")] == ["another"]


def test_articles_are_listed_page_by_page_in_order_of_id(store: Store) -> None:
    for article_id in ("b", "ä", "a", "c"):
        put(store, Article(article_id, "", f"Text of {article_id}."))
    with store.read() as view:
        first = view.page(limit=3)
        assert [(article.id, chunks) for article, chunks in first] == [("a", 2), ("b", 2), ("c", 2)]
        assert [article.id for article, _ in view.page(after="c", limit=3)] == ["ä"]


def test_the_overview_counts_sources_and_dates(store: Store) -> None:
    put(store, Article("1", "", "One.", source="Post", published_at="2026-01-02"))
    put(store, Article("2", "", "Two.", source="Ledger", published_at="2025-12-31"))
    put(store, Article("3", "", "Three.", source="Ledger"))
    put(store, Article("4", "", "Four."))
    with store.read() as view:
        overview = view.overview()
    assert (overview.first_published, overview.last_published) == ("2025-12-31", "2026-01-02")
    assert overview.outlets == (("Ledger", 2), (None, 1), ("Post", 1))


def test_what_was_written_survives_reopening(tmp_path: Path) -> None:
    store = Store.open(tmp_path, create=True)
    put(store, ARTICLE)
    store.close()
    with Store.open(tmp_path).read() as view:
        assert view.article("ledger-1") == ARTICLE


def test_there_must_be_an_archive_to_open(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no archive in .*: make one with `citewire ingest`"):
        Store.open(tmp_path / "none")


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, but long enough to look like one" * 100)
    with pytest.raises(StoreError, match="file is not a database"):
        Store.open(tmp_path)


def test_another_model_is_refused_and_both_are_named(tmp_path: Path) -> None:
    Store.open(tmp_path, settings={"model": "small"}, create=True)
    with pytest.raises(IncompatibleStore, match="made with model 'small', and is being opened with 'large'"):
        Store.open(tmp_path, settings={"model": "large"})
    assert Store.open(tmp_path).settings() == {"format": str(FORMAT), "model": "small"}


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE settings SET value = '99' WHERE key = 'format'")
    with pytest.raises(IncompatibleStore, match=r"made by a newer version of Citewire \(archive format 99"):
        Store.open(tmp_path)


def test_a_format_that_is_no_number_is_refused(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE settings SET value = 'abc' WHERE key = 'format'")
    with pytest.raises(IncompatibleStore, match=rf"archive format 0; this version reads {FORMAT}"):
        Store.open(tmp_path)


def test_a_store_of_the_format_before_is_brought_to_this_one(store: Store, tmp_path: Path) -> None:
    put(store, ARTICLE)
    with sqlite3.connect(tmp_path / FILE) as db:
        for table in ("rejections", "jobs", "feedback"):
            db.execute(f"DROP TABLE {table}")
        db.execute("UPDATE settings SET value = ? WHERE key = 'format'", (str(FORMAT - 1),))
    store.close()
    again = Store.open(tmp_path, settings={"model": "m"})
    assert again.settings()["format"] == str(FORMAT)
    assert again.problems() == []
    with again.read() as view:
        assert view.article(ARTICLE.id) == ARTICLE
        assert view.jobs.newest(1) == [*view.feedback] == []
    put(again, Article("new", "", "A new article, stored beside the old one, is whole."))
    assert again.problems() == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE articles SET text = text || '!' WHERE id = 'ledger-1'", "its text is not what was stored"),
        ("UPDATE articles SET source = 'Post' WHERE id = 'ledger-1'", "what is known about it is not what was stored"),
        ("UPDATE chunks SET start = 1 WHERE id = 1", "its chunks are not what was stored"),
        ("UPDATE chunks SET vector = zeroblob(6) WHERE id = 2", "its chunks are not what was stored"),
        ("UPDATE versions SET text = 'never said'", "an earlier text is not what was stored"),
    ],
)
def test_what_is_not_what_was_stored_is_noticed_and_the_article_named(store: Store, damage: str, said: str) -> None:
    put(store, replace(ARTICLE, text="This is what the article said before it was updated."))
    put(store, ARTICLE)
    put(store, Article("whole", "", "A longer text that nobody changed, so it is whole."))
    with store.write() as writing:
        writing._db.execute(damage.replace("id = 1", "id = 3").replace("id = 2", "id = 4"))
    assert store.problems() == [f"article 'ledger-1': {said} (sha256 differs)"]


def test_every_article_whose_pages_are_damaged_is_named(store: Store, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    texts = {f"article-{number}": " ".join(map(str, rng.integers(0, 9**9, 2_000))) for number in range(6)}
    for name, text in texts.items():
        put(store, Article(name, "", text))
    store.close()
    file = tmp_path / FILE
    content = bytearray(file.read_bytes())
    for name in ("article-2", "article-4"):
        middle = content.index(texts[name][9_000:9_040].encode())
        content[middle : middle + 5_000] = bytes(5_000)  # a page is 4,096 bytes, so this takes the head of one
    file.write_bytes(content)
    damaged = Store.open(tmp_path)
    found = [line for line in damaged.problems() if line.startswith("article")]
    assert [line.partition(":")[0] for line in found] == ["article 'article-2'", "article 'article-4'"]


def test_what_is_deleted_is_in_no_file_once_the_log_is_folded(store: Store, tmp_path: Path) -> None:
    put(store, ARTICLE)
    put(store, replace(ARTICLE, text="Quokkas were counted. " * 500))
    put(store, Article("other", "", "Another text that stays where it is."))
    with store.write() as writing:
        assert writing.delete("ledger-1")
    store.fold()
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [word for word in (b"Kayaks", b"Quokkas", b"A. Writer", b"ledger.example") if word in left] == []
    assert b"Another text" in left


def test_a_log_that_is_being_read_is_not_folded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.storage.store._BUSY_MS", 100)
    put(store, ARTICLE)
    with store.read() as view:
        put(store, Article("other", "", "Another text that stays where it is."))
        with pytest.raises(StoreError, match="is being read by a process that began before the deletion"):
            Store.open(store.path.parent).fold()
        assert view.state.articles == 1
    store.fold()


def test_wrong_counts_are_noticed(store: Store) -> None:
    put(store, ARTICLE)
    with store.write() as writing:
        writing._db.execute("UPDATE state SET chunks = 7")
    assert store.problems() == ["store: 1 articles and 2 chunks where 1 and 7 are recorded"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": ""}, "1 to 512 characters; this one has 0"),
        ({"id": "x" * 513}, "this one has 513"),
        ({"text": " \n\u3000"}, "the text is empty"),
        ({"text": "a\0b"}, r"the text holds a NUL character \(at 1\)"),
        ({"title": "ab\ud800"}, r"the title holds a lone surrogate \(at 2\)"),
        ({"authors": ("fine", "\0")}, "the authors holds a NUL"),
        ({"published_at": "soon"}, "'soon' is not an ISO 8601 date"),
        ({"published_at": "2026-02-30"}, "'2026-02-30' is not"),
        ({"title": "x" * 2001}, "the title has 2,001 characters"),
        ({"source": "x" * 1001}, "the source has 1,001 characters"),
    ],
)
def test_an_article_that_cannot_stand_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        Article(**{"id": "a", "title": "t", "text": "x", **fields})  # type: ignore[arg-type]


def test_the_outlets_are_listed_once_each(store: Store) -> None:
    with store.read() as view:
        assert view.outlets() == []
    for number, source in enumerate(["Wire", None, "bote", "Wire", "Äther", "People’s Post", "Bote"]):
        put(store, Article(f"a{number}", "", "The dam at Orrin holds, its keeper said on Monday.", source=source))
    with store.read() as view:
        assert view.outlets() == ["Bote", "People’s Post", "Wire", "bote", "Äther"]


def test_an_outlets_articles_are_counted_by_an_index_that_older_stores_are_given(store: Store, tmp_path: Path) -> None:
    put(store, ARTICLE)
    store.close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("DROP INDEX articles_outlet")
        db.execute("DROP INDEX articles_url")
        db.execute("CREATE INDEX articles_source ON articles (source)")
    with Store.open(tmp_path) as again:
        assert again.problems() == []
    with sqlite3.connect(tmp_path / FILE) as db:
        plan = db.execute("EXPLAIN QUERY PLAN SELECT count(*) FROM articles WHERE source IN ('a') AND day IS NULL")
        assert "COVERING INDEX articles_outlet (source=? AND day=?)" in plan.fetchone()[3]
        assert not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_source'").fetchone()
        plan = db.execute("EXPLAIN QUERY PLAN SELECT id FROM articles WHERE url IN ('a', 'b')")
        assert "INDEX articles_url (url=?)" in plan.fetchone()[3]


def test_an_older_store_that_may_not_be_written_is_read_as_it_is(store: Store, tmp_path: Path) -> None:
    put(store, ARTICLE)
    store.close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("DROP INDEX articles_outlet")
        db.execute("DROP INDEX articles_url")
        db.execute("CREATE INDEX articles_source ON articles (source)")
        db.execute("CREATE VIEW articles_outlet AS SELECT 1")  # in the way of the index
    with Store.open(tmp_path) as again, again.read() as view:
        assert view.article(ARTICLE.id) == ARTICLE
