"""`harbor-search doctor`: what is wrong with an installation, and what mends it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from harbor_search.cli.finding import Finding
from harbor_search.cli.options import Flags, as_json
from harbor_search.cli.output import counted, print_json
from harbor_search.cli.terminal import plain
from harbor_search.errors import UserError

__all__ = ["command"]


@click.command("doctor")
@as_json
@click.pass_context
def command(context: click.Context, json: bool) -> None:
    """Look for what commonly goes wrong.

    Looks at settings, disk, memory, compiled code, clock, index, articles, server and proxy; nothing is changed. Each
    finding is a line with the command that mends it. The exit code is 1 where there are any.

    \b
    Examples:
      harbor-search doctor
      harbor-search --config /etc/harbor.toml doctor --json
    """
    from harbor_search.cli.doctor import EXAMINATIONS

    findings = _findings(context.obj)
    if json:
        found = [{"name": each.name, "fault": each.fault, "cure": each.cure} for each in findings]
        print_json({"findings": found})
    else:
        for each in findings:
            click.echo(f"{each.name}: {plain(each.fault)} -> {plain(each.cure)}")
        looks = counted(len(EXAMINATIONS), "examination")
        click.echo(f"{counted(len(findings), 'finding')}." if findings else f"All is well, as far as {looks} tell.")
    context.exit(1 if findings else 0)


def _findings(flags: Flags) -> Sequence[Finding]:
    """What is wrong; without settings nothing but those can be looked at."""
    from harbor_search.cli.doctor import examine, unusable_settings

    try:
        return examine(flags.settings())
    except UserError as error:
        where = flags.config or "the file that HARBOR_CONFIG names, and the variables HARBOR_*"
        return list(unusable_settings(error, str(where)))
