"""`harbor-search evaluate`: what the ranking is worth, by judged queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from harbor_search.cli.options import Flags, as_json, open_engine
from harbor_search.cli.output import counted, print_json
from harbor_search.cli.terminal import plain

if TYPE_CHECKING:
    from harbor_search.evaluation import Comparison, EvaluationReport, QueryReport

__all__ = ["command"]

Function = TypeVar("Function", bound=Callable[..., Any])

SHOWN = 10
"""Queries named in a list before it says how many more there are; `--json` has all."""


def _file(flag: str, name: str, text: str, *, required: bool = False) -> Callable[[Function], Function]:
    return click.option(flag, name, metavar="FILE", type=click.Path(path_type=Path), required=required, help=text)


@click.command("evaluate")
@_file("--queries", "queries_file", "What readers asked.", required=True)
@_file("--qrels", "qrels_file", "Which articles answer it how well.", required=True)
@click.option("--k", "k", metavar="K", default=10, show_default=True, type=click.IntRange(min=1), help="First page.")
@_file("--baseline", "baseline", "Compare with a run that --save kept.")
@_file("--save", "save", "Keep this run for later comparisons.")
@as_json
@click.pass_obj
def command(
    flags: Flags, /, queries_file: Path, qrels_file: Path, k: int, baseline: Path | None, save: Path | None, json: bool
) -> None:
    """Measure how well the live index answers judged queries.

    Queries and judgements are tables (query-id, query; query-id, article-id, grade), or in the layout of BEIR
    (queries.jsonl; query-id, corpus-id, score). Measures are those of trec_eval; the first K hits are the first
    page, RR and AP look at the first 100.

    \b
    Examples:
      harbor-search evaluate --queries corpus/queries.tsv --qrels corpus/qrels.tsv
      harbor-search evaluate --queries q.tsv --qrels r.tsv --save before.json
      harbor-search evaluate --queries q.tsv --qrels r.tsv --baseline before.json
    """
    from harbor_search.evaluation import compare, evaluate, load_run, read_qrels, read_queries, save_run

    settings = flags.settings()
    queries, qrels = read_queries(queries_file), read_qrels(qrels_file)
    earlier = load_run(baseline) if baseline is not None else None
    with open_engine(settings) as engine:
        report = evaluate(engine, queries, qrels, settings, k=k)
    comparison = compare(report, earlier) if earlier is not None else None
    for warning in warnings(report):
        click.echo(f"harbor-search: warning: {plain(warning)}", err=True)
    if json:
        print_json(to_dict(report, comparison))
    else:
        click.echo("\n".join(report_lines(report, comparison)))
    # After printing, so that a file that cannot be written loses nothing.
    if save is not None:
        save_run(report, save)


def to_dict(report: EvaluationReport, comparison: Comparison | None) -> dict[str, Any]:
    """The report with `comparison`, null where there is none, as JSON-ready values."""
    import dataclasses

    from harbor_search.evaluation import report_to_dict

    compared = dataclasses.asdict(comparison) if comparison is not None else None
    return {**report_to_dict(report), "comparison": compared}


def warnings(report: EvaluationReport) -> Iterator[str]:
    """Sentences about what is odd with the judgements or the settings."""
    unknown, unjudged = report.unknown_articles, report.unjudged
    if unknown:
        yield f"the index does not have {counted(len(unknown), 'article')} of the judgements: {_listed(unknown)}"
    if unjudged:
        yield f"{len(unjudged)} of the queries have no relevant article and were left out: {_listed(unjudged)}"
    refused = [each for each in report.queries if each.refused]
    if refused:
        ids = _listed([each.id for each in refused])
        yield f"{len(refused)} of the queries were refused and count as 0: {ids}; the first: {refused[0].refused}"


def report_lines(report: EvaluationReport, comparison: Comparison | None) -> list[str]:
    """The report for people."""
    queries = "query" if len(report.queries) == 1 else "queries"
    lines = [f"Generation {report.generation}, {len(report.queries):,} judged {queries}:"]
    lines += [f"  {name:12} {value:.4f}" for name, value in report.means.items()]
    if report.without_hits:
        lines += [f"Without any hit ({len(report.without_hits):,}):"]
        lines += [_query_line("-", each) for each in report.without_hits[:SHOWN]]
    worst = report.worst(SHOWN)
    if worst:
        name = f"nDCG@{report.k}"
        lines += [f"Lowest {name}:", *(_query_line(f"{each.measures[name]:.3f}", each) for each in worst)]
    return lines + (_comparison_lines(comparison) if comparison is not None else [])


def _comparison_lines(comparison: Comparison) -> list[str]:
    left_out = f", {comparison.left_out:,} that only one of the two has left out" if comparison.left_out else ""
    lines = [f"Against generation {comparison.generation} ({comparison.queries:,} queries{left_out}):"]
    for name, each in comparison.differences.items():
        counts = f"{each.wins} better, {each.losses} worse, {each.ties} equal"
        lines.append(f"  {name:12} {each.mean:+.4f}   {counts}   p = {each.p_value:.3f}")
    return lines


def _query_line(label: str, query: QueryReport) -> str:
    return f"  {label:5}  {plain(query.id)}  {plain(query.query)}"


def _listed(ids: list[str] | tuple[str, ...]) -> str:
    return ", ".join(ids[:SHOWN]) + (" ..." if len(ids) > SHOWN else "")
