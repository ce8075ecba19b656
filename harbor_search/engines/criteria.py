"""What an engine is asked besides the query."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from harbor_search.query import Node

__all__ = ["Aspect", "Criteria", "Sort", "Total"]

Sort = Literal["relevance", "date", "views"]

Total = Literal["exact", "bounded", "none"]
"""How many matches are to be known: their number; a lower bound that costs nothing; no more than the page shows."""


class Aspect(NamedTuple):
    """Something that a query asks for: words, each in one or several spellings, or instead of all of them any of
    `others`; all are leaves of the query."""

    words: tuple[tuple[Node, ...], ...]
    others: tuple[Node, ...] = ()


class Criteria(NamedTuple):
    """Everything about a search but the words. (A tuple, as is what an engine answers: they are made for each search.)

    `section` is a path prefix: ("Health",) includes ("Health", "Sleep"). `source` is the name of one. Dates are
    inclusive; an article without a date is outside any date filter. `sort` "date" and "views" put articles without the
    value last. Ties always break by article id, ascending. What else is wanted besides the articles and their scores,
    an engine does only where it is asked for: `facets`, up to `snippets` passages of each article of at most
    `snippet_length` characters (0: none, nor marks in titles), and the `total`. `generation` names the one to search;
    empty: the live one. `after` says that all matches are gone through, from the first ("") or from where
    `EngineAnswer.after` said of the page before; an engine that goes by `offset` alone may ignore it.

    By relevance, articles that match `preferred` too score `preference` more of what they do, and an engine that can
    ranks the best once more by how much of the query's `aspects` they have, and by whether their titles are what was
    `typed`, word for word, or one of the `other_names` of all of it. How many match what is preferred, and how many
    `together`, is counted where the total is exact; of each hit it is told which of `tested` it matches, which are
    leaves of the query. `explain` asks for what makes up the score of each hit.

    By relevance, an engine that knows what articles mean looks for those that mean what `meaning` does, too (empty: for
    none), and adds to scores `meaning_weight` of the best one for the article that is closest, less for others.

    With `fold`, of near-duplicates only the best is a hit and counted. It is told of each hit how many there are. With
    `diverse`, of the best articles with one title all but the best come later.
    """

    offset: int = 0
    limit: int = 10
    sort: Sort = "relevance"
    section: tuple[str, ...] = ()
    source: str = ""
    date_from: date | None = None
    date_to: date | None = None
    facets: bool = True
    snippets: int = 2
    snippet_length: int = 240
    total: Total = "exact"
    generation: str = ""
    preferred: Node | None = None
    preference: float = 0.0
    together: Node | None = None
    tested: tuple[Node, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    typed: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    diverse: bool = False
    after: str | None = None
    fold: bool = False
    explain: bool = False
    meaning: str = ""
    meaning_weight: float = 0.0
