"""All that the doctor looks at, in the order in which it is worth mending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings

__all__ = ["EXAMINATIONS", "examine"]

Examination = Callable[[Settings], Iterator[Finding]]

# Named, not imported: most load compiled code, and whether any can be is looked at before.
_BEFORE = ("configuration.misspelt", "configuration.site", "machine.free_disk", "machine.kernels")
_AFTER = (
    "machine.free_memory",
    "machine.kernel_cache",
    "machine.clock",
    "index.permissions",
    "index.generation",
    "index.analysis",
    "cluster.health",
    "meaning.model",
    "articles.sources",
    "articles.changed_since",
    "articles.left_out",
    "server.open_to_the_world",
    "server.answering",
    "server.public_address",
)

EXAMINATIONS = (*_BEFORE, *_AFTER)
"""Each a function of a module beside this one."""


def examine(settings: Settings) -> tuple[Finding, ...]:
    """What is wrong with the installation that `settings` describe; nothing is changed by looking.

    Where nothing can be compiled, what needs that is not looked at.
    """
    found = [finding for name in _BEFORE for finding in _examination(name)(settings)]
    if all(finding.name != "compiler" for finding in found):
        found += [finding for name in _AFTER for finding in _examination(name)(settings)]
    return tuple(found)


def _examination(name: str) -> Examination:
    module, _, function = name.partition(".")
    examination: Examination = getattr(import_module(f"harbor_search.cli.doctor.{module}"), function)
    return examination
