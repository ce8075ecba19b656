"""Sources: where articles come from, each by an address and perhaps a name."""

from harbor_search.ingest.sources.changes import changes
from harbor_search.ingest.sources.source import Source, as_source, configured_sources

__all__ = ["Source", "as_source", "changes", "configured_sources"]
