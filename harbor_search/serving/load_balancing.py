"""Load balancing of connections over workers: a policy on counts, without sockets."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

__all__ = ["least_busy", "surplus"]

W = TypeVar("W", bound=Hashable)


def least_busy(counts: Mapping[W, int]) -> W:
    """The worker with the fewest connections; the first of several.

    Raises:
        ValueError: there are no workers.
    """
    return min(counts, key=counts.__getitem__)


def surplus(counts: Mapping[W, int]) -> dict[W, int]:
    """The number of excess connections of each worker that has any; without them, counts differ by at most one."""
    share, left = divmod(sum(counts.values()), max(len(counts), 1))
    too_many = {}
    for worker in sorted(counts, key=counts.__getitem__, reverse=True):
        fair = share + 1 if left > 0 else share
        left -= 1
        if counts[worker] > fair:
            too_many[worker] = counts[worker] - fair
    return too_many
