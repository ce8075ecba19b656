"""`harbor-search search`: the articles searched in the terminal."""

from __future__ import annotations

import click

from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import print_results
from harbor_search.cli.process import process
from harbor_search.cli.results_lines import elsewhere_lines, results_lines
from harbor_search.cli.terminal import colourful, width

__all__ = ["SORTS", "command"]

SORTS = ("relevance", "date", "views")
"""As requests know them; repeated here so that completing an option does not load the engine. A test compares."""


@click.command("search")
@click.argument("query", metavar="QUERY...", nargs=-1)
@click.option("-n", "per_page", metavar="N", help="Results on a page.  [default: the setting per_page]")
@click.option("--page", metavar="N", help="Which page of results.  [default: 1]")
@click.option("--sort", type=click.Choice(SORTS), help="Order of the results.  [default: relevance]")
@click.option("--section", metavar="PATH", help="Only articles of this section, such as 'Health > Sleep'.")
@click.option("--source", metavar="NAME", help="Only articles of the source of this name.")
@click.option("--from", "date_from", metavar="DATE", help="Only articles published on this day or later.")
@click.option("--to", "date_to", metavar="DATE", help="Only articles published on this day or earlier.")
@click.option("--strict", is_flag=True, help="Only articles with every word of the query.")
@click.option("--literal", is_flag=True, help="As typed, without corrections and other names.")
@click.option("--all-similar", is_flag=True, help="Near-duplicates as results of their own.")
@click.option("--explain", is_flag=True, help="With what makes up each score.")
@as_json
@click.pass_obj
def command(
    flags: Flags,
    /,
    query: tuple[str, ...],
    strict: bool,
    literal: bool,
    all_similar: bool,
    explain: bool,
    json: bool,
    **options: str | None,
) -> None:
    """Search the articles for QUERY; without one, list them all.

    Quote a query that has `-`, `*` or quotation marks in it, so that the shell leaves them alone.

    \b
    Examples:
      harbor-search search sleep and stress
      harbor-search search '"iron deficiency" -pregnancy'
      harbor-search search 'title:migraine' --sort date -n 5
      harbor-search search cough --section Health --from 2024-01-01
      harbor-search search --json back pain | jq '.hits[].title'
    """
    process.be_brief()
    from harbor_search.searching import parse_request

    settings = flags.settings()
    values = {name: value for name, value in options.items() if value is not None}
    flagged = {"strict": strict, "literal": literal, "explain": explain}
    wanted = {name: "1" for name, given in flagged.items() if given}
    # Lines for people have no facets.
    wanted |= {"facets": "1" if json else "0", "fold": "0" if all_similar else "1"}
    asked = {**values, **wanted, "q": " ".join(query)}
    with open_index(settings) as index:
        results = index.search(parse_request(asked, settings))
        chosen = [name for name in ("section", "source") if name in values]
        counted = (
            index.search(parse_request({**asked, "facets": "1"}, settings))
            if chosen and not (json or results.total)
            else None
        )
    if json:
        print_results(results)
        return
    lines = results_lines(results, colour=colourful(), columns=width(), folded=not all_similar)
    click.echo("\n".join(lines + (elsewhere_lines(counted, chosen) if counted else [])))
