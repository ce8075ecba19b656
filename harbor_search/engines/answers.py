"""What an engine answers to somebody who searches, or who is typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from harbor_search.explanation import Explanation
from harbor_search.results import FacetValue, Hit

__all__ = ["EngineAnswer", "SuggestedArticle", "Suggestion", "Suggestions"]


class EngineAnswer(NamedTuple):
    """One page of hits, all from generation `generation`.

    `total` is the number of all matches where `total_relation` is "eq", and a lower bound of it where that is "gte".
    Without snippets `hits` may be a sequence whose articles are read when they are first looked at (`Deferred`).
    `facets` maps "section" (section paths joined with " > ", every level counted) and "year" to counts over all
    matching articles, which are estimates where `facets_relation` is "approx", and "source" where sources have names.
    The section facet ignores the section filter, the year facet the date filter and the source facet the source filter,
    so that readers can widen their choice; values are in descending count, then ascending value. `preferred` and
    `together` are how many articles match these criteria, where that was asked for, and `by_meaning` how many were
    found without a word of the query; `matches` tells of each hit which of the nodes to be tested it matches, and
    `explanations`, where they were asked for, why it scores what it does. `repeats` has by their ids those hits whose
    title a better article has, and the id of that. `after` is for the criteria of the next page, where the engine has a
    use for it. `feedback` says that what the first documents share had a say in their order.
    """

    hits: Sequence[Hit]
    total: int
    total_relation: Literal["eq", "gte"]
    facets: Mapping[str, tuple[FacetValue, ...]]
    generation: str
    partial: bool = False
    preferred: int | None = None
    together: int | None = None
    matches: tuple[tuple[bool, ...], ...] = ()
    after: str = ""
    explanations: tuple[Explanation, ...] = ()
    by_meaning: int = 0
    repeats: Mapping[str, str] = MappingProxyType({})
    feedback: bool = False
    facets_relation: Literal["eq", "approx"] = "eq"


class Suggestion(NamedTuple):
    """A text to search for: a "title", a "heading" or a "phrase" of the collection, and where it is from if that is
    one section."""

    text: str
    kind: str
    section: tuple[str, ...] | None


class SuggestedArticle(NamedTuple):
    """What a list of suggestions shows of an article."""

    id: str
    url: str
    title: str
    section: tuple[str, ...]


class Suggestions(NamedTuple):
    """What somebody who is typing may mean: texts to search for, and articles to go to."""

    texts: tuple[Suggestion, ...]
    articles: tuple[SuggestedArticle, ...]
