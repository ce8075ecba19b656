"""What every search engine behind the interfaces can do.

One contract test suite (tests/engines/) runs against each implementation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol

from harbor_search.article import Article
from harbor_search.errors import OperationalError
from harbor_search.query import Node, Query
from harbor_search.results import Explanation, FacetValue, Hit
from harbor_search.snippets import Occurrence
from harbor_search.spelling import Words

__all__ = [
    "Aspect",
    "Criteria",
    "EngineAnswer",
    "GenerationInfo",
    "IndexStats",
    "Marking",
    "Progress",
    "Removing",
    "SearchEngine",
    "Sort",
    "StoredArticles",
    "SuggestedArticle",
    "Suggestion",
    "Suggestions",
    "Total",
    "Update",
    "Vocabulary",
    "any_number",
    "no_mark",
    "require_mark",
]

Sort = Literal["relevance", "date", "views"]

Total = Literal["exact", "bounded", "none"]
"""How many matches are to be known: their number; a lower bound that costs nothing; no more than the page shows."""

Progress = Callable[[str, int, int | None], None]
"""Called as `progress(stage, done, total)`: stages are "index", "merge", "embed", "verify" and "publish"; total
None where unknown."""


Removing = Callable[[int, int], None]
"""Called as `removing(removed, before)` with how many articles would leave and how many there were; raises where that
must not be."""


def any_number(removed: int, before: int) -> None:
    """Any number of articles may leave."""


Marking = Callable[[], str]
"""Called when all articles were taken; what it gives is kept with the generation and answered by `mark`."""


def no_mark() -> str:
    """A generation without a mark."""
    return ""


def require_mark(mark: str, since: str | None) -> None:
    """Check that the `mark` of the live generation is the one `since` which something was written; None: any may be.

    Raises:
        OperationalError: another generation was published meanwhile.
    """
    if since is not None and mark != since:
        raise OperationalError("another generation was published meanwhile, which lacks what was written before")


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


class Vocabulary(Words, Protocol):
    """What is known of the words of one generation: how frequent they are, alone and together, and how they are spelt.

    Words are as readers write them; they are analysed as the articles were.
    """

    @property
    def generation(self) -> str:
        """The name of the generation."""
        ...

    @property
    def analyzer(self) -> str:
        """The name of the analyzer of words."""
        ...


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """A generation that stands built: its name, article count, size in bytes and time of build (UTC), and how many of
    its articles are near-duplicates of another, of each group all but one."""

    name: str
    articles: int
    bytes: int
    built: datetime
    near_duplicates: int = 0


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The live generation and the ones kept beside it, newest first; `details` is for people."""

    live: GenerationInfo
    kept: tuple[GenerationInfo, ...]
    details: Mapping[str, str | int | float] = field(default_factory=dict)


class StoredArticles(NamedTuple):
    """The live generation as an engine holds it: figures, its mark, and its articles, one by one in no order.

    Where the generation is removed meanwhile, or an article is not as it was indexed, the iterator raises
    `OperationalError`.
    """

    info: GenerationInfo
    mark: str
    articles: Iterator[Article]


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did, and the generation that is live after it.

    `kept` are the ids of articles that were not among those given but stay all the same. `rebuilt` says why everything
    was indexed anew, in which case all articles are `added`; empty where that was not necessary.
    """

    generation: GenerationInfo
    added: int
    changed: int
    removed: int
    kept: tuple[str, ...] = ()
    rebuilt: str = ""

    @property
    def published(self) -> bool:
        """Whether there was anything to publish."""
        return bool(self.rebuilt or self.added or self.changed or self.removed)


class SearchEngine(Protocol):
    """A collection of articles that can be rebuilt and searched.

    Every method may raise `OperationalError`; searching where nothing was ever built does so and names the cure.
    """

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """The best articles for `query`, from one generation pinned for the whole call.

        A `PlainQuery` stands for its tree, which an engine without use for its clauses gets with `query.tree_of`.

        Raises:
            GenerationGone: `criteria` name a generation that is not there any more.
        """
        ...

    def cost(self, query: Query) -> int | None:
        """About how many postings `query` reads in this process; None where the work is done elsewhere.

        It is asked before each search, so it may take a microsecond, and may speak of a generation that was live
        before.
        """
        ...

    def article(self, article_id: str) -> Article | None:
        """The article with this id in the live generation."""
        ...

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """Why an article is where it is among the first `criteria.limit` answers to `query`, or is not; None where
        there is no such article."""
        ...

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`, for marking them on the article's page."""
        ...

    def generation(self) -> str:
        """The name of the live generation."""
        ...

    def vocabulary(self, generation: str = "") -> Vocabulary:
        """The words of a generation (empty: the live one). Asking costs nothing; what is asked for is loaded then.

        Raises:
            GenerationGone: it is not there any more.
        """
        ...

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, itself left out, without snippets; none where there is no such article."""
        ...

    def suggest(self, text: str, most: int, section: tuple[str, ...] = ()) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        ...

    def rebuild(
        self,
        articles: Iterable[Article],
        progress: Progress,
        gate: Callable[[SearchEngine], None] | None = None,
        marking: Marking = no_mark,
    ) -> GenerationInfo:
        """Index `articles` beside the live generation, verify, and publish atomically.

        `gate` is handed an engine that searches what was built, before it is published; what it raises ends the
        rebuild.

        An exception, from the iterable too, leaves the live generation as it was and nothing behind. Two articles
        with one id are the caller's mistake (`ValueError`). A rebuild that runs elsewhere raises `OperationalError`.
        """
        ...

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing = any_number,
        marking: Marking = no_mark,
    ) -> Update:
        """Make `articles` the collection, as `rebuild` does, at the cost of what is different; then publish atomically.

        Unchanged articles are left as they are. Of those that are not among `articles`, the ones for which the function
        that `keeping` gives answers True stay too; it is asked for that function once, behind the last article (None:
        all go). `removing` is told then how many go; what it raises ends the update. Without a difference nothing is
        published. Where there is nothing yet to update, or nothing that can
        be, this is a rebuild. Exceptions are as those of `rebuild`.
        """
        ...

    def write(
        self,
        articles: Iterable[Article],
        removed: Set[str],
        mark: str,
        progress: Progress,
        since: str | None = None,
    ) -> Update:
        """Put `articles` into the collection, in the place of those with their ids, and take out those with the ids
        `removed`; all others stay. The generation that is published takes the place of the live one: `rollback`
        returns to what was before both. Exceptions are as those of `update`.

        `since` is the mark from which on this is all that happened.

        Raises:
            OperationalError: there is no index yet, or one with another mark, or to which nothing can be added.
        """
        ...

    def mark(self) -> str | None:
        """The mark of the live generation, empty where it has none; None where nothing was built yet."""
        ...

    def rollback(self) -> GenerationInfo:
        """Make the newest kept generation before the live one live again."""
        ...

    def verify(self) -> tuple[str, ...]:
        """Faults found in the live generation, as sentences; empty when all is well."""
        ...

    def stats(self) -> IndexStats:
        """Figures about the live generation."""
        ...

    def warm(self) -> None:
        """Load and compile what the first search needs, so that it is as fast as the next."""
        ...

    def close(self) -> None:
        """Release files; the engine cannot be used afterwards."""
        ...
