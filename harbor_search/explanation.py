"""Why an article scores what it does, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Change", "Explanation", "FieldPart", "Part"]


@dataclass(frozen=True, slots=True)
class FieldPart:
    """What a word adds to a score by standing in a field `count` times."""

    field: str
    count: int
    score: float


@dataclass(frozen=True, slots=True)
class Part:
    """What a word of the query, or a rule, adds to an article's score.

    `kind` is "word", "phrase", "prefix" or "fuzzy" for what was searched as `text`, which `articles` of all have and
    which counts `factor` of what it would alone (1: all of it); `fields` say where it stands, and their scores add up
    to the part's. "all_words" is what having all words of the query adds, "second_look" what the best gain or lose when
    they are looked at again by what they cover of the query, "feedback" what words add that other good results use
    too, "title_match" what a title adds that is the query, "freshness" and "popularity" what date and views add,
    "repeats" what having the title of a better article takes, "meaning" what being close to the query in meaning adds,
    "pin" what having been put first adds, "other" what no word accounts for.
    """

    kind: str
    text: str
    score: float
    articles: int = 0
    factor: float = 1.0
    fields: tuple[FieldPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What would rank an article higher: `text` once in `field`; it would score `gain` more and come at `position`
    among the articles as they are."""

    text: str
    field: str
    gain: float
    position: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article scores what it does: its `parts` add up to `score`.

    `position` is its place among all results, from 1 (None: it is none, or none of the first that can be paged to), and
    `behind` how much it scores less than the one before it. `lacks` are words of the query that it does not have, and
    `excluded` says what keeps it out where it has all that it must: "section", "source", "date" or "query".
    """

    score: float
    position: int | None
    behind: float
    parts: tuple[Part, ...] = ()
    changes: tuple[Change, ...] = ()
    lacks: tuple[str, ...] = ()
    excluded: str = ""
