"""Taking from a parsed page what is not its article: the site around the text, widgets within it, marks of templates.

Whatever a page hides until a reader asks for it (folded answers, tabs) is part of the article. A class name alone never
makes a widget: a canteen's `menu` is content as long as it is not made of links.
"""

from __future__ import annotations

import re
from typing import Any

from harbor_search.ingest.html_hidden import hidden_elements
from harbor_search.ingest.html_words import PROSE, link_share, words_in

__all__ = ["drop", "prune"]

# No part of any text, wherever it stands.
_UNREADABLE = tuple(
    "title script style noscript template svg iframe object canvas audio video select textarea datalist noframes rt rp"
    " annotation dialog".split()
)
_SHOWN_BY = {"dialog": frozenset(("open",)), "template": frozenset(("shadowrootmode", "shadowroot"))}
"""Attributes by which browsers show what is in such elements: that of a template is the root of the element around."""

# What pages mark as not their content, by the landmarks of HTML and ARIA.
_LANDMARKS = frozenset("nav footer header".split())
_CHROME_ROLES = frozenset("navigation banner contentinfo search menu menubar alertdialog".split())
_CHROME_ATTRIBUTES = frozenset(("role", "aria-label", "itemtype"))
_PERMALINKS = frozenset(
    "headerlink anchor permalink header-anchor heading-anchor hash-link anchorjs-link direct-link heading-link"
    " octicon-link anchor-link mw-editsection linenos lineno line-numbers gutter material-icons"
    " material-symbols-outlined material-symbols-rounded material-symbols-sharp footnote-ref footnote-backref"
    " footnote-back"
    " reversefootnote".split()
)
_WIDGETS = frozenset(
    "menu share share-buttons sharing social social-share social-sharing social-links block-social breadcrumb"
    " breadcrumbs skip-link skip-links skip-nav skip-to-content pager pagination pagination-nav cookie-banner"
    " cookie-notice pagetop back-to-top related related-posts related-articles related-content recommended"
    " read-next sidebar widget toc table-of-contents tags post-tags tag-list tagcloud post-navigation nav-links"
    " prev-next newsletter subscribe signup advert advertisement promo author-box comments comment-list comments-area"
    " navbar navigation site-header site-footer toolbar".split()
)
"""Names of classes and ids that parts around a text go by; these go where they are made of links or of a form."""

_FURNITURE = frozenset("footer header masthead banner copyright colophon site-info page-footer page-header".split())
"""The same for parts that are rarely made of links alone; outside of what is marked as an article these go if short."""

_COMMENTS = frozenset("comments comment-list commentlist comments-area comment-respond respond disqus_thread".split())
_BYLINES = frozenset(
    "byline by-line author authors entry-meta post-meta article-meta meta posted-on dateline timestamp"
    " reading-time read-time post-date entry-date published date post-info article-info".split()
)
MAX_BYLINE = 25
"""Words of a line about the author and the day; more is a text about somebody."""

_BLOCKS = frozenset("nav header footer aside section form dialog div ul ol dl table p".split())
_MARKS = ("a", "span", "td", "i", "button", "sup", "pre", "div")
_BESIDE = frozenset(("aside", "footer"))
_NO_WIDGETS = frozenset("html head body main article".split())

_SIGNS = re.compile(r"[\W_]*")


def prune(tree: Any) -> None:
    """Take from a parsed page, in place, all that is not its article's text.

    Where the page marks its main part, all around that goes too.
    """
    drop([each for each in tree.iter(*_UNREADABLE) if not _SHOWN_BY.get(each.tag, frozenset()) & {*each.keys()}])
    drop([each for each in tree.iter() if _is_chrome(each)])
    drop(hidden_elements(tree))
    drop([each for each in tree.iter(*_MARKS) if _is_mark(each)])
    drop([each for each in tree.iter() if _is_widget(each)])
    drop(_bylines(tree))


def drop(elements: list[Any]) -> None:
    """Take `elements` from their page, but for what it cannot be without; words around a block stay apart."""
    for element in elements:
        if element.getparent() is not None and element.tag not in ("html", "head", "body"):
            if element.tag in _BLOCKS:
                element.tail = f" {element.tail or ''}"
            element.drop_tree()


def _is_chrome(element: Any) -> bool:
    """Whether an element is the site around an article by what it is marked as."""
    if element.tag in _LANDMARKS and _is_landmark(element):
        return True
    if _CHROME_ATTRIBUTES.isdisjoint(element.keys()):
        return False
    role = element.get("role")
    return (
        role in _CHROME_ROLES
        or (role == "dialog" and element.get("open") is None)
        or element.get("aria-label") in ("breadcrumb", "Breadcrumb")
        or "BreadcrumbList" in (element.get("itemtype") or "")
    )


def _is_landmark(element: Any) -> bool:
    """Whether a landmark of HTML is the site's: articles and sections have headers, articles and quotations footers."""
    if element.tag == "header":
        return not any(
            above.tag in ("article", "main", "section") or above.get("role") == "main"
            for above in element.iterancestors()
        )
    return element.tag == "nav" or next(element.iterancestors("article", "blockquote"), None) is None


def _names(element: Any) -> list[str]:
    """The classes and the id of an element, in lower case."""
    classes, own = element.get("class"), element.get("id")
    return f"{classes or ''} {own or ''}".lower().split() if classes or own else []


def _is_mark(element: Any) -> bool:
    """A sign of the page's machinery in the text: a link to the heading itself, a line's number, a button to copy."""
    if element.tag == "button":
        in_heading = any(
            above.tag in ("summary", "h1", "h2", "h3", "h4", "h5", "h6", "dt") for above in element.iterancestors()
        )
        return not in_heading and element.get("aria-expanded") is None and element.get("aria-controls") is None
    if element.tag == "a":
        if "#" not in (element.get("href") or "#"):
            return False
        text = _text(element)
        return bool(_SIGNS.fullmatch(text)) or (len(text) < 30 and not _PERMALINKS.isdisjoint(_names(element)))
    if element.tag == "sup":
        links = element.findall(".//a")
        return bool(links) and all("#" in (link.get("href") or "") for link in links) and len(_text(element)) <= 8
    if _PERMALINKS.isdisjoint(_names(element)):
        return False
    return element.tag != "pre" or not re.search("[A-Za-z]", _text(element))


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()


def _is_widget(element: Any) -> bool:
    """A part made of links or of a form that its name or its place marks as beside the text."""
    if element.tag in _NO_WIDGETS or element.get("role") == "main":
        return False
    if element.tag in ("ul", "ol"):
        links = element.findall(".//a")
        if len(links) > 1 and all((link.get("href") or "").startswith("#") for link in links):
            return link_share(element) > 0.8
    names = _names(element)
    if not names and element.tag not in _BESIDE:
        return False
    if not _FURNITURE.isdisjoint(names) and words_in(element) <= 60 and not _in_article(element):
        return True
    if _WIDGETS.isdisjoint(names) and element.tag not in _BESIDE:
        return False
    if not _COMMENTS.isdisjoint(names) and (
        element.find(".//form") is not None or element.xpath(".//*[contains(@class, 'comment')]")
    ):
        return True
    has_form = element.find(".//form") is not None or element.find(".//input") is not None
    return link_share(element) > 0.5 or (has_form and words_in(element) < 60)


def _in_article(element: Any) -> bool:
    return any(above.tag in ("main", "article") or above.get("role") == "main" for above in element.iterancestors())


def _bylines(tree: Any) -> list[Any]:
    """Lines about author and day above the first paragraph, where they would stand for the article's lead."""
    body = tree.find("body")
    found = []
    for element in (tree if body is None else body).iter():
        is_byline = element.tag in ("time", "address") or not _BYLINES.isdisjoint(_names(element))
        if is_byline and words_in(element) <= MAX_BYLINE:
            found.append(element)
        elif element.tag == "p" and words_in(element) >= PROSE:
            break
    return found
