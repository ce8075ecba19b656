"""The articles: whether they can be read, whether they have changed, and which of them are not in the index."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from harbor_search.cli.finding import Finding
from harbor_search.cli.options import sources_of
from harbor_search.config import Settings
from harbor_search.errors import OperationalError, UserError
from harbor_search.ingest.readers import suffix_of
from harbor_search.ingest.sources import Source
from harbor_search.ingest.sources.files import SourceFile, find_files, root_of
from harbor_search.ingest.sources.kinds import check_source, kind_of

__all__ = ["changed_since", "left_out", "sources"]

SETTLED_SECONDS = 60
"""A file that has just been written may be about to be indexed."""


def sources(settings: Settings) -> Iterator[Finding]:
    """Whether every source is there and may be read."""
    try:
        known = _known(settings)
    except UserError as error:
        yield Finding("sources", str(error), "mend the [[sources]] tables of the settings file")
        return
    for source in known:
        try:
            check_source(source)
        except UserError as error:
            yield Finding(
                "sources", str(error), f"bring {source.shown} back, or name another: harbor-search rebuild DIR"
            )
            continue
        unreadable = [path for path in _paths(source) if not os.access(path, os.R_OK)]
        if unreadable:
            root = source.path
            yield Finding(
                "sources",
                f"{len(unreadable):,} files or folders of {source.shown} cannot be read, such as {unreadable[0]}",
                f"chmod -R u+rX '{root}', or run as the user who owns them",
            )


def changed_since(settings: Settings) -> Iterator[Finding]:
    """Whether files have changed since they were last indexed."""
    from harbor_search.indexing import last_run

    try:
        run = last_run(settings.index)
        known = [source for source in _known(settings) if kind_of(source) == "files"]
    except (OperationalError, UserError):
        return
    if run.error:
        again = "update" if run.command == "watch" else run.command
        yield Finding("index", f"the last {run.command} was stopped: {run.error}", f"harbor-search {again}")
        return
    began = run.began.timestamp()
    limit = time.time() - SETTLED_SECONDS
    newer = [path for source in known for path in _paths(source) if began < _changed(path) < limit]
    if newer:
        yield Finding(
            "index",
            f"it is stale: {len(newer):,} files have changed since {datetime.fromtimestamp(began, UTC):%Y-%m-%d %H:%M} "
            f"UTC, such as {newer[0]}",
            _update_of(known, settings),
        )


def left_out(settings: Settings) -> Iterator[Finding]:
    """Whether articles are missing because they, or what they say of being published, could not be read."""
    from harbor_search.indexing import last_run

    try:
        report = last_run(settings.index).report
    except OperationalError:
        return
    unclear = [each for each in report.get("skipped", ()) if _may_be_meant(each["reason"])]
    missing = [*report.get("refused", ()), *unclear]
    if missing:
        first = missing[0]
        yield Finding(
            "articles",
            f"{len(missing):,} articles are not in the index, such as {first['source']}: {first['reason']}",
            "harbor-search status --json, then mend what it names, then harbor-search update",
        )


def _known(settings: Settings) -> tuple[Source, ...]:
    """The sources of the settings file, else the files that the last run was told to read, else the corpus.

    Raises:
        UserError: one of the settings file cannot be a source.
    """
    from harbor_search.indexing import last_run

    if settings.sources:
        return sources_of(settings, ())
    try:
        told = last_run(settings.index).sources
    except OperationalError:
        told = ()
    # Addresses are kept without their passwords, and queries not at all.
    paths = sources_of(settings, [each for each in told if "://" not in each])
    is_there = any(os.path.lexists(root_of(each)) for each in paths)
    # An index may have come from elsewhere, where its articles lay in another place.
    return paths if is_there or not settings.corpus.exists() else sources_of(settings, ())


def _update_of(known: Sequence[Source], settings: Settings) -> str:
    """The command that updates from these sources, which need not be named where the settings do."""
    named = [] if settings.sources or [each.path for each in known] == [settings.corpus] else known
    return shlex.join(["harbor-search", "update", *map(str, named)])


def _may_be_meant(reason: str) -> bool:
    """Whether something was skipped that its author may want to be found."""
    return "until that is mended" in reason or "pip install" in reason


def _paths(source: Source) -> Iterator[Path]:
    """The files of a source that may hold articles; what cannot be entered is among them."""
    if kind_of(source) != "files":
        return
    for found in find_files(source, {}):
        if isinstance(found, SourceFile):
            if suffix_of(found.name) or found.path == source.path:
                yield found.path
        elif "cannot be read" in found.reason and os.path.exists(found.source):
            yield Path(found.source)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
