"""Charts of an evaluation as SVG: differences by query, and recall by depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from harbor_search.errors import OperationalError
from harbor_search.evaluation.comparison import Comparison
from harbor_search.evaluation.judgements import Qrels
from harbor_search.evaluation.measures import recall
from harbor_search.evaluation.report import EvaluationReport

__all__ = ["differences_picture", "recall_picture", "write_pictures"]

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 40, 50

_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1b1f24 }
  .title { font-size: 15px; font-weight: 600 }
  .axis, .grid { stroke: #8a939e; stroke-width: 1 }
  .grid { stroke-opacity: .3 }
  .first { fill: #0b6e4f; stroke: #0b6e4f }
  .second { fill: #b3261e; stroke: #b3261e }
  .line { fill: none; stroke-width: 2 }
  .background { fill: #fff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e9ed } .background { fill: #14181d }
    .first { fill: #5fd3a7; stroke: #5fd3a7 } .second { fill: #ff8a80; stroke: #ff8a80 }
  }
"""

_DEPTHS = (1, 2, 3, 5, 10, 20, 30, 50, 100)


def write_pictures(
    folder: Path, report: EvaluationReport, qrels: Qrels, comparison: Comparison | None
) -> tuple[Path, ...]:
    """Write `recall.svg`, and with `comparison` also `differences.svg`, to `folder`, which is made; return their paths.

    Raises:
        OperationalError: they cannot be written.
    """
    pictures = {"recall.svg": recall_picture({report.generation: report}, qrels)}
    if comparison is not None:
        pictures["differences.svg"] = differences_picture(comparison)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            (folder / name).write_text(picture, encoding="utf-8")
    except OSError as error:
        raise OperationalError(f"cannot write pictures to {folder}: {error.strerror or error}") from error
    return tuple(folder / name for name in pictures)


def differences_picture(comparison: Comparison) -> str:
    """A bar for each query that changed, the largest gain first; upwards is better now."""
    changes = sorted(comparison.changes, key=lambda each: each.before - each.now)
    title = f"{comparison.measure} by query: {len(changes)} of {comparison.queries} changed"
    inner = _WIDTH - _LEFT - _RIGHT
    step = inner / max(len(changes), 1)
    marks = [_horizontal(value, -1, 1, f"{value:+.1f}") for value in (-1, -0.5, 0, 0.5, 1)]
    for place, each in enumerate(changes):
        now, zero = _height(each.now - each.before, -1, 1), _height(0, -1, 1)
        kind = "first" if each.now > each.before else "second"
        label = escape(f"{each.id}: {each.query[:80]} ({each.before:.3f} to {each.now:.3f})")
        marks.append(
            f'<rect class="{kind}" x="{_LEFT + place * step:.1f}" y="{min(now, zero):.1f}" '
            f'width="{max(step - 1, 0.5):.1f}" height="{abs(now - zero):.1f}"><title>{label}</title></rect>'
        )
    return _picture(title, "queries, the greatest gain first", marks)


def recall_picture(reports: Mapping[str, EvaluationReport], qrels: Qrels) -> str:
    """Mean recall by depth, a line for each report."""
    marks = [_horizontal(value / 5, 0, 1, f"{value / 5:.1f}") for value in range(6)]
    inner = _WIDTH - _LEFT - _RIGHT
    xs = [_LEFT + inner * place / (len(_DEPTHS) - 1) for place in range(len(_DEPTHS))]
    baseline = _HEIGHT - _BOTTOM
    marks += [
        f'<text x="{x:.1f}" y="{baseline + 18}" text-anchor="middle">{depth}</text>'
        for x, depth in zip(xs, _DEPTHS, strict=True)
    ]
    for place, (name, report) in enumerate(reports.items()):
        values = _recalls(report, qrels)
        points = " ".join(f"{x:.1f},{_height(value, 0, 1):.1f}" for x, value in zip(xs, values, strict=True))
        kind = ("first", "second")[place % 2]
        marks.append(f'<polyline class="line {kind}" style="fill:none" points="{points}"/>')
        marks.append(f'<text x="{_LEFT + 10}" y="{_TOP + 18 * (place + 1)}">{escape(name)}: {values[-1]:.3f}</text>')
    return _picture("Recall against depth", "hits looked at", marks)


def _recalls(report: EvaluationReport, qrels: Qrels) -> list[float]:
    rankings = [([article for article, _ in each.ranking], qrels[each.id]) for each in report.queries]
    return [sum(recall(ids, grades, depth) for ids, grades in rankings) / len(rankings) for depth in _DEPTHS]


def _height(value: float, low: float, high: float) -> float:
    """The y coordinate of `value` on an axis from `low` to `high`."""
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)


def _horizontal(value: float, low: float, high: float, label: str) -> str:
    y = _height(value, low, high)
    kind = "axis" if value == 0 else "grid"
    return (
        f'<line class="{kind}" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    )


def _picture(title: str, horizontal: str, marks: Sequence[str]) -> str:
    middle = (_LEFT + _WIDTH - _RIGHT) // 2
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{_STYLE}</style>",
            f'<rect class="background" width="{_WIDTH}" height="{_HEIGHT}"/>',
            f'<text class="title" x="{_LEFT}" y="24">{escape(title)}</text>',
            *marks,
            f'<text x="{middle}" y="{_HEIGHT - 10}" text-anchor="middle">{horizontal}</text>',
            "</svg>\n",
        ]
    )
