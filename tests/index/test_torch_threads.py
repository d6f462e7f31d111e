import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from index.torch_threads import Cores


def test_items_are_spread_over_threads_that_compute_on_one_core_each() -> None:
    before = torch.get_num_threads()
    found = Cores().map(lambda number: (number, threading.get_ident(), torch.get_num_threads()), range(400))
    assert [number for number, _, _ in found] == [*range(400)]
    assert threading.get_ident() not in {thread for _, thread, _ in found}
    assert {count for _, _, count in found} == {1}
    assert torch.get_num_threads() == before
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(torch.get_num_threads).result() == before


def test_callers_side_by_side_get_their_own_results() -> None:
    cores = Cores()
    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(cores.map, lambda one, by=number: (by, one), range(40)) for number in range(8)]
        assert [one.result() for one in made] == [[(by, one) for one in range(40)] for by in range(8)]


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
