"""The sample corpus, indexed, with short ways to ask it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.results import Hit, SearchResults
from harbor_search.searching import parse_request, search

CORPUS = Path(__file__).parents[2] / "corpus"


@dataclass(frozen=True)
class Collection:
    """An engine with the sample corpus; `articles` are the articles by id, as they were read."""

    engine: SearchEngine
    settings: Settings
    articles: Mapping[str, Article]

    def ask(self, query: str, **parameters: str) -> SearchResults:
        """What a reader gets; parameters as in the address of a results page."""
        request = parse_request({"q": query, "per_page": "100", **parameters}, self.settings)
        return search(self.engine, request, self.settings)

    def ids(self, query: str, **parameters: str) -> list[str]:
        """The ids of all hits, best first."""
        return [hit.id for hit in self.ask(query, **parameters).hits]

    def titles(self, query: str, count: int = 3) -> list[str]:
        """The first titles, as readers see them."""
        return [hit.title for hit in self.ask(query).hits[:count]]

    def text(self, article_id: str) -> str:
        """Everything that can be searched of an article, in lower case with straight apostrophes."""
        article = self.articles[article_id]
        parts = [article.title, *(part for each in article.body for part in (each.heading, each.text))]
        return "\n".join(parts).lower().replace("\u2019", "'")

    def containing(self, pattern: str) -> set[str]:
        """The ids of the articles in whose text the regular expression `pattern` is found."""
        return {article_id for article_id in self.articles if re.search(pattern, self.text(article_id))}


def marked(hit: Hit) -> list[str]:
    """The words that a hit shows as found, in lower case."""
    texts = [(hit.title, hit.title_ranges), *((each.text, each.ranges) for each in hit.snippets)]
    return [text[start:end].lower() for text, ranges in texts for start, end in ranges]
