"""Reading the files of a source, each by the reader for the end of its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from harbor_search.ingest.canonical import HEAD, Claim, Claims, claim_of
from harbor_search.ingest.extraction import SLOW_SUFFIXES, Extraction, Labelled
from harbor_search.ingest.folder_publication import Inheritance
from harbor_search.ingest.json_files import JsonFile, count_records, read_json
from harbor_search.ingest.jsonlines import count_lines, read_lines
from harbor_search.ingest.memory_need import bytes_to_read
from harbor_search.ingest.outcome import (
    Origin,
    Outcome,
    Read,
    Refused,
    Skipped,
    Unreadable,
    Unwanted,
    not_understood,
    reason_of,
)
from harbor_search.ingest.paths import passed_over
from harbor_search.ingest.publication_rules import Upcoming
from harbor_search.ingest.readers import (
    FILE_SUFFIXES,
    JSON_SUFFIXES,
    LINES_SUFFIXES,
    PAGE_SUFFIXES,
    reader_for,
    suffix_of,
)
from harbor_search.ingest.sources.files import SourceFile, find_files, root_of
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.source import Source

__all__ = ["count_articles", "read_files"]

LARGE = 1_000_000
"""Bytes of a file beyond which it is read by itself; pages of sites have 20,000 to 300,000."""

NO_READER = f"no article: the name ends with none of {', '.join((*FILE_SUFFIXES, *JSON_SUFFIXES, *LINES_SUFFIXES))}"


def read_files(source: Source, seen: dict[str, str], how: Circumstances) -> Iterator[Labelled]:
    """The outcome of each file of `source`, or of each of its lines, with its label; `seen` as for `find_files`.

    Pages that name another page as the real one come last.
    """
    claims: Claims[SourceFile] = Claims()
    settled: dict[str, Claim] = {}
    read = partial(_read_file, how=replace(how, before=None))
    with closing(Extraction(read, how.processes)) as extraction:
        for label, outcome in _kept(extraction.outcomes(_found(source, seen, how, claims, settled)), how):
            claim = settled.pop(label, None)
            if claim and not isinstance(outcome, Refused):
                # A page that its author keeps back keeps its copies back as well.
                claims.homes[claim] = label
            yield label, outcome
        yield from _kept(extraction.outcomes(_claimants(claims, how)), how)


def _is_numbered(path: Path) -> bool:
    """Whether a file named as the faults of servers are lies among files with numbers somewhat lower."""
    if path.stem not in ("404", "403", "410", "500", "502", "503"):
        return False
    return any(path.with_stem(str(number)).exists() for number in range(int(path.stem) - 30, int(path.stem) - 10))


def _kept(outcomes: Iterator[Labelled], how: Circumstances) -> Iterator[Labelled]:
    for label, outcome in outcomes:
        if how.before:
            how.before.put(label, outcome)
        if not isinstance(outcome, Refused):
            # It may have been judged by another process, or some time ago.
            how.rules.upcoming.note(outcome.until)
        yield label, outcome


def _found(
    source: Source, seen: dict[str, str], how: Circumstances, claims: Claims[SourceFile], settled: dict[str, Claim]
) -> Iterator[SourceFile | Labelled]:
    """Files that take long to read, and the outcomes of all else, in order; pages that have to wait go to `claims`."""
    # What is named by itself is meant, whatever its name.
    alone = source.path.is_file()
    inheritance = Inheritance(root_of(source))
    for found in find_files(source, seen):
        if not isinstance(found, SourceFile):
            yield found.source, found
            continue
        if not alone and (inherited := inheritance.of(found.name)):
            found = replace(found, inherited=inherited)
        if not alone and (reason := passed_over(found.name, numbered=_is_numbered(found.path))):
            yield found.label, Skipped(found.label, reason)
        elif not (suffix := suffix_of(found.name)):
            yield found.label, Skipped(found.label, NO_READER)
        elif suffix in LINES_SUFFIXES:
            yield from read_lines(found, found.name[: -len(suffix)], how.max_bytes, how.rules, source.fields)
        elif suffix in JSON_SUFFIXES:
            stem = found.name[: -len(suffix)]
            yield from read_json(JsonFile(found, stem, how.max_bytes, how.rules, source.fields, meant=alone))
        else:
            claim = _claim(found) if suffix in PAGE_SUFFIXES else None
            if claim is None or claims.settle(claim, found.name, found):
                if claim:
                    settled[found.label] = claim
                yield _or_before(found, how)


def _claimants(claims: Claims[SourceFile], how: Circumstances) -> Iterator[SourceFile | Labelled]:
    """The files that wait for an address: of those that wait for one the first that can be read is its article."""
    for claim in claims.waiting:
        home = claims.homes.get(claim, "")
        files = claims.likeliest(claim)
        if not home and len(files) == 1:
            yield _or_before(files[0], how)
            continue
        for file in files:
            outcome: Outcome = Skipped(file.label, f"it names another page as the real one, which is {home}")
            if not home:
                outcome = _read_file(file, how)
                home = file.label if isinstance(outcome, Read) else ""
            yield file.label, outcome


def _or_before(file: SourceFile, how: Circumstances) -> SourceFile | Labelled:
    """What the file held when it was read before; the file where it has to be read and that takes long."""
    if how.before and (outcome := how.before.get(file, how.rules.now)):
        return file.label, outcome
    if suffix_of(file.name) in SLOW_SUFFIXES and not (how.allowance and _is_large(file)):
        return file
    return file.label, _read_file(file, how)


def _is_large(file: SourceFile) -> bool:
    """Whether the file is one of those that are read one at a time, as several would not fit into memory together."""
    try:
        return file.path.stat().st_size > LARGE
    except OSError:  # reading it tells why
        return False


def count_articles(source: Source, seen: dict[str, str]) -> int | None:
    """About how many articles the files hold, or None where counting would take long."""
    total = 0
    for found in find_files(source, seen):
        suffix = suffix_of(found.name) if isinstance(found, SourceFile) else ""
        lines: int | None = bool(suffix)
        if isinstance(found, SourceFile) and suffix in (*LINES_SUFFIXES, *JSON_SUFFIXES):
            lines = (count_lines if suffix in LINES_SUFFIXES else count_records)(found.path)
        if lines is None:
            return None
        total += lines
    return total


def _claim(file: SourceFile) -> Claim | None:
    """The address that a page claims; what cannot be read claims none, and is refused when it is read."""
    try:
        with file.path.open("rb") as stream:
            return claim_of(stream.read(HEAD), file.name)
    except OSError:
        return None


def _read_file(file: SourceFile, how: Circumstances) -> Outcome:
    rules = replace(how.rules, upcoming=Upcoming())
    outcome = _outcome_of(file, replace(how, rules=rules))
    return outcome if isinstance(outcome, Refused) else replace(outcome, until=rules.upcoming.first)


def _outcome_of(file: SourceFile, how: Circumstances) -> Outcome:
    suffix = suffix_of(file.name)
    try:
        with file.path.open("rb") as stream:
            data = stream.read(how.max_bytes + 1)
        if len(data) > how.max_bytes:
            raise Unreadable(f"the file is larger than {how.max_bytes} bytes; split it or raise max_source_bytes")
        _require_memory(data, suffix, how)
        return reader_for(suffix)(data, Origin(file.name[: -len(suffix)], file.name, how.rules, file.inherited))
    except OSError as error:
        return Refused(file.label, reason_of(error), passing=True)
    except Unreadable as error:
        return Refused(file.label, str(error))
    except Unwanted as error:
        return Skipped(file.label, str(error), kept_back=error.kept_back)
    except Exception as error:
        # Libraries do not foresee all that is written; one file must not stop the others.
        return Refused(file.label, not_understood(error))


def _require_memory(data: bytes, suffix: str, how: Circumstances) -> None:
    """Raises:
    Unreadable: reading the file would take more memory than there is for one.
    """
    needed = bytes_to_read(data, suffix)
    if how.allowance and needed > how.allowance:
        more = -(-(needed - how.allowance) // 1_000_000)
        raise Unreadable(
            f"reading it would take about {needed // 1_000_000} MB of memory, and memory_mb leaves "
            f"{how.allowance // 1_000_000} for one file: raise it by {more}, or split the file"
        )
