"""Queries as an index understands them: words in all the spellings that it has, and what each of them weighs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harbor_search.analysis import Analyzer
from harbor_search.engines.analysed_query import analyse, clauses_by_node, texts_by_leaf
from harbor_search.engines.clauses import Clause, Leaf, Phrase, Term
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.engines.opensearch.word_form_prefetch import prefetch_forms
from harbor_search.engines.word_forms import WordForms
from harbor_search.query import Node
from harbor_search.ranking import idf

__all__ = ["QueryAnalysis"]


class QueryAnalysis:
    """Analyses queries by the vocabulary of one index. Threads may share it."""

    def __init__(self, vocabulary: ClusterVocabulary, analyzer: Analyzer) -> None:
        self._vocabulary, self._analyzer = vocabulary, analyzer
        self._forms = WordForms(vocabulary, analyzer)

    def clause(self, query: Node) -> Clause | None:
        """The analysed query; None where it has no word."""
        prefetch_forms(query, self._vocabulary, self._analyzer)
        return analyse(query, self._analyzer, self._forms)

    def optional(self, query: Node | None) -> Clause | None:
        """The same of a query that need not be there."""
        return None if query is None else self.clause(query)

    def by_node(self, query: Node) -> Mapping[Node, Clause | None]:
        """By node of a query its clause."""
        return clauses_by_node(query, self._analyzer, self._forms)

    def texts(self, query: Node) -> Mapping[Clause, str]:
        """By leaf how it was typed."""
        return texts_by_leaf(query, self._analyzer, self._forms)

    def weights(self, found: Sequence[Leaf]) -> dict[Leaf, float]:
        """What each leaf scores at most: its inverse document frequency, of a phrase the sum of its words', of what no
        article has nothing."""
        articles = self._vocabulary.articles
        parts = {leaf: _weighed_by(leaf) for leaf in found}
        wanted = list(dict.fromkeys(part for leaf, each in parts.items() for part in (leaf, *each)))
        counts = dict(zip(wanted, self._vocabulary.counts(wanted), strict=True))
        return {
            leaf: sum(idf(articles, min(counts[part], articles)) for part in each) if counts[leaf] else 0.0
            for leaf, each in parts.items()
        }


def _weighed_by(leaf: Leaf) -> Sequence[Leaf]:
    """What is counted to weigh a leaf."""
    return [Term(term, leaf.field) for term in leaf.terms] if isinstance(leaf, Phrase) else [leaf]
