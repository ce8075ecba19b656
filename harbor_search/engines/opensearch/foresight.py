"""What the search for other spellings of a query's words will ask, so that one request can answer all of it.

`WordForms` asks for one word at a time, which costs the embedded engine nothing and this one a round trip each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from harbor_search.analysis import Analyzer, tokenize
from harbor_search.analysis.compounds import spellings, splits
from harbor_search.analysis.variants import variants
from harbor_search.engines.analysed_query import Phrase, Term, analysed_words, in_other_languages, joined_nodes
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.query import Boolean, Boosted, DisMax, Node
from harbor_search.query import Term as Word

__all__ = ["foresee_forms"]


def foresee_forms(query: Node, vocabulary: ClusterVocabulary, analyzer: Analyzer) -> None:
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
    closed = {(text, None) for text in _joined(query)} | {
        (text, word.field) for text in _joined(query) for word in words
    }
    wanted = {each: leaf(*each) for each in (*halves, *forms, *closed)}
    counted = [each for each in wanted.values() if each is not None]
    counted += [each for word in words for each in in_other_languages(word.text, word.field, 0, analyzer)]
    frequency = dict(zip(counted, vocabulary.counts(counted), strict=True))
    apart = [
        leaf(" ".join(pair), word.field)
        for word in words
        for pair in _pairs(word)
        if all(frequency.get(half) for each in pair if (half := wanted[each, word.field]) is not None)
    ]
    vocabulary.counts([each for each in apart if each is not None])


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


def _joined(node: Node) -> Iterator[str]:
    """What neighbours in the query are as one word."""
    if isinstance(node, Boolean):
        for nodes in (node.must, node.should, node.must_not):
            yield from filter(None, (joined_nodes(*pair) for pair in pairwise(nodes)))
            for each in nodes:
                yield from _joined(each)
