"""The comparison as a table, and as a chart in SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from benchmarks.http.comparison import Row
from benchmarks.report import table_of

__all__ = ["chart", "table"]

_HEADING = ("", "connections", "answers/s", "ours / theirs", "p50 ms", "p95 ms", "p99 ms", "failed", "memory MB")
_OURS = "harbor_search"


def table(rows: Sequence[Row]) -> str:
    """A line for each row."""
    ours = {row.connections: row.measured.throughput for row in rows if row.name == _OURS}
    lines: list[tuple[str, ...]] = [_HEADING]
    for row in rows:
        measured = row.measured
        ratio = ours.get(row.connections, 0.0) / measured.throughput if measured.throughput else 0.0
        lines.append(
            (
                row.name,
                str(row.connections),
                f"{measured.throughput:,.0f}",
                "" if row.name == _OURS or not ratio else f"{ratio:.2f}",
                *(f"{time:,.2f}" for time in (measured.p50, measured.p95, measured.p99)),
                str(measured.failed),
                f"{row.memory / 1e6:,.0f}",
            )
        )
    return table_of(lines)


_WIDTH, _BAR, _LEFT = 760, 18, 190


def chart(rows: Sequence[Row], title: str) -> str:
    """Answers a second as bars, a group for each number of connections."""
    most = max((row.measured.throughput for row in rows), default=1.0) or 1.0
    parts, top = [], 34
    for connections in dict.fromkeys(row.connections for row in rows):
        parts.append(f'<text x="8" y="{top + 13}" class="group">{connections} connections</text>')
        top += _BAR + 4
        for row in (each for each in rows if each.connections == connections):
            parts.append(_bar(row, top, most))
            top += _BAR + 4
        top += 10
    style = "text{font:12px sans-serif;fill:#223}.group,.title{font-weight:bold}.ours{fill:#1f6f78}.other{fill:#b9c4c9}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" role="img" aria-label="{escape(title)}">'
    )
    return "\n".join(
        [
            head,
            f"<style>{style}</style>",
            f'<text x="8" y="18" class="title">{escape(title)}</text>',
            *parts,
            "</svg>\n",
        ]
    )


def _bar(row: Row, top: int, most: float) -> str:
    length = max(1.0, (_WIDTH - _LEFT - 190) * row.measured.throughput / most)
    kind = "ours" if row.name.startswith(_OURS) else "other"
    label = f"{row.measured.throughput:,.0f}/s, p99 {row.measured.p99:,.1f} ms"
    return (
        f'<text x="{_LEFT - 8}" y="{top + 13}" text-anchor="end">{escape(row.name)}</text>'
        f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{length:.1f}" height="{_BAR}"/>'
        f'<text x="{_LEFT + length + 6:.1f}" y="{top + 13}">{label}</text>'
    )
