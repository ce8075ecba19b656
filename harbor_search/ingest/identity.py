"""The ids of articles: each is one article's alone, can be part of an address, and tells sources apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import NamedTuple

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
    first: dict[str, _Holder] = {}
    for source, label, outcome in outcomes:
        if isinstance(outcome, Read):
            outcome = _named(outcome, source)
            taken = first.get(outcome.article.id)
            if taken and taken.source is not source and not source.name:
                outcome = _told_apart(outcome, source, taken.label)
                taken = first.get(outcome.article.id)
            holder = _Holder(source, label, hash(outcome.article.title), _content(outcome.article))
            if fault := _fault(outcome.article.id, taken):
                outcome = (Skipped if taken and _says_nothing_new(holder, taken) else Refused)(label, fault)
            else:
                first[outcome.article.id] = holder
        yield outcome


class _Holder(NamedTuple):
    """Who has an id: source and label of the article, hashes of its title and of all of it."""

    source: Source
    label: str
    title: int
    content: int


def _content(article: Article) -> int:
    return hash(article._replace(source="", source_name=""))


def _says_nothing_new(again: _Holder, first: _Holder) -> bool:
    """Whether an article whose id is taken is the other one again, and not one that is lost by it."""
    if again.content == first.content:
        return True
    if again.source is not first.source:
        return False
    # Pages of a site name others as the ones to go by; feeds have the newest version of an article first.
    kind = kind_of(again.source)
    return kind in ("site", "sitemap") or (kind == "feed" and again.title == first.title)


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


def _fault(article_id: str, taken: _Holder | None) -> str:
    return fault_of(article_id) or (f"its id {article_id!r} is taken by {taken.label}" if taken else "")


def fault_of(article_id: str) -> str:
    """Why no article can have this id; empty where one can."""
    if len(article_id) > MAX_ID:
        return f"its id is {len(article_id)} characters long; at most {MAX_ID} are allowed"
    if {".", ".."} & set(article_id.split("/")):
        # Browsers resolve such segments before they ask, so the article could never be opened.
        return f"its id {article_id!r} has a segment '.' or '..', which no address can have"
    return ""
