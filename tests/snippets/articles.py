"""Articles and occurrences for the tests of snippets."""

from __future__ import annotations

import re

from harbor_search.article import Article, Section
from harbor_search.results import Snippet
from harbor_search.snippets import Occurrence


def article(*sections: str | tuple[str, str], title: str = "", lead: str = "") -> Article:
    """An article of sections given as texts, or as headings with texts."""
    pairs = [("", each) if isinstance(each, str) else each for each in sections]
    body = tuple(Section(heading, heading.lower().replace(" ", "-"), text) for heading, text in pairs)
    return Article(id="a", title=title, lead=lead, body=body)


def occurrences(article: Article, words: str, weights: dict[str, float] | None = None) -> tuple[Occurrence, ...]:
    """Where the words stand in the article, each word a leaf; a word matches its own inflections, as stems do."""
    found: list[Occurrence] = []
    for leaf, word in enumerate(words.split()):
        pattern = re.compile(rf"\b{re.escape(word)}\w*", re.IGNORECASE)
        texts = [("title", -1, article.title)]
        for index, section in enumerate(article.body):
            texts += [("heading", index, section.heading), ("body", index, section.text)]
        for field, index, text in texts:
            for match in pattern.finditer(text):
                found.append(Occurrence(field, index, *match.span(), leaf, (weights or {}).get(word, 1.0)))
    return tuple(found)


def marked(snippet: Snippet) -> str:
    """The snippet's text with brackets around its ranges."""
    text = snippet.text
    for start, end in reversed(snippet.ranges):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text
