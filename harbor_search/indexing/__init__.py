"""Indexing: the use cases that change what can be searched."""

from harbor_search.indexing.maintenance import rollback, verify
from harbor_search.indexing.rebuild import rebuild

__all__ = ["rebuild", "rollback", "verify"]
