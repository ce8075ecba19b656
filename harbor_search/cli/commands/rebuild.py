"""`harbor-search rebuild`: a new generation of the index from its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from harbor_search.cli.index_report import report_lines
from harbor_search.cli.index_run import recorded
from harbor_search.cli.options import Flags, as_json, open_index, setting_option, sources_of
from harbor_search.cli.output import print_json
from harbor_search.cli.progress import progress_bar

if TYPE_CHECKING:
    from harbor_search.reports import IndexReport

__all__ = ["command"]


@click.command("rebuild")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@setting_option("--min-ndcg", "min_ndcg", "N", "Publish only with this nDCG@10 on judged queries.")
@setting_option("--queries", "gate_queries", "FILE", "The judged queries.")
@setting_option("--qrels", "gate_qrels", "FILE", "Which articles answer them how well.")
@as_json
@click.pass_obj
def command(flags: Flags, /, sources: tuple[str, ...], json: bool, **gates: str | None) -> None:
    """Build the index anew and make it live.

    SOURCE is where articles are: a folder or file (text, Markdown, HTML, JSON Lines, CSV, PDF, Word, a WordPress
    export), a feed or site by its address, a database. NAME=SOURCE gives it a name, which stands before the ids of its
    articles. Without one, the settings `sources` or `corpus` say where they are. Searches go on from the live index
    until the new one is verified; where anything stops the rebuild, the live index stays as it was.

    \b
    Examples:
      harbor-search rebuild
      harbor-search rebuild articles/ export.jsonl
      harbor-search rebuild en=articles/en de=articles/de "notes/**/*.md"
      harbor-search rebuild articles/ https://example.org/feed.xml
      harbor-search rebuild --json articles/ > report.json
      harbor-search rebuild --min-ndcg 0.8 --queries q.tsv --qrels r.tsv articles/
    """
    from harbor_search.evaluation import relevance_gate
    from harbor_search.indexing import report_to_dict

    settings = flags.settings(**gates)
    chosen, gate = sources_of(settings, sources), relevance_gate(settings)

    def run() -> IndexReport:
        with open_index(settings) as index, progress_bar() as progress:
            return index.rebuild_from(chosen, progress, gate)

    report = recorded("rebuild", settings.index, [*map(str, chosen)], run, report_to_dict, json=json)
    if json:
        print_json(report_to_dict(report))
    else:
        click.echo("\n".join(report_lines(report)))
