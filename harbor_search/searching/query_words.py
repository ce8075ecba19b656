"""The words of a query in plain words: as which texts each is searched, and how much it counts."""

from __future__ import annotations

from dataclasses import dataclass

from harbor_search.query import Phrase, Term
from harbor_search.searching.concepts import CORRECTED, Way

__all__ = ["TIED", "QueryWord"]

TIED = 0.8
"""What each of several corrections counts that are as likely as the first, and one word for two ("log in")."""


@dataclass(slots=True)
class QueryWord:
    """A word of the query: its node, whether it is searched, as which texts (any of them), how much it counts, how much
    for how often it is said, the word that a letter `follows` as part of its name, and `forms` that say the same,
    beside which what was typed has its `share`."""

    node: Term | Phrase
    kept: bool
    meant: tuple[str, ...]
    factor: float = 1.0
    said: float = 1.0
    follows: str = ""
    forms: tuple[Way, ...] = ()
    share: float = 1.0

    @property
    def names(self) -> bool:
        """Whether it names something that an article is to have."""
        return self.kept and self.factor == 1.0

    @property
    def literal(self) -> tuple[tuple[Way, ...], ...]:
        """What is searched for it, as in `Concept`; two words that were joined are two."""
        if self.follows or self.meant == (self.node.text,):
            node = Phrase(f"{self.follows} {self.node.text}") if self.follows else self.node
            forms = (way._replace(weight=way.weight * self.said) for way in self.forms)
            return ((Way(node, None, self.node.text, self.said * self.share), *forms),)
        (first, *more), typed = self.meant, self.node.text
        parts = first.split()
        if len(parts) > 1:
            return tuple((Way(Term(part), CORRECTED, first, self.said, typed),) for part in parts)
        ways = (Way(Term(text), CORRECTED, text, TIED * self.said, typed) for text in more if " " not in text)
        return ((Way(Term(first), CORRECTED, first, self.said, typed), *ways),)
