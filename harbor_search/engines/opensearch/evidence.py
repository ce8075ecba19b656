"""What articles tell of the leaves of a query, for who explains scores (`engines.explaining`).

The cluster tells sums; how often a word stands in which field is counted in the articles, analysed as for the index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from harbor_search.analysis import fold
from harbor_search.article import SECTION_SEPARATOR
from harbor_search.engines.clauses import (
    Boolean,
    Boosted,
    Clause,
    DisMax,
    Everything,
    Fuzzy,
    Leaf,
    Phrase,
    Prefix,
    Spellings,
    Term,
)
from harbor_search.engines.opensearch.article_terms import AnalysedArticle
from harbor_search.engines.opensearch.documents import section_parts
from harbor_search.engines.opensearch.edits import edits_between
from harbor_search.engines.opensearch.keywords import keyword
from harbor_search.engines.opensearch.mapping import GAP_TERM
from harbor_search.engines.opensearch.weighting import Weighting
from harbor_search.query import Dated, Filter, Sectioned, Tagged

__all__ = ["ArticleEvidence"]


class ArticleEvidence:
    """`engines.explaining.Evidence` of some articles."""

    def __init__(
        self,
        articles: Mapping[int, AnalysedArticle],
        weighting: Weighting,
        weights: Mapping[Leaf, float],
        counts: Mapping[Leaf, int],
    ) -> None:
        """`articles` by the numbers by which they are asked for; `weights` are what leaves score at most, `counts` how
        many articles of the index have them."""
        self._articles, self._weighting, self._weights, self._counts = articles, weighting, weights, counts
        self._terms = {
            number: {name: terms.split(" ") if terms else [] for name, terms in article.fields.items()}
            for number, article in articles.items()
        }

    @property
    def k1(self) -> float:
        """How soon further occurrences stop to count."""
        return self._weighting.k1

    @property
    def tolerance(self) -> float:
        """The cluster has weighted frequencies in thousandths (`mapping.FREQUENCY_UNIT`)."""
        return 5e-3

    @property
    def rounding(self) -> float:
        """The cluster's scores are float32."""
        return 1e-6

    def score(self, leaf: Leaf, document: int) -> float | None:
        """What a leaf scores in a document; None where it does not stand there."""
        if isinstance(leaf, Phrase) and leaf.slop:
            weight = sum(self._norm(name, document) * near for name, near in self._nearness(leaf, document))
        else:
            weight = sum(weight for _, weight in self.standing(leaf, document).values())
        return self._weights.get(leaf, 0.0) * weight / (self.k1 + weight) if weight else None

    def matches(self, clause: Clause, document: int) -> bool:
        """Whether a document matches a part of the query."""
        match clause:
            case Boosted(inner):
                return self.matches(inner, document)
            case DisMax(clauses):
                return any(self.matches(each, document) for each in clauses)
            case Boolean(must, should, must_not, minimum):
                some = sum(self.matches(each, document) for each in should) >= minimum
                wanted = all(self.matches(each, document) for each in must)
                return some and wanted and not any(self.matches(each, document) for each in must_not)
            case Everything():
                return True
            case Sectioned() | Tagged() | Dated():
                return self._passes(clause, document)
            case _:
                return self.score(clause, document) is not None

    def standing(self, leaf: Leaf, document: int) -> Mapping[str, tuple[int, float]]:
        """By field how often a leaf stands in a document, and what that adds to the weighted frequency."""
        found: dict[str, tuple[int, float]] = {}
        for name, terms in self._terms[document].items():
            if leaf.field in (None, name):
                counted = list(_counted(leaf, terms))
                number = sum(count for count, _ in counted)
                if number:
                    worth = sum(count * factor for count, factor in counted)
                    found[name] = number, worth * self._norm(name, document)
        return found

    def matching(self, leaf: Leaf) -> int:
        """How many articles of the index have a leaf."""
        return self._counts.get(leaf, 0)

    def weight(self, leaf: Leaf) -> float:
        """What a leaf scores at most."""
        return self._weights.get(leaf, 0.0)

    def norm_with_one_more(self, field: str, document: int) -> float:
        """What an occurrence in a field of a document would count if the field had one term more."""
        return self._weighting.norms[field].of(self._articles[document].lengths[field] + 1)

    def _norm(self, field: str, document: int) -> float:
        return self._weighting.norms[field].of(self._articles[document].lengths[field])

    def _nearness(self, phrase: Phrase, document: int) -> Iterator[tuple[str, float]]:
        """By field what a phrase whose words may stand apart counts: the farther they do, the less."""
        for name, terms in self._terms[document].items():
            if phrase.field in (None, name):
                yield name, sum(1 / (1 + apart) for apart in _distances(phrase, terms))

    def _passes(self, wanted: Filter, document: int) -> bool:
        article = self._articles[document].article
        match wanted:
            case Sectioned(path):
                return keyword(SECTION_SEPARATOR.join(map(fold, path))) in section_parts(article.section)
            case Tagged(tag):
                return fold(tag) in map(fold, article.tags)
            case Dated(first, last):
                day = article.published
                return day is not None and (first is None or first <= day) and (last is None or day <= last)


def _counted(leaf: Leaf, terms: Sequence[str]) -> Iterator[tuple[int, float]]:
    """How often a leaf, or a part of it, stands among the terms of a field, and what each time counts."""
    match leaf:
        case Term(text):
            yield terms.count(text.decode()), 1.0
        case Prefix(beginning, word):
            own = None if word is None else word.decode()
            yield sum(each == own or each.startswith(beginning.decode()) for each in terms), 1.0
        case Fuzzy(misspelt, distance):
            for term, count in Counter(terms).items():
                if term != GAP_TERM and edits_between(misspelt, term, distance) is not None:
                    yield count, 1.0
        case Phrase():
            yield sum(1 for _ in _distances(leaf, terms)) if not leaf.slop else 0, 1.0
        case Spellings():
            yield from chain.from_iterable(
                ((count, factor * counts) for count, factor in _counted(each, terms)) for each, counts in leaf.weighed
            )


def _distances(phrase: Phrase, terms: Sequence[str]) -> Iterator[int]:
    """For each place at which a phrase stands how much farther apart its words are than they were asked for."""
    wanted = [term.decode() for term in phrase.terms]
    for start, first in enumerate(terms):
        if first != wanted[0]:
            continue
        at, room = start, phrase.slop
        for number in range(1, len(wanted)):
            nearest = at + phrase.offsets[number] - phrase.offsets[number - 1]
            reached = terms[nearest : nearest + room + 1]
            if wanted[number] not in reached:
                break
            found = nearest + reached.index(wanted[number])
            room -= found - nearest
            at = found
        else:
            yield phrase.slop - room
