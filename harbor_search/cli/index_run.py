"""Running a rebuild or an update from the command line: its report is printed, and kept for `harbor-search status`."""

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
    """The report of `do`, kept as that of `command`; as it is where `do` is stopped, which is raised again.

    With `json` the report of what was stopped is printed too: scripts get one document whatever happens.
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
