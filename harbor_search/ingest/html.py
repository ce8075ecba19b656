"""HTML pages: the main text without the site around it."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any, NamedTuple

from harbor_search.ingest.body import Part, body_of, lead_of
from harbor_search.ingest.canonical import is_whole_site
from harbor_search.ingest.cleaning import key, tidy_line
from harbor_search.ingest.excluded_parts import drop_excluded, keep_chosen, why_excluded, with_marks
from harbor_search.ingest.field_names import folded
from harbor_search.ingest.front_matter import below_comments, split_front_matter
from harbor_search.ingest.html_charset import decode_html
from harbor_search.ingest.html_main import main_element
from harbor_search.ingest.html_metadata import canonical_of, page_metadata, page_statements
from harbor_search.ingest.html_pruning import prune
from harbor_search.ingest.html_text import parts_of
from harbor_search.ingest.html_tree import parse_html
from harbor_search.ingest.html_words import readable_words, words_in
from harbor_search.ingest.metadata import article_of_file, require_public, with_surroundings
from harbor_search.ingest.notion import take_properties
from harbor_search.ingest.outcome import Origin, Read, Unreadable, Unwanted
from harbor_search.ingest.stub_pages import leads_elsewhere, lists_others, stub_by_metadata
from harbor_search.ingest.template_marks import is_template, without_braces

__all__ = ["read_html"]

MIN_COMPARED = 100
"""Words of a page below which what is left of it says little."""

FEW_WORDS = 25
"""Words above the title that are no part of the text."""

MAX_LOSS = 0.5
"""Share of the words that must be left, or a note says that they are not."""


def read_html(data: bytes, origin: Origin) -> Read:
    """The article of one HTML page.

    Raises:
        Unreadable: not text, or not HTML.
        Unwanted: it may not be shown, has no text besides navigation, or is there for other pages alone.
    """
    source, notes = decode_html(data)
    matter, text = _front_matter(source)
    given = with_surroundings(matter, origin)
    require_public(given, origin)
    _silence_libraries()
    try:
        page = _extract(text, origin)
    except (Unreadable, Unwanted):
        raise
    except Exception as error:
        # Pages come broken in ways that the libraries do not prefetch; one page must not stop the others.
        raise Unreadable(f"the HTML cannot be made sense of ({type(error).__name__}: {error})") from error
    stated = {name: value for name, value in page.stated.items() if value is not None} | folded(given)
    require_public(with_surroundings(stated, origin), origin)
    text_in_data = stated.pop("articlebody", None)
    body = body_of(_below_title(page.parts, stated.get("title")))
    if not lead_of(body) and isinstance(text_in_data, str):
        body = body_of([Part("", text_in_data)])
    if not lead_of(body):
        raise Unwanted("the page has no text besides navigation")
    return article_of_file(stated, body, origin, (*notes, *page.notes))


@cache
def _silence_libraries() -> None:
    """The libraries log what they discard; here that becomes a reason, and progress bars stay whole."""
    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


class _Page(NamedTuple):
    """What a page says about itself, its main text, and notes."""

    stated: dict[str, Any]
    parts: list[Part]
    notes: tuple[str, ...] = ()


def _front_matter(source: str) -> tuple[dict[str, Any], str]:
    """Front matter above a page, and the page; without any a page may not be made of a template's directions."""
    if source.lstrip("\ufeff \t\r\n").startswith(("---", "+++", "{")) or below_comments(source):
        matter, text = split_front_matter(source)
        if matter or text != source:
            if reason := stub_by_metadata(matter):
                raise Unwanted(reason)
            return matter, without_braces(text)
    if ("{%" in source or "{{" in source or "<?php" in source or "<%" in source) and is_template(source):
        raise Unwanted("it is a template and no page")
    return {}, source


def _extract(text: str, origin: Origin) -> _Page:
    text = with_marks(text)
    tree = parse_html(text)
    if tree is None:
        return _Page({}, [])
    properties = take_properties(tree)
    require_public(properties | page_statements(tree), origin)
    if reason := why_excluded(tree):
        raise Unwanted(reason)
    if reason := leads_elsewhere(tree, canonical_of(tree)):
        raise Unwanted(reason)
    stated, title_by = page_metadata(tree)
    stated = folded(properties) | {name: value for name, value in stated.items() if value is not None}
    keep_chosen(tree, text)
    drop_excluded(tree, text)
    there = readable_words(tree)
    prune(tree)
    main = main_element(tree)
    if reason := lists_others(tree, main, origin.name):
        raise Unwanted(reason)
    headings = [tidy_line("".join(each.itertext())) for part in (main, tree) for each in part.iterfind(".//h1")]
    stated["title"] = title_by(headings[: len(main.findall(".//h1"))] or headings)
    notes = _loss(words_in(main), there)
    if "url" in stated and is_whole_site(stated["url"], origin.name):
        del stated["url"]
        notes = (*notes, "its canonical address is that of the whole site and was left out")
    return _Page(stated, parts_of(main), notes)


def _loss(left: int, there: int) -> tuple[str, ...]:
    """A note where few words are `left` of those that were `there`, navigation and code not counted."""
    if there < MIN_COMPARED or left >= MAX_LOSS * there:
        return ()
    return (f"only {left} of the about {there} words of its main part were taken for the article",)


def _below_title(parts: list[Part], title: Any) -> list[Part]:
    """`parts` below the heading that repeats the title, without the few words above it: a site's name, a label."""
    above = 0
    for at, part in enumerate(parts):
        if isinstance(title, str) and part.heading and key(part.heading) == key(title):
            return [*(() if above <= FEW_WORDS else parts[:at]), Part("", part.text), *parts[at + 1 :]]
        above += len(f"{part.heading} {part.text}".split())
    return parts
