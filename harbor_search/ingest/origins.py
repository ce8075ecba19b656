"""Whether an article that was read before may be what can no longer be read."""

from __future__ import annotations

from harbor_search.article import Article
from harbor_search.ingest.readers import suffix_of

__all__ = ["may_be"]


def may_be(article: Article, label: str) -> bool:
    """Whether `article` may be what was refused under `label`; True where that cannot be told.

    It cannot where a whole folder was refused, nor where the article states a source of its own. A line of a file may
    be any article of that file, as lines move.
    """
    refused, own = _file(label), _file(article.source)
    return not refused or not own or refused == own or refused.endswith(f"/{own}")


def _file(name: str) -> str:
    """The file in the name of a file or of one of its lines (`articles.jsonl:17`); empty where it is neither."""
    stem, colon, line = name.rpartition(":")
    file = stem if colon and line.isdecimal() else name
    return file if suffix_of(file) else ""
