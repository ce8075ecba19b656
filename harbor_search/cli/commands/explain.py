"""`harbor-search explain`: why an article is where it is among the results of a query."""

from __future__ import annotations

import click

from harbor_search.cli.explanation_lines import explanation_lines
from harbor_search.cli.options import Flags, as_json, open_index
from harbor_search.cli.output import print_json
from harbor_search.cli.process import process
from harbor_search.errors import UserError

__all__ = ["command"]


@click.command("explain")
@click.argument("query", metavar="QUERY")
@click.argument("article", metavar="ARTICLE")
@click.option("--section", metavar="PATH", help="As for the command search.")
@click.option("--from", "date_from", metavar="DATE", help="As for the command search.")
@click.option("--to", "date_to", metavar="DATE", help="As for the command search.")
@click.option("--strict", is_flag=True, help="As for the command search.")
@click.option("--literal", is_flag=True, help="As for the command search.")
@as_json
@click.pass_obj
def command(
    flags: Flags, /, query: str, article: str, strict: bool, literal: bool, json: bool, **options: str | None
) -> None:
    """Say why an article is where it is in the results.

    ARTICLE is its id; what would rank it higher among the results of QUERY is said too.

    \b
    Examples:
      harbor-search explain "iron tea" food-and-nutrition/do-tea-and-coffee-block-iron
      harbor-search explain --json "iron tea" food-and-nutrition/do-tea-and-coffee-block-iron
    """
    process.be_brief()
    from harbor_search.searching import explain, explanation_to_dict, parse_request

    settings = flags.settings()
    values = {name: value for name, value in options.items() if value is not None}
    wanted = {"strict": "1" if strict else "", "literal": "1" if literal else "", "q": query}
    request = parse_request({**values, **wanted}, settings)
    with open_index(settings) as index:
        found = explain(index.engine, request, article, settings)
    if found is None:
        raise UserError(f"there is no article with the id {article!r}; search --json shows ids", where="article")
    if json:
        explanation = explanation_to_dict(found.explanation)
        print_json({"query": query, "id": found.article.id, "title": found.article.title, "explanation": explanation})
    else:
        click.echo("\n".join(explanation_lines(found)))
