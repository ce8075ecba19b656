"""The articles of hits, with the places of their terms where these are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harbor_search.engines.opensearch.documents import article_of
from harbor_search.engines.opensearch.located_articles import LocatedArticle, LocatedArticles, Locator
from harbor_search.engines.opensearch.requests import IndexRequests

__all__ = ["FoundArticles"]

Json = dict[str, Any]


class FoundArticles:
    """Reads the articles of hits, and remembers those that were located. Threads may share it."""

    def __init__(self, requests: IndexRequests, fingerprint: str, known: LocatedArticles, locator: Locator) -> None:
        """`known` are those that were located before, in whatever generation; `fingerprint` is of the analysis."""
        self._requests, self._fingerprint, self._known, self._locator = requests, fingerprint, known, locator

    def of(self, hits: Sequence[Json], *, marked: bool) -> list[LocatedArticle]:
        """The articles of hits; of those that are not known and did not come along, one request asks. `marked` says
        that places in them are wanted."""
        names = [(self._fingerprint, hit["_id"], hit["fields"]["hash"][0]) for hit in hits]
        known = {name: there for name in names if (there := self._known.get(name)) is not None}
        missing = [(name, hit) for name, hit in zip(names, hits, strict=True) if name not in known]
        sources = self._requests.sources([hit["_id"] for _, hit in missing if "_source" not in hit])
        articles = [article_of(hit.get("_source") or sources[hit["_id"]]) for _, hit in missing]
        located = self._locator.locate(articles) if marked else [LocatedArticle(each) for each in articles]
        for (name, _), each in zip(missing, located, strict=True):
            known[name] = each
            if marked:
                self._known.keep(name, each)
        return [known[name] for name in names]
