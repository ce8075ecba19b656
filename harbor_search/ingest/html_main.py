"""Which part of a page is its article: what the page marks, else what the library finds, whole."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import Any

from trafilatura import bare_extraction

from harbor_search.ingest.html_tree import is_large
from harbor_search.ingest.html_words import has_words, link_share, words_in

__all__ = ["main_element"]

_MAIN = "//main[not(ancestor::main)] | //*[@role='main' and not(ancestor::main or ancestor::*[@role='main'])]"
_BODY = "//*[@itemprop='articleBody' and not(ancestor::*[@itemprop='articleBody'])]"

_AREAS = frozenset("div section article main form center table tbody tr td".split())
"""Elements that hold a page's parts; narrower ones would be a single paragraph without its heading."""

MOST_PROSE = 0.85
"""Share of a page's prose that its article holds: the library prefers one of several parts where a page has them."""

ENOUGH = 0.9
"""Share of the words found by the library that the part must hold: a little of what it finds is mostly navigation."""


def main_element(tree: Any) -> Any:
    """The element of a pruned page that holds its article."""
    body = tree.find("body")
    everything = tree if body is None else body
    for path in (_MAIN, _BODY):
        marked = [each for each in tree.xpath(path) if has_words(each)]
        if len(marked) == 1:
            return _with_title(marked[0], everything)
    articles = [each for each in tree.xpath("//article[not(ancestor::article)]") if has_words(each)]
    if len(articles) == 1 and words_in(articles[0]) * 2 > words_in(everything):
        return articles[0]
    return _found(tree, everything)


def _with_title(marked: Any, everything: Any) -> Any:
    """`marked`, or what is around it where that is far too little: a `main` may be a shell that scripts fill."""
    return marked if words_in(marked) * 10 > words_in(everything) else everything


def _found(tree: Any, everything: Any) -> Any:
    """The smallest element with nearly all words of what the library takes for the article, and the prose around it."""
    if is_large(tree):
        return everything
    found: Any = bare_extraction(deepcopy(tree), include_comments=False, include_tables=True, include_images=False)
    wanted = Counter(" ".join(found.body.itertext()).split()) if found is not None else Counter()
    if not wanted:
        return everything
    best = everything
    while True:
        areas = [each for each in best if each.tag in _AREAS]
        shared = [_shared(each, wanted) for each in areas]
        most = max(shared, default=0)
        if most < ENOUGH * wanted.total():
            return _with_prose(best, everything)
        best = areas[shared.index(most)]


def _shared(element: Any, wanted: Counter[str]) -> int:
    return (Counter(" ".join(element.itertext()).split()) & wanted).total()


def _with_prose(best: Any, everything: Any) -> Any:
    """`best`, or what is around it while prose stands there that the library left; lists of links go."""
    while best is not everything and _prose(best) < MOST_PROSE * _prose(everything):
        for beside in [*best.itersiblings(preceding=True), *best.itersiblings()]:
            if beside.tag not in ("h1", "h2", "p") and beside.find(".//a") is not None and link_share(beside) > 0.6:
                beside.drop_tree()
        best = best.getparent()
    return best


def _prose(element: Any) -> float:
    """The words of an element that are in no link."""
    return words_in(element) * (1 - link_share(element))
