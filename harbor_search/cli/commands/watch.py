"""`harbor-search watch`: updates that follow the sources."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

import click

from harbor_search.cli.index_run import recorded
from harbor_search.cli.options import Flags, as_json, open_index, sources_of
from harbor_search.cli.output import print_json
from harbor_search.cli.terminal import plain
from harbor_search.errors import HarborError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harbor_search.config import Settings
    from harbor_search.engines import SearchEngine
    from harbor_search.ingest import ReadBefore, Source
    from harbor_search.reports import UpdateReport

__all__ = ["Ended", "command"]

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
"""Longest pause between a failed update and the next attempt; the pause doubles each time."""


@click.command("watch")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option(
    "--every", type=click.FloatRange(min=1), default=300.0, metavar="SECONDS", show_default=True,
    help="How often sources are asked that cannot be watched: feeds, sites, databases.",
)  # fmt: skip
@as_json
@click.pass_obj
def command(flags: Flags, /, sources: tuple[str, ...], every: float, json: bool) -> None:
    """Keep the index up to date while the sources change.

    Updates once, then whenever a file changes or the day comes on which an article is published or expires, until it
    is stopped (Ctrl-C, SIGTERM). Servers that run follow.
    An update that cannot be done is reported and tried again with the next change, or after a minute, and then twice as
    long each time up to an hour; a source that vanishes leaves the index as it was, until the source is back. With
    --json each update is a line.

    \b
    Examples:
      harbor-search watch articles/
      harbor-search watch --every 60 https://example.org/feed.xml
    """
    from harbor_search.ingest import ReadBefore, changes

    settings = flags.settings()
    chosen = sources_of(settings, sources)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    before = ReadBefore(settings.memory_mb * 1_000_000 // 4)
    ended = Ended()
    with open_index(settings) as index:
        waiting = changes(chosen, every=every, stop=stop, passing=settings.index, planned=lambda: ended.next_run)
        for _ in waiting:
            ended = _follow(index.engine, chosen, settings, before, ended, json=json)


class Ended(NamedTuple):
    """The end of an update: why it failed (empty if it did not), the generation that was `unchanged` if it changed
    nothing, when the next article is due to be published or to expire, and for a failed update when it is retried
    (`retry`) and after which `pause`."""

    fault: str = ""
    unchanged: str = ""
    next_change: datetime | None = None
    retry: datetime | None = None
    pause: timedelta = FIRST_PAUSE

    @property
    def next_run(self) -> datetime | None:
        """When an update is due even if no source changes; None: only after a change."""
        return min(filter(None, (self.next_change, self.retry)), default=None)

    def then_failed(self, fault: str, now: datetime) -> Ended:
        """The end of the next update, which failed with `fault`: pending work is kept.

        Only failed retries lengthen the pause: files may just have changed while they were copied.
        """
        retried = self.retry is not None and self.retry <= now
        pause = min(2 * self.pause, LONGEST_PAUSE) if retried else self.pause
        to_come = self.next_change if self.next_change and self.next_change > now else None
        return Ended(fault, next_change=to_come, retry=now + pause, pause=pause)


def _follow(
    engine: SearchEngine, sources: Sequence[Source], settings: Settings, before: ReadBefore, last: Ended, *, json: bool
) -> Ended:
    """Run one update and print its result in one line, unless it failed for the same reason as the `last` one, or
    changed nothing as that one (for programs each update that was done is a line)."""
    from harbor_search.indexing import update, update_to_dict

    def run() -> UpdateReport:
        return update(engine, sources, settings, lambda *_: None, before)

    at = datetime.now()
    try:
        report = recorded("watch", settings.index, [*map(str, sources)], run, update_to_dict, json=False)
    except (HarborError, OSError) as error:
        ended = last.then_failed(str(error), datetime.now(UTC))
        if ended.fault == last.fault:
            return ended
        told = {"at": at.isoformat(timespec="seconds"), "error": ended.fault}
        line = f"not updated: {plain(str(error))}"
    else:
        unchanged = "" if report.published else report.index.generation
        ended = Ended(unchanged=unchanged, next_change=report.index.next_change)
        if unchanged and unchanged == last.unchanged and not json:
            return ended
        told = {"at": at.isoformat(timespec="seconds"), **update_to_dict(report)}
        line = _line(report)
    # If the reader of the output is gone, the sources are followed all the same.
    with suppress(BrokenPipeError):
        if json:
            print_json(told)
        else:
            click.echo(f"{at:%H:%M:%S} {line}")
        sys.stdout.flush()
    return ended


def _line(report: UpdateReport) -> str:
    index = report.index
    if not report.published:
        return f"nothing has changed: generation {index.generation}, {index.indexed:,} articles"
    counts = f"{report.added:,} added, {report.changed:,} changed, {report.removed:,} removed"
    refused = f", {len(index.refused):,} refused (`harbor-search status`)" if index.refused else ""
    return f"generation {index.generation}: {counts}{refused}, in {index.seconds:.1f} s"
