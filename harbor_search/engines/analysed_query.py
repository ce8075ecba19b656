"""Analysing a query: from the query tree to clauses, with terms of the index in the place of the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from harbor_search import query
from harbor_search.analysis import Analyzer, fold, tokenize
from harbor_search.analysis.closed_compounds import closed_compounds, leads_german
from harbor_search.analysis.compounds import joined
from harbor_search.analysis.known_terms import known_terms
from harbor_search.analysis.unspaced import unspaced_words
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

__all__ = [
    "analyse",
    "analysed_words",
    "clauses_by_node",
    "closed_texts",
    "closed_words",
    "in_other_languages",
    "texts_by_leaf",
    "words_of",
]

_LONGEST_KNOWN = 200
"""Characters of words, alone or beside each other, that are remembered as they were analysed: what is longer was
pasted, and is not asked again."""

_FEW = 3
"""Words of a text without spaces below which articles must have all of them."""

WordForms = Callable[[query.Term, str, str], "Leaf | None"]
"""The leaf for a word in all the spellings that an index has of it, between the words before and after it, which it
may make one with; these are empty where there are none."""


def analyse(node: query.Node, analyzer: Analyzer, forms: WordForms | None = None) -> Clause | None:
    """The clause for a node; None where it has no word ("!?") and so matches nothing and excludes nothing.

    Where `forms` is not given, words are looked for as they are spelt.
    """
    match node:
        case query.Term():
            return _word(node, "", "", analyzer, forms)
        case query.Phrase(text, field, slop):
            return _phrase(text, field, slop, analyzer)
        case query.Prefix(text, field):
            words = [token.text for token in analyzer.analyze(text)]
            prefix = "".join(c for c in fold(text) if c.isalnum())
            return Prefix(prefix.encode(), words[0].encode() if words else None, field) if prefix else None
        case query.Fuzzy(text, distance, field):
            words = [token.text for token in analyzer.analyze(text)]
            return Fuzzy(words[0], distance, field) if len(words) == 1 else analysed_words(text, field, 0, analyzer)
        case query.Boolean():
            return _boolean(node, analyzer, forms)
        case query.Everything():
            return Everything()
        case query.Nothing():
            return None
        case query.Boosted(inner, factor):
            return _boosted(analyse(inner, analyzer, forms), factor)
        case query.DisMax(nodes):
            found = [clause for each in nodes if (clause := analyse(each, analyzer, forms)) is not None]
            scoring = tuple(clause for clause in found if isinstance(clause, Leaf | Boolean | Boosted))
            return DisMax(scoring) if len(scoring) > 1 else scoring[0] if scoring else None
        case query.Sectioned() | query.Tagged() | query.Dated():
            return node


def _boosted(clause: Clause | None, factor: float) -> Clause | None:
    return Boosted(clause, factor) if isinstance(clause, Leaf | Boolean) else clause


def _word(node: query.Term, before: str, after: str, analyzer: Analyzer, forms: WordForms | None) -> Clause | None:
    """The clause for a word between others, which is several where it is a text in a script without spaces."""
    text, field = node.text, node.field
    words = () if text.isascii() else unspaced_words(text)
    if not words:
        return forms(node, before, after) if forms else analysed_words(text, field, 0, analyzer)
    # Two belong together; of more, pairs of characters above all, some are no words. The text as it is comes first.
    least = len(words) if len(words) < _FEW else -(-len(words) * 2 // 3)
    parts: list[query.Node] = [query.Term(word, field) for word in words]
    return _boolean(query.Boolean((), (*parts, query.Phrase(text, field)), (), least), analyzer, forms)


def analysed_words(text: str, field: str | None, slop: int, analyzer: Analyzer) -> Term | Phrase | None:
    """The leaf for one or more words that stand beside each other; None where there are none."""
    return _words_by(text, field, slop, analyzer.name)


def in_other_languages(text: str, field: str | None, slop: int, analyzer: Analyzer) -> tuple[Term | Phrase, ...]:
    """The leaves for the same words in the other languages of a collection, as far as they differ."""
    if not analyzer.others:
        return ()
    asked = analysed_words(text, field, slop, analyzer)
    found = dict.fromkeys(_words_by(text, field, slop, name) for name in analyzer.others)
    return tuple(leaf for leaf in found if leaf is not None and leaf != asked)


def _phrase(text: str, field: str | None, slop: int, analyzer: Analyzer) -> Leaf | None:
    asked = analysed_words(text, field, slop, analyzer)
    others = in_other_languages(text, field, slop, analyzer)
    return Spellings(asked, others) if asked is not None and others else asked


def _words_by(text: str, field: str | None, slop: int, analyzer: str) -> Term | Phrase | None:
    """As `analysed_words`, by the analyzer of that name; once: readers share most of their words."""
    analysed = _known_words if len(text) <= _LONGEST_KNOWN else _analysed
    return analysed(text, field, slop, analyzer)


def _analysed(text: str, field: str | None, slop: int, analyzer: str) -> Term | Phrase | None:
    if text.isascii() and text.isalnum():  # one word, as most are
        return Term(known_terms([text.lower()], analyzer)[0].encode(), field)
    tokens = list(tokenize(text))
    analysed = zip(known_terms([token.text for token in tokens], analyzer), tokens, strict=True)
    found = [(term.encode("utf-8", "surrogatepass"), token.position) for term, token in analysed if term]
    if not found:
        return None
    terms, positions = zip(*found, strict=True)
    if len(terms) == 1:
        return Term(terms[0], field)
    return Phrase(terms, tuple([position - positions[0] for position in positions]), slop, field)


_known_words = lru_cache(maxsize=16_384)(_analysed)


def _boolean(node: query.Boolean, analyzer: Analyzer, forms: WordForms | None) -> Clause | None:
    must, should, must_not = (
        tuple(clause for clause in _clauses(nodes, analyzer, forms) if clause is not None)
        for nodes in (node.must, node.should, node.must_not)
    )
    if not must and not should:
        # Without a word to look for, nothing matches; `-word` alone comes with an `Everything` to take away from.
        return None
    # A clause without words cannot be held against an article that matches all the others.
    minimum = min(node.minimum if must else max(node.minimum, 1), len(should))
    if not must_not and len(must) + len(should) == 1 and (must or minimum == 1):
        return (must or should)[0]
    return Boolean(must, should, must_not, minimum)


def _clauses(nodes: Sequence[query.Node], analyzer: Analyzer, forms: WordForms | None) -> Iterator[Clause | None]:
    """The clauses of nodes beside each other: who asks for a "check up" means a "checkup" too."""
    words = list(map(_word_of, nodes)) if forms else [None] * len(nodes)
    for node, before, word, after in zip(nodes, [None, *words][:-1], words, [*words, None][1:], strict=True):
        if word is None:
            yield analyse(node, analyzer, forms)
        else:
            leaf = _word(word, _in_field(before, word.field), _in_field(after, word.field), analyzer, forms)
            yield _boosted(leaf, node.factor) if isinstance(node, query.Boosted) else leaf


def _in_field(word: query.Term | None, field: str | None) -> str:
    """The text of a word that looks in this field; empty for none."""
    return word.text if word is not None and word.field == field else ""


def clauses_by_node(
    node: query.Node, analyzer: Analyzer, forms: WordForms | None = None, whole: Clause | None = None
) -> dict[query.Node, Clause | None]:
    """What each alternative of a query becomes in it, however much it counts; `whole` is what the query was analysed
    to, where that is known."""
    nodes = node.should if isinstance(node, query.Boolean) else (node,)
    made: Sequence[Clause | None] = whole.should if isinstance(whole, Boolean) else ()
    if len(made) != len(nodes):  # one of them has no word, or there is just one
        made = list(_clauses(nodes, analyzer, forms))
    found: dict[query.Node, Clause | None] = {}
    for each, clause in zip(nodes, made, strict=True):
        if isinstance(each, query.DisMax):
            found |= {_bare(one): analyse(one, analyzer, forms) for one in each.nodes}
        else:
            found[_bare(each)] = clause
    return found


def texts_by_leaf(node: query.Node, analyzer: Analyzer, forms: WordForms | None = None) -> dict[Clause, str]:
    """What stands in the query for each leaf that it is analysed to, but for those that it excludes."""
    found: dict[Clause, str] = {}
    match node:
        case query.Boolean(must, should):
            for nodes in (must, should):
                for each, clause in zip(nodes, _clauses(nodes, analyzer, forms), strict=True):
                    found |= texts_by_leaf(each, analyzer, forms)
                    found |= _text_of(each, clause)
        case query.Boosted(inner):
            found |= texts_by_leaf(inner, analyzer, forms)
        case query.DisMax(nodes):
            for each in nodes:
                found |= texts_by_leaf(each, analyzer, forms)
        case _:
            found |= _text_of(node, analyse(node, analyzer, forms))
    return found


def _text_of(node: query.Node, clause: Clause | None) -> dict[Clause, str]:
    word, leaf = _bare(node), clause.clause if isinstance(clause, Boosted) else clause
    if isinstance(leaf, Leaf) and isinstance(word, query.Term | query.Phrase | query.Prefix | query.Fuzzy):
        return {leaf: word.text}
    return {}


def _bare(node: query.Node) -> query.Node:
    return node.node if isinstance(node, query.Boosted) else node


def closed_words(first: query.Node, second: query.Node, analyzer: Analyzer) -> Iterator[str]:
    """The words that two neighbours in a query may make."""
    one, other = _word_of(first), _word_of(second)
    if one and other and one.field == other.field:
        yield from closed_texts(one.text, other.text, analyzer)


def closed_texts(first: str, second: str, analyzer: Analyzer) -> Iterator[str]:
    """The words that two words beside each other may make."""
    if closed := joined(first, second):
        yield closed
    if leads_german(analyzer.name):
        yield from closed_compounds(first, second)


def words_of(node: query.Node) -> list[query.Term]:
    """The words of a query, as they stand in it."""
    parts: Sequence[query.Node]
    if isinstance(node, query.Boolean):
        parts = (*node.must, *node.should, *node.must_not)
    elif isinstance(node, query.Boosted):
        parts = (node.node,)
    elif isinstance(node, query.DisMax):
        parts = node.nodes
    else:
        return [node] if isinstance(node, query.Term) else []
    return [word for each in parts for word in words_of(each)]


def _word_of(node: query.Node) -> query.Term | None:
    """The word that a node is, however much it counts."""
    word = _bare(node)
    return word if isinstance(word, query.Term) else None
