"""What a search gives, as frozen data; without any markup but where it says so."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, TypeVarTuple, cast, dataclass_transform, overload

from harbor_search.explanation import Explanation

__all__ = [
    "Applied",
    "Deferred",
    "FacetValue",
    "Hit",
    "LINES",
    "LOOKED_FOR",
    "HighlightedHit",
    "HighlightedSnippet",
    "HitTable",
    "Match",
    "Range",
    "SearchResults",
    "Snippet",
    "Tiers",
    "record",
]

_Member = TypeVar("_Member")

_Arguments = TypeVarTuple("_Arguments")

_Class = TypeVar("_Class", bound=type[Any])


@dataclass_transform(frozen_default=True)
def record(kind: _Class) -> _Class:
    """A frozen dataclass as far as type checkers know. That it is one nowhere else makes it eight times as quick to
    make, and a page of results is made of a hundred."""
    return cast(_Class, dataclass(slots=True, unsafe_hash=True)(kind))


Range = tuple[int, int]
"""Half-open character range [start, end) to be marked in the text it belongs to."""


@record
class Snippet:
    """A passage of an article: plain text (never HTML) and the ranges to mark in it.

    `heading` and `anchor` name the article section the passage comes from; both are empty for text before the first
    heading.
    """

    field: str
    heading: str
    anchor: str
    text: str
    ranges: tuple[Range, ...] = ()


@record
class Match:
    """A word of the query that an article has otherwise than it was typed: by another "form" of the word, a "synonym"
    or a "correction", and as which text."""

    word: str
    by: str
    text: str


@record
class Hit:
    """One article on the results page. `lacks` are the words of the query that it does not have, in any way; `similar`
    is how many other articles are nearly the same, and `words` how many there are to read; `explanation` is there where
    it was asked for. `repeats` is the id of a better article with the same title, for which this one came later."""

    id: str
    url: str
    title: str
    title_ranges: tuple[Range, ...]
    section: tuple[str, ...]
    date: date | None
    views: int | None
    score: float
    snippets: tuple[Snippet, ...]
    lacks: tuple[str, ...] = ()
    matched: tuple[Match, ...] = ()
    similar: int = 0
    words: int = 0
    explanation: Explanation | None = None
    repeats: str = ""

    def marked(self) -> list[str]:
        """What is marked in the title and the snippets, in that order."""
        words = [self.title[start:end] for start, end in self.title_ranges]
        for snippet in self.snippets:
            words += [snippet.text[start:end] for start, end in snippet.ranges]
        return words


@record
class HighlightedSnippet:
    """A snippet of the text for a page: heading and text are HTML, with `<mark>` around what is marked."""

    heading: str
    anchor: str
    text: str


@record
class HighlightedHit:
    """A hit for a page: its title is HTML, with `<mark>` around what is marked. All else is as in `Hit`."""

    id: str
    title: str
    section: tuple[str, ...]
    date: date | None
    views: int | None
    snippets: tuple[HighlightedSnippet | Snippet, ...]
    lacks: tuple[str, ...]
    matched: tuple[Match, ...]
    similar: int
    words: int
    explanation: Explanation | None = None
    repeats: str = ""


LINES = "utf-32-le"
"""How lines of text are encoded that kernels write."""

LOOKED_FOR = 63
"""Words that are looked for in hits, at most: a bit for each in a number of 64, and one for all others."""


class HitTable(Sequence[Hit], ABC):
    """Hits that an engine has as arrays. They become objects when they are looked at, and JSON or HTML without that."""

    @abstractmethod
    def json(self, reasons: Sequence[bytes] = (), repeats: Mapping[str, str] = MappingProxyType({})) -> bytes:
        """The hits as a JSON array, with what they lack and what they have otherwise than it was typed, which `reasons`
        have as JSON, and with what the better articles are by the ids of hits that repeat their titles."""

    @abstractmethod
    def highlighted(
        self,
        reasons: Sequence[tuple[tuple[str, ...], tuple[Match, ...]]] = (),
        repeats: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[HighlightedHit, ...]:
        """The hits for a page, with what they lack and what they have otherwise, and with what `json` takes."""

    @abstractmethod
    def marked(self, words: tuple[str, ...], wanted: Sequence[int]) -> Mapping[int, bytes]:
        """The places of hits in which not all of the words (in lower case) are marked, in whatever case, that are
        `wanted` of them: a bit for each of the first `LOOKED_FOR` from the lowest on, and the next one for all others.
        For each all texts that are marked, as `Hit.marked` has them but each once, a line each with a line break after
        it, encoded as `LINES`. There may be others, where it is hard to tell."""

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, HitTable) else other)

    __hash__: Any = None


@record
class FacetValue:
    """How many of the matching articles have this value; `value` is what the filter takes, `label` what readers see."""

    value: str
    label: str
    count: int


@record
class Applied:
    """What was done to the query before it ran, so that interfaces can say so: words and what they were taken for,
    what was looked for besides as a synonym or in another spelling of the same word, and what was left out. `feedback`
    says that words which the first results share, beside those of the query, had a say in their order; `fields` which
    words were read as those of one field, as "body:aches", and of which; `absent` words that no article has."""

    corrections: tuple[tuple[str, str], ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()
    feedback: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    absent: tuple[str, ...] = ()


@record
class Tiers:
    """How many articles have all words of the query, how many only some, and how many of the first have them side by
    side (None: not counted)."""

    all: int
    some: int
    together: int | None = None


class Deferred(Sequence[_Member]):
    """A sequence that is made when it is first looked at. It equals the sequences that this one does."""

    __slots__ = ("_made", "_source")

    def __init__(self, make: Callable[[*_Arguments], Sequence[_Member]], *arguments: *_Arguments) -> None:
        """It is what `make` gives for these arguments."""
        self._source: tuple[Callable[..., Sequence[_Member]], tuple[Any, ...]] | None = make, arguments

    def made(self) -> Sequence[_Member]:
        """What it stands for, made now if it was not."""
        source = self._source
        if source is not None:
            make, arguments = source
            self._made = make(*arguments)
            self._source = None  # and with it whatever it was made of
        return self._made

    def __len__(self) -> int:
        return len(self.made())

    def __iter__(self) -> Iterator[_Member]:
        return iter(self.made())

    @overload
    def __getitem__(self, at: int) -> _Member: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[_Member]: ...

    def __getitem__(self, at: int | slice) -> _Member | Sequence[_Member]:
        return self.made()[at]

    def __eq__(self, other: object) -> bool:
        return self.made() == (other.made() if isinstance(other, Deferred) else other)

    __hash__: Any = None

    def __repr__(self) -> str:
        return repr(self.made())


class SearchResults(NamedTuple):
    """One page of results. `total_relation` is "eq" when `total` is exact and "gte" when it is a lower bound.
    Counts of `facets` are exact where `facets_relation` is "eq"; where it is "approx" they may be off by some.

    It is a tuple, as it is made for each search.
    `by_meaning` of the articles have no word of the query, and were found by what they mean. `did_you_mean` are queries
    that may find more, best first. `after` is for the cursor to the next page, where the engine has its own words for
    that.
    """

    query: str
    hits: Sequence[Hit]
    total: int
    total_relation: str
    page: int
    per_page: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    processing_time_ms: float
    generation: str
    query_id: str
    partial: bool = False
    applied: Applied = Applied()
    tiers: Tiers | None = None
    by_meaning: int = 0
    did_you_mean: tuple[str, ...] = ()
    after: str = ""
    facets_relation: str = "eq"

    @property
    def total_pages(self) -> int:
        """The number of pages that `total` fills; none where a page has no hits."""
        return -(-self.total // self.per_page) if self.per_page else 0
