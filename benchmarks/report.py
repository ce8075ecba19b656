"""Tables for people, as plain text."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.peers import OURS
from benchmarks.queries import CLASSES
from benchmarks.table import Cell, Summary

__all__ = ["machine", "render", "table_of"]

_UNITS = {
    "indexing": ("microseconds a document, until the index is durable; with positions and stored texts", 1.0),
    "page": ("microseconds a page, from the typed query to ids, titles, snippets, facets and exact count", 1.0),
    "indexing_cpu": ("microseconds of processor time a document: all threads together, whoever else was busy", 1.0),
    "optimising": ("microseconds a document, for merging afterwards what was indexed", 1.0),
    "size": ("megabytes on disk, merged; with positions and stored texts", 1e6),
    "memory": ("megabytes held at most while indexing", 1e6),
}
_STATISTICS = ("mean", "median", "p99")


def render(tables: Mapping[str, Mapping[str, Mapping[str, Cell]]], names: Sequence[str]) -> str:
    """All tables below each other; `names` orders the columns."""
    return "\n\n".join(_workload(workload, table, names) for workload, table in tables.items())


def _workload(workload: str, table: Mapping[str, Mapping[str, Cell]], names: Sequence[str]) -> str:
    measure = workload.partition(",")[0]
    what = "searching alone" if measure.endswith("_parsed") else "parsing and searching"
    unit, scale = _UNITS.get(measure, (f"microseconds a query, {what}", 1.0))
    columns = [name for name in names if any(name in row for row in table.values())]
    rows = [["", "n", "", *columns]]
    for kind in sorted(table, key=_order):
        cells = table[kind]
        single = all(cell.peer.queries == 1 for cell in cells.values())
        for line, statistic in enumerate(("mean",) if single else _STATISTICS):
            most = str(max(cell.peer.queries for cell in cells.values()))
            label = [kind, most] if line == 0 else ["", ""]
            name = "" if single else statistic
            rows.append([*label, name, *(_shown(cells.get(each), each, statistic, scale) for each in columns)])
    return f"{workload}: {unit} (in brackets: theirs / ours)\n{table_of(rows)}"


def _order(kind: str) -> tuple[int, str]:
    if kind in CLASSES:
        return CLASSES.index(kind), ""
    return len(CLASSES), kind.rjust(12)  # numbers by their size


def _shown(cell: Cell | None, name: str, statistic: str, scale: float) -> str:
    if cell is None:
        return "-"
    value = _statistic(cell.peer, statistic)
    shown = _digits(value / scale)
    own = _statistic(cell.ours, statistic) if cell.ours else 0.0
    return shown if name == OURS or not own else f"{shown} ({_digits(value / own)})"


def _statistic(summary: Summary, name: str) -> float:
    value: float = getattr(summary, name)
    return value


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table_of(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as aligned columns; the first row is the heading, the first column is flush left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(map(_aligned, row, widths, range(len(row)))) for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]]).rstrip()


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width)


def machine() -> str:
    """The machine in one line: processor, cores, memory, system."""
    try:
        cpuinfo = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        model = next(line.partition(":")[2].strip() for line in cpuinfo.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB; {platform.system()}, Python {platform.python_version()}"
