"""What a snapshot tells of the leaves of a query, for who explains scores (`engines.explaining`)."""

from __future__ import annotations

from collections.abc import Mapping

from harbor_search.engines.clauses import Clause, Leaf
from harbor_search.engines.embedded.clause_lists import ClauseLists
from harbor_search.engines.embedded.snapshot import Snapshot
from harbor_search.engines.embedded.term_postings import TermPostings

__all__ = ["SnapshotEvidence"]


class SnapshotEvidence:
    """`engines.explaining.Evidence` of one execution, which has these lists. Hold the snapshot's lock; of no use after
    that is closed."""

    def __init__(self, snapshot: Snapshot, postings: TermPostings, lists: ClauseLists) -> None:
        self._snapshot, self._postings, self._lists = snapshot, postings, lists

    @property
    def k1(self) -> float:
        """How soon further occurrences stop to count."""
        return self._snapshot.model.k1

    @property
    def tolerance(self) -> float:
        """Scores are sums of whole units, of which each word has at least one."""
        return 1e-4

    @property
    def rounding(self) -> float:
        """Scores are float64."""
        return 1e-9

    def score(self, leaf: Leaf, document: int) -> float | None:
        """What a leaf scores in a document; None where it does not stand there."""
        return self._lists.score(leaf, document)

    def matches(self, clause: Clause, document: int) -> bool:
        """Whether a document matches a part of the query."""
        return self._lists.score(clause, document) is not None

    def standing(self, leaf: Leaf, document: int) -> Mapping[str, tuple[int, float]]:
        """By field how often a leaf stands in a document, and what that adds to the weighted frequency."""
        return self._postings.standing(leaf, document)

    def matching(self, leaf: Leaf) -> int:
        """How many documents have a leaf."""
        return self._lists.matching(leaf)

    def weight(self, leaf: Leaf) -> float:
        """What a leaf scores at most."""
        return self._lists.weight(leaf)

    def norm_with_one_more(self, field: str, document: int) -> float:
        """What an occurrence in a field of a document would count if the field had one token more."""
        return self._snapshot.norm_with_one_more(field, document)
