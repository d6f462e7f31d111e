from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import DerivedError
from index.files import sha256_of
from index.local.dense import RECALL, DenseIndex, base_files, write_base
from index.local.manifest import EXACT, LISTS
from index.types import Half, Ids, Vectors

DIMENSIONS = 8


def made(count: int, seed: int = 0) -> tuple[Ids, Half]:
    """Ids 10, 20, ... with random vectors; every fifth repeats the one before it, so that scores tie."""
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSIONS)).astype(np.float16)
    vectors[4::5] = vectors[3::5][: len(vectors[4::5])]
    return np.arange(1, count + 1) * 10, vectors


def query(seed: int) -> Vectors:
    return np.random.default_rng(seed).standard_normal((1, DIMENSIONS)).astype(np.float32)


def by_hand(ids: Ids, vectors: Half, wanted: Vectors, k: int) -> list[tuple[int, float]]:
    """Ids and inner products of the best, those tied with the k-th among them, by id among equals."""
    scores = (vectors.astype(np.float64) @ wanted[0].astype(np.float64)).round(4)
    order = np.lexsort((ids, -scores))
    last = scores[order[min(k, len(order)) - 1]] if len(order) else 0
    return [(int(ids[row]), float(scores[row])) for row in order if scores[row] >= last]


def found(dense: DenseIndex, wanted: Vectors, k: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
    return sorted(
        ((one.id, round(one.score, 4)) for one in dense.search(wanted, k, allowed=allowed)),
        key=lambda one: (-one[1], one[0]),
    )


def close(ours: list[tuple[int, float]], theirs: list[tuple[int, float]]) -> bool:
    return [one[0] for one in ours] == [one[0] for one in theirs] and np.allclose(
        [one[1] for one in ours], [one[1] for one in theirs], atol=2e-3
    )


@pytest.fixture(scope="module", params=[EXACT, LISTS])
def base(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> DenseIndex:
    """A base of either kind; where all of them are looked into, lists find what exact search finds."""
    ids, vectors = made(100)
    path = tmp_path_factory.mktemp("dense") / "base.faiss"
    written = write_base(path, ids, vectors, exact_up_to=0 if request.param == LISTS else 100)
    assert written.kind == request.param
    return DenseIndex.load(path, sha256=written.sha256, dimensions=DIMENSIONS, reach=len(ids))


@given(seed=st.integers(0, 50), k=st.integers(1, 30))
def test_the_base_finds_what_exact_search_by_hand_finds(base: DenseIndex, seed: int, k: int) -> None:
    ids, vectors = made(100)
    assert close(found(base, query(seed), k), by_hand(ids, vectors, query(seed), k))


@given(
    seed=st.integers(0, 50),
    k=st.integers(1, 30),
    allowed=st.sets(st.integers(1, 140).map(lambda n: n * 10)),
    removed=st.sets(st.integers(1, 140).map(lambda n: n * 10)),
)
def test_base_tail_filter_and_removal_together_are_exact(
    base: DenseIndex, seed: int, k: int, allowed: set[int], removed: set[int]
) -> None:
    ids, vectors = made(100)
    _, more = made(30, seed=1)
    new = np.arange(101, 131) * 10
    dense = base.extended(new[:10], more[:10]).extended(new[10:], more[10:])
    dense = dense.without(np.array(sorted(removed), np.int64))
    everything, all_vectors = np.concatenate([ids, new]), np.concatenate([vectors, more])
    kept = np.array([one in allowed and one not in removed for one in everything], bool)
    expected = by_hand(everything[kept], all_vectors[kept], query(seed), k)
    assert close(found(dense, query(seed), k, np.array(sorted(allowed), np.int64)), expected)


def test_a_vector_scores_the_same_in_tail_and_base(base: DenseIndex) -> None:
    ids, vectors = made(100)
    tail = DenseIndex.empty(DIMENSIONS).extended(ids, vectors)
    assert sorted(tail.search(query(3), 40)) == sorted(base.search(query(3), 40))


def test_every_chunk_tied_with_the_last_comes_along() -> None:
    vectors = np.tile(np.array([[1, 0], [0, 1]], np.float16), (50, 1))
    dense = DenseIndex.empty(2).extended(np.arange(1, 101), vectors)
    assert {one.id for one in dense.search(np.array([[1, 0]], np.float32), 3)} == set(range(1, 101, 2))


def test_what_is_handed_out_does_not_change_when_chunks_come_and_go(base: DenseIndex) -> None:
    before = base.search(query(1), 5)
    base.extended(np.array([5000]), query(1).astype(np.float16)).without(np.array([before[0].id]))
    assert base.search(query(1), 5) == before


def test_an_empty_index_finds_nothing() -> None:
    assert DenseIndex.empty(DIMENSIONS).search(query(0), 10) == []


def test_a_torn_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "base.faiss"
    sha256 = write_base(path, *made(20)).sha256
    for file in base_files(path):
        whole = file.read_bytes()
        file.write_bytes(whole[:-1])
        with pytest.raises(DerivedError, match="is not what was written"):
            DenseIndex.load(path, sha256=sha256, dimensions=DIMENSIONS)
        file.write_bytes(whole)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "base.faiss"
    ids, vectors = made(20)
    write_base(path, ids, vectors)
    graph = faiss.IndexHNSWFlat(vectors.shape[1], 4)
    graph.add(vectors.astype(np.float32))
    faiss.write_index(graph, str(path))
    with pytest.raises(DerivedError, match="has a format that this version does not read"):
        DenseIndex.load(path, sha256=sha256_of(base_files(path)), dimensions=DIMENSIONS)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DerivedError, match="can't be read"):
        DenseIndex.load(tmp_path / "none.faiss", sha256="", dimensions=DIMENSIONS)


def clustered(count: int, seed: int = 0) -> tuple[Ids, Half]:
    """Vectors of length one around some centres, as texts about some subjects are."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(9).standard_normal((40, 64))
    vectors = centres[rng.integers(40, size=count)] + 0.5 * rng.standard_normal((count, 64))
    return np.arange(1, count + 1), (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def test_a_large_base_gets_lists_and_says_how_much_it_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.local.dense.LOOKED_AT", 0)  # as where the base is much larger
    ids, vectors = clustered(5_000)
    path = tmp_path / "base.faiss"
    written = write_base(path, ids, vectors, exact_up_to=4_999)
    assert (written.kind, written.recall is not None and RECALL <= written.recall <= 1) == (LISTS, True)
    lists = DenseIndex.load(path, sha256=written.sha256, dimensions=64, reach=written.reach)
    exact = DenseIndex.empty(64).extended(ids, vectors)
    queries = clustered(100, seed=1)[1].astype(np.float32)
    found = 0
    for one in queries:
        ours, all_of = ({hit.id: hit.score for hit in dense.search(one[None], 10)} for dense in (lists, exact))
        found += len(ours.keys() & all_of.keys())
        assert all(abs(ours[name] - all_of[name]) < 1e-3 for name in ours.keys() & all_of.keys())
    assert found >= (RECALL - 0.02) * 10 * len(queries)


def test_lists_are_looked_into_until_enough_codes_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids, vectors = clustered(5_000)
    lists = 256  # four times the root, to a power of two
    for least, reach in ((0, 26), (2_500, 128), (5_000, lists), (40_000, lists)):
        monkeypatch.setattr("index.local.dense.LOOKED_AT", least)
        assert write_base(tmp_path / f"{least}.faiss", ids, vectors, exact_up_to=0).reach == reach


def test_lists_that_find_too_little_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.local.dense.RECALL", 1.01)
    written = write_base(tmp_path / "base.faiss", *clustered(500), exact_up_to=0)
    assert (written.kind, written.recall) == (EXACT, None)


@pytest.mark.parametrize("share", [0.001, 0.01, 0.09, 0.11, 0.5, 0.99])
def test_a_filter_gives_as_many_as_pass_it(tmp_path: Path, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.local.dense.LOOKED_AT", 0)
    ids, vectors = clustered(3_000)
    path = tmp_path / "base.faiss"
    written = write_base(path, ids, vectors, exact_up_to=0)
    dense = DenseIndex.load(path, sha256=written.sha256, dimensions=64, reach=written.reach)
    allowed = np.sort(np.random.default_rng(2).permutation(ids)[: int(share * len(ids))])
    for one in clustered(20, seed=3)[1].astype(np.float32):
        hits = dense.search(one[None], 100, allowed=allowed)
        assert {hit.id for hit in hits} <= {*allowed.tolist()}
        assert len(hits) == min(100, len(allowed))
