"""Looking after the index between rebuilds."""

from __future__ import annotations

from harbor_search.engines import GenerationInfo, SearchEngine

__all__ = ["rollback", "verify"]


def rollback(engine: SearchEngine) -> GenerationInfo:
    """Make the generation before the live one live again; running searches follow.

    Raises:
        OperationalError: there is none, it is damaged, or a rebuild is running.
    """
    return engine.rollback()


def verify(engine: SearchEngine) -> tuple[str, ...]:
    """The faults of the live generation as sentences; empty when all is well.

    Raises:
        OperationalError: there is no live generation, or it cannot be looked at.
    """
    return engine.verify()
