"""One generation: an index of the cluster, and what was noted of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from harbor_search.engines.opensearch.mapping import INDEX_VERSION
from harbor_search.errors import OperationalError

__all__ = ["Generation", "before", "require_readable"]


@dataclass(frozen=True, slots=True)
class Generation:
    """An index that stands built, and what was noted of it when it was published."""

    index: str
    meta: dict[str, Any]

    @property
    def name(self) -> str:
        """What readers, entity tags and cursors call it: a digest of what was built."""
        return str(self.meta["name"])


def require_readable(generation: Generation) -> None:
    """See that an index is one that this version reads.

    Raises:
        OperationalError: another version of harbor_search made it.
    """
    version = generation.meta.get("version")
    if version != INDEX_VERSION:
        raise OperationalError(
            f"the index {generation.index} has format {version or 'unknown'}, and this version of harbor_search reads "
            f"format {INDEX_VERSION}; run `harbor-search rebuild`"
        )


def before(live: Generation, kept: Iterable[Generation]) -> Iterator[Generation]:
    """Those of `kept`, newest first, that were live before `live`, newest first.

    After a rollback from the fifth to the fourth the next one is the sixth, and says that the fourth was its previous:
    the fifth is left out.
    """
    newest = live.meta.get("previous", live.index)
    for each in kept:
        if each.index <= newest and each.index != live.index:
            yield each
            newest = each.meta.get("previous", each.index)
