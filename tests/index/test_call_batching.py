import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.call_batching import Shared


def test_one_caller_gets_its_results_at_once() -> None:
    calls: list[list[int]] = []

    def double(items: Sequence[int]) -> list[int]:
        calls.append([*items])
        return [2 * item for item in items]

    shared = Shared(double)
    assert shared([1, 2]) == [2, 4]
    assert shared([]) == []
    assert calls == [[1, 2], []]


def test_what_is_asked_for_meanwhile_is_done_together_and_goes_to_who_asked() -> None:
    started, going_on = threading.Event(), threading.Event()
    calls: list[list[int]] = []

    def double(items: Sequence[int]) -> list[int]:
        calls.append([*items])
        started.set()
        assert going_on.wait(10)
        return [2 * item for item in items]

    shared = Shared(double)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(shared, [0])
        assert started.wait(10)
        others = [pool.submit(shared, [10 * n, 10 * n + 1]) for n in range(1, 8)]
        while len(shared._waiting) < len(others):  # until all have asked
            pass
        going_on.set()
        assert first.result(10) == [0]
        assert [one.result(10) for one in others] == [[20 * n, 20 * n + 2] for n in range(1, 8)]
    assert [len(call) for call in calls] == [1, 14]


def test_an_error_reaches_all_it_concerns_and_nobody_later() -> None:
    def positive(items: Sequence[int]) -> list[int]:
        if min(items) < 0:
            raise ValueError("a negative number")
        return [*items]

    shared = Shared(positive)
    with pytest.raises(ValueError, match="negative"):
        shared([-1])
    assert shared([1]) == [1]


def test_many_threads_get_what_they_would_get_alone() -> None:
    def squared(items: Sequence[int]) -> list[int]:
        return [item * item for item in items]

    shared = Shared(squared)
    with ThreadPoolExecutor(16) as pool:
        asked = [range(n, n + n % 7) for n in range(400)]
        assert [[*one] for one in pool.map(shared, asked)] == [[item * item for item in one] for one in asked]
