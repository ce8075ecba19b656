"""What is embedded of an article."""

from __future__ import annotations

from collections.abc import Iterator

from harbor_search.article import Article

__all__ = ["texts_of"]

_CHARACTERS = 4_000
"""Of a section that are looked at: more than the 256 tokens that most models read."""


def texts_of(article: Article) -> Iterator[str]:
    """What is embedded of an article: each section with the title and its heading, at least one text."""
    for section in article.body:
        yield ". ".join(part for part in (article.title, section.heading, section.text[:_CHARACTERS]) if part)
    if not article.body:
        yield ". ".join(part for part in (article.title, article.lead) if part)
