import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qa.reader.spans import KEPT, PieceSpan, best_spans, reading, whole_words
from qa.reader.types import Span

# Small whole numbers make ties, and are exact in float32.
scores = st.integers(0, 9).flatmap(
    lambda size: st.tuples(*(arrays(np.float32, size, elements=st.integers(-3, 3)) for _ in range(2)))
)


@given(scores=scores, count=st.integers(0, 12), longest=st.integers(0, 5))
def test_the_best_spans_are_those_of_trying_all(
    scores: tuple[np.ndarray, np.ndarray], count: int, longest: int
) -> None:
    starts, ends = scores
    every = [
        PieceSpan(start, end, float(starts[start] + ends[end - 1]))
        for start in range(len(starts))
        for end in range(start + 1, min(len(starts), start + longest) + 1)
    ]
    assert best_spans(starts, ends, count, longest) == sorted(every, key=lambda one: -one.score)[:count]


@given(scores=scores, drawn=st.data())
def test_spans_of_whole_words_are_those_that_cut_none(
    scores: tuple[np.ndarray, np.ndarray], drawn: st.DataObject
) -> None:
    starts, ends = scores
    inside = drawn.draw(st.lists(st.booleans(), min_size=len(starts) + 1, max_size=len(starts) + 1))
    found = best_spans(*whole_words(starts, ends, inside), 100)
    assert found == [one for one in best_spans(starts, ends, 100) if not inside[one.start] and not inside[one.end]]


def test_places_that_are_ruled_out_are_never_in_a_span() -> None:
    starts = np.array([0, -np.inf, 1], np.float32)
    ends = np.array([-np.inf, 2, 1], np.float32)
    assert best_spans(starts, ends, 9) == [PieceSpan(0, 2, 2), PieceSpan(2, 3, 2), PieceSpan(0, 3, 1)]


def test_a_reading_keeps_the_best_spans_that_do_not_overlap() -> None:
    spans = [Span(5, 9, 1.0), Span(0, 4, 2.0), Span(3, 6, 1.5), Span(9, 10, 0.5), Span(20, 21, -1), Span(30, 31, -2)]
    assert reading(spans) == (2.0, (Span(0, 4, 2.0), Span(5, 9, 1.0), Span(9, 10, 0.5)))
    assert reading([]) == (-30.0, ())
    assert KEPT == 3


@pytest.mark.parametrize("spans", [[Span(0, 4, 1.0), Span(2, 4, 1.0)], [Span(2, 4, 1.0), Span(0, 4, 1.0)]])
def test_of_equal_spans_the_first_to_start_is_kept(spans: list[Span]) -> None:
    assert reading(spans).spans == (Span(0, 4, 1.0),)
