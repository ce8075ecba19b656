"""Reading a collection: from sources to one outcome for each article, lazily."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from harbor_search.ingest.jsonlines import count_lines, read_lines
from harbor_search.ingest.outcome import Origin, Outcome, Read, Refused, Skipped, Unreadable, Unwanted, reason_of
from harbor_search.ingest.publication import PublicationRules
from harbor_search.ingest.readers import FILE_SUFFIXES, LINES_SUFFIXES, reader_for, suffix_of
from harbor_search.ingest.sources import SourceFile, check_sources, find_files

__all__ = ["count_hint", "read_articles"]

NO_READER = f"no article: the name ends with none of {', '.join((*FILE_SUFFIXES, *LINES_SUFFIXES))}"

MAX_ID = 1024
"""Characters of an article's id: it becomes part of an address, which servers bound too."""


def read_articles(
    sources: Sequence[Path], *, max_bytes: int, rules: PublicationRules | None = None
) -> Iterator[Outcome]:
    """What becomes of everything in `sources`, in the same order every time.

    A source is a directory, read with all below it, or a file. `max_bytes` bounds a file that holds one article and
    a line of a file that holds many; nothing larger is held in memory. `rules` say which
    articles may be shown. An article whose id was there before is refused.

    Raises:
        UserError: one of `sources` is not there; raised at once, not on the first iteration.
    """
    check_sources(sources)
    return _unique(_read_all(sources, max_bytes, rules or PublicationRules()))


def count_hint(sources: Sequence[Path]) -> int | None:
    """About how many articles `read_articles` will find, or None where counting would take long.

    Raises:
        UserError: one of `sources` is not there.
    """
    check_sources(sources)
    total = 0
    for found in find_files(sources):
        suffix = suffix_of(found.name) if isinstance(found, SourceFile) else ""
        lines = count_lines(found.path) if isinstance(found, SourceFile) and suffix in LINES_SUFFIXES else bool(suffix)
        if lines is None:
            return None
        total += lines
    return total


def _read_all(sources: Sequence[Path], max_bytes: int, rules: PublicationRules) -> Iterator[tuple[str, Outcome]]:
    """Outcomes with the label of what they come from."""
    for found in find_files(sources):
        if not isinstance(found, SourceFile):
            yield found.source, found
        elif not (suffix := suffix_of(found.name)):
            yield found.label, Skipped(found.label, NO_READER)
        elif suffix in LINES_SUFFIXES:
            yield from read_lines(found, found.name[: -len(suffix)], max_bytes, rules)
        else:
            yield found.label, _read_file(found, suffix, max_bytes, rules)


def _read_file(file: SourceFile, suffix: str, max_bytes: int, rules: PublicationRules) -> Outcome:
    try:
        with file.path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
        if len(data) > max_bytes:
            raise Unreadable(f"the file is larger than {max_bytes} bytes; split it or raise max_source_bytes")
        return reader_for(suffix)(data, Origin(file.name[: -len(suffix)], file.name, rules))
    except OSError as error:
        return Refused(file.label, reason_of(error))
    except Unreadable as error:
        return Refused(file.label, str(error))
    except Unwanted as error:
        return Skipped(file.label, str(error))


def _unique(outcomes: Iterable[tuple[str, Outcome]]) -> Iterator[Outcome]:
    """The outcomes without labels, articles with an id that cannot be used or is taken being refused."""
    first: dict[str, str] = {}
    for label, outcome in outcomes:
        if isinstance(outcome, Read):
            article_id = outcome.article.id
            if len(article_id) > MAX_ID:
                outcome = Refused(label, f"its id is {len(article_id)} characters long; at most {MAX_ID} are allowed")
            elif {".", ".."} & set(article_id.split("/")):
                # Browsers resolve such segments before they ask, so the article could never be opened.
                outcome = Refused(label, f"its id {article_id!r} has a segment '.' or '..', which no address can have")
            elif article_id in first:
                outcome = Refused(label, f"its id {article_id!r} is taken by {first[article_id]}")
            else:
                first[article_id] = label
        yield outcome
