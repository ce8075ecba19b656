"""Indexing: the use cases that change what can be searched."""

from harbor_search.indexing.maintenance import rollback, verify
from harbor_search.indexing.rebuild import NothingPublished, rebuild
from harbor_search.indexing.update import update

__all__ = ["NothingPublished", "rebuild", "rollback", "update", "verify"]
