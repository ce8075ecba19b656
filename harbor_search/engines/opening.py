"""The engine that settings describe."""

from __future__ import annotations

from harbor_search.config import Settings
from harbor_search.engines.protocol import SearchEngine

__all__ = ["open_engine"]


def open_engine(settings: Settings) -> SearchEngine:
    """The engine for `settings`; close it in the end. Nothing is read or written before it is asked for something.

    Raises:
        UserError: a setting that the engine cannot work with.
    """
    # Imported here: numpy and numba take longer to load than help takes to print.
    from harbor_search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(settings)
