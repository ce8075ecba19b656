"""The journal: a durable record of the articles written to the service."""

from harbor_search.journal.group_commit import GroupCommit
from harbor_search.journal.journal import JOURNAL, Change, Entry, Journal, Outcome

__all__ = ["JOURNAL", "Change", "Entry", "GroupCommit", "Journal", "Outcome"]
