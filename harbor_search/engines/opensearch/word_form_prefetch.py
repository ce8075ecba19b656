"""What the search for other spellings of a query's words will ask, so that one request can answer all of it.

`WordForms` asks for one word at a time, which costs the embedded engine nothing and this one a round trip each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from harbor_search.analysis import Analyzer, tokenize
from harbor_search.analysis.compounds import spellings, splits
from harbor_search.analysis.variants import variants
from harbor_search.engines.analysed_query import analysed_words, closed_words, in_other_languages
from harbor_search.engines.clauses import Phrase, Term
from harbor_search.engines.compound_parts import likeliest_parts, near_each_other, pairs_of_parts
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.query import Boolean, Boosted, DisMax, Node
from harbor_search.query import Term as Word

__all__ = ["prefetch_forms"]


def prefetch_forms(query: Node, vocabulary: ClusterVocabulary, analyzer: Analyzer) -> None:
    """Have counted what `WordForms` will ask of `vocabulary` for the words of `query`."""
    words = list(dict.fromkeys(_words(query)))

    def leaf(text: str, field: str | None) -> Term | Phrase | None:
        return analysed_words(text, field, 0, analyzer)

    halves = {(half, word.field) for word in words for pair in _pairs(word) for half in pair}
    forms = {
        (form, word.field)
        for word in words
        for form in (word.text, *spellings(word.text), *variants(word.text.lower(), analyzer.name))
    }
    joined = set(_joined(query, analyzer))
    closed = {(text, field) for text in joined for field in (None, *(word.field for word in words))}
    wanted = {each: leaf(*each) for each in (*halves, *forms, *closed)}
    counted = [each for each in wanted.values() if each is not None]
    texts = {(word.text, word.field) for word in words} | closed
    counted += [each for text, field in texts for each in in_other_languages(text, field, 0, analyzer)]
    parts = {word: pairs_of_parts(word, analyzer) for word in words}
    counted += [term for pairs in parts.values() for pair in pairs for term in pair]
    frequency = dict(zip(counted, vocabulary.counts(counted), strict=True))
    apart = [
        leaf(" ".join(pair), word.field)
        for word in words
        for pair in _pairs(word)
        if all(frequency.get(half) for each in pair if (half := wanted[each, word.field]) is not None)
    ]
    near: list[Term | Phrase] = []
    for word, pairs in parts.items():
        asked = leaf(word.text, word.field)
        pair = likeliest_parts(pairs, frequency.get(asked, 0) if asked else 0, lambda term: frequency.get(term, 0))
        near += near_each_other(pair) if pair else []
    vocabulary.counts([*near, *(each for each in apart if each is not None)])


def _pairs(word: Word) -> Sequence[tuple[str, str]]:
    """The pairs of words that a closed word may be made of."""
    tokens = [token.text for token in tokenize(word.text)]
    return tuple(splits(tokens[0])) if len(tokens) == 1 else ()


def _words(node: Node) -> Iterator[Word]:
    match node:
        case Word():
            yield node
        case Boosted(inner):
            yield from _words(inner)
        case Boolean(must, should, must_not):
            for each in (*must, *should, *must_not):
                yield from _words(each)
        case DisMax(nodes):
            for each in nodes:
                yield from _words(each)
        case _:
            return


def _joined(node: Node, analyzer: Analyzer) -> Iterator[str]:
    """What neighbours in the query are as one word."""
    if isinstance(node, Boolean):
        for nodes in (node.must, node.should, node.must_not):
            yield from (closed for pair in pairwise(nodes) for closed in closed_words(*pair, analyzer))
            for each in nodes:
                yield from _joined(each, analyzer)
