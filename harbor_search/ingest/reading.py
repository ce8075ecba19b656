"""Reading a collection: from sources to one outcome for each article, lazily."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from harbor_search.ingest.detecting import in_their_languages
from harbor_search.ingest.facet_values import spelled_alike
from harbor_search.ingest.file_reading import count_articles, read_files
from harbor_search.ingest.identity import unique
from harbor_search.ingest.outcome import Outcome
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.sources import Source, as_source
from harbor_search.ingest.sources.kinds import Circumstances, check_source, kind_of, reader_of
from harbor_search.ingest.unchanged_files import ReadBefore

__all__ = ["count_hint", "read_articles"]


def read_articles(
    sources: Sequence[Source | Path | str],
    *,
    max_bytes: int,
    rules: PublicationRules | None = None,
    fetched: Path | None = None,
    processes: int = 1,
    before: ReadBefore | None = None,
    allowance: int = 0,
) -> Iterator[Outcome]:
    """What becomes of everything in `sources`, in the same order every time.

    A source may be given by its address alone, such as the path of a directory, which is read with all below it, or of
    a file. `max_bytes` bounds a file that holds one article and a line of a file that holds many; nothing larger is
    held in memory for each of the `processes` that read files. `rules` say which articles may be shown. Pages are kept
    in the folder `fetched`, what files held in `before`, where these are given. A file that would take more than
    `allowance` bytes of memory to be read is refused, if that is not 0. An article whose id was there before in
    its source is refused.

    Raises:
        UserError: one of `sources` is not there; raised at once, not on the first iteration.
    """
    how = Circumstances(max_bytes, rules or PublicationRules(), fetched, processes, before, allowance)
    checked = _checked(sources)
    return in_their_languages(spelled_alike(unique(_read_all(checked, how))))


def count_hint(sources: Sequence[Source | Path | str]) -> int | None:
    """About how many articles `read_articles` will find, or None where counting would take long.

    Raises:
        UserError: one of `sources` is not there.
    """
    seen: dict[str, str] = {}
    counts = [count_articles(source, seen) if kind_of(source) == "files" else None for source in _checked(sources)]
    return None if None in counts else sum(filter(None, counts))


def _checked(sources: Sequence[Source | Path | str]) -> tuple[Source, ...]:
    known = tuple(map(as_source, sources))
    for source in known:
        check_source(source)
    return known


def _read_all(sources: Sequence[Source], how: Circumstances) -> Iterator[tuple[Source, str, Outcome]]:
    """Outcomes with their source and the label of what they come from."""
    seen: dict[str, str] = {}
    for source in sources:
        kind = kind_of(source)
        outcomes = read_files(source, seen, how) if kind == "files" else reader_of(kind)(source, how)
        for label, outcome in outcomes:
            yield source, label, outcome
