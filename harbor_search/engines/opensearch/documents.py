"""From an article to the document that OpenSearch gets, and back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from harbor_search.analysis import Analyzer, fold, tokenize
from harbor_search.article import SECTION_SEPARATOR, Article
from harbor_search.engines.opensearch.mapping import FREQUENCY_MARK, FREQUENCY_UNIT, GAP_TERM, TEXT_FIELDS
from harbor_search.engines.opensearch.packed import pack_article, unpack_article
from harbor_search.ranking import BM25F
from harbor_search.spelling import LONGEST, SHORTEST
from harbor_search.store import POSITION_GAP, hash_of

__all__ = ["AnalysedArticle", "Averages", "analyse_article", "article_of", "document_id", "source_of"]

_LONGEST_START = 200
"""Characters of a title that suggestions look for the typed text in; OpenSearch takes 32 kB at most."""


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article and its terms: by field, the texts with their terms by position, None where a position is empty."""

    article: Article
    fields: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class Averages:
    """The average length of each field, in terms, over the articles that were added."""

    articles: int = 0
    totals: Counter[str] = field(default_factory=Counter)

    def add(self, analysed: AnalysedArticle) -> None:
        """Count one article in."""
        self.articles += 1
        for name, terms in analysed.fields.items():
            self.totals[name] += sum(term != GAP_TERM for term in terms)

    def lengths(self) -> dict[str, float]:
        """By field, the average length; 0 where no article has a term in it."""
        return {name: self.totals[name] / max(self.articles, 1) for name in TEXT_FIELDS}


def analyse_article(article: Article, analyzer: Analyzer) -> AnalysedArticle:
    """The terms of an article, field by field."""
    texts = {
        "title": [article.title],
        "headings": [section.heading for section in article.body],
        "lead": [article.lead],
        "body": [section.text for section in article.body],
        "names": ["\n".join(article.tags)],
    }
    return AnalysedArticle(article, {name: tuple(_positions(each, analyzer)) for name, each in texts.items()})


def source_of(analysed: AnalysedArticle, averages: Mapping[str, float], model: BM25F) -> dict[str, Any]:
    """The document of an article, its weighted frequencies by `averages` (lengths of fields in terms)."""
    article = analysed.article
    texts = {TEXT_FIELDS[name]: " ".join(terms) for name, terms in analysed.fields.items()}
    values = {
        "published": article.published.isoformat() if article.published else None,
        "year": article.published.year if article.published else None,
        "views": article.views,
    }
    return {
        "id": article.id,
        "hash": hash_of(article).hex(),
        "terms": " ".join(
            f"{term}{FREQUENCY_MARK}{max(round(frequency * FREQUENCY_UNIT), 1)}"
            for term, frequency in _weighted(analysed, averages, model).items()
        ),
        **texts,
        "sections": [SECTION_SEPARATOR.join(article.section[:depth]) for depth in range(1, len(article.section) + 1)],
        "section_parts": _parts(article.section),
        "words": _words(article),
        "title_start": fold(article.title)[:_LONGEST_START],
        "title_text": article.title,
        "headings_text": [section.heading for section in article.body if section.heading],
        "tags": sorted({fold(tag) for tag in article.tags}),
        "source": article.source,
        "language": article.language,
        **{name: value for name, value in values.items() if value is not None},
        "article": pack_article(article).decode(),
    }


def article_of(source: Mapping[str, Any]) -> Article:
    """The article that a document was made of."""
    return unpack_article(source["article"].encode())


def document_id(article_id: str) -> str:
    """The id of an article's document: OpenSearch allows 512 bytes, and article ids may be longer."""
    return hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _positions(texts: Iterable[str], analyzer: Analyzer) -> Iterable[str]:
    """The terms of the texts of one field, GAP_TERM at empty positions, POSITION_GAP of them between two texts."""
    first = True
    for text in texts:
        terms: list[str] = []
        for token in analyzer.analyze(text):
            if token.text:
                terms += [GAP_TERM] * (token.position - len(terms))
                terms.append(token.text)
        if terms and not first:
            yield from [GAP_TERM] * POSITION_GAP
        yield from terms
        first = first and not terms


def _words(article: Article) -> list[str]:
    """The distinct words of an article's texts, without case and accents, as long as misspelt ones are looked for."""
    texts = [article.title, *chain.from_iterable((section.heading, section.text) for section in article.body)]
    words = {fold(token.text) for text in texts for token in tokenize(text)}
    return sorted(word for word in words if SHORTEST <= len(word) <= LONGEST and word.isalpha())


def _parts(path: Sequence[str]) -> list[str]:
    """Every part of a section's path, without case."""
    folded = [fold(name) for name in path]
    ends = range(len(folded) + 1)
    return sorted({SECTION_SEPARATOR.join(folded[start:end]) for end in ends for start in range(end)})


def _weighted(analysed: AnalysedArticle, averages: Mapping[str, float], model: BM25F) -> dict[str, float]:
    """By term, its weighted frequency as in BM25F."""
    weighted: dict[str, float] = {}
    for name, weight in model.fields:
        counts = Counter(analysed.fields.get(name, ()))
        counts.pop(GAP_TERM, None)
        length = counts.total()
        relative = length / averages[name] if averages.get(name) else 0.0
        norm = weight.weight / (1 - weight.b + weight.b * relative)
        if norm:
            for term, count in counts.items():
                weighted[term] = weighted.get(term, 0.0) + norm * count
    return weighted
