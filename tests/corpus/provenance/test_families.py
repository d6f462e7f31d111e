import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.provenance.near_duplicates import Sketched, families, sketch
from corpus.storage.store import Store
from corpus.types import Article, Chunk

WORDS = [f"word{number}" for number in range(2_000)]
BASES = [random.Random(seed).choices(WORDS, k=300) for seed in range(3)]


def article(article_id: str, base: int, changed: int) -> Article:
    """A report with its last ``changed`` words replaced, differently for each id."""
    kept = BASES[base][: 300 - changed]
    return Article(article_id, "", " ".join([*kept, *(f"{article_id}-{row}" for row in range(changed))]))


def put(store: Store, one: Article) -> None:
    with store.write() as writing:
        writing.put(one, [Chunk(0, len(one.text), 1)], np.zeros((1, 4), np.float16))


def grouped(store: Store, ids: Sequence[str]) -> set[frozenset[str]]:
    with store.read() as view:
        return {frozenset(copy.article_id for copy in view.copies(one)) for one in ids}


def expected(articles: Sequence[Article]) -> set[frozenset[str]]:
    heads = families([Sketched(sketch(one.text), one.source, None) for one in articles])
    return {
        frozenset(one.id for one, other in zip(articles, heads, strict=True) if other == head) for head in set(heads)
    }


IDS = st.sampled_from("abcdef")
STEPS = st.lists(
    st.one_of(st.tuples(IDS, st.integers(0, 2), st.sampled_from([0, 30, 60, 90, 120])), st.tuples(IDS)), max_size=12
)


@settings(max_examples=30)
@given(steps=STEPS)
def test_families_are_those_of_the_articles_that_are_there(
    steps: list[tuple[str, int, int] | tuple[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    there: dict[str, Article] = {}
    store = Store.open(tmp_path_factory.mktemp("store"), create=True)
    for step in steps:
        if len(step) == 3:
            there[step[0]] = article(*step)
            put(store, there[step[0]])
        elif there.pop(step[0], None):
            with store.write() as writing:
                assert writing.delete(step[0])
    assert grouped(store, [*there]) == expected([*there.values()])
    store.close()


def test_a_family_falls_apart_when_the_article_that_held_it_together_goes(tmp_path: Path) -> None:
    store = Store.open(tmp_path, create=True)
    first, between, last = (
        Article(name, "", " ".join(words)) for name, words in zip(("a", "b", "c"), chain(), strict=True)
    )
    for one in (first, last):
        put(store, one)
    assert grouped(store, ["a", "c"]) == {frozenset("a"), frozenset("c")}
    put(store, between)
    assert grouped(store, ["a", "b", "c"]) == {frozenset("abc")}
    with store.write() as writing:
        writing.delete("b")
    assert grouped(store, ["a", "c"]) == {frozenset("a"), frozenset("c")}
    store.close()


def chain() -> list[list[str]]:
    """Three texts, of which the neighbours share two thirds of their runs and the ends two fifths."""
    words = random.Random(7).choices(WORDS, k=420)
    return [words[:300], words[60:360], words[120:420]]


def test_an_agency_stands_before_who_copied_it_earlier(tmp_path: Path) -> None:
    store = Store.open(tmp_path, create=True)
    text = " ".join(BASES[0])
    put(store, Article("copy", "", text, source="Post", published_at="2026-01-01"))
    put(store, Article("wire", "", text, source="Reuters", published_at="2026-01-02"))
    with store.read() as view:
        assert [copy.article_id for copy in view.copies("copy")] == ["wire", "copy"]
    store.close()
