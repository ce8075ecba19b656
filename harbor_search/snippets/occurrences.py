"""Where a query's words stand in an article."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Occurrence"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One word of the article that the query asked for.

    `field` is "title", "heading", "body" or "names"; `section` the index into `Article.body` (-1 for the title) or, for
    names, into `Article.tags`; `start` and `end` a half-open character range in the title, that section's heading, that
    section's text, or that name. `leaf` numbers the
    query's word that matched, so that a passage with several different words can be preferred over one with the same
    word repeated; `weight` is that word's importance (its inverse document frequency).
    """

    field: str
    section: int
    start: int
    end: int
    leaf: int
    weight: float
