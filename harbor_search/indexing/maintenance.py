"""Looking after the index between rebuilds."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, runtime_checkable

from harbor_search.config import Settings
from harbor_search.engines import GenerationInfo, SearchEngine
from harbor_search.errors import UserError
from harbor_search.indexing.article_backup import Storing, has_articles, load, save
from harbor_search.indexing.backup_companions import Companions, restoring, saving

__all__ = ["backup", "restore", "rollback", "verify"]


def rollback(engine: SearchEngine) -> GenerationInfo:
    """Make the generation before the live one live again; running searches follow.

    Raises:
        OperationalError: there is none, it is damaged, or a rebuild is running.
    """
    return engine.rollback()


@runtime_checkable
class _Archiving(Protocol):
    """An engine whose index is files of ours."""

    def backup(self, target: Path, companions: Companions) -> GenerationInfo: ...

    def restore(self, source: Path, companions: Companions) -> GenerationInfo: ...


def backup(engine: SearchEngine, target: Path, settings: Settings) -> GenerationInfo:
    """Write the live generation to the file `target`, while searches and rebuilds go on, with what was written to the
    service, accepted synonyms and pins: all that no rebuild brings back, but keys.

    Raises:
        UserError: `target` cannot be a file.
        OperationalError: there is no sound index, or the file cannot be written; what stood there is as it was.
    """
    if isinstance(engine, _Archiving):
        return engine.backup(target, saving(settings))
    if isinstance(engine, Storing):
        return save(engine, target, saving(settings))
    raise UserError("this engine keeps its index elsewhere; make backups with its own means", where="engine")


def restore(engine: SearchEngine, source: Path, settings: Settings, *, replace: bool) -> GenerationInfo:
    """Make the index in the backup `source` live; running searches follow.

    Articles written since, accepted synonyms and pins stay, and those of the backup are added where they are gone; with
    `replace` they are what they were then.

    Raises:
        UserError: `source` is no whole backup, or one of files that are not this engine's.
        OperationalError: a rebuild is running, or the disk does not take it; what is live stays so.
    """
    companions = restoring(settings, replace=replace)
    if has_articles(source):
        return load(engine, source, companions)
    if isinstance(engine, _Archiving):
        return engine.restore(source, companions)
    raise UserError(
        f'{source} has the files of an index in a folder; restore it with engine = "embedded", or rebuild from the '
        "sources",
        where="source",
    )


def verify(engine: SearchEngine) -> tuple[str, ...]:
    """The faults of the live generation as sentences; empty when all is well.

    Raises:
        OperationalError: there is no live generation, or it cannot be looked at.
    """
    return engine.verify()
