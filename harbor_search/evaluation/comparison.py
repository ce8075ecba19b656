"""Comparing two runs on the same queries: their differences, and whether these are significant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from harbor_search.errors import UserError
from harbor_search.evaluation.report import EvaluationReport
from harbor_search.evaluation.saved_runs import SavedRun

__all__ = ["Change", "Comparison", "Difference", "compare", "randomisation_test"]

SAMPLES = 10_000
"""Random sign assignments: enough to distinguish p = 0.05 from 0.045."""

SEED = 20_250_106
"""Fixed, so that the same two runs give the same p-value every time."""

TIE = 1e-9
"""Smaller differences are rounding errors."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure, now against before: `mean` is the mean difference (above 0: better now).

    `wins`, `losses` and `ties` count queries; `p_value` is the chance of a mean at least that far from 0 if the two
    runs were equally good.
    """

    mean: float
    wins: int
    losses: int
    ties: int
    p_value: float


@dataclass(frozen=True, slots=True)
class Change:
    """A query whose first measure has changed, from `before` to `now`."""

    id: str
    query: str
    before: float
    now: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences in the measures that both runs have, on their common `queries`; `left_out` counts the others.

    `changes` are the queries whose `measure` differs, the largest difference first.
    """

    generation: str
    queries: int
    left_out: int
    differences: Mapping[str, Difference]
    measure: str
    changes: tuple[Change, ...]


def compare(report: EvaluationReport, baseline: SavedRun) -> Comparison:
    """Compare `report` with the earlier run `baseline`.

    Raises:
        UserError: the two have no query or no measure in common.
    """
    now = {each.id: each.measures for each in report.queries}
    common = [query_id for query_id in now if query_id in baseline.queries]
    if not common:
        raise UserError("the baseline is of other queries: it has none of those measured now", where="baseline")
    names = [name for name in report.means if all(name in baseline.queries[each] for each in common)]
    if not names:
        raise UserError(f"the baseline was not measured at k = {report.k}", where="baseline")
    differences = {name: _difference([now[q][name] - baseline.queries[q][name] for q in common]) for name in names}
    left_out = len(now.keys() ^ baseline.queries.keys())
    return Comparison(
        baseline.generation, len(common), left_out, differences, names[0], _changes(report, baseline, names[0])
    )


def _changes(report: EvaluationReport, baseline: SavedRun, measure: str) -> tuple[Change, ...]:
    both = (
        Change(each.id, each.query, baseline.queries[each.id][measure], each.measures[measure])
        for each in report.queries
        if each.id in baseline.queries
    )
    changed = (each for each in both if abs(each.now - each.before) > TIE)
    return tuple(sorted(changed, key=lambda each: (-abs(each.now - each.before), each.id)))


def _difference(differences: Sequence[float]) -> Difference:
    wins = sum(each > TIE for each in differences)
    losses = sum(each < -TIE for each in differences)
    mean = sum(differences) / len(differences)
    return Difference(mean, wins, losses, len(differences) - wins - losses, randomisation_test(differences))


def randomisation_test(differences: Sequence[float]) -> float:
    """The two-sided p-value of the paired randomisation test on the mean of `differences`.

    If two systems are equally good, each difference could as well have had the other sign: the p-value is the share of
    all assignments of signs whose mean is at least as far from 0 (Smucker, Allan and Carterette, "A comparison of
    statistical significance tests for information retrieval evaluation", 2007). All assignments are tried where there
    are few, else a sample of `SAMPLES`, to which the observed one belongs.
    """
    values = np.array([each for each in differences if abs(each) > TIE], dtype=np.float64)
    if not len(values):
        return 1.0
    if 2 ** len(values) <= SAMPLES:
        flipped = np.arange(2 ** len(values))[:, None] >> np.arange(len(values)) & 1
        return float(np.mean(_as_extreme(flipped, values)))
    flipped = np.random.default_rng(SEED).integers(0, 2, size=(SAMPLES, len(values)), dtype=np.int8)
    return float((np.sum(_as_extreme(flipped, values)) + 1) / (SAMPLES + 1))


def _as_extreme(flipped: npt.NDArray[np.integer[Any]], values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """For each row of `flipped` (1 flips a sign), whether the absolute sum is at least the observed one."""
    result: npt.NDArray[np.bool_] = np.abs((1 - 2 * flipped) @ values) >= abs(values.sum()) - TIE
    return result
