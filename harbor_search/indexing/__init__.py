"""Indexing: the use cases that change what can be searched."""

from harbor_search.indexing.last_run import Run, last_run, record_run, report_to_dict, run_to_dict, update_to_dict
from harbor_search.indexing.maintenance import backup, restore, rollback, verify
from harbor_search.indexing.rebuild import rebuild
from harbor_search.indexing.tally import NothingPublished
from harbor_search.indexing.update import update

__all__ = [
    "backup",
    "NothingPublished",
    "Run",
    "last_run",
    "rebuild",
    "record_run",
    "report_to_dict",
    "restore",
    "rollback",
    "run_to_dict",
    "update",
    "update_to_dict",
    "verify",
]
