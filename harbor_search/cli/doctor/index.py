"""The index: who may write it, whether it is whole, and whether it was made by this program with these settings."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings
from harbor_search.errors import OperationalError, UserError
from harbor_search.store import Generation, Generations, NothingBuilt, OtherFormat

__all__ = ["analysis", "generation", "permissions"]


def permissions(settings: Settings) -> Iterator[Finding]:
    """Whether we, and nobody else, may write the index."""
    root = settings.index
    if not root.exists():
        return
    status = root.stat()
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield Finding(
            "permissions",
            f"others can write the index folder {root}, and through it run code",
            f"chmod -R go-w '{root}'",
        )
    elif not os.access(root, os.R_OK | os.W_OK | os.X_OK) or status.st_uid not in (0, os.geteuid()):
        yield Finding(
            "permissions",
            f"the index folder {root} belongs to another user (uid {status.st_uid}) or cannot be written",
            f"chown -R {os.geteuid()} '{root}' && chmod -R u+rwX '{root}'",
        )


def generation(settings: Settings) -> Iterator[Finding]:
    """Whether there is a live generation, whole, of a format that this program reads; elsewhere see `cluster`."""
    if settings.engine != "embedded":
        return
    try:
        live = _live(settings)
        faults = live.verify()
    except NothingBuilt as error:
        yield Finding("index", str(error).partition(";")[0], "harbor-search rebuild")
    except OtherFormat as error:
        yield Finding("index", str(error).partition(";")[0], "harbor-search rebuild")
    except OperationalError as error:
        # Permissions were looked at before.
        if not list(permissions(settings)):
            yield Finding("index", str(error).partition(";")[0], "harbor-search rollback || harbor-search rebuild")
    else:
        if faults:
            yield Finding(
                "index",
                f"generation {live.identity} is damaged: {faults[0]}",
                "harbor-search rollback || harbor-search rebuild",
            )


def analysis(settings: Settings) -> Iterator[Finding]:
    """Whether articles were analysed as queries are."""
    from harbor_search.analysis import get_analyzer
    from harbor_search.engines.languages import check_languages, fault_of_analyzer

    try:
        check_languages(settings)
    except UserError as error:
        yield Finding("analyzer", str(error), f"set {error.where} to one of {', '.join(error.choices)}")
        return
    if settings.engine != "embedded":
        return
    try:
        live = _live(settings)
    except OperationalError:
        return
    name, built = str(live.manifest.extra.get("analyzer", "")), live.manifest.fingerprint
    if fault := fault_of_analyzer(name, built, get_analyzer(settings.analyzer)):
        yield Finding("analyzer", f"{fault}: some words are not found", "harbor-search rebuild")


def _live(settings: Settings) -> Generation:
    return Generations(settings.index, keep=1).live()
