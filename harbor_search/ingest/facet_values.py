"""One spelling for one section and one tag: what differs in case or blanks alone would be several to choose from."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from harbor_search.article import Article
from harbor_search.ingest.outcome import Outcome, Read

__all__ = ["spelled_alike"]


def spelled_alike(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The outcomes, each section and tag spelled as it was the first time."""
    known: dict[tuple[str, ...], str] = {}
    for outcome in outcomes:
        if isinstance(outcome, Read) and (outcome.article.section or outcome.article.tags):
            outcome = Read(_respelled(outcome.article, known), outcome.notes)
        yield outcome


def _respelled(article: Article, known: dict[tuple[str, ...], str]) -> Article:
    above: tuple[str, ...] = ("section",)
    section = []
    for name in article.section:
        above = (*above, _key(name))
        section.append(known.setdefault(above, name))
    tags = dict.fromkeys(known.setdefault(("tag", _key(tag)), tag) for tag in article.tags)
    if (*section,) == article.section and (*tags,) == article.tags:
        return article
    return article._replace(section=tuple(section), tags=tuple(tags))


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
