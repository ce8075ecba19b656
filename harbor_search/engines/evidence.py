"""What an engine tells of a query's leaves in documents, so that a score can be explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from harbor_search.engines.clauses import Clause, Leaf

__all__ = ["Evidence"]


class Evidence(Protocol):
    """What an engine tells of the leaves of one query in documents, which it knows by numbers."""

    @property
    def k1(self) -> float:
        """How soon further occurrences stop to count."""
        ...

    @property
    def tolerance(self) -> float:
        """Of a score what words need not account for: by less it is rounded where they are summed up."""
        ...

    @property
    def rounding(self) -> float:
        """Of a score what is left over where it is multiplied and divided again."""
        ...

    def score(self, leaf: Leaf, document: int) -> float | None:
        """What a leaf scores in a document; None where it does not stand there."""
        ...

    def matches(self, clause: Clause, document: int) -> bool:
        """Whether a document matches a part of the query."""
        ...

    def standing(self, leaf: Leaf, document: int) -> Mapping[str, tuple[int, float]]:
        """By field how often a leaf stands in a document, and what that adds to the weighted frequency.

        Empty for a phrase whose words may stand apart.
        """
        ...

    def matching(self, leaf: Leaf) -> int:
        """How many documents have a leaf."""
        ...

    def weight(self, leaf: Leaf) -> float:
        """What a leaf scores at most."""
        ...

    def norm_with_one_more(self, field: str, document: int) -> float:
        """What an occurrence in a field of a document would count if the field had one token more."""
        ...
