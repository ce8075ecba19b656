"""Reading: an article prepared for its page, with the words that were searched for marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from harbor_search.article import Article
from harbor_search.results import Range
from harbor_search.snippets import Occurrence
from harbor_search.web.blocks import Block, blocks
from harbor_search.web.highlighting import marked, merged

__all__ = ["MarkedSection", "Reading", "prepare"]


@dataclass(frozen=True, slots=True)
class MarkedSection:
    """One section as the page shows it. `anchor` is empty where an earlier section has it already."""

    heading: Markup
    plain_heading: str
    anchor: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """An article's title and sections with `<mark>`s, how many those are, and where the first one in the text is."""

    title: Markup
    sections: tuple[MarkedSection, ...]
    matches: int


def prepare(article: Article, occurrences: tuple[Occurrence, ...]) -> Reading:
    """`article` with `occurrences` marked."""
    ranges: defaultdict[tuple[str, int], list[Range]] = defaultdict(list)
    for each in occurrences:
        ranges[each.field, each.section].append((each.start, each.end))
    places = [("title", -1, article.title)]
    for number, section in enumerate(article.body):
        places += [("heading", number, section.heading), ("body", number, section.text)]
    return Reading(
        title=marked(article.title, ranges["title", -1]),
        sections=tuple(_sections(article, ranges)),
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
