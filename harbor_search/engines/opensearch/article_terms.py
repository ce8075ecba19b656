"""The terms of articles, many articles at a time: each distinct word is analysed once, however often it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from harbor_search.analysis import Analyzer, fold
from harbor_search.analysis.batches import Vocabulary, encoded
from harbor_search.article import Article
from harbor_search.engines.languages import analyzer_of
from harbor_search.engines.opensearch.mapping import GAP_TERM
from harbor_search.spelling import LONGEST, SHORTEST
from harbor_search.store import POSITION_GAP

__all__ = ["AnalysedArticle", "ArticleTerms"]

MOST_WORDS = 1_000_000
"""Distinct words that are remembered, some 200 MB; then it begins anew."""

_BETWEEN = [GAP_TERM] * POSITION_GAP


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article and its terms.

    `fields` has the terms of each field with spaces between them, GAP_TERM where a position is empty; `lengths` how
    many terms that are; `words` the distinct words, without case and accents, that are long enough to be corrected.
    """

    article: Article
    fields: Mapping[str, str]
    lengths: Mapping[str, int]
    words: Sequence[str]


class ArticleTerms:
    """Analyses articles. It remembers words, so use one for many articles, and in one thread at a time."""

    def __init__(self, analyzer: Analyzer, languages: frozenset[str] = frozenset()) -> None:
        """Articles in other languages are analysed by those of `languages`, names of analyzers, where one is theirs."""
        self._languages = languages
        self._vocabulary = Vocabulary()
        self._analyzer = analyzer
        self._terms: dict[str, dict[int, str]] = {}  # by analyzer and word
        self._words: list[str] = []

    def analyse(self, articles: Sequence[Article]) -> list[AnalysedArticle]:
        """The terms of some articles, field by field."""
        if len(self._vocabulary) > MOST_WORDS:
            self.__init__(self._analyzer, self._languages)  # type: ignore[misc]
        texts = [list(_texts(article)) for article in articles]
        numbered = self._numbered([text for each in texts for _, text in each])
        return [
            self._analysed(article, [(name, next(numbered)) for name, _ in each])
            for article, each in zip(articles, texts, strict=True)
        ]

    def _numbered(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """The numbers of the words of each text."""
        batch = self._vocabulary.tokenize(*encoded(texts))
        tokens, at = batch.tokens.tolist(), 0
        self._learn()
        for count in batch.counts.tolist():
            yield tokens[at : at + count]
            at += count

    def _learn(self) -> None:
        """Note the words that were not met before."""
        known = len(self._words)
        if known == len(self._vocabulary):
            return
        new = self._vocabulary.texts(np.arange(known, len(self._vocabulary)))
        folded = map(fold, new)
        self._words += [word if SHORTEST <= len(word) <= LONGEST and word.isalpha() else "" for word in folded]

    def _terms_of(self, article: Article, words: Iterable[int]) -> Mapping[int, str]:
        """The terms of an article's words, by the analyzer of its language; each word is analysed once by each."""
        analyzer = analyzer_of(article.language, self._analyzer, self._languages)
        known = self._terms.setdefault(analyzer.name, {})
        new = list({word for word in words if word not in known})
        if new:
            terms = analyzer.terms(self._vocabulary.texts(np.array(new, np.int64)))
            known.update(zip(new, [term or GAP_TERM for term in terms], strict=True))
        return known

    def _analysed(self, article: Article, texts: Sequence[tuple[str, list[int]]]) -> AnalysedArticle:
        known = self._terms_of(article, chain.from_iterable(numbers for _, numbers in texts))
        terms: dict[str, list[str]] = {"title": [], "headings": [], "lead": [], "body": [], "names": []}
        lengths = dict.fromkeys(terms, 0)
        words: set[int] = set()
        for name, numbers in texts:
            found = [known[number] for number in numbers]
            count = len(found) - found.count(GAP_TERM)
            if count:
                terms[name] += [*_BETWEEN, *found] if terms[name] else found
                lengths[name] += count
            if name in ("title", "headings", "body"):
                words.update(numbers)
        distinct = {word for number in words if (word := self._words[number])}
        fields = {name: " ".join(each) for name, each in terms.items()}
        return AnalysedArticle(article, fields, lengths, sorted(distinct))


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    """The texts of an article by the field that they belong to."""
    yield "title", article.title
    yield "lead", article.lead
    yield "names", "\n".join(article.tags)
    for section in article.body:
        yield "headings", section.heading
        yield "body", section.text
