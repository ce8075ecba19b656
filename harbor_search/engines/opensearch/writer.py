"""Building a generation in the cluster: a rebuild into a new index, or an update on a clone of the live one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from harbor_search.analysis import get_analyzer, joined_names
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.analysed_query import analyse
from harbor_search.engines.languages import analyzer_of, fault_of_analyzer, languages_of
from harbor_search.engines.opensearch.article_terms import AnalysedArticle, ArticleTerms
from harbor_search.engines.opensearch.building import Spool, delete_action, index_actions, send
from harbor_search.engines.opensearch.cluster import CREATING, Cluster
from harbor_search.engines.opensearch.difference import Difference
from harbor_search.engines.opensearch.documents import article_of, document_id
from harbor_search.engines.opensearch.generations import Generation, Generations
from harbor_search.engines.opensearch.index_reader import IndexReader
from harbor_search.engines.opensearch.mapping import INDEX_VERSION, index_body
from harbor_search.engines.opensearch.meaning import SectionEmbedder
from harbor_search.engines.opensearch.near_duplicates import Regrouping, folded_among, groups_among, regroup
from harbor_search.engines.opensearch.translation import query_of
from harbor_search.engines.protocol import GenerationInfo, Marking, Progress, Removing, Update, no_mark
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
        model: BM25F,
        embedder: SectionEmbedder,
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
        spool = self._new_spool()
        index = self._generations.next_index()
        try:
            spool.fill(articles, analyzer, self._languages, progress)
            analyzer = get_analyzer(joined_names(analyzer.name, frozenset(spool.analyzers)))
            averages = spool.averages.lengths()
            groups = groups_among(spool.documents, bytes(spool.signatures), self._share)
            meta = {
                "version": INDEX_VERSION,
                "analyzer": analyzer.name,
                "fingerprint": analyzer.fingerprint,
                "averages": averages,
                "articles": spool.averages.articles,
                "near_duplicates": folded_among(groups.values()),
                "name": spool.digest.name,
                "mark": marking(),
                "model": self._embedder.fingerprint,
            }
            self._create(index, meta)
            actions = index_actions(spool, index, averages, self._model, groups)
            send(self._cluster, actions, progress, spool.averages.articles)
            return self._publish(index, meta, progress, trial)
        except BaseException:
            self._generations.remove(index)
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
            replicas=self._settings.opensearch_replicas,
            results=self._settings.max_results,
            meta=meta,
        )
        with self._cluster.asking("create an index") as client:
            client.indices.create(index=index, body=body, request_timeout=CREATING)

    def _publish(
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
        if live.meta["version"] != INDEX_VERSION:
            return None, "the index has another format"
        if fault_of_analyzer(str(live.meta["analyzer"]), str(live.meta["fingerprint"]), analyzer):
            return None, "words are analysed otherwise now"
        if self._embedder and live.meta["model"] != self._embedder.fingerprint:
            other = "were embedded by another model" if live.meta["model"] else "were not embedded yet"
            return None, f"the articles {other}"
        return live, ""

    def update(
        self,
        base: Generation,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing,
        marking: Marking = no_mark,
    ) -> Update:
        """Give a clone of `base` what is different in `articles`, and publish it; see `SearchEngine.update`."""
        hashes = self._reader.hashes(base.index)
        difference = Difference(base.name, hashes, hashes)
        with closing(self._new_spool()) as spool:
            self._fill(spool, difference.fresh(articles), progress)
            self._keep(base.index, difference, keeping())
            removing(len(difference.removed), int(base.meta["articles"]))
            return self._publish_changed(base, difference, spool, progress, marking)

    def write(
        self, base: Generation, articles: Iterable[Article], removed: Set[str], mark: str, progress: Progress
    ) -> Update:
        """Put a few articles into a clone of `base` and take some out; it takes the place of `base`."""
        written = list(articles)
        leaving = set(map(document_id, removed))
        hashes = self._reader.hashes(base.index, leaving | {document_id(each.id) for each in written})
        difference = Difference(base.name, hashes, leaving & hashes.keys())
        with closing(self._new_spool()) as spool:
            self._fill(spool, difference.fresh(written), progress)
            return self._publish_changed(base, difference, spool, progress, lambda: mark, replacing=True)

    def _new_spool(self) -> Spool:
        return Spool(self._embedder, signed=self._share > 0)

    def _fill(self, spool: Spool, articles: Iterable[Article], progress: Progress) -> None:
        spool.fill(articles, get_analyzer(self._settings.analyzer), self._languages, progress)

    def _publish_changed(
        self,
        base: Generation,
        difference: Difference,
        spool: Spool,
        progress: Progress,
        marking: Marking,
        *,
        replacing: bool = False,
    ) -> Update:
        """Publish a clone of `base` with the difference, if there is any; what fails leaves nothing behind."""
        if not difference.size:
            return Update(self._generations.info(base), 0, 0, 0, tuple(difference.kept))
        removed = difference.removed
        regrouping = self._regrouping(base, spool, set(removed))
        index = self._clone(base)
        try:
            averages = base.meta["averages"]
            changes = index_actions(spool, index, averages, self._model, regrouping.groups)
            moves = index_actions(
                self._analysed(base, regrouping.moved), index, averages, self._model, regrouping.moved
            )
            actions = chain(changes, moves, (delete_action(index, key) for key in removed))
            send(self._cluster, actions, progress, difference.size + len(regrouping.moved))
            analyzer = get_analyzer(joined_names(str(base.meta["analyzer"]), frozenset(spool.analyzers)))
            meta = base.meta | {
                "analyzer": analyzer.name,
                "fingerprint": analyzer.fingerprint,
                "articles": int(base.meta["articles"]) + difference.added - len(removed),
                "near_duplicates": int(base.meta["near_duplicates"]) + regrouping.more_folded,
                "name": difference.name,
                "mark": marking(),
                "model": self._embedder.fingerprint,
                "complete": False,
            }
            info = self._publish(index, meta, progress, replaced=base.index if replacing else "")
        except BaseException:
            self._generations.remove(index)
            raise
        return Update(info, difference.added, difference.changed, len(removed), tuple(difference.kept))

    def _regrouping(self, base: Generation, spool: Spool, removed: Set[str]) -> Regrouping:
        """What the articles of `spool`, and those removed, make of the groups of `base`."""
        if not self._share and not base.meta["near_duplicates"]:
            return Regrouping({}, {}, 0)
        size = len(spool.signatures) // max(len(spool.documents), 1)
        fresh = {
            key: bytes(spool.signatures[number * size : (number + 1) * size])
            for number, key in enumerate(spool.documents)
        }
        return regroup(partial(self._reader.scan, base.index), fresh, removed, self._share)

    def _analysed(self, base: Generation, documents: Iterable[str]) -> Iterator[AnalysedArticle]:
        """Articles of `base` analysed again, as fields that are not kept come with them."""
        terms = ArticleTerms(get_analyzer(self._settings.analyzer), self._languages, signed=self._share > 0)
        wanted = list(documents)
        if wanted:
            for hit in self._reader.scan(base.index, {"query": {"ids": {"values": wanted}}, "_source": True}):
                article = article_of(hit["_source"])
                (analysed,), (vectors,) = terms.analyse([article]), self._embedder.stored([article])
                yield replace(analysed, vectors=vectors)

    def _keep(self, index: str, difference: Difference, keeps: Callable[[Article], bool] | None) -> None:
        """Keep the articles that are to stay although they were not given."""
        leaving = set(difference.removed)
        if keeps is not None and leaving:
            for hit in self._reader.scan(index, {"_source": True}):
                if hit["_id"] in leaving and keeps(article := article_of(hit["_source"])):
                    difference.keep(hit["_id"], article)

    def _clone(self, base: Generation) -> str:
        """A new index with the documents of `base`, whose files it shares."""
        index = self._generations.next_index()
        settings = {"index.number_of_replicas": 0, "index.refresh_interval": "-1", "index.blocks.write": False}
        body = {"settings": settings, "aliases": {self._generations.unfinished: {}}}
        with self._cluster.asking("clone the live index") as client:
            client.indices.clone(
                index=base.index,
                target=index,
                body=body,
                params={"wait_for_active_shards": "all", "cluster_manager_timeout": "60s"},
                request_timeout=120,
            )
        return index
