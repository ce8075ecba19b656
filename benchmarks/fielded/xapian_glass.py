"""Pages by Xapian: prefixed terms, value slots counted by match spies, and its snippet generator."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from benchmarks.fielded.page import SNIPPET_LENGTH, TITLE_WEIGHT, Page, PageEngine, PageHit
from benchmarks.peers.xapian_glass import compact
from benchmarks.protocol import Text

__all__ = ["engine"]

_TITLE = "S"  # Xapian's own convention for the prefix of a title's terms
_SECTION_SLOT, _YEAR_SLOT = 0, 1


class _Pages(PageEngine):
    def __init__(self) -> None:
        self.xapian = importlib.import_module("xapian")

    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        xapian = self.xapian
        database = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OVERWRITE)
        words = xapian.TermGenerator()
        for identifier, title, section, year, body in texts:
            document = xapian.Document()
            words.set_document(document)
            words.set_termpos(0)
            words.index_text(title, TITLE_WEIGHT, _TITLE)
            words.increase_termpos()
            words.index_text(body)
            document.add_value(_SECTION_SLOT, section)
            document.add_value(_YEAR_SLOT, year)
            document.set_data(f"{identifier}\n{title}\n{body}")
            database.add_document(document)
        database.commit()
        database.close()

    def optimise(self, folder: str) -> None:
        compact(self.xapian, folder)

    def open(self, folder: str) -> None:
        xapian = self.xapian
        self.database = xapian.Database(folder)
        self.size = self.database.get_doccount()
        self.parser = xapian.QueryParser()
        self.parser.set_database(self.database)
        self.parser.add_prefix("", "")
        self.parser.add_prefix("", _TITLE)
        self.flags = xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_LOVEHATE
        self.enquire = xapian.Enquire(self.database)
        self.enquire.set_weighting_scheme(xapian.BM25Weight(1.2, 0, 1, 0.75, 0))

    def parse(self, query: str) -> Any:
        return self.parser.parse_query(query, self.flags)

    def top(self, parsed: Any, k: int) -> Page:
        spies = [self.xapian.ValueCountMatchSpy(slot) for slot in (_SECTION_SLOT, _YEAR_SLOT)]
        for spy in spies:
            self.enquire.add_matchspy(spy)
        self.enquire.set_query(parsed)
        matches = self.enquire.get_mset(0, k, self.size)
        self.enquire.clear_matchspies()
        hits = [self._hit(match, matches) for match in matches]
        sections, years = ({item.term.decode(): item.termfreq for item in spy.values()} for spy in spies)
        return Page(hits, matches.get_matches_estimated(), sections, years)

    @staticmethod
    def _hit(match: Any, matches: Any) -> PageHit:
        identifier, title, body = match.document.get_data().decode().split("\n", 2)
        return PageHit(identifier, title, matches.snippet(body, SNIPPET_LENGTH).decode(), match.weight)


def engine() -> _Pages:
    """Xapian for a worker that makes pages."""
    return _Pages()
