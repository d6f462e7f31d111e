import threading
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.chunking import context_title, embedded_text
from corpus.errors import StoreError
from corpus.formats import Read
from corpus.types import Article, Rejected
from index.types import Vectors
from qa.answering.pipeline import search
from qa.engine import Engine
from qa.ingestion.outcomes import Outcome
from qa.ingestion.pipeline import BATCH_CHUNKS, ingest
from tests.fakes import BagEmbedder


def read(number: int, text: str | None = None, *, title: str = "") -> Read:
    article = Article(
        f"a{number}", title, text or f"Ferry {number} left the harbour. It came back at {number} o'clock."
    )
    return Read(article, f"file:{number}", ())


def outcomes(engine: Engine, records: Sequence[Read | Rejected]) -> list[tuple[str | None, str]]:
    return [(outcome.id, outcome.outcome) for outcome in ingest(engine, records)]


def test_one_outcome_a_record_in_order(engine: Engine) -> None:
    assert outcomes(engine, [read(1)]) == [("a1", "added")]
    records: list[Read | Rejected] = [
        read(0),
        read(1),
        Rejected("file:9", "no text"),
        read(1, "Other words."),
        read(2),
    ]
    assert outcomes(engine, records) == [
        ("a0", "added"),
        ("a1", "unchanged"),
        (None, "rejected"),
        ("a1", "rejected"),
        ("a2", "added"),
    ]
    assert outcomes(engine, [read(1, "Other words.")]) == [("a1", "updated")]


def test_an_id_that_comes_twice_is_rejected_with_its_reason(engine: Engine) -> None:
    last = list(ingest(engine, [read(1), read(1, "Other words.")]))[-1]
    reason = "the id 'a1' was used before in this ingest for another text; the first was kept"
    assert last == Outcome("file:1", "a1", "rejected", reason, ())
    with engine.archive.store.read() as view:
        found = view.article("a1")
    assert found
    assert found.text.startswith("Ferry 1")


def test_warnings_come_along(engine: Engine) -> None:
    article = read(1).article
    assert next(iter(ingest(engine, [Read(article, "file:1", ("no date",))]))).warnings == ("no date",)


def test_an_article_in_the_place_of_another_outlets_is_warned_of(engine: Engine) -> None:
    def warned(source: str | None, text: str) -> tuple[str, tuple[str, ...]]:
        (outcome,) = ingest(engine, [Read(Article("17", "", text, source=source), "b.csv:2", ("noted",))])
        return outcome.outcome, outcome.warnings

    replaced = "replaces an article of outlet {} under the same id"
    assert warned("Quay Post", "The dam holds.") == ("added", ("noted",))
    assert warned("Lorn Courier", "The tram is back.") == ("updated", ("noted", replaced.format("Quay Post")))
    assert warned("Lorn Courier", "The tram is late.") == ("updated", ("noted",))
    assert warned("LORN  courier", "The tram was late.") == ("updated", ("noted",))
    assert warned("Lorn Courier", "The tram was late.") == ("updated", ("noted",))
    assert warned(None, "The ferry sank.") == ("updated", ("noted", replaced.format("Lorn Courier")))
    assert warned("Vesper", "The ferry sank.") == ("updated", ("noted",))
    assert warned("Vesper", "The ferry sank.") == ("unchanged", ("noted",))
    assert warned("Wire", "The ferry sank.") == ("updated", ("noted",))  # its outlet was corrected


def test_what_is_yielded_is_searchable(engine: Engine) -> None:
    for outcome in ingest(engine, [read(number) for number in range(3)]):
        found = search(engine, f"ferry {outcome.id and outcome.id[1:]}", k=1)
        assert found[0].article.id == outcome.id


def test_stopping_early_keeps_what_was_yielded(engine: Engine) -> None:
    drawn: list[int] = []
    before = {*threading.enumerate()}

    def records() -> Iterator[Read]:
        for number in range(100_000):
            drawn.append(number)
            yield read(number)

    iterator = ingest(engine, records())
    kept = [next(iterator).id for _ in range(BATCH_CHUNKS)]
    iterator.close()  # type: ignore[attr-defined]
    assert len(drawn) < 10 * BATCH_CHUNKS
    with engine.archive.store.read() as view:
        assert all(view.article(str(article_id)) for article_id in kept)
    assert engine.archive.problems() == []
    assert {*threading.enumerate()} <= before


def test_an_unreadable_source_raises_and_keeps_what_came_before(engine: Engine) -> None:
    def records() -> Iterator[Read]:
        yield from (read(number) for number in range(BATCH_CHUNKS))
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="the disk went away"):
        list(ingest(engine, records()))
    with engine.archive.store.read() as view:
        assert view.state.articles >= BATCH_CHUNKS // 2


def test_a_failed_write_stops_the_stages_behind_it(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(engine.archive, "put", fail)
    before = threading.active_count()
    with pytest.raises(StoreError, match="the disk is full") as raised:
        list(ingest(engine, (read(number) for number in range(100_000))))
    assert raised.value
    assert threading.active_count() <= before


class Watched(BagEmbedder):
    """Remembers what it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Vectors:
        self.seen += texts
        return super().embed(texts, kind=kind)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=3000).filter(
    lambda text: bool(text.strip())
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(text=texts | st.lists(texts, max_size=4).map(". ".join).filter(str.strip), title=st.text("ab 🚣", max_size=400))
def test_nothing_is_embedded_cut_off(engine: Engine, text: str, title: str) -> None:
    embedder = Watched()
    list(ingest(Engine(engine.archive, embedder, engine.reader), [read(1, text, title=title)]))
    assert max(embedder.count(embedder.seen), default=0) <= embedder.limit
    with engine.archive.store.read() as view:
        article, chunks = view.article("a1"), view.chunks("a1")
        _, vectors = view.vectors(after=0, dimensions=embedder.dimensions)
    assert article
    front = context_title(title, embedder)
    expected = [embedded_text(front, article.text[one.start : one.end]) for one in chunks]
    assert not embedder.seen or embedder.seen == expected
    assert np.array_equal(vectors, embedder.embed(expected, kind="document").astype(np.float16))
