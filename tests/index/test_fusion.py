from hypothesis import given
from hypothesis import strategies as st

from index.fusion import Fused, fuse, rank_hits
from index.types import ScoredId

ids = st.lists(st.integers(1, 50), unique=True, max_size=20)
PLACES = {chunk_id: (f"article-{chunk_id % 7}", chunk_id) for chunk_id in range(1, 51)}


def test_two_lists_are_fused_by_reciprocal_rank() -> None:
    fused = fuse([3, 1], [1, 2], PLACES)
    assert fused == [
        Fused(1, 1 / 7 + 1 / 6, 2, 1),
        Fused(3, 1 / 6, 1, None),
        Fused(2, 1 / 7, None, 2),
    ]


def test_equal_scores_are_ranked_by_article_and_start() -> None:
    places = {1: ("b", 0), 2: ("a", 9), 3: ("a", 4)}
    assert rank_hits([ScoredId(1, 0.5), ScoredId(2, 0.5), ScoredId(3, 0.5)], places, 2) == [3, 2]


def test_a_higher_score_comes_before_an_earlier_place() -> None:
    places = {1: ("a", 0), 2: ("z", 0)}
    assert rank_hits([ScoredId(1, 0.4), ScoredId(2, 0.5)], places, 5) == [2, 1]


@given(ids, ids)
def test_every_chunk_of_either_list_comes_once_with_its_ranks(dense: list[int], lexical: list[int]) -> None:
    fused = fuse(dense, lexical, PLACES)
    assert sorted(one.id for one in fused) == sorted({*dense, *lexical})
    for one in fused:
        assert one.dense_rank == (dense.index(one.id) + 1 if one.id in dense else None)
        assert one.lexical_rank == (lexical.index(one.id) + 1 if one.id in lexical else None)
    assert [one.score for one in fused] == sorted((one.score for one in fused), reverse=True)


@given(ids, st.randoms(use_true_random=False))
def test_the_order_found_in_does_not_matter(found: list[int], random: object) -> None:
    scored = [ScoredId(chunk_id, float(chunk_id % 3)) for chunk_id in found]
    shuffled = [*scored]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank_hits(scored, PLACES, 10) == rank_hits(shuffled, PLACES, 10)
