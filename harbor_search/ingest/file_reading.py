"""Reading the files of a source, each by the reader for the end of its name."""

from __future__ import annotations

from collections.abc import Iterator

from harbor_search.ingest.jsonlines import count_lines, read_lines
from harbor_search.ingest.outcome import Origin, Outcome, Refused, Skipped, Unreadable, Unwanted, reason_of
from harbor_search.ingest.paths import passed_over
from harbor_search.ingest.readers import FILE_SUFFIXES, LINES_SUFFIXES, reader_for, suffix_of
from harbor_search.ingest.sources.files import SourceFile, find_files
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.source import Source

__all__ = ["count_articles", "read_files"]

NO_READER = f"no article: the name ends with none of {', '.join((*FILE_SUFFIXES, *LINES_SUFFIXES))}"


def read_files(source: Source, seen: dict[str, str], how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each file of `source`, or of each of its lines, with its label; `seen` as for `find_files`."""
    for found in find_files(source, seen):
        if not isinstance(found, SourceFile):
            yield found.source, found
        elif reason := passed_over(found.name):
            yield found.label, Skipped(found.label, reason)
        elif not (suffix := suffix_of(found.name)):
            yield found.label, Skipped(found.label, NO_READER)
        elif suffix in LINES_SUFFIXES:
            yield from read_lines(found, found.name[: -len(suffix)], how.max_bytes, how.rules, source.fields)
        else:
            yield found.label, _read_file(found, suffix, how)


def count_articles(source: Source, seen: dict[str, str]) -> int | None:
    """About how many articles the files hold, or None where counting would take long."""
    total = 0
    for found in find_files(source, seen):
        suffix = suffix_of(found.name) if isinstance(found, SourceFile) else ""
        lines = count_lines(found.path) if isinstance(found, SourceFile) and suffix in LINES_SUFFIXES else bool(suffix)
        if lines is None:
            return None
        total += lines
    return total


def _read_file(file: SourceFile, suffix: str, how: Circumstances) -> Outcome:
    try:
        with file.path.open("rb") as stream:
            data = stream.read(how.max_bytes + 1)
        if len(data) > how.max_bytes:
            raise Unreadable(f"the file is larger than {how.max_bytes} bytes; split it or raise max_source_bytes")
        return reader_for(suffix)(data, Origin(file.name[: -len(suffix)], file.name, how.rules))
    except OSError as error:
        return Refused(file.label, reason_of(error))
    except Unreadable as error:
        return Refused(file.label, str(error))
    except Unwanted as error:
        return Skipped(file.label, str(error))
