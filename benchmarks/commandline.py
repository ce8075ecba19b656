"""The command line: `python -m benchmarks [engine|growth|check] ...`; tables on standard output, progress on stderr."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import peers as registry
from benchmarks.documents import prepare
from benchmarks.engine import Comparison, compare, gather_queries
from benchmarks.measuring import WORKLOADS, Effort
from benchmarks.process import WorkerError
from benchmarks.report import machine, render
from benchmarks.table import as_json

__all__ = ["main"]

_ROOT = Path(__file__).parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when it was done, 1 when it could not be, 2 for a caller's mistake."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (ValueError, FileNotFoundError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    except (OSError, WorkerError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.set_defaults(run=_everything)
    _common(parser)
    commands = parser.add_subparsers(metavar="COMMAND")
    engine = commands.add_parser("engine", help="indexing, size, memory and queries: every engine, the same analysis")
    engine.set_defaults(run=_engine)
    _common(engine)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    shared = Path(os.environ.get("HARBOR_SHARED", _ROOT.parent / "shared")) / "data"
    add = parser.add_argument
    add("--peers", type=_names, default=registry.NAMES, help=f"of {','.join(registry.NAMES)}; ours is always measured")
    add("--docs", type=Path, default=shared / "enwiki-100k.jsonl.gz", help='JSON Lines of {"id", "text"}, may be .gz')
    add("--queries", type=Path, default=shared / "bench-queries.jsonl", help='JSON Lines of {"query", "tags"}')
    add("--limit", type=_positive, help="documents to index (default: all)")
    add("--sample", type=_positive, help="queries of each class (default: all)")
    add("--workloads", type=_workloads, default=WORKLOADS, help=f"of {','.join(WORKLOADS)}")
    add("--rounds", type=_positive, default=3, help="times that all queries are run on all engines")
    add("--parsed", action="store_true", help="time searching alone, with queries parsed beforehand")
    add("--warm", type=float, help="seconds of warm-up for each engine and workload (default: each engine's own need)")
    add("--fresh", type=_positive, default=0, help="index again, this often, and take the fastest")
    add("--work-dir", type=Path, default=_ROOT / ".bench", help="where texts, indexes and results are kept")
    add("--json", action="store_true", help="print one JSON document instead of tables")


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name for name in text.split(",") if name)
    for name in names:
        registry.module_of(name)
    return (registry.OURS, *names)


def _workloads(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in WORKLOADS]:
        raise argparse.ArgumentTypeError(f"no workload {unknown[0]!r}; there are {', '.join(WORKLOADS)}")
    return names


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {text}")
    return number


def _say(message: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {message}", file=sys.stderr, flush=True)


def _engine(options: argparse.Namespace) -> None:
    corpus = prepare(options.docs, options.limit, options.work_dir)
    queries = gather_queries(options.queries, corpus, options.sample)
    effort = Effort(rounds=options.rounds, warm_seconds=options.warm, part="parsed" if options.parsed else "whole")
    result = compare(
        options.peers, corpus, queries, options.workloads, effort, options.work_dir, _say, fresh=options.fresh
    )
    heading = f"{corpus.documents:,} documents, {corpus.bytes / 1e6:.1f} MB of text; {machine()}"
    _write(options, "engine", heading, result, effort.part)


def _everything(options: argparse.Namespace) -> None:
    _engine(options)


def _write(options: argparse.Namespace, name: str, heading: str, result: Comparison, part: str) -> None:
    document = json.dumps(as_json(result.tables), indent=1)
    skipped = [f"{peer} did not run: {reason}" for peer, reason in result.skipped.items()]
    notes = "\n".join(f"* {note}" for note in [*result.notes, *skipped])
    text = f"{heading}\n\n{render(result.tables, result.names, part)}\n\n{notes}\n"
    results = options.work_dir / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.json").write_text(document, encoding="utf-8")
    (results / f"{name}.txt").write_text(text, encoding="utf-8")
    for message in skipped if options.json else ():
        print(message, file=sys.stderr)
    print(document if options.json else text)
