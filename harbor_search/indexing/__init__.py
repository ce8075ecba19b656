"""Indexing: the use cases that change what can be searched."""

from harbor_search.indexing.follower_process import FollowerProcess
from harbor_search.indexing.journal_follower import Follower
from harbor_search.indexing.last_run import Run, last_run, record_run, report_to_dict, run_to_dict, update_to_dict
from harbor_search.indexing.maintenance import backup, restore, rollback, verify
from harbor_search.indexing.rebuild import rebuild
from harbor_search.indexing.tally import NothingPublished
from harbor_search.indexing.update import update
from harbor_search.indexing.written_source import journal_path, publication_rules

__all__ = [
    "Follower",
    "FollowerProcess",
    "backup",
    "NothingPublished",
    "Run",
    "journal_path",
    "last_run",
    "publication_rules",
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
