"""Building a generation in the cluster: a rebuild into a new index, or an update on a clone of the live one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from itertools import chain
from typing import Any

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.analysed_query import analyse
from harbor_search.engines.opensearch.building import ContentDigest, Spool, delete_action, index_actions, send
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of, document_id
from harbor_search.engines.opensearch.generations import Generation, Generations
from harbor_search.engines.opensearch.mapping import INDEX_VERSION, index_body
from harbor_search.engines.opensearch.translation import query_of
from harbor_search.engines.protocol import GenerationInfo, Marking, Progress, Removing, Update, no_mark
from harbor_search.errors import OperationalError
from harbor_search.query import Phrase
from harbor_search.ranking import BM25F
from harbor_search.store import hash_of

__all__ = ["Writer"]

CANARIES = 3
"""Articles that a new index must find by their titles before it becomes live."""


class Writer:
    """Makes generations; hold `Generations.writing` while it works."""

    def __init__(self, cluster: Cluster, generations: Generations, settings: Settings, model: BM25F) -> None:
        self._cluster = cluster
        self._generations = generations
        self._settings = settings
        self._model = model

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
        spool = Spool()
        index = self._generations.next_index()
        try:
            spool.fill(articles, analyzer, progress)
            averages = spool.averages.lengths()
            meta = {
                "version": INDEX_VERSION,
                "analyzer": analyzer.name,
                "fingerprint": analyzer.fingerprint,
                "averages": averages,
                "articles": spool.averages.articles,
                "name": spool.digest.name,
                "mark": marking(),
            }
            self._create(index, meta)
            actions = index_actions(spool, index, averages, self._model)
            send(self._cluster, actions, progress, spool.averages.articles)
            return self._publish(index, meta, progress, trial)
        except BaseException:
            self._generations.remove(index)
            raise
        finally:
            spool.close()

    def _create(self, index: str, meta: dict[str, Any]) -> None:
        body = index_body(
            self._model,
            shards=self._settings.opensearch_shards,
            replicas=self._settings.opensearch_replicas,
            results=self._settings.max_results,
            meta=meta,
        )
        with self._cluster.asking("create an index") as client:
            client.indices.create(index=index, body=body)

    def _publish(
        self,
        index: str,
        meta: dict[str, Any],
        progress: Progress,
        trial: Callable[[Generation], None] | None = None,
    ) -> GenerationInfo:
        """Refresh, check and publish a filled index."""
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
        generation = self._generations.publish(index, meta, replicas=self._settings.opensearch_replicas)
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
            clause = analyse(Phrase(article.title, "title"), analyzer)
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
        if live.meta["fingerprint"] != analyzer.fingerprint:
            return None, "words are analysed otherwise now"
        return live, ""

    def update(
        self,
        base: Generation,
        articles: Iterable[Article],
        keeping: Callable[[], Callable[[Article], bool] | None],
        progress: Progress,
        removing: Removing,
        marking: Marking = no_mark,
        leaving: Set[str] | None = None,
    ) -> Update:
        """Give a clone of `base` what is different in `articles`, and publish it; see `SearchEngine.update`.

        Of what is not among `articles` only those with the ids `leaving` go, where that is given.
        """
        hashes = self._hashes(base.index)
        keys = hashes if leaving is None else set(map(document_id, leaving)) & hashes.keys()
        unseen = {key: hashes[key] for key in keys}
        digest = ContentDigest(str(base.meta["name"]))
        analyzer = get_analyzer(self._settings.analyzer)
        spool = Spool()
        added = changed = 0

        def fresh() -> Iterator[Article]:
            nonlocal added, changed
            seen: set[str] = set()
            for article in articles:
                key, value = document_id(article.id), hash_of(article).hex()
                if key in seen:
                    raise ValueError(f"two articles have the id {article.id!r}")
                seen.add(key)
                before = hashes.get(key)
                unseen.pop(key, None)
                if before == value:
                    continue
                if before is not None:
                    digest.toggle(bytes.fromhex(before))
                digest.toggle(bytes.fromhex(value))
                added, changed = added + (before is None), changed + (before is not None)
                yield article

        try:
            spool.fill(fresh(), analyzer, progress)
            kept = self._kept(base.index, unseen, keeping())
            removing(len(unseen), int(base.meta["articles"]))
            for key in unseen:
                digest.toggle(bytes.fromhex(unseen[key]))
            if not (added or changed or unseen):
                return Update(self._generations.info(base), 0, 0, 0, tuple(kept))
            index = self._clone(base)
            try:
                actions = chain(
                    index_actions(spool, index, base.meta["averages"], self._model),
                    (delete_action(index, key) for key in unseen),
                )
                send(self._cluster, actions, progress, added + changed + len(unseen))
                meta = base.meta | {
                    "articles": int(base.meta["articles"]) + added - len(unseen),
                    "name": digest.name,
                    "mark": marking(),
                    "complete": False,
                }
                info = self._publish(index, meta, progress)
            except BaseException:
                self._generations.remove(index)
                raise
        finally:
            spool.close()
        return Update(info, added, changed, len(unseen), tuple(kept))

    def _hashes(self, index: str) -> dict[str, str]:
        """By document, the content hash of its article."""
        return {hit["_id"]: hit["fields"]["hash"][0] for hit in self._scan(index, {"docvalue_fields": ["hash"]})}

    def _kept(self, index: str, unseen: dict[str, str], keeps: Callable[[Article], bool] | None) -> list[str]:
        """The ids of articles that stay although they were not given; they are taken out of `unseen`."""
        kept: list[str] = []
        if keeps is not None and unseen:
            for hit in self._scan(index, {"_source": True}):
                if hit["_id"] in unseen and keeps(article := article_of(hit["_source"])):
                    kept.append(article.id)
                    del unseen[hit["_id"]]
        return kept

    def _scan(self, index: str, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """All documents of an index, page by page at one point in time."""
        with self._cluster.asking("read the index") as client:
            point = client.create_pit(index=index, params={"keep_alive": "5m"})["pit_id"]
            try:
                body: dict[str, Any] = {"size": 1000, "pit": {"id": point, "keep_alive": "5m"}, "sort": ["_shard_doc"]}
                body |= {"_source": False, "track_total_hits": False} | wanted
                while hits := client.search(body=body)["hits"]["hits"]:
                    yield from hits
                    body["search_after"] = hits[-1]["sort"]
            finally:
                client.delete_pit(body={"pit_id": [point]})

    def _clone(self, base: Generation) -> str:
        """A new index with the documents of `base`, whose files it shares."""
        index = self._generations.next_index()
        settings = {"index.number_of_replicas": 0, "index.refresh_interval": "-1", "index.blocks.write": False}
        with self._cluster.asking("clone the live index") as client:
            client.indices.clone(
                index=base.index,
                target=index,
                body={"settings": settings},
                params={"wait_for_active_shards": "all", "cluster_manager_timeout": "60s"},
                request_timeout=120,
            )
            client.indices.put_mapping(index=index, body={"_meta": base.meta | {"complete": False}})
        return index
