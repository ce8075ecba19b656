"""Tuning: which settings of the ranking answer judged queries best, and what that is worth on queries they were not
chosen by.

One setting after the other is tried at some values around its own, and the best is kept (coordinate ascent; D. Metzler
and W. B. Croft: Linear feature-based models for information retrieval, Information Retrieval 10, 2007). What a search
like that finds fits the queries it saw; so each part of the queries is measured by settings that the others chose
(cross-validation), and only that is promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harbor_search.config import Settings
from harbor_search.errors import UserError
from harbor_search.evaluation.comparison import randomisation_test

__all__ = ["TUNED", "Measure", "Tuning", "tune"]

TUNED: Mapping[str, tuple[float, ...]] = {
    "k1": (0.6, 1.2, 2.5, 4.0),
    "title_weight": (0.0, 1.0, 4.0, 8.0),
    "headings_weight": (0.0, 1.0, 3.0),
    "lead_weight": (0.0, 1.0, 2.0),
    "names_weight": (0.0, 1.0, 3.0),
    "title_b": (0.0, 0.3, 0.6, 1.0),
    "body_b": (0.0, 0.3, 0.5, 1.0),
    "all_words_first": (0.0, 0.15, 0.6, 1.0),
    "feedback_share": (0.0, 0.25, 0.75, 1.0),
    "feedback_weight": (0.0, 0.3, 1.0),
    "coverage_power": (0.0, 0.1, 0.4, 0.8),
    "title_match": (1.0, 2.0, 5.0),
    "freshness": (0.0, 0.1, 0.3),
    "popularity": (0.0, 0.1, 0.3),
    "semantic_weight": (0.0, 0.5, 2.0, 4.0),
}
"""The settings that are tried, and values far apart that are tried of each, whatever it is, between its lowest and its
highest; what the body weighs is the measure of the other fields."""

_DEFAULTS = Settings()

_FACTORS = (0.7, 0.85, 1.2, 1.5)
"""Values around the one so far that are tried, as shares of it: the measure is flat, and finer steps fit chance."""

_LEAST_GAIN = 5e-4
"""Of the mean measure, for which a setting is changed: less is the order of two hits in one query."""

_ROUNDS = 2
"""Times that all settings are tried: further rounds change little, and fit chance."""

_RESAMPLES = 10_000
_SEED = 20_260_301
"""Fixed, so that the same queries give the same interval every time."""

_Values = npt.NDArray[np.float64]

Measure = Callable[[Mapping[str, float]], Sequence[float]]
"""The measure of each query by the settings with these values."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What tuning found: `values` of settings that all queries chose, those as they were left out.

    `before` is the mean measure so far, `fitted` that by `values` on the queries that chose them, and `expected` the
    mean by cross-validation, which differs from `before` by a mean between `low` and `high` in 95 of 100 samples of
    queries (bootstrap); `p_value` is that of the paired randomisation test. `tried` counts settings measured.
    """

    queries: int
    before: float
    fitted: float
    expected: float
    low: float
    high: float
    p_value: float
    values: Mapping[str, float]
    tried: int


def tune(measure: Measure, start: Mapping[str, float], folds: int) -> Tuning:
    """Look for better values than `start`, cross-validated in `folds` parts of the queries.

    Raises:
        UserError: there are fewer queries than parts, or fewer than two parts.
    """
    known: dict[tuple[float, ...], _Values] = {}

    def measured(values: Mapping[str, float]) -> _Values:
        key = tuple(values.values())
        if key not in known:
            known[key] = np.array(measure(values), np.float64)
        return known[key]

    before = measured(start)
    if not 2 <= folds <= before.size:
        raise UserError(f"folds must be from 2 to the number of queries ({before.size}), not {folds}", where="folds")
    part = np.arange(before.size) % folds
    validated = np.empty(before.size)
    for fold in range(folds):
        chosen = _ascent(measured, start, part != fold)
        validated[part == fold] = measured(chosen)[part == fold]
    best = _ascent(measured, start, np.ones(before.size, np.bool_))
    low, high = _interval(validated - before)
    return Tuning(
        queries=before.size,
        before=float(before.mean()),
        fitted=float(measured(best).mean()),
        expected=float(validated.mean()),
        low=low,
        high=high,
        p_value=randomisation_test((validated - before).tolist()),
        values={name: value for name, value in best.items() if value != start[name]},
        tried=len(known),
    )


def _ascent(
    measured: Callable[[Mapping[str, float]], _Values], start: Mapping[str, float], chosen_by: npt.NDArray[np.bool_]
) -> dict[str, float]:
    """The values that the queries of the mask `chosen_by` (bool[queries]) choose."""
    values = dict(start)
    reached = measured(values)[chosen_by].mean()
    for _ in range(_ROUNDS):
        before = reached
        for name in values:
            for value in _candidates(name, values[name]):
                tried = measured({**values, name: value})[chosen_by].mean()
                if tried > reached + _LEAST_GAIN:
                    values, reached = {**values, name: value}, tried
        if reached == before:
            break
    return values


def _candidates(name: str, value: float) -> Iterator[float]:
    """Other values of a setting to be tried: those far apart, as a setting may be far off; the default; those around
    the value so far."""
    fixed = TUNED[name]
    around = (min(max(round(value * factor, 3), fixed[0]), fixed[-1]) for factor in _FACTORS)
    yield from dict.fromkeys(each for each in (*fixed, getattr(_DEFAULTS, name), *around) if each != value)


def _interval(differences: _Values) -> tuple[float, float]:
    """Between which values the mean of 95 of 100 samples lies."""
    draws = np.random.default_rng(_SEED).integers(0, differences.size, size=(_RESAMPLES, differences.size))
    low, high = np.quantile(differences[draws].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)
