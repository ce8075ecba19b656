"""The engine that settings describe."""

from __future__ import annotations

from harbor_search.config import Settings
from harbor_search.engines.protocol import SearchEngine
from harbor_search.errors import UserError

__all__ = ["ENGINES", "open_engine", "rescored"]

ENGINES = ("embedded", "opensearch")
"""What the setting `engine` can be."""


def open_engine(settings: Settings) -> SearchEngine:
    """The engine for `settings`; close it in the end. Nothing is read or written before it is asked for something.

    Raises:
        UserError: a setting that the engine cannot work with.
    """
    if settings.engine not in ENGINES:
        raise UserError(
            f"engine must be one of {', '.join(ENGINES)}, not {settings.engine!r}", where="engine", choices=ENGINES
        )
    if settings.engine == "opensearch":
        from harbor_search.engines.opensearch import OpenSearchEngine

        return OpenSearchEngine(settings)
    # Imported here: numpy and numba take longer to load than help takes to print.
    from harbor_search.engines.embedded import EmbeddedEngine

    return EmbeddedEngine(settings)


def rescored(engine: SearchEngine, settings: Settings) -> SearchEngine:
    """The index of `engine` searched by other settings of the ranking, at the cost of what these change, as long as
    `engine` is open.

    Raises:
        UserError: that is not possible with this engine.
    """
    from harbor_search.engines.embedded import EmbeddedEngine

    if not isinstance(engine, EmbeddedEngine):
        raise UserError("other settings are tried with the embedded engine alone", where="engine")
    return engine.rescored(settings)
