"""Changing a generation: a clone of the live index, whose files it shares, gets what is different and becomes live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain

from harbor_search.analysis import get_analyzer, joined_names
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.languages import languages_of
from harbor_search.engines.opensearch.article_terms import AnalysedArticle, ArticleTerms
from harbor_search.engines.opensearch.building import Spool, delete_action, index_actions, send
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of, document_id
from harbor_search.engines.opensearch.generation import Generation
from harbor_search.engines.opensearch.generations import Generations
from harbor_search.engines.opensearch.index_difference import Difference
from harbor_search.engines.opensearch.index_reader import IndexReader
from harbor_search.engines.opensearch.meaning import SectionEmbedder
from harbor_search.engines.opensearch.near_duplicates import Regrouping, regroup
from harbor_search.engines.opensearch.new_indices import clone
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.engines.opensearch.writer import Writer
from harbor_search.engines.protocol import Marking, Progress, Removing, Update, no_mark
from harbor_search.errors import OperationalError

__all__ = ["Updater"]


class Updater:
    """Makes changed generations; hold `Generations.writing` while it works."""

    def __init__(
        self,
        writer: Writer,
        cluster: Cluster,
        generations: Generations,
        settings: Settings,
        embedder: SectionEmbedder,
    ) -> None:
        """`writer` publishes what is made here."""
        self._writer, self._cluster, self._generations = writer, cluster, generations
        self._reader, self._settings, self._embedder = IndexReader(cluster), settings, embedder
        self._share = settings.near_duplicates

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
        with closing(self._writer.new_spool()) as spool:
            self._writer.fill(spool, difference.fresh(articles), progress)
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
        with closing(self._writer.new_spool()) as spool:
            self._writer.fill(spool, difference.fresh(written), progress)
            return self._publish_changed(base, difference, spool, progress, lambda: mark, replacing=True)

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
            weighting = Weighting.of(base.meta)
            changes = index_actions(spool, index, weighting, regrouping.groups)
            moves = index_actions(self._analysed(base, regrouping.moved), index, weighting, regrouping.moved)
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
            info = self._writer.publish(index, meta, progress, replaced=base.index if replacing else "")
        except BaseException:
            self._generations.discard(index)
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
        terms = ArticleTerms(
            get_analyzer(self._settings.analyzer), languages_of(self._settings), signed=self._share > 0
        )
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
        try:
            clone(self._cluster, base.index, index, body)
        except OperationalError:
            self._generations.discard(index)
            raise
        return index
