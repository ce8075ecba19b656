"""The parts of a German compound as an index may have them: near each other, in either order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harbor_search import query
from harbor_search.analysis import Analyzer, get_analyzer
from harbor_search.analysis.closed_compounds import GERMAN, parts_of_compound, writes_closed
from harbor_search.analysis.stopwords import all_stop_words
from harbor_search.analysis.tokenizer import tokenize
from harbor_search.engines.clauses import Phrase, Term

__all__ = ["likeliest_parts", "near_each_other", "pairs_of_parts"]

Pair = tuple[Term, Term]

_FARTHEST = 3
"""Words from one part to the other where an article says a compound in several: "Risiko für einen Herzinfarkt"."""

_LEAST_SHARE = 0.5
"""Of the frequency of a word is the geometric mean of those of its parts, or they are none: "Beschwerden" is no
"Beschw" with "Erden". Of 108 compounds 102 are parted rightly and three wrongly by the frequencies of a German lexicon
of 400,000 stems, slips of the pen included; of 82 words that are none it parts 16."""


def pairs_of_parts(word: query.Term, analyzer: Analyzer) -> list[Pair]:
    """The pairs that a word may be made of, where the collection with this analyzer has German words."""
    tokens = [token.text for token in tokenize(word.text)] if writes_closed(analyzer.name) else []
    pairs = parts_of_compound(tokens[0]) if len(tokens) == 1 else ()
    if not pairs:
        return []
    stop = all_stop_words(analyzer.name)
    pairs = tuple(pair for pair in pairs if stop.words.isdisjoint(pair) and stop.qualifiers.isdisjoint(pair))
    halves = list(dict.fromkeys(half for pair in pairs for half in pair))
    terms = [Term(text.encode(), word.field) for text in get_analyzer(GERMAN).terms(halves)]
    known = dict(zip(halves, terms, strict=True))
    return [(known[first], known[second]) for first, second in pairs]


def likeliest_parts(pairs: Sequence[Pair], whole: int, frequency: Callable[[Term], int]) -> Pair | None:
    """The pair whose parts are the most frequent, if that is frequent enough beside the word, which `whole` documents
    have."""
    weighed = [(frequency(pair[0]) * frequency(pair[1]), pair) for pair in pairs]
    together, pair = max(weighed, key=lambda each: each[0], default=(0, None))
    return pair if together and together >= (_LEAST_SHARE * whole) ** 2 else None


def near_each_other(pair: Pair) -> list[Phrase]:
    """The ways in which the parts may stand near each other, the nearest first."""
    orders = [tuple(term.text for term in terms) for terms in (pair, pair[::-1])]
    return [Phrase(texts, (0, distance), 0, pair[0].field) for distance in range(1, _FARTHEST + 1) for texts in orders]
