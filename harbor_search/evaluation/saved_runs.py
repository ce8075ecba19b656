"""Runs kept in a file, to compare later ones with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harbor_search.errors import OperationalError, UserError
from harbor_search.evaluation.report import EvaluationReport, report_to_dict
from harbor_search.store.generations.durability import replace_file

__all__ = ["SavedRun", "load_run", "save_run"]


@dataclass(frozen=True, slots=True)
class SavedRun:
    """An earlier run: the generation it searched, and each query's measures by name."""

    generation: str
    queries: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, report: EvaluationReport) -> SavedRun:
        """What of `report` a later one is compared with."""
        return cls(report.generation, {each.id: each.measures for each in report.queries})


def save_run(report: EvaluationReport, file: Path) -> None:
    """Write `report` to `file` as JSON; a file that was there is replaced whole or not at all.

    Raises:
        OperationalError: it cannot be written.
    """
    text = json.dumps(report_to_dict(report), ensure_ascii=False, indent=2) + "\n"
    try:
        replace_file(file, text.encode())
    except OSError as error:
        raise OperationalError(f"cannot write the run to {file}: {error.strerror or error}") from error


def load_run(file: Path) -> SavedRun:
    """A run that `save_run` or `evaluate --json` wrote.

    Raises:
        UserError: the file cannot be read or holds something else.
    """
    try:
        values = json.loads(file.read_bytes())
        return SavedRun(_text(values["generation"]), {_text(each["id"]): _numbers(each) for each in values["queries"]})
    except OSError as error:
        raise UserError(f"cannot read the baseline {file}: {error.strerror or error}", where="baseline") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError(
            f"{file} is no saved run; make one with `harbor-search evaluate --save {file}`", where="baseline"
        ) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _numbers(query: Mapping[str, Any]) -> dict[str, float]:
    return {_text(name): float(value) for name, value in query["measures"].items()}
