"""`harbor-search tune`: settings of the ranking that answer judged queries better."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import print_json
from harbor_search.cli.progress import progress_bar
from harbor_search.errors import UserError

if TYPE_CHECKING:
    from harbor_search.evaluation import Tuning

__all__ = ["command"]


@click.command("tune")
@click.option(
    "--queries",
    "queries_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="What readers asked.",
)
@click.option(
    "--qrels",
    "qrels_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="Which articles answer it how well.",
)
@click.option("--k", "k", metavar="K", default=10, show_default=True, type=click.IntRange(min=1), help="First page.")
@click.option(
    "--folds",
    "folds",
    metavar="N",
    default=5,
    show_default=True,
    type=int,
    help="Parts of the queries that are measured by what the others chose.",
)
@as_json
@click.pass_obj
def command(flags: Flags, /, queries_file: Path, qrels_file: Path, k: int, folds: int, json: bool) -> None:
    """Look for settings that answer judged queries better.

    Weights of fields, how much lengths and repetitions count, what having all words and what the meaning adds are
    tried, one after the other, against nDCG at K. What is promised was measured on queries that had no part in the
    choice (cross-validation), with the interval in which it lies in 95 of 100 samples of queries. What is found is
    printed as lines for the settings file. Neither the index nor any setting is changed.

    \b
    Examples:
      harbor-search tune --queries corpus/queries.tsv --qrels corpus/qrels.tsv
      harbor-search tune --queries q.tsv --qrels r.tsv > tuned.toml
    """
    from harbor_search.engines import rescored
    from harbor_search.evaluation import TUNED, ndcg_by_query, read_qrels, read_queries, tune

    settings = flags.settings()
    if settings.engine != "embedded":
        raise UserError("tune works with the embedded engine alone", where="engine")
    queries, qrels = read_queries(queries_file), read_qrels(qrels_file)
    start = {
        name: float(getattr(settings, name)) for name in TUNED if name != "semantic_weight" or settings.semantic_model
    }
    with open_index(settings) as index, progress_bar() as progress:
        tried = 0

        def measure(values: Mapping[str, float]) -> Sequence[float]:
            nonlocal tried
            tried += 1
            progress("tune", tried, None)
            changed = dataclasses.replace(settings, **values)  # type: ignore[arg-type]
            return ndcg_by_query(rescored(index.engine, changed), queries, qrels, changed, k=k)

        found = tune(measure, start, folds)
    if json:
        print_json(dataclasses.asdict(found))
    else:
        click.echo("\n".join(_lines(found, start, k)))


def _lines(found: Tuning, start: Mapping[str, float], k: int) -> list[str]:
    """The report as a settings file: what is said of the values stands before them as comments."""
    lines = [
        f"# nDCG@{k} of {found.queries:,} queries, {found.tried:,} settings tried.",
        f"# As it is:                                  {found.before:.4f}",
        f"# To be expected, by cross-validation:       {found.expected:.4f}",
        f"#   gain {found.expected - found.before:+.4f}, in 95 of 100 samples {found.low:+.4f} to {found.high:+.4f}, "
        f"p = {found.p_value:.3f}",
        f"# On the queries that chose what is below:   {found.fitted:.4f}",
    ]
    if not found.values:
        return [*lines, "# No other values were better: keep what you have."]
    if found.low <= 0:
        lines.append("# The gain may be chance: more judged queries would tell.")
    return lines + [f"{name} = {value:g}  # was {start[name]:g}" for name, value in found.values.items()]
