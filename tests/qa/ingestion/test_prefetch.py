import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingestion.prefetch import prefetch


@given(st.lists(st.integers()), st.integers(1, 4))
def test_the_same_items_come_in_the_same_order(items: list[int], waiting: int) -> None:
    assert list(prefetch(items, waiting=waiting)) == items


def test_items_are_made_before_they_are_asked_for_but_not_many() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    iterator = prefetch(items(), waiting=2)
    assert next(iterator) == 0
    time.sleep(0.3)
    assert made == [0, 1, 2, 3]  # one handed out, two waiting, one in hand
    assert list(iterator) == list(range(1, 10))


def test_an_error_is_raised_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the second is broken")

    iterator = prefetch(items(), waiting=5)
    assert next(iterator) == 1
    with pytest.raises(ValueError, match="the second is broken"):
        next(iterator)


def test_closing_stops_the_work_behind_every_stage() -> None:
    closed = threading.Event()

    def items() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    inner = prefetch(items(), waiting=1)
    outer = prefetch(inner, waiting=1)
    next(outer)
    before = threading.active_count()
    outer.close()
    assert closed.wait(2)
    assert threading.active_count() < before
