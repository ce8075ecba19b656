"""`harbor-search evaluate`: what the ranking is worth, by judged queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import counted, print_json
from harbor_search.cli.terminal import plain
from harbor_search.errors import UserError

if TYPE_CHECKING:
    from harbor_search.config import Settings
    from harbor_search.evaluation import Comparison, EvaluationReport, Qrels, Queries, QueryReport, SavedRun
    from harbor_search.index import Index

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
@_file("--results", "results", "Measure this results file (TREC) instead of the live index.")
@_file("--baseline", "baseline", "Compare with a run that --save kept, or with a results file.")
@_file("--baseline-config", "baseline_config", "Compare with what another settings file makes of the same queries.")
@click.option("--baseline-generation", "generation", metavar="NAME", help="Compare with a kept generation.")
@_file("--save", "save", "Keep this run for later comparisons.")
@_file("--run", "run", "Write the rankings as a results file (TREC).")
@_file("--pictures", "pictures", "Write recall.svg and differences.svg to this folder.")
@as_json
@click.pass_obj
def command(flags: Flags, /, queries_file: Path, qrels_file: Path, k: int, **options: Any) -> None:
    """Measure how well the live index answers judged queries.

    Queries and judgements are tables (query-id, query; query-id, article-id, grade), in the layout of BEIR
    (queries.jsonl; query-id, corpus-id, score) or in that of TREC (topics, qrels). Measures are those of
    trec_eval; the first K hits are the first page, RR, AP and the last recall look at the first 100. A comparison
    says by how much each measure differs, whether that could be chance (paired randomisation test), and which
    queries changed most.

    \b
    Examples:
      harbor-search evaluate --queries corpus/queries.tsv --qrels corpus/qrels.tsv
      harbor-search evaluate --queries q.tsv --qrels r.tsv --save before.json
      harbor-search evaluate --queries q.tsv --qrels r.tsv --baseline before.json --pictures pictures/
      harbor-search evaluate --queries q.tsv --qrels r.tsv --baseline-config other.toml
      harbor-search evaluate --queries q.tsv --qrels r.tsv --results theirs.run --baseline ours.run
    """
    from harbor_search.evaluation import compare, read_qrels, read_queries, save_run, write_pictures, write_results

    judged = _Judged(read_queries(queries_file), read_qrels(qrels_file), k)
    chosen = [name for name in ("baseline", "baseline_config", "generation") if options[name] is not None]
    if len(chosen) > 1:
        raise UserError("only one of --baseline, --baseline-config and --baseline-generation can be given")
    earlier = _baseline(flags, judged, options)
    report = _measured_now(flags, judged, options["results"])
    comparison = compare(report, earlier) if earlier is not None else None
    for warning in warnings(report):
        click.echo(f"harbor-search: warning: {plain(warning)}", err=True)
    if options["json"]:
        print_json(to_dict(report, comparison))
    else:
        click.echo("\n".join(report_lines(report, comparison)))
    # After printing, so that a file that cannot be written loses nothing.
    if options["save"] is not None:
        save_run(report, options["save"])
    if options["run"] is not None:
        write_results({each.id: each.ranking for each in report.queries}, options["run"], "harbor-search")
    if options["pictures"] is not None:
        write_pictures(options["pictures"], report, judged.qrels, comparison)


@dataclass(frozen=True, slots=True)
class _Judged:
    queries: Queries
    qrels: Qrels
    k: int


def _measured_now(flags: Flags, judged: _Judged, results: Path | None) -> EvaluationReport:
    """The live index, or the results file that was named, measured."""
    from harbor_search.evaluation import measure_results, read_results

    if results is not None:
        return measure_results(read_results(results), judged.queries, judged.qrels, k=judged.k, name=results.name)
    return _measured_by(flags.settings(), judged)


def _measured_by(settings: Settings, judged: _Judged, kept: str = "") -> EvaluationReport:
    with open_index(settings) as index:
        generation = _generation(index, kept) if kept else ""
        return index.evaluate(judged.queries, judged.qrels, k=judged.k, generation=generation)


def _generation(index: Index, wanted: str) -> str:
    """The kept generation of that name; its beginning, such as the number, will do."""
    stats = index.stats()
    names = [each.name for each in (stats.live, *stats.kept)]
    fitting = [name for name in names if name == wanted or name.startswith(f"{wanted}-")]
    if len(fitting) != 1:
        raise UserError(f"no generation {wanted!r} is kept", where="baseline-generation", choices=tuple(names))
    return fitting[0]


def _baseline(flags: Flags, judged: _Judged, options: dict[str, Any]) -> SavedRun | None:
    """What to compare with: a saved run, a results file, another settings file or a kept generation, if any."""
    import dataclasses

    from harbor_search.evaluation import SavedRun, is_results_file, load_run, measure_results, read_results

    file, config = options["baseline"], options["baseline_config"]
    if file is not None and file.is_file() and is_results_file(file):
        rankings = read_results(file)
        return SavedRun.of(measure_results(rankings, judged.queries, judged.qrels, k=judged.k, name=file.name))
    if file is not None:
        return load_run(file)
    if config is not None:
        report = _measured_by(dataclasses.replace(flags, config=config).settings(), judged)
        return SavedRun.of(dataclasses.replace(report, generation=f"{report.generation} by {config.name}"))
    if options["generation"] is not None:
        return SavedRun.of(_measured_by(flags.settings(), judged, options["generation"]))
    return None


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
    if comparison.changes:
        lines.append(f"Changed most ({comparison.measure}, before and now):")
        lines += [
            f"  {each.before:.3f} {each.now:.3f}  {plain(each.id)}  {plain(each.query)}"
            for each in comparison.changes[:SHOWN]
        ]
    return lines


def _query_line(label: str, query: QueryReport) -> str:
    return f"  {label:5}  {plain(query.id)}  {plain(query.query)}"


def _listed(ids: list[str] | tuple[str, ...]) -> str:
    return ", ".join(ids[:SHOWN]) + (" ..." if len(ids) > SHOWN else "")
