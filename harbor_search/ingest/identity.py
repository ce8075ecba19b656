"""The ids of articles: each is one article's alone, can be part of an address, and tells sources apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from harbor_search.article import Article
from harbor_search.ingest.fields import absolute_url
from harbor_search.ingest.outcome import Outcome, Read, Refused, Skipped
from harbor_search.ingest.sources.kinds import kind_of
from harbor_search.ingest.sources.source import Source

__all__ = ["fault_of", "unique"]

MAX_ID = 1024
"""Characters of an article's id: it becomes part of an address, which servers bound too."""


def unique(outcomes: Iterable[tuple[Source, str, Outcome]]) -> Iterator[Outcome]:
    """The outcomes without their sources and labels, articles with an id that cannot be used or is taken being refused.

    The name of a source stands before the ids of its articles, but for those that are addresses, which are nobody
    else's anyway. Where two sources without names have one id, what the later is called on the disk stands before it.
    """
    first: dict[str, tuple[Source, str]] = {}
    for source, label, outcome in outcomes:
        if isinstance(outcome, Read):
            outcome = _named(outcome, source)
            taken = first.get(outcome.article.id)
            if taken and taken[0] is not source and not source.name:
                outcome = _told_apart(outcome, source, taken[1])
                taken = first.get(outcome.article.id)
            if fault := _fault(outcome.article.id, taken):
                # Pages of a site name others as the ones to go by; what names one that is in already says nothing new.
                copy = taken is not None and taken[0] is source and kind_of(source) in ("site", "sitemap")
                outcome = (Skipped if copy else Refused)(label, fault)
            else:
                first[outcome.article.id] = source, label
        yield outcome


def _named(read: Read, source: Source) -> Read:
    if not source.name:
        return read
    article = read.article._replace(source_name=source.name)
    return Read(article if absolute_url(article.id) else _with_prefix(article, source.name), read.notes)


def _told_apart(read: Read, source: Source, label: str) -> Read:
    """The article under an id of its source; the note says what would make that last, whatever else is read."""
    name = PurePath(source.address).stem
    if not name or absolute_url(read.article.id):
        return read
    note = (
        f"another source has an article of this id too, {label}, so {name}/ stands before it; sources with names, "
        "such as en=DIRECTORY, keep their ids whatever the others have"
    )
    return Read(_with_prefix(read.article, name), (*read.notes, note))


def _with_prefix(article: Article, name: str) -> Article:
    return article._replace(id=f"{name}/{article.id}")


def _fault(article_id: str, taken: tuple[Source, str] | None) -> str:
    return fault_of(article_id) or (f"its id {article_id!r} is taken by {taken[1]}" if taken else "")


def fault_of(article_id: str) -> str:
    """Why no article can have this id; empty where one can."""
    if len(article_id) > MAX_ID:
        return f"its id is {len(article_id)} characters long; at most {MAX_ID} are allowed"
    if {".", ".."} & set(article_id.split("/")):
        # Browsers resolve such segments before they ask, so the article could never be opened.
        return f"its id {article_id!r} has a segment '.' or '..', which no address can have"
    return ""
