"""What every search engine behind the interfaces can do.

One contract test suite (tests/engines/) runs against each implementation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol

from harbor_search.article import Article
from harbor_search.engines.answers import EngineAnswer, Suggestions
from harbor_search.engines.criteria import Criteria
from harbor_search.errors import OperationalError
from harbor_search.explanation import Explanation
from harbor_search.query import Node, Query
from harbor_search.results import Hit
from harbor_search.snippets import Occurrence
from harbor_search.spelling import Words

__all__ = [
    "GenerationInfo",
    "IndexStats",
    "Marking",
    "Progress",
    "Removing",
    "SearchEngine",
    "StoredArticles",
    "Update",
    "Vocabulary",
    "any_number",
    "no_mark",
    "require_mark",
]

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
        that `keeping` gives answers True stay too; it is asked for that function once, after the last article (None:
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
