"""The embedded engine: no server, one folder."""

from harbor_search.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
