"""Xapian through the bindings that Debian packages for the system's Python, whichever Python runs the harness."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks.protocol import Peer, Text
from benchmarks.queries import Query

__all__ = ["PEER", "compact", "engine"]

_PROBE = "import xapian; print(xapian.version_string())"


@lru_cache
def _probe() -> tuple[str, str] | None:
    for candidate in (sys.executable, "/usr/bin/python3", shutil.which("python3")):
        if candidate and Path(candidate).exists():
            found = subprocess.run([candidate, "-c", _PROBE], capture_output=True, text=True, check=False)
            if found.returncode == 0:
                return candidate, found.stdout.strip()
    return None


def _available() -> str | None:
    if _probe() is None:
        return "no Python here imports xapian: apt-get install python3-xapian"
    return None


def _version() -> str:
    found = _probe()
    return found[1] if found else "absent"


def _command(name: str, work_dir: Path) -> list[str]:
    found = _probe()
    return [found[0] if found else sys.executable, "-m", "benchmarks.worker", name]


def _translate(query: Query) -> str:
    return query.text.lower()


PEER = Peer(
    name="xapian",
    available=_available,
    version=_version,
    translate=_translate,
    command=_command,
    notes=(
        "xapian: TermGenerator without a stemmer; it keeps words with inner apostrophes, dots and ampersands whole "
        "(don't, 3.14, AT&T), which the others split. BM25Weight(1.2, 0, 1, 0.75, 0); glass, compacted.",
    ),
)


def compact(xapian: Any, folder: str) -> None:
    """Rewrite the database in `folder` without the room it keeps for changes."""
    compacted = folder + ".compacted"
    database = xapian.Database(folder)
    database.compact(compacted)
    database.close()
    shutil.rmtree(folder)
    shutil.move(compacted, folder)


class _Xapian:
    def __init__(self) -> None:
        self.xapian = importlib.import_module("xapian")

    def index(self, texts: Iterator[Text], folder: str, threads: int, memory_mb: int) -> None:
        xapian = self.xapian
        database = xapian.WritableDatabase(folder, xapian.DB_CREATE_OR_OVERWRITE)
        words = xapian.TermGenerator()
        for identifier, text in texts:
            document = xapian.Document()
            words.set_document(document)
            words.set_termpos(0)
            words.index_text(text)
            document.set_data(f"{identifier}\n{text}")
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
        self.flags = xapian.QueryParser.FLAG_PHRASE | xapian.QueryParser.FLAG_LOVEHATE
        self.enquire = xapian.Enquire(self.database)
        self.enquire.set_weighting_scheme(xapian.BM25Weight(1.2, 0, 1, 0.75, 0))
        self.counting = xapian.Enquire(self.database)
        self.counting.set_weighting_scheme(xapian.BoolWeight())
        self.counting.set_docid_order(xapian.Enquire.ASCENDING)

    def parse(self, query: str) -> Any:
        return self.parser.parse_query(query, self.flags)

    def top(self, parsed: Any, k: int) -> Any:
        self.enquire.set_query(parsed)
        return self._pairs(self.enquire.get_mset(0, k))

    def top_counted(self, parsed: Any, k: int) -> Any:
        self.enquire.set_query(parsed)
        matches = self.enquire.get_mset(0, k, self.size)
        return self._pairs(matches), matches.get_matches_estimated()

    def count(self, parsed: Any) -> int:
        self.counting.set_query(parsed)
        found: int = self.counting.get_mset(0, 0, self.size).get_matches_estimated()
        return found

    def hits(self, answer: Any) -> list[tuple[str, float]]:
        return [(self._identifier(number), weight) for number, weight in answer]

    def _identifier(self, number: int) -> str:
        data: str = self.database.get_document(number).get_data().decode()
        return data.partition("\n")[0]

    @staticmethod
    def _pairs(matches: Any) -> list[tuple[int, float]]:
        return [(match.docid, match.weight) for match in matches]


def engine() -> _Xapian:
    """Xapian for a worker."""
    return _Xapian()
