"""From times to ratios: the arithmetic of the tables, and their JSON.

A ratio is peer / ours of the mean over the queries of a class that both answered: above 1, ours is faster (or smaller).
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Cell", "Summary", "as_json", "cells", "percentile", "single", "summarise"]


_BYTES = ("size", "memory")


@dataclass(frozen=True)
class Summary:
    """Over the queries of a class: how many, and their mean, median and 99th percentile."""

    queries: int
    mean: float
    median: float
    p99: float


@dataclass(frozen=True)
class Cell:
    """One peer on one class, and ours on the same queries; `ours` is None where ours was not measured."""

    peer: Summary
    ours: Summary | None

    @property
    def ratio(self) -> float | None:
        """Mean of the peer over mean of ours."""
        return self.peer.mean / self.ours.mean if self.ours and self.ours.mean else None


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of `values` that at least `percent` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank), 1) - 1]


def summarise(values: Sequence[float]) -> Summary:
    """The summary of at least one value."""
    return Summary(len(values), statistics.fmean(values), statistics.median(values), percentile(values, 99))


def single(peer: float, ours: float | None) -> Cell:
    """A cell of one measurement: an indexing run, a size."""
    return Cell(summarise([peer]), None if ours is None else summarise([ours]))


def cells(
    times: Mapping[str, Sequence[float | None]], kinds: Sequence[str], ours: str = "ours"
) -> dict[str, dict[str, Cell]]:
    """Class -> peer -> cell, for one workload's times per peer; `kinds` has the class of each query.

    Peers are compared with ours on the queries that both answered; a class that a peer answers none of is left out.
    Ours itself is among the peers.
    """
    table: dict[str, dict[str, Cell]] = {}
    own = times.get(ours)
    for kind in dict.fromkeys(kinds):
        members = [i for i, each in enumerate(kinds) if each == kind]
        for name, values in times.items():
            pairs = [(values[i], own[i] if own else None) for i in members]
            both = [(p, o) for p, o in pairs if p is not None and (own is None or o is not None)]
            if both:
                peer = summarise([p for p, _ in both if p is not None])
                mine = [o for _, o in both if o is not None]
                table.setdefault(kind, {})[name] = Cell(peer, summarise(mine) if mine else None)
    return table


def as_json(tables: Mapping[str, Mapping[str, Mapping[str, Cell]]], ours: str = "ours") -> dict[str, Any]:
    """Workload -> class -> peer -> {ours_us, peer_us, ratio}; means, with medians and p99 beside them.

    Sizes are in bytes: `ours_bytes` and `peer_bytes`. `ours_us` and `ratio` are null where ours was not measured.
    """
    document: dict[str, Any] = {}
    for workload, table in tables.items():
        unit = "bytes" if workload.partition(",")[0] in _BYTES else "us"
        for kind, row in table.items():
            compared = {name: _values(cell, unit) for name, cell in row.items() if name != ours}
            document.setdefault(workload, {})[kind] = compared
    return document


def _values(cell: Cell, unit: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        f"ours_{unit}": cell.ours.mean if cell.ours else None,
        f"peer_{unit}": cell.peer.mean,
        "ratio": cell.ratio,
        "queries": cell.peer.queries,
    }
    if cell.peer.queries > 1:
        values["peer"] = asdict(cell.peer)
        values["ours"] = asdict(cell.ours) if cell.ours else None
    return values
