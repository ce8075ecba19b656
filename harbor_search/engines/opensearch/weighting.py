"""What occurrences count in an index: BM25F with the average lengths of fields that its articles had when it was built.

Each document has the weighted frequencies of its terms, so these are as they were until all is built again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from harbor_search.ranking import BM25F

__all__ = ["FieldNorm", "Weighting", "described"]

_LEAST = 1e-6
"""Where a field is empty and `b` is 1 there is nothing to be divided, and nothing that occurs."""


class FieldNorm(NamedTuple):
    """What one occurrence in a field adds to the weighted frequency: `weight` / (`base` + `slope` * length)."""

    weight: float
    base: float
    slope: float

    def of(self, length: int) -> float:
        """That in a field of so many terms."""
        return self.weight / max(self.base + self.slope * length, _LEAST)


class Weighting(NamedTuple):
    """`k1` of BM25F, and by field the norm."""

    k1: float
    norms: Mapping[str, FieldNorm]

    @classmethod
    def of(cls, meta: Mapping[str, Any]) -> Weighting:
        """That of an index, by what was noted of it."""
        averages, scoring = meta["averages"], meta["scoring"]
        norms = {
            name: FieldNorm(weight, 1 - b, b / averages[name] if averages[name] else 0.0)
            for name, (weight, b) in scoring["fields"].items()
        }
        return cls(scoring["k1"], norms)


def described(model: BM25F) -> dict[str, Any]:
    """A model as it is noted of an index."""
    return {"k1": model.k1, "fields": {name: [field.weight, field.b] for name, field in model.fields}}
