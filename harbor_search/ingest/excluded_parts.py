"""Parts of pages that are kept from search, and pages that are so as a whole, by the marks of search tools for them.

An attribute or a class (`data-pagefind-ignore`), an element (`<noindex>`), or comments around the part
(`<!--googleoff: index-->`). Readers of the page see such parts; search does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import Any

from harbor_search.ingest.html_pruning import drop

__all__ = ["drop_excluded", "keep_chosen", "why_excluded", "with_marks"]

_CLASSES = frozenset(
    "noindex no-index nosearch no-search robots-nocontent robots-noindex search-exclude search-ignore"
    " exclude-from-search docsearch-ignore system-unpublished".split()
)
_ATTRIBUTES = (
    *("data-pagefind-ignore", "data-elastic-exclude", "data-algolia-exclude", "data-algolia-ignore", "data-noindex"),
    *("data-no-index", "data-search-exclude", "data-search-ignore", "data-nosearch", "data-docsearch-ignore"),
)
_SWIFTYPE = "data-swiftype-index"
_CHOSEN = "data-pagefind-body"
_NAMES = frozenset((*_ATTRIBUTES, _SWIFTYPE, "class"))
_ALL = (*_CLASSES, *_ATTRIBUTES, _SWIFTYPE)
_WORDS = tuple(name.encode() for name in _ALL if not any(other in name for other in _ALL if other != name))
"""Of these a page with any such name has one."""

# Comments that begin and end what is left out; what never ends goes on to the end of the page.
_BEGIN = re.compile(
    r"<!--\s*(?:noindex|no index|htdig_noindex|googleoff\s*:\s*(?:index|all)|sphinx-search-off|index:\s*off"
    r"|TYPO3SEARCH_end|freefind begin no index|stopindex|search:\s*(?:off|ignore|exclude))\s*-->",
    re.IGNORECASE,
)
_END = re.compile(
    r"<!--\s*(?:/\s*noindex|end\s*noindex|index|/\s*htdig_noindex|googleon\s*:\s*(?:index|all)|sphinx-search-on"
    r"|index:\s*on|TYPO3SEARCH_begin|freefind end no index|startindex|search:\s*(?:on|/ignore|/exclude))\s*-->",
    re.IGNORECASE,
)
_OFF, _ON = "harbor-search-off", "harbor-search-on"
_STATUS = re.compile(r"status-(?:draft|private|future|pending|trash|auto-draft)|node--?unpublished")


def with_marks(page: str) -> str:
    """The page with elements in the places of comments that begin and end what is left out: parsers drop comments."""
    if "<!--" not in page or not _BEGIN.search(page):
        return page
    return _END.sub(f'<meta class="{_ON}">', _BEGIN.sub(f'<meta class="{_OFF}">', page))


def why_excluded(tree: Any) -> str:
    """Why the page as a whole is no article for search; empty where it may be."""
    if any("post-password-form" in (each.get("class") or "") for each in tree.iter("form")):
        return "it asks for a password: it is not for everybody"
    whole = [*tree.iter("html", "body", "main")]
    articles = list(tree.iter("article"))
    whole += articles if len(articles) == 1 else []
    for element in whole:
        names = set((element.get("class") or "").split())
        if marks := [name for name in sorted(names) if _STATUS.fullmatch(name)]:
            return f"its class {marks[0]!r} says that it is not to be published"
        if _is_excluded(element):
            return f"its <{element.tag}> is marked as nothing for search"
    return ""


def drop_excluded(tree: Any, page: str) -> None:
    """Take from a parsed page, in place, the parts that are marked as nothing for search; `page` is its text."""
    if _OFF in page:
        _blank_between_marks(tree)
    text = _folded(page)
    if not any(name in text for name in _WORDS):  # as in most pages
        return
    drop([each for each in tree.iter() if _is_excluded(each)])


def _folded(page: str) -> bytes:
    """The page in lower case as far as it is ASCII, as names of attributes are: quicker than all of Unicode."""
    return page.encode("utf-8", "replace").lower()


def _blank_between_marks(tree: Any) -> None:
    """Take the text between the marks of `with_marks`, which may begin in one element and end in another."""
    # Looked through once: a page may have thousands of marks.
    elements = list(tree.iter("*"))
    off = None
    for place, each in enumerate(elements):
        mark = each.get("class") if each.tag == "meta" else None
        if mark == _ON and off is not None:
            _blank(elements[off:place], {*each.iterancestors()})
            off = None
        elif mark == _OFF and off is None:
            off = place
    if off is not None:
        _blank(elements[off:], set())


def _blank(elements: Sequence[Any], around: Set[Any]) -> None:
    """Take the text of `elements`, the first of which begins what is left out, and after them; those that are `around`
    the end of it go on after that."""
    for each in elements[0].iterancestors():
        if each not in around:
            each.tail = None
    for each in elements:
        if each.tag not in ("title", "script"):
            each.text = None
        if each not in around:
            each.tail = None


def keep_chosen(tree: Any, page: str) -> None:
    """Where a page marks parts as what search is for, take away all else, in place, but for its head."""
    if _CHOSEN.encode() not in _folded(page):
        return
    chosen = tree.xpath(f"//*[@{_CHOSEN}]")
    kept = {above for each in chosen for above in (each, *each.iterancestors(), *each.iterdescendants())}
    body = tree.find("body")
    if not chosen or body is None or body in chosen:
        return
    for element in [each for each in body.iter() if isinstance(each.tag, str) and each not in kept]:
        if element.getparent() in kept:
            element.drop_tree()
    for element in kept.difference(each for part in chosen for each in part.iter()):
        element.text = None
        for child in element:
            child.tail = None


def _is_excluded(element: Any) -> bool:
    if element.tag == "noindex":
        return True
    for name in _NAMES.intersection(element.keys()):
        value = element.get(name).lower()
        if name == "class":
            excluded = not _CLASSES.isdisjoint(value.split())
        else:
            excluded = (value == "false") is (name == _SWIFTYPE)
        if excluded:
            return True
    return False
