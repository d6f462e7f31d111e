"""What the indexes of an archive promise, wherever they live: in files, and in Milvus.

Milvus Lite speaks the cluster's protocol, but is one process: what only a cluster does otherwise (statistics and graphs
of its own for each segment, replicas, a network that fails in the middle) is not seen here.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.archive import Archive
from index.filters import count_left_out
from index.types import EVERYTHING, Filter, ScoredId, Undated
from tests.archives import EMBEDDER, SOURCES, found, opened, passes, prepared

Opens = Callable[[Path], Archive]
KINDS = ("files", "milvus")


@pytest.fixture(params=KINDS)
def opens(request: pytest.FixtureRequest) -> Opens:
    """How an archive is opened."""
    return opener(request, request.param)


def opener(request: pytest.FixtureRequest, kind: str) -> Opens:
    return opened if kind == "files" else partial(opened, milvus=request.getfixturevalue("milvus"))


@pytest.fixture(scope="module", params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Forty articles, among them some that came after a compaction, and some removed."""
    archive = opener(request, request.param)(tmp_path_factory.mktemp("filled"))
    archive.put([prepared(number) for number in range(25)])
    archive.compact(force=True)
    archive.put([prepared(number) for number in range(25, 45)])
    archive.delete(*(f"article-{number}" for number in range(40, 45)))
    return archive


def rankings(archive: Archive, query: str, where: Filter = EVERYTHING) -> tuple[list[ScoredId], list[ScoredId]]:
    vector = EMBEDDER.embed([query], kind="query")
    with archive.read() as snapshot:
        return snapshot.indexes.rankings(snapshot.view, query, vector, 10, where)


def test_what_was_put_is_found_and_what_was_deleted_is_not(opens: Opens, tmp_path: Path) -> None:
    archive = opens(tmp_path)
    assert found(archive, "chips 00002") == []
    archive.put([prepared(1), prepared(2)])
    assert found(archive, "chips 00002")[0][:2] == ("article-2", 0)
    archive.delete("article-2")
    assert {one[0] for one in found(archive, "chips 00002")} == {"article-1"}
    archive.put([prepared(1, "trams 00001 .")])
    assert [one[:2] for one in found(archive, "chips")] == [("article-1", 0)]
    assert archive.problems() == []


def test_every_opening_sees_what_another_wrote(opens: Opens, tmp_path: Path) -> None:
    first, second = opens(tmp_path), opens(tmp_path)
    first.put([prepared(number) for number in range(5)])
    assert found(second, "chips 00003") == found(first, "chips 00003")
    second.put([prepared(100)])
    assert found(first, "chips 00100", 1)[0][0] == "article-100"
    first.compact(force=True)
    second.delete("article-3")
    assert "article-3" not in {one[0] for one in found(first, "chips 00003", 99)}
    assert first.problems() == second.problems() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    k=st.integers(1, 200),
    sources=st.none() | st.sets(st.sampled_from([*SOURCES[:2], "Nobody"])),
    first=st.none() | st.integers(1, 28),
    last=st.none() | st.integers(1, 28),
    articles=st.none() | st.sets(st.integers(0, 50)),
    undated=st.sampled_from([None, "include", "exclude", "only"]),
)
def test_a_filtered_search_gives_k_hits_whenever_k_chunks_pass(
    filled: Archive,
    k: int,
    sources: set[str] | None,
    first: int | None,
    last: int | None,
    articles: set[int] | None,
    undated: Undated | None,
) -> None:
    where = Filter(
        None if sources is None else tuple(sorted(sources)),
        date(2026, 1, first) if first else None,
        date(2026, 1, last) if last else None,
        None if articles is None else tuple(f"article-{number}" for number in sorted(articles)),
        undated=undated,
    )
    passing = {f"article-{number}" for number in range(40) if passes(number, where)}
    hits = found(filled, "chips 00007", k, where)
    assert len(hits) == min(k, 3 * len(passing))
    assert {hit[0] for hit in hits} <= passing
    dateless = replace(where, published_from=None, published_to=None, undated="only")
    left_out = [number for number in range(40) if passes(number, dateless) and not passes(number, where)]
    with filled.read() as snapshot:
        assert snapshot.indexes.count(snapshot.view, where) == len(passing)
        assert count_left_out(snapshot.view, where) == len(left_out)


def test_articles_that_also_pass_do_whatever_their_day(filled: Archive) -> None:
    with filled.read() as snapshot:
        also = {no for no, one in snapshot.view.articles(range(100)).items() if one.id in ("article-20", "article-21")}
    where = Filter(published_to=date(2026, 1, 3), also=tuple(sorted(also)))
    early = {f"article-{number}" for number in range(40) if passes(number, Filter(published_to=date(2026, 1, 3)))}
    assert {hit[0] for hit in found(filled, "chips", 200, where)} == early | {"article-20", "article-21"}
    undated = {f"article-{number}" for number in range(0, 40, 4)}
    with_undated = replace(where, undated="include")
    assert {hit[0] for hit in found(filled, "chips", 200, with_undated)} == early | undated | {"article-21"}
    with filled.read() as snapshot:
        assert snapshot.indexes.count(snapshot.view, with_undated) == len(early | undated) + 1


def test_dense_scores_are_those_of_the_stored_vectors(filled: Archive) -> None:
    query = EMBEDDER.embed(["chips 00007"], kind="query")
    with filled.read() as snapshot:
        ids, vectors = snapshot.view.vectors(after=0, dimensions=32)
    scores = dict(zip(ids.tolist(), (vectors.astype("float32") @ query[0]).tolist(), strict=True))
    dense = rankings(filled, "chips 00007")[0]
    assert {one.id for one in dense} == {one for one in scores if scores[one] >= sorted(scores.values())[-10] - 1e-6}
    assert [one.score for one in dense] == pytest.approx([scores[one.id] for one in dense], abs=1e-6)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("Where were the approvals?", {0}),  # stems, and no question words
        ("400,000", {1}),  # a number is one word
        ("芯片", {2}),
        ("CAFÉ", {3}),
        (unicodedata.normalize("NFD", "café"), {3}),
        ("ZÜRICH", {4}),
        (unicodedata.normalize("NFD", "Zürich"), {4}),
        ("zurich", {4}),
        ("Ngữ", {5}),
        ("O'Dell", {5}),
        ("Oʼdell", {5}),
        ("?!", set()),
    ],
)
def test_both_look_for_the_same_words(opens: Opens, tmp_path: Path, query: str, numbers: set[int]) -> None:
    archive = opens(tmp_path)
    texts = ["It approves.", "400,000 of 5", "北京批准了芯片", "A cafe, by 400 000."]
    texts += [unicodedata.normalize("NFD", one) for one in ("Zürich.", "O’Dell Ngữ")]
    archive.put([prepared(number, text) for number, text in enumerate(texts)])
    lexical = rankings(archive, query)[1]
    with archive.read() as snapshot:
        rows = snapshot.view.locate([one.id for one in lexical])
    assert {row.article_id for row in rows.values()} == {f"article-{number}" for number in numbers}
    assert all(one.score > 0 for one in lexical)


def test_the_rarer_word_weighs_more_and_the_best_comes_first(filled: Archive) -> None:
    lexical = rankings(filled, "chips 00007")[1]
    with filled.read() as snapshot:
        row = snapshot.view.locate([lexical[0].id])[lexical[0].id]
    assert (row.article_id, row.start) == ("article-7", 0)
    assert lexical[0].score > lexical[1].score
    assert [one.score for one in lexical] == sorted((one.score for one in lexical), reverse=True)


def test_what_a_killed_writer_left_undone_is_caught_up(opens: Opens, tmp_path: Path) -> None:
    opens(tmp_path).put([prepared(1)])
    # As if the process had died between the store's commit and the indexes'.
    archive = opens(tmp_path)
    with archive.store.write() as writing:
        one = prepared(2)
        writing.put(one.article, one.chunks, one.vectors)
        writing.delete("article-1")
    assert [hit[0] for hit in found(opens(tmp_path), "chips 00002", 9)] == ["article-2"] * 3
    assert opens(tmp_path).problems() == []


def test_indexes_made_anew_from_the_store_find_the_same(opens: Opens, tmp_path: Path) -> None:
    archive = opens(tmp_path)
    archive.put([prepared(number) for number in range(12)])
    before = found(archive, "chips 00004", 36)
    assert archive.compact(force=True)
    assert found(archive, "chips 00004", 36) == before
    for path in sorted((tmp_path / "derived").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert found(opens(tmp_path), "chips 00004", 36) == before


def test_order_and_batches_of_ingest_change_nothing_once_compacted(opens: Opens, tmp_path: Path) -> None:
    texts = [f"chips {number % 4:05d} ,ships {number % 3:05d} ." for number in range(12)]  # many scores tie
    plain, shuffled = opens(tmp_path / "plain"), opens(tmp_path / "shuffled")
    plain.put([prepared(number, text) for number, text in enumerate(texts)])
    shuffled.put([prepared(99), prepared(5)])
    for number in (7, 3, 11, 0, 5, 2):
        shuffled.put([prepared(number, texts[number])])
    shuffled.put([prepared(number, texts[number]) for number in (1, 10, 9, 4, 8, 6)])
    shuffled.delete("article-99")
    for archive in (plain, shuffled):
        archive.compact(force=True)
    for query in ("chips 00002", "ships 00001 chips", "crowd", "00003"):
        assert found(shuffled, query, 7) == found(plain, query, 7)
