"""From an article to the document that OpenSearch gets, and back."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harbor_search.analysis import fold
from harbor_search.article import SECTION_SEPARATOR, Article
from harbor_search.engines.opensearch.article_codec import pack_article, unpack_article
from harbor_search.engines.opensearch.article_terms import AnalysedArticle
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.mapping import FREQUENCY_MARK, FREQUENCY_UNIT, GAP_TERM, LENGTHS, TEXT_FIELDS
from harbor_search.engines.opensearch.near_duplicates import Group, signature_fields
from harbor_search.engines.opensearch.term_weights import FIELD, pack_weights
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.store import hash_of

__all__ = ["Averages", "article_of", "document_id", "section_parts", "source_of"]

_LONGEST_START = 200
"""Characters of a title that suggestions look for the typed text in; OpenSearch takes 32 kB at most."""


@dataclass(slots=True)
class Averages:
    """The average length of each field, in terms, over the articles that were added."""

    articles: int = 0
    totals: Counter[str] = field(default_factory=Counter)

    def add(self, analysed: AnalysedArticle) -> None:
        """Count one article in."""
        self.articles += 1
        self.totals.update(analysed.lengths)

    def lengths(self) -> dict[str, float]:
        """By field, the average length; 0 where no article has a term in it."""
        return {name: self.totals[name] / max(self.articles, 1) for name in TEXT_FIELDS}


def source_of(analysed: AnalysedArticle, weighting: Weighting, group: Group) -> dict[str, Any]:
    """The document of an article."""
    article = analysed.article
    weighted = _weighted(analysed, weighting)
    weights = pack_weights(weighted, analysed.leading)
    texts = {TEXT_FIELDS[name]: terms for name, terms in analysed.fields.items()}
    values = {
        "published": article.published.isoformat() if article.published else None,
        "year": article.published.year if article.published else None,
        "views": article.views,
    }
    return {
        "id": keyword(article.id),
        "hash": hash_of(article).hex(),
        "terms": " ".join(
            f"{term}{FREQUENCY_MARK}{max(round(frequency * FREQUENCY_UNIT), 1)}" for term, frequency in weighted.items()
        ),
        **({FIELD: base64.b64encode(weights).decode()} if weights else {}),
        **texts,
        **{LENGTHS[name]: length for name, length in analysed.lengths.items()},
        "sections": [
            keyword(SECTION_SEPARATOR.join(article.section[:depth])) for depth in range(1, len(article.section) + 1)
        ],
        "section_parts": section_parts(article.section),
        "words": analysed.words,
        "title_start": fold(article.title)[:_LONGEST_START],
        "title_text": article.title,
        "headings_text": [section.heading for section in article.body if section.heading],
        "tags": sorted({keyword(fold(tag)) for tag in article.tags}),
        "group": group.number,
        **({"similar": group.others} if group.others else {}),
        **signature_fields(analysed.signature),
        **({"vectors": base64.b64encode(analysed.vectors).decode()} if analysed.vectors else {}),
        "source": keyword(article.source),
        "language": keyword(article.language),
        **({"source_name": keyword(article.source_name)} if article.source_name else {}),
        **{name: value for name, value in values.items() if value is not None},
        "article": pack_article(article).decode(),
    }


def article_of(source: Mapping[str, Any]) -> Article:
    """The article that a document was made of."""
    return unpack_article(source["article"].encode())


def document_id(article_id: str) -> str:
    """The id of an article's document: OpenSearch allows 512 bytes, and article ids may be longer."""
    return hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def section_parts(path: Sequence[str]) -> list[str]:
    """Every part of a section's path, without case."""
    folded = [fold(name) for name in path]
    ends = range(len(folded) + 1)
    return sorted({keyword(SECTION_SEPARATOR.join(folded[start:end])) for end in ends for start in range(end)})


def _weighted(analysed: AnalysedArticle, weighting: Weighting) -> dict[str, float]:
    """By term, its weighted frequency as in BM25F."""
    weighted: dict[str, float] = {}
    for name, in_field in weighting.norms.items():
        terms = analysed.fields[name]
        counts = Counter(terms.split(" ") if terms else ())
        counts.pop(GAP_TERM, None)
        norm = in_field.of(analysed.lengths[name])
        if norm:
            for term, count in counts.items():
                weighted[term] = weighted.get(term, 0.0) + norm * count
    return weighted
