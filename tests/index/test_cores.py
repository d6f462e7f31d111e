import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from index.cores import Cores


def test_one_caller_with_little_to_do_computes_in_its_own_thread_with_all_cores() -> None:
    expected = (threading.get_ident(), torch.get_num_threads())
    assert Cores().map(lambda _: (threading.get_ident(), torch.get_num_threads()), [1, 2]) == [expected] * 2


def test_much_is_spread_over_threads_that_compute_on_one_core_each() -> None:
    before = torch.get_num_threads()
    found = Cores().map(lambda number: (number, threading.get_ident(), torch.get_num_threads()), range(400))
    assert [number for number, _, _ in found] == [*range(400)]
    assert threading.get_ident() not in {thread for _, thread, _ in found}
    assert {count for _, _, count in found} == {1}
    assert torch.get_num_threads() == before
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(torch.get_num_threads).result() == before


def test_who_comes_second_and_who_was_first_are_spread_from_then_on() -> None:
    cores, begun, second = Cores(), threading.Event(), threading.Event()

    def first(item: str) -> tuple[str, int]:
        begun.set()
        assert item != "a" or second.wait(10)
        return item, torch.get_num_threads()

    def other(item: str) -> tuple[str, int]:
        second.set()
        return item, torch.get_num_threads()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(cores.map, first, "ab")
        assert begun.wait(10)
        assert cores.map(other, "c") == [("c", 1)]
        assert [item for item, _ in one.result(10)] == ["a", "b"]


@pytest.mark.parametrize("count", [3, 400])
def test_an_error_is_raised_where_the_work_came_from(count: int) -> None:
    def picky(number: int) -> int:
        if number == 2:
            raise ValueError("not this one")
        return number

    cores = Cores()
    with pytest.raises(ValueError, match="not this one"):
        cores.map(picky, range(count))
    assert cores.map(picky, [1]) == [1]


def test_what_a_gpu_is_given_is_done_in_turn() -> None:
    assert set(Cores("cuda").map(lambda _: threading.get_ident(), range(400))) == {threading.get_ident()}


def test_threads_that_wait_for_others_sleep() -> None:
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
