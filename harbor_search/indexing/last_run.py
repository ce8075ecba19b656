"""What the last rebuild or update did, kept as a file beside the index, whether it came to an end or not."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from harbor_search.errors import OperationalError
from harbor_search.reports import IndexReport, UpdateReport
from harbor_search.store.generations.durability import replace_file

__all__ = ["LAST_RUN", "Run", "last_run", "record_run", "report_to_dict", "run_to_dict", "update_to_dict"]

LAST_RUN = "last-run.json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """One rebuild or update: its `command`, its sources, when it began and ended (UTC), what stopped it (empty where
    nothing did), and its report as JSON-ready values (empty where it was stopped before there was one)."""

    command: str
    sources: Sequence[str]
    began: datetime
    ended: datetime
    error: str
    report: Mapping[str, Any]


def report_to_dict(report: IndexReport) -> dict[str, Any]:
    """The report as JSON-ready values."""
    names = ("generation", "read", "indexed", "refused", "skipped", "noted", "seconds", "bytes", "near_duplicates")
    values = dataclasses.asdict(report)
    found = {name: list(values[name]) if isinstance(values[name], tuple) else values[name] for name in names}
    return {**found, "next_change": report.next_change and report.next_change.isoformat()}


def update_to_dict(report: UpdateReport) -> dict[str, Any]:
    """The report on an update as JSON-ready values."""
    counts = {name: getattr(report, name) for name in ("added", "changed", "removed")}
    kept = [dataclasses.asdict(each) for each in report.kept]
    return {**report_to_dict(report.index), **counts, "kept": kept, "rebuilt": report.rebuilt}


def run_to_dict(run: Run) -> dict[str, Any]:
    """The run as JSON-ready values; times are ISO 8601 in UTC."""
    return dataclasses.asdict(run) | {"began": run.began.isoformat(), "ended": run.ended.isoformat()}


def record_run(index: Path, run: Run) -> None:
    """Keep `run` as `index`/last-run.json, in the place of the run before.

    Where there is no such folder yet, it is made for a run that came to its end, whose index is elsewhere then (on a
    cluster), and otherwise nothing is kept. What cannot be written is only logged.
    """
    content = json.dumps(run_to_dict(run), ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"
    try:
        if not run.error:
            index.mkdir(parents=True, exist_ok=True)
        if index.is_dir():
            replace_file(index / LAST_RUN, content)
    except OSError as error:
        _log.warning("the report could not be kept in %s: %s", index, error.strerror or error)


def last_run(index: Path) -> Run:
    """The run that `record_run` kept last.

    Raises:
        OperationalError: there is none, or it cannot be read.
    """
    path = index / LAST_RUN
    try:
        values = json.loads(path.read_bytes())
        times = {name: datetime.fromisoformat(values[name]) for name in ("began", "ended")}
        return Run(**(values | times))
    except FileNotFoundError:
        raise OperationalError(f"nothing was indexed in {index} yet; `harbor-search rebuild` makes an index") from None
    except OSError as error:
        raise OperationalError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise OperationalError(f"{path} is damaged; the next rebuild or update writes it anew") from error
