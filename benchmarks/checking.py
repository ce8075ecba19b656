"""Right before fast: do the engines find what brute force finds?

Ours must: the same ten documents for every union, with scores in one constant proportion, and exact counts of every
query. Peers are only reported on: they round lengths to a byte or split words elsewhere, which is no fault of theirs.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.documents import Corpus, read_flat
from benchmarks.oracle import Oracle, words_of
from benchmarks.peers import OURS, module_of
from benchmarks.process import Worker
from benchmarks.protocol import Peer
from benchmarks.queries import Query

__all__ = ["Verdict", "check", "same_ranking"]

_TOLERANCE = 1e-4  # of a score: single precision, summed over a few words

Ranking = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Verdict:
    """How one engine's answers compare with brute force. `wrong` has up to five queries whose answers differ."""

    name: str
    counted: int
    counted_right: int
    ranked: int
    ranked_right: int
    shared: float
    wrong: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether every answer was the same."""
        return self.counted_right == self.counted and self.ranked_right == self.ranked

    def __str__(self) -> str:
        text = (
            f"{self.name}: counts right for {self.counted_right} of {self.counted} queries; top 10 of unions the same "
            f"documents and scores for {self.ranked_right} of {self.ranked} ({self.shared:.1%} of documents shared)"
        )
        return text + (f"; differs, for example, on {', '.join(self.wrong)}" if self.wrong else "")


def check(
    workers: Mapping[str, Worker],
    peers: Mapping[str, Peer],
    queries: Sequence[Query],
    corpus: Corpus,
    say: Callable[[str], None],
) -> list[Verdict]:
    """The verdict on each engine; it must have been handed the queries before (`measuring.hand_over`)."""
    verdicts = []
    oracles: dict[Callable[[str], Sequence[str]], Oracle] = {}
    for name, worker in workers.items():
        analyze = getattr(module_of(OURS), "analyze", words_of) if name == OURS else words_of
        if analyze not in oracles:
            say(f"check: counting {corpus.documents:,} documents by brute force ...")
            oracles[analyze] = Oracle(read_flat(corpus.path), analyze)
        verdicts.append(_judge(worker, peers[name], queries, oracles[analyze]))
        say(f"check: {verdicts[-1]}")
    return verdicts


def _judge(worker: Worker, peer: Peer, queries: Sequence[Query], oracle: Oracle) -> Verdict:
    wrong: list[str] = []
    counted = counted_right = 0
    rankings = []
    for number, query in enumerate(queries):
        if peer.translate(query) is None:
            continue
        if peer.counts:
            right = worker.ask("count", number)["count"] == len(oracle.matches(query))
            counted, counted_right = counted + 1, counted_right + right
            wrong += [] if right else [f"{query.text} (count)"]
        if query.kind in ("union", "term"):
            rankings.append((query, worker.ask("answer", number, 10)["hits"], oracle.top(query, 10)))
    factor = _factor([(found, expected) for _, found, expected in rankings])
    same = [same_ranking(found, expected, factor) for _, found, expected in rankings]
    wrong += [query.text for (query, _, _), right in zip(rankings, same, strict=True) if not right]
    shared = [_shared(found, expected) for _, found, expected in rankings if expected]
    return Verdict(
        peer.name, counted, counted_right, len(same), sum(same), statistics.fmean(shared or [1.0]), tuple(wrong[:5])
    )


def _factor(rankings: Sequence[tuple[Ranking, Ranking]]) -> float:
    """What the engine multiplies all scores with; constants such as k1 + 1 change no order."""
    ratios = [found[0][1] / expected[0][1] for found, expected in rankings if found and expected]
    return statistics.median(ratios) if ratios else 1.0


def same_ranking(found: Ranking, expected: Ranking, factor: float) -> bool:
    """Whether scores agree place by place, and documents too but for those whose scores are too close to tell."""
    if len(found) != len(expected):
        return False
    if any(abs(f / factor - e) > _TOLERANCE * e for (_, f), (_, e) in zip(found, expected, strict=True)):
        return False
    last = expected[-1][1] if expected else 0.0
    clear = {identifier for identifier, score in expected if score > last * (1 + _TOLERANCE)}
    return clear <= {identifier for identifier, _ in found}


def _shared(found: Ranking, expected: Ranking) -> float:
    return len({i for i, _ in found} & {i for i, _ in expected}) / len(expected)
