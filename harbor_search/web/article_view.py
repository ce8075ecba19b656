"""An article prepared for its page, with the matches of the query marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markupsafe import Markup

from harbor_search.article import Article
from harbor_search.results import Range
from harbor_search.snippets import Occurrence
from harbor_search.web.article_blocks import Block, blocks
from harbor_search.web.highlighting import marked, merged

__all__ = ["FIRST_MATCH", "MarkedSection", "ArticleView", "prepare"]

FIRST_MATCH = "site-first-match"

_MARK = Markup("<mark>")


@dataclass(frozen=True, slots=True)
class MarkedSection:
    """One section of the page. `anchor` is empty if an earlier section has the same one."""

    heading: Markup
    plain_heading: str
    anchor: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article's title and sections with `matches` marked, and the number of `words` of its text.

    The first mark below the title has the id `FIRST_MATCH`; `leads_to_match` is False if there is none.
    """

    title: Markup
    sections: tuple[MarkedSection, ...]
    matches: int
    leads_to_match: bool
    words: int


def prepare(article: Article, occurrences: tuple[Occurrence, ...]) -> ArticleView:
    """`article` with `occurrences` marked."""
    ranges: defaultdict[tuple[str, int], list[Range]] = defaultdict(list)
    for each in occurrences:
        ranges[each.field, each.section].append((each.start, each.end))
    places = [("title", -1, article.title)]
    for number, section in enumerate(article.body):
        places += [("heading", number, section.heading), ("body", number, section.text)]
    sections, leads_to_match = _with_id_at_first_mark(tuple(_sections(article, ranges)))
    return ArticleView(
        title=marked(article.title, ranges["title", -1]),
        sections=sections,
        leads_to_match=leads_to_match,
        words=sum(len(section.text.split()) for section in article.body),
        matches=sum(len(merged(text, ranges[field, number])) for field, number, text in places),
    )


def _sections(article: Article, ranges: defaultdict[tuple[str, int], list[Range]]) -> Iterator[MarkedSection]:
    seen: set[str] = set()
    for number, section in enumerate(article.body):
        yield MarkedSection(
            heading=marked(section.heading, ranges["heading", number]),
            plain_heading=section.heading,
            anchor="" if section.anchor in seen else section.anchor,
            blocks=blocks(section.text, ranges["body", number]),
        )
        seen.add(section.anchor)


def _with_id_at_first_mark(sections: tuple[MarkedSection, ...]) -> tuple[tuple[MarkedSection, ...], bool]:
    """`sections` with an id on the first mark, as a link target; and whether there is a mark."""
    for place, section in enumerate(sections):
        if _MARK in section.heading:
            found = replace(section, heading=_identified(section.heading))
        elif any(_MARK in line for block in section.blocks for line in block.lines):
            found = replace(section, blocks=tuple(_identified_once(section.blocks)))
        else:
            continue
        return (*sections[:place], found, *sections[place + 1 :]), True
    return sections, False


def _identified_once(blocks_: tuple[Block, ...]) -> Iterator[Block]:
    done = False
    for block in blocks_:
        lines = []
        for line in block.lines:
            hit = not done and _MARK in line
            lines.append(_identified(line) if hit else line)
            done = done or hit
        yield replace(block, lines=tuple(lines))


def _identified(html: Markup) -> Markup:
    # Text is escaped, so every "<mark>" is one.
    return html.replace(_MARK, Markup(f'<mark id="{FIRST_MATCH}">'), 1)
