"""What the path of a file says about its article: where it belongs, when it is from, and whether it is one at all."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from harbor_search.ingest.cleaning import tidy_line, visible
from harbor_search.ingest.dates import day_of
from harbor_search.ingest.notion import without_id

__all__ = ["day_in", "is_index", "passed_over", "place", "section_of", "title_from"]

_KEPT_BACK = frozenset(
    "drafts draft unpublished trash wip entwürfe entwurf brouillons brouillon borradores borrador bozze"
    " rascunhos".split()
)
_KEPT_BACK_WORDS = frozenset(
    "draft drafts unpublished private hidden wip scheduled trash trashed archived embargo embargoed deleted secret"
    " internal unlisted".split()
)
"""Words of the names of folders that begin with a line below, by which generators leave them out."""

_WORDS = re.compile(r"[^\W_]+")
_DRAFT_FILE = re.compile(
    # Medium exports drafts beside posts and tells them by the name alone.
    r"draft_.+-(?=[a-f]*\d)[0-9a-f]{6,}\.html"
    r"|\[(?:draft|wip|private|unpublished)\].*|.*\((?:draft|wip|unpublished)\)\.\w+"
    r"|(?-i:DRAFT|WIP|ENTWURF)[ _]?[-:\u2013\u2014][ _]?.*"
    r"|.+\.(?:draft|private|unpublished|wip|hidden)\.\w+",
    re.IGNORECASE,
)
_MACHINERY = frozenset(
    "_includes _layouts _partials _templates _sources _static _sass _scss _data _modules _theme _themes _snippets"
    " _components _plugins _build _cache archetypes node_modules bower_components __pycache__ .git".split()
)
_FOR_MACHINES = re.compile(
    r"(?:robots|humans|ads|app-ads|security|llms|llms-full|sitemap|urllist|keybase|cmakelists|licen[sc]e|copying"
    r"|(?:(?:dev|tests?|docs?|build|base|prod|ci|lint)[-_])?(?:requirements|constraints)"
    r"(?:[-_.](?:dev|tests?|docs?|build|base|prod|production|lock|py\d*|all|extras?|optional|ci|lint|min|\d+))*)\.txt"
    r"|google[0-9a-f]{8,}\.html|yandex_[0-9a-f]+\.html|baidu_verify_[\w-]+\.html|pinterest-[0-9a-f]+\.html"
    r"|(?:search|lunr|fuse|docs)?[-_.]?(?:search|lunr|fuse|docs|site)[-_.]?(?:index|data|docs|db|map|content)?\.json"
    r"|searchindex\.json|(?:package(?:-lock)?|composer|manifest|[jt]sconfig|theme|book|vercel|firebase|feed)\.json"
    r"|(?:50x|4xx|5xx)\.\w+|(?:genindex(?:-\w+)?|py-modindex|modindex)\.html?|summary\.md",
    re.IGNORECASE,
)
_ERROR_FILE = re.compile(r"(?:404|403|410|500|502|503)\.\w+")
_ERROR = re.compile(r"40[0-9]|410|50[0-9x]")
_INDEXES = frozenset(("index", "_index", "readme", "default"))
_SHELVES = frozenset("html www public site content pages posts _posts articles docs src".split())
"""Folders that say what files they hold and not what about."""

_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_ ]+(?=.)|$)")
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d{1,2}){0,2}")
_LANGUAGE = re.compile(
    r"\.(?:ar|bg|bn|ca|cs|cy|da|de|el|en|es|et|eu|fa|fi|fr|ga|gl|he|hi|hr|hu|id|is|it|ja|ko|lt|lv|ms|nb|nl|nn|no|pl|pt"
    r"|ro|ru|sk|sl|sr|sv|sw|ta|th|tr|uk|ur|vi|zh)(?:[-_][A-Za-z]{2,4})?$"
)
_ORDER = re.compile(r"^0\d{0,2}[-_. ]+(?=\S)")
"""The number by which generators sort; without the zero in front it may be a word of the title."""


def passed_over(name: str, *, numbered: bool = False) -> str:
    """Why the file `name` of a source is no article, as far as its path tells; empty where it may be one.

    `numbered`: it is one of many whose names are numbers, so that 404 is a number and no fault.
    """
    *folders, file = PurePosixPath(name).parts or ("",)
    for folder in folders:
        if _is_kept_back(folder.lower()):
            return f"it lies in {folder!r}: it is not to be published"
        if folder.lower() in _MACHINERY:
            return f"it lies in {folder!r}, which holds parts of pages and no articles"
    if _DRAFT_FILE.fullmatch(file):
        return "its name says that it is a draft: it is not to be published"
    if _FOR_MACHINES.fullmatch(file) or (_ERROR_FILE.fullmatch(file) and not numbered):
        return "it is for machines, or stands in for pages that are not there"
    if file.startswith("_") and not file.lower().startswith("_index."):
        return "its name begins with '_': it is a part of pages and no article"
    if folders and _ERROR.fullmatch(folders[-1]) and is_index(name):
        return "it stands in for pages that are not there"
    return ""


def _is_kept_back(folder: str) -> bool:
    return folder in _KEPT_BACK or (folder.startswith("_") and not _KEPT_BACK_WORDS.isdisjoint(_WORDS.findall(folder)))


@lru_cache(maxsize=256)
def is_index(name: str) -> bool:
    """Whether the file is the page of the folder that it lies in."""
    return _stem(name).lower() in _INDEXES


@lru_cache(maxsize=256)  # each is asked for several times while its file is read
def place(name: str) -> tuple[str, ...]:
    """The folders and the name under which a reader finds the page: `a/b/index.html` is b in a."""
    parts = PurePosixPath(name).parts
    above, stem = parts[:-1], _stem(name)
    return tuple(map(without_id, above if is_index(name) and above else (*above, stem)))


def section_of(name: str) -> tuple[str, ...]:
    """The path in the site's hierarchy that the folders make, without shelves and dates."""
    folders: list[str] = []
    dated = False
    for folder in place(name)[:-1]:
        in_year = dated and folder.isdecimal() and len(folder) <= 2
        dated = in_year or bool(_YEAR.fullmatch(folder))
        shown = tidy_line(_ORDER.sub("", folder).replace(">", " "))
        if not dated and shown.lower() not in _SHELVES and visible(shown):
            folders.append(shown)
    return tuple(folders)


def title_from(name: str) -> str:
    """What stands in for a title: the page's own name, without the date, the language and hyphens between words."""
    own = place(name)[-1]
    bare = _ORDER.sub("", _DATED.sub("", own, count=1) or own, count=1)
    return tidy_line(bare.replace("-", " ").replace("_", " ")) or own


def day_in(name: str) -> date | None:
    """The day in the name of a file (`2024-01-05-cold-feet.md`) or of its folders (`2024/01/05/cold-feet.md`)."""
    parts = place(name)
    if found := _DATED.match(parts[-1]):
        return day_of(*map(int, found.groups()))
    for at, part in enumerate(parts[:-1]):
        if _DATED.fullmatch(part):
            return day_of(*map(int, part.split("-")))
        numbers = parts[at : at + 3] if _YEAR.fullmatch(part) and part.isdecimal() else ()
        numbers = numbers[: len(parts) - 1 - at]
        if len(numbers) > 1 and all(each.isdecimal() for each in numbers[:2]):
            day = int(numbers[2]) if len(numbers) > 2 and numbers[2].isdecimal() else 1
            return day_of(int(numbers[0]), int(numbers[1]), day)
    return None


def _stem(name: str) -> str:
    stem = PurePosixPath(name).name
    stem = stem.rsplit(".", 1)[0] if "." in stem.lstrip(".") else stem
    return _LANGUAGE.sub("", stem) or stem
