"""The formats of TREC (https://trec.nist.gov): topics, judgements, and results files ("runs")."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from harbor_search.errors import OperationalError, UserError
from harbor_search.evaluation.numbered_lines import fault_in, lines_of

__all__ = ["Rankings", "is_results_file", "judgements_of", "read_results", "topics_of", "write_results"]

Rankings = Mapping[str, Sequence[tuple[str, float]]]
"""By query id, article ids and scores, best first."""

_TOPIC = re.compile(r"<top>(.*?)</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*(.*?)\s*(?:<|\Z)", re.DOTALL | re.IGNORECASE)

_COLUMNS = "query-id Q0 article-id rank score name"


def topics_of(file: Path, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The line number, id and title of each topic; the title is the query."""
    numbered = dict(lines)
    text = "".join(numbered.get(number, "\n") for number in range(1, max(numbered, default=0) + 1))
    for topic in _TOPIC.finditer(text):
        line = text.count("\n", 0, topic.start()) + 1
        number, title = _NUMBER.search(topic[1]), _TITLE.search(topic[1])
        if number is None or title is None or not title[1].strip():
            raise fault_in(file, line, "expected a topic with <num> and <title>")
        yield line, [number[1], " ".join(title[1].split())]


def judgements_of(file: Path, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
    """The line number, query id, article id and grade of each judgement; the second column says nothing."""
    for number, line in lines:
        cells = line.split()
        if len(cells) != 4:
            raise fault_in(file, number, "expected 4 columns: query-id, iteration, article-id, grade")
        yield number, [cells[0], cells[2], cells[3]]


def is_results_file(file: Path) -> bool:
    """Whether the first line of `file` has the six columns of a results file.

    Raises:
        UserError: the file cannot be read.
    """
    _, first = next(lines_of(file), (1, ""))
    cells = first.split()
    return len(cells) == 6 and not first.lstrip().startswith("{") and _number(cells[4]) is not None


def read_results(file: Path) -> dict[str, list[tuple[str, float]]]:
    """The rankings in a results file, in descending order of score.

    As in trec_eval the rank column does not count, and equal scores are ordered by article id, the last first.

    Raises:
        UserError: the file cannot be read, or a line has other columns or an article twice.
    """
    rankings: dict[str, dict[str, float]] = {}
    for number, line in lines_of(file):
        cells = line.split()
        score = _number(cells[4]) if len(cells) == 6 else None
        if score is None:
            raise fault_in(file, number, f"expected 6 columns: {_COLUMNS}")
        ranking = rankings.setdefault(cells[0], {})
        if cells[2] in ranking:
            raise fault_in(file, number, f"{cells[2]!r} is in the ranking of {cells[0]!r} twice")
        ranking[cells[2]] = score
    if not rankings:
        raise UserError(f"{file} holds no results", where="results")
    return {
        query_id: sorted(ranking.items(), key=lambda item: (item[1], item[0]), reverse=True)
        for query_id, ranking in rankings.items()
    }


def write_results(rankings: Rankings, file: Path, name: str) -> None:
    """Write `rankings` as a results file; `name` is its last column.

    Raises:
        OperationalError: it cannot be written.
        UserError: an id has white space, which this format cannot hold.
    """
    lines = []
    for query_id, ranking in rankings.items():
        above = math.inf
        for rank, (article_id, score) in enumerate(ranking, 1):
            if len(query_id.split()) != 1 or len(article_id.split()) != 1:
                raise UserError(f"a results file cannot hold the id {article_id!r} of query {query_id!r}", where="run")
            # Readers of the file sort by score only, so equal scores would lose their order.
            above = score if score < above else math.nextafter(above, -math.inf)
            lines.append(f"{query_id} Q0 {article_id} {rank} {above!r} {name}\n")
    try:
        file.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise OperationalError(f"cannot write the results to {file}: {error.strerror or error}") from error


def _number(text: str) -> float | None:
    """The finite number that `text` spells."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
