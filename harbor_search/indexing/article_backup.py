"""Backups of an index that is not in files of ours: its articles, from which any engine makes an index again.

The file is a tar: what is said of the index as JSON, its articles as compressed JSON Lines, which `rebuild` reads too
when they are unpacked, and companions.
"""

from __future__ import annotations

import gzip
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

import orjson

from harbor_search.article import Article, article_from_dict, article_to_dict
from harbor_search.engines import GenerationInfo, SearchEngine, StoredArticles
from harbor_search.errors import OperationalError
from harbor_search.indexing.backup_companions import Companions
from harbor_search.store.generations.backup_file import reading, unpack_companion, writing

__all__ = ["Storing", "has_articles", "load", "save"]

ABOUT = "about.json"
"""Says what is in the file; it comes first."""

ARTICLES = "articles.jsonl.gz"

_COMPRESSION = 3
"""Of text, nearly as small as by the default and twice as fast."""

_FORMAT = 1


@runtime_checkable
class Storing(Protocol):
    """An engine that gives back what it was given."""

    def stored(self) -> StoredArticles: ...


def save(engine: Storing, target: Path, companions: Companions) -> GenerationInfo:
    """Write the live generation of `engine` to the file `target`, with its companions, which are asked when all
    articles were read, so that they are never older.

    Raises:
        UserError: `target` cannot be a file.
        OperationalError: an article is missing, or the file cannot be written; what stood there is as it was.
    """
    live = engine.stored()
    about = {
        "format": _FORMAT,
        "generation": live.info.name,
        "articles": live.info.articles,
        "built": live.info.built.isoformat(),
        "mark": live.mark,
    }
    with writing(target) as file:
        file.add_companions({ABOUT: lambda path: path.write_bytes(orjson.dumps(about))})
        file.add_companions({ARTICLES: lambda path: _write(path, live.articles, live.info.articles)})
        file.add_companions(companions)
    return live.info


def has_articles(source: Path) -> bool:
    """Whether the backup `source` is one of articles, not of an index.

    Raises:
        UserError: it is no backup.
    """
    with reading(source) as archive:
        first = archive.next()
        return first is not None and first.name == ABOUT


def load(engine: SearchEngine, source: Path, companions: Companions) -> GenerationInfo:
    """Build an index of the articles in the backup `source`, make it live, and bring back the companions.

    All of the file is checked before, and the new index by `engine` before anything changes.

    Raises:
        UserError: `source` is no whole backup.
        OperationalError: a rebuild is running, or the engine or the disk does not take it; what is live stays so.
    """
    with tempfile.TemporaryDirectory(prefix="harbor-search-") as name:
        folder = Path(name)
        with reading(source) as archive:
            about = _unpack(archive, folder, companions)

        def bring_back(_: SearchEngine) -> None:
            for each, bring in companions.items():
                if (folder / each).exists():
                    bring(folder / each)

        return engine.rebuild(_read(folder / ARTICLES), lambda *_: None, bring_back, lambda: about.mark)


class _About(NamedTuple):
    """What a backup says of itself."""

    articles: int
    mark: str


def _unpack(archive: tarfile.TarFile, folder: Path, companions: Companions) -> _About:
    """Write what is known of the archive into `folder`; what it says of itself."""
    about = None
    while member := archive.next():
        known = member.isreg() and member.name in {ABOUT, ARTICLES, *companions}
        if not known or (folder / member.name).exists():
            raise tarfile.ReadError(f"it holds {member.name!r}, which does not belong there")
        unpack_companion(archive, member, folder / member.name)
        if member.name == ABOUT:  # first of all, as another format may hold other files
            about = _about(folder / ABOUT)
    if about is None or not (folder / ARTICLES).exists():
        raise tarfile.ReadError(f"{ARTICLES if about else ABOUT} is missing")
    found = sum(1 for _ in _read(folder / ARTICLES))
    if found != about.articles:
        raise tarfile.ReadError(f"it holds {found} articles, not {about.articles}")
    if not found:
        raise tarfile.ReadError("it holds no article, and an empty index is not published")
    return about


def _about(path: Path) -> _About:
    try:
        values = orjson.loads(path.read_bytes())
        if values["format"] != _FORMAT:
            raise tarfile.ReadError(
                f"it has format {values['format']}, and this version of harbor_search reads {_FORMAT}"
            )
        return _About(values["articles"], str(values["mark"]))
    except (KeyError, TypeError) as error:
        raise tarfile.ReadError(f"{path.name} does not say what is in it: {error!r}") from error


def _write(path: Path, articles: Iterable[Article], expected: int) -> None:
    written = 0
    with gzip.open(path, "wb", _COMPRESSION) as stream:
        for article in articles:
            stream.write(orjson.dumps(article_to_dict(article), option=orjson.OPT_APPEND_NEWLINE))
            written += 1
    if written != expected:
        raise OperationalError(f"the index gave {written} articles, not {expected}, and was not backed up")


def _read(path: Path) -> Iterator[Article]:
    try:
        with gzip.open(path, "rb") as stream:
            for line in stream:
                yield article_from_dict(orjson.loads(line))
    except (gzip.BadGzipFile, zlib.error) as error:
        raise tarfile.ReadError(f"{path.name} cannot be uncompressed: {error}") from error
