"""`harbor-search insights`: what is searched for, and what would make answers better."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from harbor_search.cli.options import Flags, as_json, open_index, setting_option
from harbor_search.cli.output import print_json
from harbor_search.cli.terminal import plain
from harbor_search.errors import UserError

if TYPE_CHECKING:
    from harbor_search.config import Settings
    from harbor_search.insights import Effect, Insights, Proposal, QueryStats

__all__ = ["command"]


@click.command("insights")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=30, metavar="N", show_default=True, help="Days to look at."
)
@click.option("--accept", "accepted", metavar="ID", help="Accept the proposal with this ID.")
@setting_option("--queries", "gate_queries", "FILE", "Judged queries to measure proposals on.")
@setting_option("--qrels", "gate_qrels", "FILE", "Which articles answer them how well.")
@as_json
@click.pass_obj
def command(flags: Flags, /, days: int, accepted: str | None, json: bool, **judged: str | None) -> None:
    """Tell what was searched for, and what would make answers better.

    With the setting query_log a server counts queries by day, without address, cookie or program of who asked. This
    lists those asked most, those that found nothing, those whose results nobody opened, and those that took longest. It
    proposes synonyms, where readers who found nothing asked in other words, and pins, where they open an article that
    is not the first; each is tried on the judged queries. What is accepted counts in two seconds.

    \b
    Examples:
      harbor-search insights
      harbor-search insights --days 7 --json
      harbor-search insights --queries q.tsv --qrels r.tsv
      harbor-search insights --accept 1f3a9c2e
    """
    from datetime import UTC, datetime

    from harbor_search.evaluation import judged_queries
    from harbor_search.insights import accept, insights, insights_to_dict

    settings = flags.settings(**judged)
    # What is accepted was measured when it was shown.
    measured_on = judged_queries(settings) if accepted is None else None
    with open_index(settings) as index:
        found = insights(index.engine, settings, days=days, today=datetime.now(UTC).date(), judged=measured_on)
    if accepted is not None:
        proposal = _chosen(found, accepted)
        click.echo(f"{plain(proposal.line)} is in {accept(proposal, settings)} and counts in two seconds.")
    elif json:
        print_json(insights_to_dict(found))
    else:
        click.echo("\n".join(_lines(found, settings)))


def _chosen(found: Insights, wanted: str) -> Proposal:
    for proposal in found.proposals:
        if proposal.id == wanted:
            return proposal
    raise UserError(
        f"there is no proposal {wanted!r}", where="accept", choices=tuple(each.id for each in found.proposals)
    )


def _lines(found: Insights, settings: Settings) -> Iterator[str]:
    yield f"{found.searches:,} searches with {found.queries:,} different queries in {found.days} days"
    if not settings.query_log:
        yield "Queries are not counted: the setting query_log is off."
    yield from _listed("asked most", found.top, lambda each: f"{each.hits:,} found, {each.opens:,} opened")
    yield from _listed("found nothing", found.without_results, lambda each: "")
    yield from _listed("abandoned", found.abandoned, lambda each: f"{each.hits:,} found, {each.opens:,} opened")
    yield from _listed("slow", found.slow, lambda each: f"up to {each.slowest_ms:,.0f} ms")
    for each in found.proposals:
        yield f"\nproposal {each.id} ({each.kind}): {plain(each.line)}"
        yield f"  {plain(each.reason)}"
        if each.effect is not None:
            yield f"  {_effect(each, each.effect)}"
    if found.proposals:
        yield "\n`harbor-search insights --accept ID` accepts a proposal."


def _listed(heading: str, rows: Sequence[QueryStats], figures: Callable[[QueryStats], str]) -> Iterator[str]:
    if rows:
        yield f"\n{heading}"
    for each in rows:
        told = figures(each)
        yield f"  {each.count:>7,}  {plain(each.query)}{f'  ({told})' if told else ''}"


def _effect(proposal: Proposal, effect: Effect) -> str:
    before, after = effect.own_before, effect.own_after
    if proposal.kind == "synonym":
        own = f"finds {before:,} articles, with it {after:,}"
    else:
        own = f"place {before or 'below ten'}, with it {after or 'below ten'}"
    if effect.before is None or effect.after is None:
        return f"{own}; not measured, as no judged queries are named (--queries, --qrels)"
    change = f"nDCG@10 {effect.before:.4f}, with it {effect.after:.4f}"
    return f"{own}; {effect.judged:,} judged queries: {change} ({effect.better} better, {effect.worse} worse)"
