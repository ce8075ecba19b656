"""Reading the files of a source, each by the reader for the end of its name."""

from __future__ import annotations

from collections.abc import Iterator

from harbor_search.ingest.canonical import Claim, Claims, claim_of
from harbor_search.ingest.jsonlines import count_lines, read_lines
from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, Skipped, Unreadable, Unwanted, reason_of
from harbor_search.ingest.paths import passed_over
from harbor_search.ingest.readers import FILE_SUFFIXES, LINES_SUFFIXES, PAGE_SUFFIXES, reader_for, suffix_of
from harbor_search.ingest.sources.files import SourceFile, find_files
from harbor_search.ingest.sources.kinds import Circumstances
from harbor_search.ingest.sources.source import Source

__all__ = ["count_articles", "read_files"]

NO_READER = f"no article: the name ends with none of {', '.join((*FILE_SUFFIXES, *LINES_SUFFIXES))}"


def read_files(source: Source, seen: dict[str, str], how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcome of each file of `source`, or of each of its lines, with its label; `seen` as for `find_files`.

    Pages that name another page as the real one come last.
    """
    claims: Claims[SourceFile] = Claims()
    # What is named by itself is meant, whatever its name.
    alone = source.path.is_file()
    for found in find_files(source, seen):
        if not isinstance(found, SourceFile):
            yield found.source, found
        elif not alone and (reason := passed_over(found.name)):
            yield found.label, Skipped(found.label, reason)
        elif not (suffix := suffix_of(found.name)):
            yield found.label, Skipped(found.label, NO_READER)
        elif suffix in LINES_SUFFIXES:
            yield from read_lines(found, found.name[: -len(suffix)], how.max_bytes, how.rules, source.fields)
        elif (outcome := _read_file(found, suffix, how, claims)) is not None:
            yield found.label, outcome
    for claim in claims.waiting:
        yield from _claimants(claim, claims, how)


def _claimants(claim: Claim, claims: Claims[SourceFile], how: Circumstances) -> Iterator[tuple[str, Outcome]]:
    """The outcomes of the files that wait for one address: the first that can be read is its article."""
    home = claims.homes.get(claim, "")
    for file in claims.likeliest(claim):
        if home:
            yield file.label, Skipped(file.label, f"it names another page as the real one, which is {home}")
            continue
        outcome = _read_file(file, suffix_of(file.name), how)
        if isinstance(outcome, Read):
            home = file.label
        if outcome is not None:
            yield file.label, outcome


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


def _read_file(
    file: SourceFile, suffix: str, how: Circumstances, claims: Claims[SourceFile] | None = None
) -> Outcome | None:
    """The file's outcome; None where it has to wait because it claims the address of another one."""
    claim = None
    try:
        with file.path.open("rb") as stream:
            data = stream.read(how.max_bytes + 1)
        if len(data) > how.max_bytes:
            raise Unreadable(f"the file is larger than {how.max_bytes} bytes; split it or raise max_source_bytes")
        if claims is not None and suffix in PAGE_SUFFIXES:
            claim = claim_of(data, file.name)
            if claim and not claims.settle(claim, file.name, file):
                return None
        outcome: Outcome = reader_for(suffix)(data, Origin(file.name[: -len(suffix)], file.name, how.rules))
    except OSError as error:
        return Refused(file.label, reason_of(error))
    except Unreadable as error:
        return Refused(file.label, str(error))
    except Unwanted as error:
        outcome = Skipped(file.label, str(error))
    if claims is not None and claim:
        # A page that its author keeps back keeps its copies back as well.
        claims.homes[claim] = file.label
    return outcome
