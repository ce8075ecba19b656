"""Which worker a connection goes to."""

from hypothesis import given
from hypothesis import strategies as st

from harbor_search.serving.load_balancing import least_busy, surplus

COUNTS = st.dictionaries(st.integers(0, 20), st.integers(0, 50), min_size=1, max_size=8)


@given(COUNTS)
def test_moving_the_surplus_balances_workers_to_within_one_connection(counts: dict[int, int]) -> None:
    given_back = surplus(counts)
    left = {worker: count - given_back.get(worker, 0) for worker, count in counts.items()}
    for _ in range(sum(given_back.values())):
        left[least_busy(left)] += 1
    assert max(left.values()) - min(left.values()) <= 1
    assert sum(left.values()) == sum(counts.values())


def test_connections_that_are_spread_evenly_stay_where_they_are() -> None:
    assert surplus({"a": 3, "b": 2, "c": 3}) == {}


def test_equally_busy_workers_take_turns_from_the_first() -> None:
    assert least_busy({"a": 1, "b": 0, "c": 0}) == "b"
