"""`SearchEngine` over a cluster."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

from harbor_search.analysis import ANALYZERS, Analyzer, get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.analysed_query import Clause, Leaf, analyse
from harbor_search.engines.hits import hit_of
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of, document_id
from harbor_search.engines.opensearch.generations import BUILD_FIRST, Generation, Generations
from harbor_search.engines.opensearch.match_locations import distinct_leaves, occurrences
from harbor_search.engines.opensearch.suggesting import suggestion_request, suggestions_of
from harbor_search.engines.opensearch.translation import query_of, request_of
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.engines.opensearch.writer import Writer
from harbor_search.engines.protocol import (
    Criteria,
    EngineAnswer,
    GenerationInfo,
    IndexStats,
    Marking,
    Progress,
    Removing,
    SearchEngine,
    Suggestions,
    Update,
    Vocabulary,
    any_number,
    no_mark,
)
from harbor_search.engines.word_forms import WordForms
from harbor_search.errors import GenerationGone, OperationalError, UserError
from harbor_search.query import Node, Query, tree_of
from harbor_search.ranking import BM25F, idf
from harbor_search.results import FacetValue
from harbor_search.snippets import Occurrence

__all__ = ["OpenSearchEngine"]

FRESH = 0.25
"""Seconds for which a process goes on with the index that it last knew to be live."""


@dataclass(frozen=True, slots=True)
class _Current:
    generation: Generation
    analyzer: Analyzer
    vocabulary: ClusterVocabulary
    forms: WordForms
    asked: float


class OpenSearchEngine:
    """A `SearchEngine` whose index is in the cluster that `settings` name; threads may share it."""

    def __init__(self, settings: Settings, model: BM25F | None = None) -> None:
        """Nothing is sent to the cluster yet.

        Raises:
            UserError: the settings name an unknown analyzer, or no host.
            OperationalError: the extra `opensearch` is not installed.
        """
        if settings.analyzer not in ANALYZERS:
            raise UserError(f"there is no analyzer {settings.analyzer!r}", where="analyzer", choices=tuple(ANALYZERS))
        self._settings = settings
        self._model = model or BM25F()
        self._cluster = Cluster(settings)
        self._generations = Generations(self._cluster, settings.opensearch_prefix, keep=settings.keep_generations)
        self._writer = Writer(self._cluster, self._generations, settings, self._model)
        self._lock = Lock()
        self._known: _Current | None = None

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """The best articles for `query`, from one index for the whole call."""
        current = self._current()
        if criteria.generation not in ("", current.generation.name):
            raise GenerationGone(criteria.generation)
        clause = analyse(tree_of(query), current.analyzer, current.forms)
        found = distinct_leaves(clause) if criteria.snippets else []
        body = request_of(clause, criteria, expansions=self._settings.max_expansions)
        if found:
            body.setdefault("aggs", {}).update(_leaf_counts(found, self._settings.max_expansions))
        answer = self._ask(current, body)
        weights = _weights(found, answer, int(current.generation.meta["articles"]))
        total, relation = _total(answer, criteria)
        return EngineAnswer(
            hits=tuple(
                hit_of(
                    article := article_of(each["_source"]),
                    float(each["_score"] or 0.0),
                    occurrences(article, found, weights, current.analyzer),
                    criteria,
                )
                for each in answer["hits"]["hits"]
            ),
            total=total,
            total_relation=relation,
            facets=_facets(answer) if criteria.facets else {},
            generation=current.generation.name,
            partial=bool(answer.get("timed_out")) or answer["_shards"]["failed"] > 0,
        )

    def article(self, article_id: str) -> Article | None:
        """The article with this id in the live generation."""
        from opensearchpy.exceptions import NotFoundError

        current = self._current()
        try:
            with self._cluster.asking("read an article") as client:
                found = client.get(index=current.generation.index, id=document_id(article_id))
        except NotFoundError:
            return None
        return article_of(found["_source"])

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`."""
        current = self._current()
        clause = analyse(query, current.analyzer, current.forms)
        found = distinct_leaves(clause)
        expansions = self._settings.max_expansions
        body = {"query": query_of(clause, expansions=expansions), "aggs": _leaf_counts(found, expansions), "size": 0}
        weights = _weights(found, self._ask(current, body), int(current.generation.meta["articles"]))
        return occurrences(article, found, weights, current.analyzer)

    def vocabulary(self) -> Vocabulary:
        """The words of the live index."""
        return self._current().vocabulary

    def suggest(self, text: str, most: int, section: tuple[str, ...] = ()) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        if not text.strip():
            return Suggestions((), ())
        answer = self._ask(self._current(), suggestion_request(text, most, section))
        return suggestions_of(text, (article_of(hit["_source"]) for hit in answer["hits"]["hits"]), most)

    def generation(self) -> str:
        """The name of the live generation."""
        return self._current().generation.name

    def rebuild(
        self,
        articles: Iterable[Article],
        progress: Progress,
        gate: Callable[[SearchEngine], None] | None = None,
        marking: Marking = no_mark,
    ) -> GenerationInfo:
        """Index `articles` beside the live index, verify, let `gate` try it, and switch the alias to it."""
        with self._generations.writing():
            info = self._writer.rebuild(articles, progress, self._trial(gate), marking)
        self._forget()
        return info

    def update(
        self,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing = any_number,
        marking: Marking = no_mark,
    ) -> Update:
        """Make `articles` the collection: a clone of the live index gets the changes, then becomes live."""
        with self._generations.writing():
            base, reason = self._writer.base()
            if base is None:
                info = self._writer.rebuild(articles, progress, marking=marking)
                done = Update(info, info.articles, 0, 0, rebuilt=reason)
            else:
                done = self._writer.update(base, articles, keeping, progress, removing, marking)
        self._forget()
        return done

    def write(self, articles: Iterable[Article], removed: Set[str], mark: str, progress: Progress) -> Update:
        """Put `articles` into the collection and take out those `removed`: a clone of the live index gets the changes.

        That takes a cluster seconds, whatever their number.
        """
        with self._generations.writing():
            base, reason = self._writer.base()
            if base is None:
                raise OperationalError(f"{reason}; `harbor-search rebuild` makes a new index")
            done = self._writer.update(
                base, articles, lambda: None, progress, any_number, lambda: mark, leaving=removed
            )
        self._forget()
        return done

    def mark(self) -> str | None:
        """The mark of the live generation, empty where it has none; None where nothing was built yet."""
        if not self._generations.kept():
            return None
        return str(self._generations.live().meta.get("mark", ""))

    def rollback(self) -> GenerationInfo:
        """Make the newest kept generation before the live one live again."""
        with self._generations.writing():
            generation = self._generations.rollback()
        self._forget()
        return self._generations.info(generation)

    def verify(self) -> tuple[str, ...]:
        """Faults found in the live index, as sentences."""
        self._cluster.require_health()
        generation = self._generations.live()
        faults = list(self._writer.faults(generation.index, int(generation.meta["articles"])))
        expected = get_analyzer(self._settings.analyzer).fingerprint
        if generation.meta["fingerprint"] != expected:
            faults.append(
                f"the index was analysed by {generation.meta['fingerprint']}, queries are by {expected}: some words "
                "may not be found; run `harbor-search rebuild`"
            )
        return tuple(faults)

    def stats(self) -> IndexStats:
        """Figures about the live index and those kept."""
        live = self._generations.live()
        with self._cluster.asking("read the cluster's figures") as client:
            health = client.cluster.health(index=live.index)
        kept = [each for each in self._generations.kept() if each.index != live.index]
        return IndexStats(
            live=self._generations.info(live),
            kept=tuple(self._generations.info(each) for each in kept),
            details={
                "analyzer": str(live.meta["fingerprint"]),
                "index": live.index,
                "cluster": f"{health['cluster_name']}, {health['status']}, {health['number_of_nodes']} nodes",
                "shards": int(health["active_primary_shards"]),
                "copies of shards": int(health["active_shards"]) - int(health["active_primary_shards"]),
            },
        )

    def warm(self) -> None:
        """Ask the cluster how it is, and open a connection to it."""
        self._cluster.require_health()
        self._current()

    def close(self) -> None:
        """Close the connections."""
        self._cluster.close()

    def _trial(self, gate: Callable[[SearchEngine], None] | None) -> Callable[[Generation], None] | None:
        """What lets `gate` search an index that is not live yet."""
        if gate is None:
            return None

        def trial(generation: Generation) -> None:
            engine = OpenSearchEngine(self._settings, self._model)
            try:
                engine._known = dataclasses.replace(engine._opened(generation), asked=math.inf)
                gate(engine)
            finally:
                engine.close()

        return trial

    def _current(self) -> _Current:
        now = time.monotonic()
        known = self._known
        if known is not None and now - known.asked < FRESH:
            return known
        with self._lock:
            if self._known is None or now - self._known.asked >= FRESH:
                self._known = self._opened(self._generations.live())
            return self._known

    def _opened(self, generation: Generation) -> _Current:
        """What is known of the live index; what was learnt of its words stays as long as it is the same."""
        known, now = self._known, time.monotonic()
        if known is not None and known.generation == generation:
            return dataclasses.replace(known, asked=now)
        analyzer = get_analyzer(str(generation.meta["analyzer"]))

        def ask(body: dict[str, Any]) -> dict[str, Any]:
            with self._cluster.asking("read the index's words") as client:
                return dict(client.search(index=generation.index, body=body))

        def count(clause: Clause | None) -> int:
            query = query_of(clause, expansions=self._settings.max_expansions)
            body = {"query": query, "size": 0, "track_total_hits": True}
            return int(ask(body)["hits"]["total"]["value"])

        vocabulary = ClusterVocabulary(generation, analyzer, count, ask)
        return _Current(generation, analyzer, vocabulary, WordForms(vocabulary, analyzer), now)

    def _forget(self) -> None:
        with self._lock:
            self._known = None

    def _ask(self, current: _Current, body: dict[str, Any]) -> dict[str, Any]:
        """The cluster's answer from the current index, or from the next one where that was removed meanwhile."""
        from opensearchpy.exceptions import NotFoundError

        # Parts of an index that the cluster gives up in time are better than none: the answer says that it is partial.
        body["timeout"] = f"{max(int(self._settings.opensearch_timeout * 800), 1)}ms"
        try:
            with self._cluster.asking("search") as client:
                return dict(client.search(index=current.generation.index, body=body))
        except NotFoundError:
            self._forget()
        try:
            with self._cluster.asking("search") as client:
                return dict(client.search(index=self._current().generation.index, body=body))
        except NotFoundError:
            raise OperationalError(BUILD_FIRST) from None


def _total(answer: dict[str, Any], criteria: Criteria) -> tuple[int, Literal["eq", "gte"]]:
    """How many match, and whether that is all of them; what was not counted is what was reached."""
    counted = answer["hits"].get("total")
    if counted is not None:
        return int(counted["value"]), "eq" if counted["relation"] == "eq" else "gte"
    reached = criteria.offset + len(answer["hits"]["hits"])
    return reached, "gte" if len(answer["hits"]["hits"]) == criteria.limit else "eq"


def _leaf_counts(found: list[Leaf], expansions: int) -> dict[str, Any]:
    """Aggregations that count the matches with each leaf of the query."""
    return {f"leaf{number}": {"filter": query_of(leaf, expansions=expansions)} for number, leaf in enumerate(found)}


def _weights(found: list[Leaf], answer: dict[str, Any], articles: int) -> dict[Leaf, float]:
    """How telling each leaf is: its inverse document frequency, by the matches that have it."""
    counts = [answer["aggregations"][f"leaf{number}"]["doc_count"] for number in range(len(found))]
    return {leaf: max(idf(articles, min(count, articles)), 0.0) for leaf, count in zip(found, counts, strict=True)}


def _facets(answer: dict[str, Any]) -> dict[str, tuple[FacetValue, ...]]:
    return {
        "section": _values(answer, "section", lambda value: value.split(" > ")[-1]),
        "year": _values(answer, "year", str),
    }


def _values(answer: dict[str, Any], name: str, label: Callable[[str], str]) -> tuple[FacetValue, ...]:
    buckets = answer["aggregations"][name]["values"]["buckets"]
    values = [FacetValue(str(each["key"]), label(str(each["key"])), each["doc_count"]) for each in buckets]
    return tuple(sorted(values, key=lambda each: (-each.count, each.value)))
