"""What a source is, by its address, and which module reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from harbor_search.errors import UserError
from harbor_search.ingest.outcome import Outcome
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.sources.files import check_files
from harbor_search.ingest.sources.source import Source
from harbor_search.ingest.unchanged_files import ReadBefore

__all__ = ["Circumstances", "Reader", "check_source", "kind_of", "reader_of"]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How sources are read: the most bytes of one article, what may be shown, the folder in which pages are kept that
    were fetched (None: they are not), so that next time only what changed is fetched, in how many processes files
    are read that take long, what they held before (None: that is not kept), and how many bytes of memory one may take
    to be read (0: any number)."""

    max_bytes: int
    rules: PublicationRules = field(default_factory=PublicationRules)
    fetched: Path | None = None
    processes: int = 1
    before: ReadBefore | None = None
    allowance: int = 0


Reader = Callable[[Source, Circumstances], Iterator[tuple[str, Outcome]]]
"""From a source to the outcomes of what is in it, each with its label."""

# Named, not imported: each has libraries of its own, and most sites need none of them.
_READERS = {
    "csv": "csv_rows.read_csv",
    "wordpress": "wordpress.read_wordpress",
    "feed": "feeds.read_feed",
    "sitemap": "site.read_sitemap",
    "site": "site.read_site",
    "sql": "sql.read_sql",
}

_DATABASES = ("postgresql", "postgres", "mysql", "mariadb", "sqlite", "oracle", "mssql")
_SUFFIXES = {".csv": "csv", ".tsv": "csv", ".csv.gz": "csv", ".tsv.gz": "csv"}
_HEAD = 4096
"""Bytes of a file or of a page that tell what it is."""


def kind_of(source: Source) -> str:
    """One of `KINDS`: what the source says that it is, else what its address or the beginning of its file shows."""
    if source.kind:
        return source.kind
    scheme = source.address.partition("://")[0].partition("+")[0].lower() if "://" in source.address else ""
    if scheme in ("http", "https"):
        return _kind_of_url(source.address)
    if scheme in _DATABASES:
        return "sql"
    if not source.path.is_file():
        return "files"
    name = source.path.name.lower()
    return next((kind for suffix, kind in _SUFFIXES.items() if name.endswith(suffix)), "") or _kind_of_file(source.path)


def reader_of(kind: str) -> Reader:
    """What reads sources of `kind`, which is not "files"."""
    module, _, function = _READERS[kind].partition(".")
    reader: Reader = getattr(import_module(f"harbor_search.ingest.sources.{module}"), function)
    return reader


def check_source(source: Source) -> None:
    """Check what can be checked of `source` before anything is read.

    Raises:
        UserError: there is no such file, or something is missing that this kind of source needs.
    """
    kind = kind_of(source)
    if "://" not in source.address:
        check_files(source)
    if kind == "sql" and not source.query:
        raise UserError(
            f"{source.shown} is a database, and which articles it holds must be said by a query; write it into a "  # nosec B608
            "[[sources]] table of the settings file: query = 'SELECT id, title, text FROM ...'",
            where="source",
        )
    if kind != "files":
        reader_of(kind)


def _kind_of_url(address: str) -> str:
    path = address.partition("?")[0].lower()
    last = path.rsplit("/", 1)[-1]
    if "sitemap" in last and last.endswith((".xml", ".xml.gz")):
        return "sitemap"
    if last.endswith((".xml", ".rss", ".atom", ".rdf")) or last in ("feed", "rss", "atom", "feed.json", "index.json"):
        return "feed"
    return "feed" if path.endswith("/feed/") else "site"


def _kind_of_file(path: Path) -> str:
    """Of a file with any other name: exports and feeds are known by how they begin."""
    suffix = path.suffix.lower()
    if suffix not in (".xml", ".rss", ".atom", ".rdf", ".json"):
        return "files"
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return "files"
    if b"wordpress.org/export" in head:
        return "wordpress"
    if suffix in (".rss", ".atom", ".rdf"):
        return "feed"
    signs = (b"jsonfeed.org",) if suffix == ".json" else (b"<rss", b"<feed", b"<rdf:RDF")
    return "feed" if any(sign in head for sign in signs) else "files"
