"""The terms of articles, many articles at a time: each distinct word is analysed once, however often it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from harbor_search.analysis import Analyzer, fold
from harbor_search.analysis.batch_analysis import Vocabulary, joined_texts
from harbor_search.article import Article
from harbor_search.engines.feedback import leading_texts
from harbor_search.engines.languages import analyzer_of
from harbor_search.engines.opensearch.mapping import GAP_TERM
from harbor_search.spelling import LONGEST, SHORTEST
from harbor_search.store import POSITION_GAP
from harbor_search.store.format import TEXT_FIELDS
from harbor_search.store.inversion.signatures import Signatures
from harbor_search.store.inversion.texts import texts_of

__all__ = ["AnalysedArticle", "ArticleTerms"]

MOST_WORDS = 1_000_000
"""Distinct words that are remembered, some 200 MB; then it begins anew."""

_BETWEEN = [GAP_TERM] * POSITION_GAP


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """An article and its terms.

    `fields` has the terms of each field with spaces between them, GAP_TERM where a position is empty; `lengths` how
    many terms that are; `words` the distinct words, without case and accents, that are long enough to be corrected;
    `leading` has, by term of what is looked at for feedback, how often it stands there in the title and how often in
    headings and text, as words of the collection's language.
    `signature` tells how much of its text it shares with others, `vectors` what its sections mean (`meaning`); each is
    empty where that is not looked for.
    """

    article: Article
    fields: Mapping[str, str]
    lengths: Mapping[str, int]
    words: Sequence[str]
    leading: Mapping[str, Sequence[int]]
    signature: bytes = b""
    vectors: bytes = b""


class ArticleTerms:
    """Analyses articles. It remembers words, so use one for many articles, and in one thread at a time."""

    def __init__(self, analyzer: Analyzer, languages: frozenset[str] = frozenset(), *, signed: bool = False) -> None:
        """Articles in other languages are analysed by those of `languages`, names of analyzers, where one is theirs;
        `signed` says that articles get signatures.
        """
        self._languages = languages
        self._signatures = Signatures() if signed else None
        self._vocabulary = Vocabulary()
        self._analyzer = analyzer
        self._terms: dict[str, dict[int, str]] = {}  # by analyzer and word
        self._words: list[str] = []

    def analyse(self, articles: Sequence[Article]) -> list[AnalysedArticle]:
        """The terms of some articles, field by field."""
        if len(self._vocabulary) > MOST_WORDS:
            self.__init__(self._analyzer, self._languages, signed=self._signatures is not None)  # type: ignore[misc]
        leading = self._leading_terms(articles)  # before the others, whose arrays the next text overwrites
        texts = texts_of(articles, 0, {})
        batch = self._vocabulary.tokenize(texts.joined, texts.sizes)
        self._learn()
        signatures = [b""] * len(articles)
        if self._signatures is not None:
            signatures = [row.tobytes() for row in self._signatures.sign(batch, self._vocabulary, texts)]
        numbers, ends = batch.tokens.tolist(), np.cumsum(batch.counts).tolist()
        of_article: list[list[tuple[str, list[int]]]] = [[] for _ in articles]
        start = 0
        for document, field, end in zip(texts.documents.tolist(), texts.fields.tolist(), ends, strict=True):
            of_article[document].append((TEXT_FIELDS[field], numbers[start:end]))
            start = end
        return [self._analysed(*each) for each in zip(articles, of_article, leading, signatures, strict=True)]

    def _learn(self) -> None:
        """Note the words that were not met before."""
        known = len(self._words)
        if known == len(self._vocabulary):
            return
        new = self._vocabulary.texts(np.arange(known, len(self._vocabulary)))
        folded = map(fold, new)
        self._words += [word if SHORTEST <= len(word) <= LONGEST and word.isalpha() else "" for word in folded]

    def _leading_terms(self, articles: Sequence[Article]) -> list[Mapping[str, Sequence[int]]]:
        """`AnalysedArticle.leading` of some articles."""
        parts = [leading_texts(_bytes(article.title), map(_bytes, _texts(article))) for article in articles]
        batch = self._vocabulary.tokenize(*joined_texts([*chain.from_iterable(parts)]))
        self._learn()
        numbers, ends = batch.tokens.tolist(), [0, *np.cumsum(batch.counts).tolist()]
        known = self._terms_by(self._analyzer, numbers)
        found: list[Mapping[str, Sequence[int]]] = []
        at = 0
        for own in parts:
            start, middle, end = ends[at], ends[at + 1], ends[at + len(own)]
            found.append(_counted(numbers[start:middle], numbers[middle:end], known))
            at += len(own)
        return found

    def _terms_by(self, analyzer: Analyzer, words: Iterable[int]) -> Mapping[int, str]:
        """The terms of words; each is analysed once by each analyzer."""
        known = self._terms.setdefault(analyzer.name, {})
        new = list({word for word in words if word not in known})
        if new:
            terms = analyzer.terms(self._vocabulary.texts(np.array(new, np.int64)))
            known.update(zip(new, [term or GAP_TERM for term in terms], strict=True))
        return known

    def _analysed(
        self,
        article: Article,
        texts: Sequence[tuple[str, list[int]]],
        leading: Mapping[str, Sequence[int]],
        signature: bytes,
    ) -> AnalysedArticle:
        analyzer = analyzer_of(article.language, self._analyzer, self._languages)
        known = self._terms_by(analyzer, chain.from_iterable(numbers for _, numbers in texts))
        terms: dict[str, list[str]] = {name: [] for name in TEXT_FIELDS}
        lengths = dict.fromkeys(terms, 0)
        words: set[int] = set()
        for name, numbers in texts:
            found = [known[number] for number in numbers]
            count = len(found) - found.count(GAP_TERM)
            if count:
                terms[name] += [*_BETWEEN, *found] if terms[name] else found
                lengths[name] += count
            words.update(numbers)
        distinct = {word for number in words if (word := self._words[number])}
        fields = {name: " ".join(each) for name, each in terms.items()}
        return AnalysedArticle(article, fields, lengths, sorted(distinct), leading, signature)


def _texts(article: Article) -> Iterator[str]:
    for section in article.body:
        yield section.heading
        yield section.text


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _counted(title: Sequence[int], text: Sequence[int], terms: Mapping[int, str]) -> dict[str, list[int]]:
    """By term how often words of it are in the title, and how often in the text."""
    found: dict[str, list[int]] = {}
    for place, words in enumerate((title, text)):
        for word, count in Counter(words).items():
            found.setdefault(terms[word], [0, 0])[place] += count
    found.pop(GAP_TERM, None)
    return found
