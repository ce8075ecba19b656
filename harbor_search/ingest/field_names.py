"""The names that sources use for what they say about an article, in every spelling of them.

`publishedAt`, `published_at`, `published-at` and `Published At` are one name: case and what joins words do not count.
The first of the names listed for a field that holds something wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

__all__ = [
    "DATE",
    "ID",
    "LANGUAGE",
    "SECTION",
    "SOURCE",
    "TAGS",
    "TITLE",
    "URL",
    "VIEWS",
    "Repeated",
    "fold",
    "folded",
    "last_of",
    "stated_as",
]

ID = ("id", "_id", "doc_id", "guid", "uuid")
URL = ("url", "link", "permalink", "canonical_url", "canonical")
TITLE = ("title", "headline", "name")
SECTION = ("section", "category", "topic")
DATE = (
    *("date", "published", "published_at", "published_on", "published_time", "date_published", "publish_date"),
    *("published_date", "first_published_at", "first_published", "originally_published_at"),
    *("publication_date", "pub_date", "post_date", "posted", "issued", "created_at", "created", "date_created"),
    *("updated", "updated_at", "modified", "modified_at", "date_modified", "last_modified", "lastmod"),
)
"""Days of publication before days of the last change, which is what is shown where there is nothing better."""
VIEWS = ("views", "view_count", "pageviews")
TAGS = ("tags", "keywords", "synonyms", "aliases", "also_known_as", "other_names", "categories")
LANGUAGE = ("language", "lang", "locale")
SOURCE = ("source", "publisher")


class Repeated(list[Any]):
    """The values of a name that a mapping has several times."""


_JOINTS = str.maketrans("", "", "_- .:")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """`name` in the one spelling by which all others are known."""
    return name.lower().translate(_JOINTS)


def folded(stated: Mapping[Any, Any]) -> dict[str, Any]:
    """`stated` with its names folded; of two names that become one the first that holds something wins."""
    found: dict[str, Any] = {}
    for name, value in stated.items():
        name = fold(str(name))
        if name not in found or not _holds(found[name]):
            found[name] = value
    return found


def stated_as(stated: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of `names` that holds something in `stated` (its names folded), with what it holds.

    None where none does.
    """
    for name in names:
        value = last_of(stated.get(fold(name)))
        if _holds(value):
            return name, value
    return names[0], None


def last_of(value: Any) -> Any:
    """`value`, or the last one of a name that is given several times, which is what parsers keep."""
    return value[-1] if isinstance(value, Repeated) else value


def _holds(value: Any) -> bool:
    return value is not None and value != "" and value != []
