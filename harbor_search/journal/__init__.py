"""The journal: articles that were written to the service, kept on the disk before anybody is told that they are."""

from harbor_search.journal.group_commit import GroupCommit
from harbor_search.journal.journal import JOURNAL, Change, Entry, Journal, Outcome

__all__ = ["JOURNAL", "Change", "Entry", "GroupCommit", "Journal", "Outcome"]
