"""A search engine that keeps its generations in a list, for tests of the use cases around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from datetime import UTC, datetime

from harbor_search.article import Article
from harbor_search.engines import (
    Criteria,
    EngineAnswer,
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    Update,
    any_number,
    no_mark,
    require_mark,
)
from harbor_search.errors import OperationalError
from harbor_search.query import Node, Query
from harbor_search.snippets import Occurrence


class EngineInMemory:
    """Publishes what `rebuild` read once it has read it all; finds nothing."""

    def __init__(self) -> None:
        self.generations: list[dict[str, Article]] = []
        self.marks: list[str] = []
        self.live = -1
        self.faults: tuple[str, ...] = ()

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        return EngineAnswer(hits=(), total=0, total_relation="eq", facets={}, generation=self.generation())

    def cost(self, query: Query) -> int | None:
        return None

    def article(self, article_id: str) -> Article | None:
        return self.generations[self.live].get(article_id) if self.generations else None

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        return ()

    def generation(self) -> str:
        if self.live < 0:
            raise OperationalError("no index was built yet; `harbor-search rebuild` makes one")
        return str(self.live + 1)

    def rebuild(
        self, articles: Iterable[Article], progress: Progress, gate: object = None, marking: Marking = no_mark
    ) -> GenerationInfo:
        read: dict[str, Article] = {}
        for article in articles:
            if article.id in read:
                raise ValueError(article.id)
            read[article.id] = article
            progress("index", len(read), None)
        progress("publish", 1, 1)
        self.marks.append(marking())
        self.generations.append(read)
        self.live = len(self.generations) - 1
        return self._info()

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing = any_number,
        marking: Marking = no_mark,
    ) -> Update:
        if not self.generations:
            info = self.rebuild(articles, progress, marking=marking)
            return Update(info, info.articles, 0, 0, rebuilt="there is no index yet")
        before = self.generations[self.live]
        now = {article.id: article for article in articles}
        keeps = keeping()
        kept = {key: each for key, each in before.items() if keeps and key not in now and keeps(each)}
        changed = sum(before[key] != now[key] for key in before.keys() & now.keys())
        added, removed = len(now.keys() - before.keys()), len(before.keys() - now.keys() - kept.keys())
        removing(removed, len(before))
        if added or changed or removed:
            self.rebuild([*now.values(), *kept.values()], progress, marking=marking)
        return Update(self._info(), added, changed, removed, tuple(kept))

    def write(
        self, articles: Iterable[Article], removed: Set[str], mark: str, progress: Progress, since: str | None = None
    ) -> Update:
        require_mark(self.marks[self.live], since)
        left = {key: each for key, each in self.generations[self.live].items() if key not in removed}
        new = {each.id: each for each in articles}
        self.rebuild((left | new).values(), progress, marking=lambda: mark)
        return Update(self._info(), len(new.keys() - left.keys()), len(new.keys() & left.keys()), len(removed))

    def mark(self) -> str | None:
        return self.marks[self.live] if self.generations else None

    def rollback(self) -> GenerationInfo:
        if self.live < 1:
            raise OperationalError("there is no older generation to roll back to")
        self.live -= 1
        return self._info()

    def verify(self) -> tuple[str, ...]:
        self.generation()
        return self.faults

    def stats(self) -> IndexStats:
        return IndexStats(live=self._info(), kept=(self._info(),))

    def warm(self) -> None: ...

    def close(self) -> None: ...

    def _info(self) -> GenerationInfo:
        articles = len(self.generations[self.live])
        return GenerationInfo(name=self.generation(), articles=articles, bytes=100 * articles, built=datetime.now(UTC))
