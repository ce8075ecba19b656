"""All that the doctor looks at, in the order in which it is worth mending."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harbor_search.cli.doctor import articles, cluster, index, machine, meaning, server
from harbor_search.cli.doctor.finding import Finding
from harbor_search.config import Settings

__all__ = ["EXAMINATIONS", "examine"]

Examination = Callable[[Settings], Iterator[Finding]]

EXAMINATIONS: tuple[Examination, ...] = (
    machine.free_disk,
    machine.free_memory,
    machine.kernel_cache,
    machine.kernels,
    machine.clock,
    index.permissions,
    index.generation,
    index.analysis,
    cluster.health,
    meaning.model,
    articles.sources,
    articles.changed_since,
    articles.left_out,
    server.open_to_the_world,
    server.answering,
    server.public_address,
)


def examine(settings: Settings) -> tuple[Finding, ...]:
    """What is wrong with the installation that `settings` describe; nothing is changed by looking."""
    return tuple(finding for look in EXAMINATIONS for finding in look(settings))
