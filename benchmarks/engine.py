"""`python -m benchmarks engine`: indexing, size, memory and queries on every installed peer, as one table of ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks import peers as registry
from benchmarks.building import Built, build, find_built
from benchmarks.checking import Verdict, check
from benchmarks.documents import Corpus, common_phrases, read_flat
from benchmarks.measuring import Effort, hand_over, measure
from benchmarks.peers import OURS
from benchmarks.process import Worker, WorkerError
from benchmarks.protocol import Peer, PeerUnavailable
from benchmarks.queries import Query, load_queries, sample
from benchmarks.table import Cell, cells, single

__all__ = ["Comparison", "Say", "Tables", "compare", "find_peers", "gather_queries", "opened"]

Say = Callable[[str], None]
Tables = dict[str, dict[str, dict[str, Cell]]]

_PHRASES_FROM = 20_000  # texts that common phrases are looked for in: enough to know the common ones


@dataclass
class Comparison:
    """What was measured. `skipped` says of each peer that did not run why."""

    names: tuple[str, ...]
    tables: Tables = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def find_peers(names: Sequence[str]) -> tuple[dict[str, Peer], dict[str, str]]:
    """The peers of `names` that can run here, ours first, and why the others cannot.

    Raises:
        ValueError: a name that no peer has.
    """
    found, skipped = {}, {}
    for name in sorted(set(names), key=lambda n: registry.NAMES.index(n) if n in registry.NAMES else -1):
        peer = registry.peer(name)
        reason = peer.available()
        if reason:
            skipped[name] = reason
        else:
            found[name] = peer
    return found, skipped


def gather_queries(path: Path, corpus: Corpus, most: int | None) -> list[Query]:
    """The queries of a file and phrases of the commonest words of `corpus`, at most `most` of each class."""
    phrases = common_phrases(islice(read_flat(corpus.path), _PHRASES_FROM))
    return sample([*load_queries(path), *phrases], most)


def compare(
    names: Sequence[str],
    corpus: Corpus,
    queries: Sequence[Query],
    workloads: Sequence[str],
    effort: Effort,
    work_dir: Path,
    say: Say,
    *,
    fresh: int = 0,
    checked: bool = False,
    adapt: Callable[[Peer], Peer] = lambda peer: peer,
) -> Comparison:
    """Build what is not built yet (or everything, `fresh` times over), then time queries on all peers side by side.

    With `checked`, answers are compared with brute force before they are timed. `adapt` gives peers another worker.
    """
    able, skipped = find_peers(names)
    found = {name: adapt(peer) for name, peer in able.items()}
    built = _build_all(found, corpus, work_dir, say, skipped, fresh)
    alive = {name: peer for name, peer in found.items() if (name, 1) in built}
    result = Comparison(tuple(alive), skipped=skipped, notes=tuple(note for p in alive.values() for note in p.notes))
    result.tables |= _building_tables(built, corpus)
    if queries and alive:
        folders = {name: built[name, 1].folder for name in alive}
        with opened(alive, folders, work_dir) as workers:
            hand_over(workers, alive, queries)
            if checked:
                result.verdicts = tuple(check(workers, alive, queries, corpus, say))
            times = measure(workers, alive, queries, workloads, effort, _progress(say))
        kinds = [query.kind for query in queries]
        result.tables |= {workload: cells(each, kinds) for workload, each in times.items()}
    return result


@contextmanager
def opened(found: Mapping[str, Peer], folders: Mapping[str, str], work_dir: Path) -> Iterator[dict[str, Worker]]:
    """A worker for each peer with its index open, all running at once; only one is asked at a time."""
    with ExitStack() as stack:
        workers = {name: stack.enter_context(Worker(peer, work_dir)) for name, peer in found.items()}
        for name, worker in workers.items():
            worker.ask("open", Path(folders[name]).resolve())
        yield workers


def _build_all(
    found: Mapping[str, Peer], corpus: Corpus, work_dir: Path, say: Say, skipped: dict[str, str], fresh: int
) -> dict[tuple[str, int], Built]:
    """By peer and number of threads, the fastest of the builds; peers take turns, so that a busy hour hits all."""
    jobs = [(name, threads) for name, peer in found.items() for threads in peer.threads]
    built: dict[tuple[str, int], Built] = {}
    for _ in range(max(fresh, 1)):
        for name, threads in jobs:
            if name in skipped:
                continue
            kept = None if fresh else find_built(found[name], corpus, work_dir, threads)
            try:
                each = kept or _build_one(found[name], corpus, work_dir, threads, say)
            except (WorkerError, PeerUnavailable) as error:
                skipped[name] = str(error)
                say(f"{name}: {error}")
                continue
            before = built.get((name, threads))
            built[name, threads] = each if before is None or each.seconds < before.seconds else before
    return {key: value for key, value in built.items() if key[0] not in skipped}


def _build_one(peer: Peer, corpus: Corpus, work_dir: Path, threads: int, say: Say) -> Built:
    say(f"{peer.name}: indexing {corpus.documents:,} documents, {threads} at a time ...")
    built = build(peer, corpus, work_dir, threads)
    size, memory = built.index_bytes / 1e6, built.peak_bytes / 1e6
    say(f"{peer.name}: {built.seconds:.1f} s, {size:.0f} MB on disk, {memory:.0f} MB of memory")
    return built


def _building_tables(built: Mapping[tuple[str, int], Built], corpus: Corpus) -> Tables:
    us = 1e6 / corpus.documents
    measures: dict[str, Callable[[Built], float]] = {
        "indexing": lambda each: each.seconds * us,
        "indexing_cpu": lambda each: each.cpu_seconds * us,
        "optimising": lambda each: each.optimise_seconds * us,
        "size": lambda each: each.index_bytes,
        "memory": lambda each: each.peak_bytes,
    }
    tables: Tables = {workload: {} for workload in measures}
    for (name, threads), each in built.items():
        kind = "1 process" if threads == 1 else f"{threads} processes"
        own = built.get((OURS, threads))
        for workload, measured in measures.items():
            if threads == 1 or workload not in ("optimising", "size"):
                compared = own and workload != "optimising"  # ours has nothing to do then: no ratio to nothing
                cell = single(measured(each), measured(own) if own and compared else None)
                tables[workload].setdefault(kind, {})[name] = cell
    return tables


def _progress(say: Say) -> Callable[[str, int, int], None]:
    def report(workload: str, done: int, total: int) -> None:
        if done == total or done % max(total // 5, 1) == 0:
            say(f"{workload}: {done} of {total}")

    return report
