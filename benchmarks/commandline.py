"""The command line, `python -m benchmarks [COMMAND] ...`: tables on standard output, progress on standard error."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import peers as registry
from benchmarks.answers.measuring import measure as measure_answers
from benchmarks.documents import prepare
from benchmarks.engine import Comparison, compare, gather_queries
from benchmarks.fielded.comparison import compare_pages
from benchmarks.fielded.documents import prepare_fielded
from benchmarks.growth import SIZES, grow
from benchmarks.http.attack import Attacked, attack
from benchmarks.http.comparison import SERVERS, compare_servers
from benchmarks.http.load import absent
from benchmarks.http.report import chart, table
from benchmarks.http.search_only import Times, search_only
from benchmarks.http.soak import soak
from benchmarks.ingest import FORMATS, measure_formats
from benchmarks.meaning import Meant
from benchmarks.meaning import measure as measure_meaning
from benchmarks.measuring import WORKLOADS, Effort, known_workload
from benchmarks.mixed_pages import RUNS, rebuild_pages, write_pages
from benchmarks.process import WorkerError
from benchmarks.queries import load_queries, sample
from benchmarks.report import machine, render, table_of
from benchmarks.scale.measuring import ENGINES, Measured
from benchmarks.scale.measuring import measure as measure_scale
from benchmarks.scale.report import chart as scale_chart
from benchmarks.scale.report import table as scale_table
from benchmarks.suggesting import measure_suggestions
from benchmarks.table import as_json

__all__ = ["main"]

_ROOT = Path(__file__).parent.parent
_GROWING = ("ours", "tantivy", "lucene")  # the others would take hours over a million documents; --peers adds them


SCALES = (10_000, 100_000, 1_000_000)
"""Articles at which the engines are compared; a million takes OpenSearch twenty minutes on two idle cores."""

INGESTED = 200
"""Articles of each format: the slowest take half a minute."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when it was done, 1 when it could not be, 2 for a caller's mistake."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except (ValueError, FileNotFoundError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    except (OSError, WorkerError) as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.set_defaults(run=_everything, sizes=SIZES)
    _common(parser)
    commands = parser.add_subparsers(metavar="COMMAND")
    engine = commands.add_parser("engine", help="indexing, size, memory and queries: every engine, the same analysis")
    engine.set_defaults(run=_engine)
    _common(engine)
    fielded = commands.add_parser("fielded", help="whole pages of results: two fields, facets, snippets, exact count")
    fielded.set_defaults(run=_fielded)
    _common(fielded)
    growth = commands.add_parser("growth", help="the same at growing numbers of documents")
    growth.set_defaults(run=_growth)
    _common(growth)
    growth.add_argument("--sizes", type=_sizes, default=SIZES, help=f"default: {','.join(map(str, SIZES))}")
    http = commands.add_parser("http", help="whole answers over HTTP, each search server as its users run it")
    http.set_defaults(run=_http)
    _common(http)
    # Articles with sections, as facets are part of the work.
    http.set_defaults(docs=_shared() / "medquad.jsonl.gz")
    _add_http(http)
    scale = commands.add_parser("scale", help="the embedded engine and OpenSearch at growing numbers of articles")
    scale.set_defaults(run=_scale)
    _common(scale)
    scale.add_argument("--sizes", type=_sizes, default=SCALES, help=f"default: {','.join(map(str, SCALES))}")
    scale.add_argument("--engines", type=lambda text: tuple(text.split(",")), default=ENGINES, help="default: both")
    scale.add_argument("--hosts", default="http://127.0.0.1:9200", help="of the cluster (default: %(default)s)")
    answers = commands.add_parser("answers", help="what answers are worth: judged queries, lay names, misspelt words")
    answers.set_defaults(run=_answers)
    _common(answers)
    suggestions = commands.add_parser("suggest", help="suggestions while titles are typed, in process and over HTTP")
    suggestions.set_defaults(run=_suggest)
    _common(suggestions)
    meaning = commands.add_parser("meaning", help="what embedding sections takes, and searching by what they mean")
    meaning.set_defaults(run=_meaning)
    _common(meaning)
    meaning.add_argument("--model", type=Path, required=True, help="folder of the model")
    ingest = commands.add_parser("ingest", help="what reading an article costs, by its format")
    ingest.set_defaults(run=_ingest)
    _common(ingest)
    ingest.add_argument("--formats", type=_formats, default=tuple(FORMATS), help=f"of {','.join(FORMATS)}")
    ingest.add_argument("--rebuild", type=_positive, metavar="N", help="rebuild from N mixed pages instead, end to end")
    return parser


def _add_http(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--servers", type=_servers, help=f"of {','.join(SERVERS)} (default: all installed); ours is always measured")
    add("--connections", type=_sizes, default=(1, 4, 32), help="default: 1,4,32")
    add("--seconds", type=float, default=8.0, help="of load for each row (default: 8)")
    add("--search-only", action="store_true", help="time searches inside one process, without HTTP")
    add("--attack", type=_duration, metavar="TIME", help="readers' waits for TIME, half of it beside 20 attackers")
    add("--soak", type=_duration, metavar="TIME", help="load for TIME (30s, 10m, 1h) while the index changes")


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in FORMATS]:
        raise argparse.ArgumentTypeError(f"no format {unknown[0]!r}; there are {', '.join(FORMATS)}")
    return names


def _servers(text: str) -> tuple[str, ...]:
    names = text.split(",")
    if unknown := [name for name in names if name not in SERVERS]:
        raise argparse.ArgumentTypeError(f"no server {unknown[0]!r}; there are {', '.join(SERVERS)}")
    return tuple(name for name in SERVERS if name in names or name == next(iter(SERVERS)))


def _duration(text: str) -> float:
    units = {"s": 1, "m": 60, "h": 3600}
    if not text[:-1].isdecimal() or text[-1:] not in units:
        raise argparse.ArgumentTypeError(f"must be a time such as 30s, 10m or 1h, not {text!r}")
    return int(text[:-1]) * units[text[-1]]


def _shared() -> Path:
    return Path(os.environ.get("HARBOR_SHARED", _ROOT.parent / "shared")) / "data"


def _common(parser: argparse.ArgumentParser) -> None:
    shared = _shared()
    add = parser.add_argument
    add("--peers", type=_names, help=f"of {','.join(registry.NAMES)} (default: all installed); ours is always measured")
    add("--docs", type=Path, default=shared / "enwiki-100k.jsonl.gz", help='JSON Lines of {"id", "text"}, may be .gz')
    add("--queries", type=Path, default=shared / "bench-queries.jsonl", help='JSON Lines of {"query", "tags"}')
    add("--limit", type=_positive, help="documents to index (default: all)")
    add("--sample", type=_positive, help="queries of each class (default: all; for growth 20)")
    add(
        "--workloads",
        type=_workloads,
        help=f"of {','.join(WORKLOADS)} and others with _parsed (default: all; for growth the first)",
    )
    add("--rounds", type=_positive, default=3, help="times that all queries are run on all engines")
    add("--warm", type=float, help="seconds of warm-up for each engine and workload (default: each engine's own need)")
    add("--fresh", type=_positive, default=0, help="index again, this often, and take the fastest")
    add("--check", action="store_true", help="compare answers with brute force first; ours must be right")
    add("--work-dir", type=Path, default=_ROOT / ".bench", help="where texts, indexes and results are kept")
    add("--json", action="store_true", help="print one JSON document instead of tables")


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name for name in text.split(",") if name)
    if unknown := [name for name in names if name not in registry.NAMES]:
        raise argparse.ArgumentTypeError(f"no peer {unknown[0]!r}; there are {', '.join(registry.NAMES)}")
    return (registry.OURS, *names)


def _workloads(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if not known_workload(name)]:
        raise argparse.ArgumentTypeError(f"no workload {unknown[0]!r}; there are {', '.join(WORKLOADS)}")
    return names


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(_positive(number) for number in text.split(","))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {text}")
    return number


def _say(message: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {message}", file=sys.stderr, flush=True)


def _effort(options: argparse.Namespace) -> Effort:
    return Effort(rounds=options.rounds, warm_seconds=options.warm)


def _engine(options: argparse.Namespace) -> int:
    corpus = prepare(options.docs, options.limit, options.work_dir)
    queries = gather_queries(options.queries, corpus, options.sample)
    result = compare(
        options.peers or registry.NAMES,
        corpus,
        queries,
        options.workloads or WORKLOADS,
        _effort(options),
        options.work_dir,
        _say,
        fresh=options.fresh,
        checked=options.check,
    )
    _write(options, "engine", f"{corpus.documents:,} documents, {corpus.bytes / 1e6:.1f} MB of text", result)
    return 1 if any(v.name == registry.OURS and not v.right for v in result.verdicts) else 0


def _growth(options: argparse.Namespace) -> int:
    result = grow(
        options.peers or _GROWING,
        options.docs,
        options.queries,
        options.sizes,
        options.workloads or WORKLOADS[:1],
        _effort(options),
        options.work_dir,
        _say,
        sample=options.sample or 20,
        fresh=options.fresh,
    )
    _write(options, "growth", "Documents in rows; beyond the file's own, made of its sentences shuffled", result)
    return 0


def _fielded(options: argparse.Namespace) -> int:
    corpus = prepare_fielded(options.docs, options.limit, options.work_dir)
    result = compare_pages(
        options.peers or registry.NAMES,
        corpus,
        sample(load_queries(options.queries), options.sample),
        _effort(options),
        options.work_dir,
        _say,
        fresh=options.fresh,
    )
    _write(options, "fielded", f"Pages of results over {corpus.documents:,} documents with fields", result)
    return 0


def _http(options: argparse.Namespace) -> int:
    folder, source = options.work_dir / "http", options.docs
    if options.search_only:
        times = search_only(source, options.limit, folder / "search-only", _say)
        return _keep(
            options, "search-only", json.dumps({name: asdict(row) for name, row in times.items()}), _timed(times)
        )
    if options.attack:
        outcome = attack(source, options.limit, options.attack, folder, _say)
        return _keep(options, "attack", json.dumps(outcome.as_json()), _attacked(outcome)) or bool(outcome.faults())
    if options.soak:
        soaked = soak(source, options.limit, options.soak, folder, _say)
        faults = soaked.faults()
        worst = max(run.p99 for run in soaked.runs)
        answers = sum(run.answers for run in soaked.runs)
        text = f"{answers:,} answers, {soaked.changes} changes of the index, p99 at most {worst:.1f} ms; "
        text += "; ".join(faults) or "no request failed, memory is flat"
        _keep(options, "soak", json.dumps({"answers": answers, "p99": worst, "faults": faults}), text)
        return 1 if faults else 0
    result = compare_servers(
        options.servers or tuple(SERVERS), source, options.limit, options.connections, options.seconds, folder, _say
    )
    notes = [f"{name} did not run: {reason}" for name, reason in result.skipped.items()] + list(result.notes)
    heading = f"Ten hits, two fragments each, section facet, exact total; {source.name}; {machine()}"
    results = options.work_dir / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / "http.svg").write_text(chart(result.rows, "Answers a second, two cores"), encoding="utf-8")
    text = "\n".join([heading, "", table(result.rows), "", *(f"* {note}" for note in notes)])
    return _keep(options, "http", json.dumps({"rows": result.as_json(), "skipped": result.skipped}), text)


def _timed(times: Mapping[str, Times]) -> str:
    rows = [("milliseconds a search", "mean", "p50", "p95", "p99")]
    for name, row in times.items():
        rows.append((name, *(f"{time:.3f}" for time in (row.mean, row.p50, row.p95, row.p99))))
    return table_of(rows)


def _attacked(outcome: Attacked) -> str:
    lines = [f"{'':9} {'answers':>8} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'max ms':>8}"]
    figures = outcome.as_json()
    for name in ("calm", "attacked"):
        row = figures[name]
        lines.append(f"{name:9} {row['answers']:8,} " + " ".join(f"{row[f'p{p}']:8.2f}" for p in (50, 95, 99, 100)))
    lines.append("attackers got " + ", ".join(f"{count:,} x {status}" for status, count in outcome.statuses.items()))
    lines.append(
        "memory {:.0f} MB, {:.0f} with what attackers ask for, {:.0f} in the end".format(
            *(each / 1e6 for each in outcome.memory)
        )
    )
    return "\n".join([*lines, "; ".join(outcome.faults()) or "readers were answered as before"])


def _answers(options: argparse.Namespace) -> int:
    found = measure_answers(_shared().parent, _ROOT / "corpus")
    return _keep(
        options, "answers", json.dumps(found), "\n".join(f"{name:40} {value:.4f}" for name, value in found.items())
    )


def _suggest(options: argparse.Namespace) -> int:
    found = measure_suggestions(options.docs, options.limit, options.work_dir / "suggest")
    head = f"{'ms':12}" + "".join(f"{name:>8}" for name in ("p50", "p95", "p99"))
    rows = [f"{name:12}" + "".join(f"{value:8.2f}" for value in times.values()) for name, times in found.items()]
    return _keep(options, "suggest", json.dumps(found), "\n".join([head, *rows]))


def _meaning(options: argparse.Namespace) -> int:
    corpus = prepare(options.docs, options.limit, options.work_dir)
    queries = [
        each.text for each in sample(load_queries(options.queries), options.sample or 20) if each.kind == "union"
    ]
    found = measure_meaning(options.model, corpus, queries, options.work_dir, _say)
    return _keep(options, "meaning", json.dumps(found._asdict()), _meant(found))


def _meant(found: Meant) -> str:
    return (
        f"{found.embedded_per_second:.0f} sections embedded in a second; a page of {found.sections:,} sections takes "
        f"{found.words_ms:.2f} ms by words and {found.both_ms:.2f} ms by meaning too, of which "
        f"{found.vector_ms:.2f} ms for the vector of the query"
    )


def _scale(options: argparse.Namespace) -> int:
    """What earlier runs measured of other sizes and engines stays in the results."""
    kept = options.work_dir / "results" / "scale.json"
    rows = (
        {(row["engine"], row["articles"]): Measured.read(row) for row in json.loads(kept.read_text())}
        if kept.exists()
        else {}
    )
    chosen = sample(load_queries(options.queries), options.sample or 20)
    queries = [each.text for each in chosen]
    for size in options.sizes:
        corpus = prepare(options.docs, size, options.work_dir, grow=True)
        for engine in options.engines:
            _say(f"scale: {engine}, {corpus.documents:,} articles")
            found = measure_scale(engine, corpus, queries, options.work_dir, options.hosts)
            rows[engine, found.articles] = found
    measured = list(rows.values())
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.with_suffix(".svg").write_text(scale_chart(measured), encoding="utf-8")
    return _keep(
        options, "scale", json.dumps([asdict(row) for row in measured]), f"{machine()}\n\n{scale_table(measured)}"
    )


def _ingest(options: argparse.Namespace) -> int:
    count, pages = options.limit or INGESTED, _shared() / "epa-html" / "html"
    if options.rebuild:
        return _rebuild(options, pages)
    head = f"{'format':18} {'articles':>8} {'kB each':>8} {'CPU ms':>8} {'ms, one':>8} {'ms, all':>8}"
    rows = []
    for row in measure_formats(count, options.work_dir / "ingest", options.formats, pages):
        _say(f"{row.format}: {row.processor_ms:.2f} ms of the processor an article")
        rows.append(row)
    lines = [f"{row[0]:18} {row[1]:8,} {row[2]:8.1f} " + " ".join(f"{each:8.2f}" for each in row[3:]) for row in rows]
    document = json.dumps({"rows": [row._asdict() for row in rows]})
    return _keep(options, "ingest", document, "\n".join([head, *lines]))


def _rebuild(options: argparse.Namespace, pages: Path) -> int:
    place = options.work_dir / "mixed"
    _say(f"writing {options.rebuild:,} pages")
    write_pages(options.rebuild, place / str(options.rebuild), pages)
    rows: list[tuple[str, ...]] = [
        ("", "articles", "s", "articles/s", "CPU s", "CPU ms each", "memory MB", "index MB", "near-duplicates")
    ]
    found = {}
    for name, environment in RUNS.items():
        _say(f"rebuild: {name}")
        row = found[name] = rebuild_pages(place / str(options.rebuild), place / "index", environment)
        numbers = (row.seconds, row.articles / row.seconds, row.processor)
        sizes = (f"{row.memory / 1e6:,.0f}", f"{row.size / 1e6:,.0f}", f"{row.near_duplicates:,}")
        each = f"{row.processor / row.articles * 1000:.2f}"
        rows.append((name, f"{row.articles:,}", *(f"{number:,.0f}" for number in numbers), each, *sizes))
    document = json.dumps({name: row._asdict() for name, row in found.items()})
    return _keep(options, "mixed-pages", document, f"{machine()}\n\n{table_of(rows)}")


def _keep(options: argparse.Namespace, name: str, document: str, text: str) -> int:
    results = options.work_dir / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.json").write_text(document, encoding="utf-8")
    (results / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    print(document if options.json else text)
    return 0


def _everything(options: argparse.Namespace) -> int:
    parts = [_engine(options), _fielded(options), _growth(options)]
    if reason := absent():
        _say(f"servers are not compared: {reason}")
    else:
        defaults = _parser().parse_args(["http"])
        parts.append(_http(argparse.Namespace(**vars(defaults) | {"json": options.json, "work_dir": options.work_dir})))
    return max(parts)


def _write(options: argparse.Namespace, name: str, heading: str, result: Comparison) -> None:
    document = json.dumps(as_json(result.tables), indent=1)
    skipped = [f"{peer} did not run: {reason}" for peer, reason in result.skipped.items()]
    notes = "\n".join(f"* {note}" for note in [*result.notes, *map(str, result.verdicts), *skipped])
    tables = render(result.tables, result.names)
    text = f"{heading}; {machine()}\n\n{tables}\n\n{notes}\n"
    results = options.work_dir / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.json").write_text(document, encoding="utf-8")
    (results / f"{name}.txt").write_text(text, encoding="utf-8")
    for message in skipped:
        _say(message)
    print(document if options.json else text)
