"""Building a generation in the cluster: from articles to a new index that is checked and published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from harbor_search.analysis import get_analyzer, joined_names
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.analysed_query import analyse
from harbor_search.engines.languages import analyzer_of, fault_of_analyzer, languages_of
from harbor_search.engines.opensearch.building import Spool, index_actions, send
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of
from harbor_search.engines.opensearch.generation import Generation
from harbor_search.engines.opensearch.generations import Generations
from harbor_search.engines.opensearch.index_reader import IndexReader
from harbor_search.engines.opensearch.mapping import INDEX_VERSION, index_body
from harbor_search.engines.opensearch.meaning import SectionEmbedder
from harbor_search.engines.opensearch.near_duplicates import folded_among, groups_among
from harbor_search.engines.opensearch.new_indices import create
from harbor_search.engines.opensearch.translation import query_of
from harbor_search.engines.opensearch.weighting import Weighting, described
from harbor_search.engines.protocol import GenerationInfo, Marking, Progress, no_mark
from harbor_search.errors import OperationalError
from harbor_search.query import Phrase
from harbor_search.ranking import BM25F

__all__ = ["Writer"]

CANARIES = 3
"""Articles that a new index must find by their titles before it becomes live."""


class Writer:
    """Makes generations; hold `Generations.writing` while it works."""

    def __init__(
        self,
        cluster: Cluster,
        generations: Generations,
        settings: Settings,
        embedder: SectionEmbedder,
        model: BM25F,
    ) -> None:
        self._embedder = embedder
        self._cluster, self._reader = cluster, IndexReader(cluster)
        self._generations = generations
        self._settings = settings
        self._model = model
        self._share = settings.near_duplicates

    def rebuild(
        self,
        articles: Iterable[Article],
        progress: Progress,
        trial: Callable[[Generation], None] | None = None,
        marking: Marking = no_mark,
    ) -> GenerationInfo:
        """Index `articles` into a new index and publish it; what fails, `trial` too, leaves nothing behind.

        Raises:
            ValueError: two articles have one id.
            OperationalError: the cluster does not take an article, or does not find what it took.
        """
        analyzer = get_analyzer(self._settings.analyzer)
        spool = self.new_spool()
        index = self._generations.next_index()
        try:
            self.fill(spool, articles, progress)
            analyzer = get_analyzer(joined_names(analyzer.name, frozenset(spool.analyzers)))
            groups = groups_among(spool.documents, bytes(spool.signatures), self._share)
            meta = {
                "version": INDEX_VERSION,
                "analyzer": analyzer.name,
                "fingerprint": analyzer.fingerprint,
                "averages": spool.averages.lengths(),
                "scoring": described(self._model),
                "articles": spool.averages.articles,
                "near_duplicates": folded_among(groups.values()),
                "name": spool.digest.name,
                "mark": marking(),
                "shards": self._settings.opensearch_shards,
                "model": self._embedder.fingerprint,
            }
            self._create(index, meta)
            actions = index_actions(spool, index, Weighting.of(meta), groups)
            send(self._cluster, actions, progress, spool.averages.articles)
            return self.publish(index, meta, progress, trial)
        except BaseException:
            self._generations.discard(index)
            raise
        finally:
            spool.close()

    @property
    def _languages(self) -> frozenset[str]:
        return languages_of(self._settings)

    def _create(self, index: str, meta: dict[str, Any]) -> None:
        body = index_body(
            self._model,
            shards=self._settings.opensearch_shards,
            results=self._settings.max_results,
            meta=meta,
        )
        create(self._cluster, index, body | {"aliases": {self._generations.unfinished: {}}})

    def publish(
        self,
        index: str,
        meta: dict[str, Any],
        progress: Progress,
        trial: Callable[[Generation], None] | None = None,
        replaced: str = "",
    ) -> GenerationInfo:
        """Refresh, check and publish a filled index; the index `replaced`, if any, goes."""
        progress("verify", 0, 1)
        with self._cluster.asking("make the new index searchable") as client:
            client.indices.refresh(index=index, request_timeout=120)
        faults = list(self.faults(index, int(meta["articles"])))
        if faults:
            raise OperationalError(f"the new index is not sound: {faults[0]}")
        if trial is not None:
            trial(Generation(index, meta))
        progress("verify", 1, 1)
        progress("publish", 0, 1)
        generation = self._generations.publish(
            index, meta, replicas=self._settings.opensearch_replicas, replaced=replaced
        )
        progress("publish", 1, 1)
        return self._generations.info(generation)

    def faults(self, index: str, articles: int) -> Iterator[str]:
        """What is wrong with an index: its count, or articles that are not found by their titles."""
        with self._cluster.asking("check the index") as client:
            counted = client.count(index=index)["count"]
            sample = client.search(index=index, body={"size": CANARIES, "sort": [{"id": "asc"}]})["hits"]["hits"]
        if counted != articles:
            yield f"the index holds {counted} articles, not {articles}"
        analyzer = get_analyzer(self._settings.analyzer)
        for hit in sample:
            article = article_of(hit["_source"])
            clause = analyse(Phrase(article.title, "title"), analyzer_of(article.language, analyzer, self._languages))
            if clause is None:
                continue
            body = {"query": query_of(clause, expansions=1), "size": 1}
            with self._cluster.asking("check the index") as client:
                if not client.search(index=index, body=body)["hits"]["hits"]:
                    yield f"the index does not find {article.title!r} by its title"

    def base(self) -> tuple[Generation | None, str]:
        """The generation to update; None, and the reason, where everything must be indexed anew."""
        if not self._generations.kept():
            return None, "there was no index yet"
        live = self._generations.live()
        analyzer = get_analyzer(self._settings.analyzer)
        if live.meta["version"] != INDEX_VERSION or "shards" not in live.meta:
            return None, "the index has another format"
        if fault_of_analyzer(str(live.meta["analyzer"]), str(live.meta["fingerprint"]), analyzer):
            return None, "words are analysed otherwise now"
        if live.meta["scoring"] != described(self._model):
            return None, "fields count otherwise now"
        if self._embedder and live.meta["model"] != self._embedder.fingerprint:
            other = "were embedded by another model" if live.meta["model"] else "were not embedded yet"
            return None, f"the articles {other}"
        return live, ""

    def new_spool(self) -> Spool:
        """A file for articles that are to be sent."""
        return Spool(self._embedder, signed=self._share > 0)

    def fill(self, spool: Spool, articles: Iterable[Article], progress: Progress) -> None:
        """Analyse `articles` as the settings say, and keep them in `spool`."""
        spool.fill(articles, get_analyzer(self._settings.analyzer), self._languages, progress)
