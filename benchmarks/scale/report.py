"""The measurements as a table, and as one chart: the time of a page, memory and time of a rebuild by size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import log10

from benchmarks.report import table_of
from benchmarks.scale.measuring import Measured

__all__ = ["chart", "table"]

_HEADING = (
    "articles",
    "engine",
    "rebuild s",
    "articles/s",
    "disk MB",
    "B/article",
    "memory MB",
    "new, mean ms",
    "median ms",
    "p99 ms",
    "again, mean ms",
    "p99 ms",
)
_PANELS: tuple[tuple[str, Callable[[Measured], float]], ...] = (
    ("A page, new query, median ms", lambda each: each.new.median),
    ("Memory, MB", lambda each: each.memory / 1e6),
    ("Rebuild, s", lambda each: each.seconds),
)
_WIDTH, _HEIGHT, _MARGIN = 250, 190, 46
_COLOURS = {"embedded": "#1f6f78", "opensearch": "#b4552d"}


def table(rows: Sequence[Measured]) -> str:
    """A line for each engine at each size."""
    lines: list[tuple[str, ...]] = [_HEADING]
    for row in sorted(rows, key=lambda each: (each.articles, each.engine)):
        numbers = (row.seconds, row.articles / row.seconds, row.disk / 1e6, row.disk / row.articles, row.memory / 1e6)
        times = (*row.new, row.again.mean, row.again.p99)
        lines.append((f"{row.articles:,}", row.engine, *(f"{n:,.0f}" for n in numbers), *(f"{n:,.2f}" for n in times)))
    return table_of(lines)


def chart(rows: Sequence[Measured]) -> str:
    """The three panels beside each other, both axes logarithmic."""
    parts = [panel for number, (title, value) in enumerate(_PANELS) for panel in _panel(rows, title, value, number)]
    for number, (engine, colour) in enumerate(_COLOURS.items()):
        parts.append(f'<text x="{8 + 100 * number}" y="14" fill="{colour}" font-weight="bold">{escape(engine)}</text>')
    size = f"{(_WIDTH + _MARGIN) * len(_PANELS)} {_HEIGHT + 90}"
    label = "Time of a page, memory and time of a rebuild by number of articles"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" aria-label="{label}">'
    style = "<style>text{font:12px sans-serif}.axis{fill:#445}line{stroke:#ccd}</style>"
    return "\n".join([head, style, *parts, "</svg>\n"])


def _panel(rows: Sequence[Measured], title: str, value: Callable[[Measured], float], number: int) -> list[str]:
    values = [value(each) for each in rows]
    sizes = [each.articles for each in rows]
    left, bottom = _MARGIN + number * (_WIDTH + _MARGIN), _HEIGHT + 50

    def x(size: float) -> float:
        return left + (_WIDTH - 20) * _share(size, min(sizes), max(sizes))

    def y(amount: float) -> float:
        return bottom - _HEIGHT * _share(amount, min(values), max(values))

    parts = [
        f'<text x="{left}" y="38" class="axis">{escape(title)}</text>',
        f'<line x1="{left}" y1="{bottom}" x2="{left + _WIDTH - 20}" y2="{bottom}"/>',
        *(
            f'<text x="{x(size):.0f}" y="{bottom + 18}" class="axis" text-anchor="middle">{_short(size)}</text>'
            for size in sorted({*sizes})
        ),
    ]
    for engine, colour in _COLOURS.items():
        own = sorted((each for each in rows if each.engine == engine), key=lambda each: each.articles)
        places = [(x(each.articles), y(value(each)), value(each)) for each in own]
        points = " ".join(f"{across:.1f},{down:.1f}" for across, down, _ in places)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        begin = f'<text fill="{colour}" text-anchor="middle"'
        parts += [
            f'{begin} x="{across:.0f}" y="{down - 6:.0f}">{amount:,.3g}</text>' for across, down, amount in places
        ]
    return parts


def _share(value: float, low: float, high: float) -> float:
    """Where a value lies between two, on a logarithmic scale."""
    return 0.5 if high <= low else (log10(max(value, low)) - log10(low)) / (log10(high) - log10(low))


def _short(size: float) -> str:
    return f"{size / 1e6:g}M" if size >= 1e6 else f"{size / 1e3:g}k"
