"""Runs a rebuild or update from the command line and records its report for `harbor-search status`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from harbor_search.cli.output import print_json
from harbor_search.errors import OperationalError

__all__ = ["recorded"]

Report = TypeVar("Report")


def recorded(
    command: str,
    index: Path,
    sources: Sequence[str],
    do: Callable[[], Report],
    to_dict: Callable[[Report], dict[str, Any]],
    *,
    json: bool,
) -> Report:
    """Run `do`; returns its report, which is recorded as that of `command`. Failures are recorded and raised again.

    With `json` the report of a run that published nothing is printed, too, so that scripts always get one document.
    """
    from harbor_search.indexing import NothingPublished, Run, record_run, report_to_dict

    began = datetime.now(UTC)

    def keep(values: dict[str, Any], error: str = "") -> None:
        record_run(index, Run(command, tuple(sources), began, datetime.now(UTC), error, values))

    try:
        report = do()
    except NothingPublished as error:
        values = {**report_to_dict(error.report), "generation": None}
        keep(values, str(error))
        if json:
            print_json(values)
        raise
    except OperationalError as error:
        keep({}, str(error))
        raise
    keep(to_dict(report))
    return report
