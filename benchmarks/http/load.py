"""Load: wrk asks a server's questions over so many connections and tells how long each answer took."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.http.servers import Ask

__all__ = ["Measured", "absent", "load"]

_SCRIPT = """
local asks = {}
local threads = {}
local at = 0

function setup(thread)
  thread:set("offset", #threads * 7919)
  table.insert(threads, thread)
end

function init(arguments)
%s
  at = offset
end

function request()
  at = at + 1
  return asks[at %% #asks + 1]
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.stderr:write(string.format(
    '{"answers": %%d, "seconds": %%f, "p50": %%f, "p95": %%f, "p99": %%f, "failed": %%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3, failed.connect + failed.read + failed.write + failed.status + failed.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a run; times in milliseconds."""

    answers: int
    seconds: float
    p50: float
    p95: float
    p99: float
    failed: int

    @property
    def throughput(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def absent() -> str:
    """Why nothing can be measured here; empty where it can."""
    return "" if shutil.which("wrk") else "there is no wrk; apt-get install wrk"


def load(port: int, asks: Sequence[Ask], connections: int, seconds: float) -> Measured:
    """Ask in turn, as fast as answers come, for `seconds`.

    Raises:
        OSError: wrk does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "asks.lua")
        script.write_text(_SCRIPT % "\n".join(map(_line, asks)), encoding="utf-8")
        threads = min(connections, 2)
        finished = subprocess.run(
            [
                *("wrk", "-t", str(threads), "-c", str(connections), "-d", f"{max(1, round(seconds))}s"),
                *("--timeout", "30s", "-s", script, f"http://127.0.0.1:{port}/"),
            ],
            capture_output=True,
            text=True,
        )
    if finished.returncode:
        raise OSError(f"wrk failed: {finished.stderr.strip() or finished.stdout.strip()}")
    return Measured(**json.loads(finished.stderr.strip().splitlines()[-1]))


def _line(ask: Ask) -> str:
    headers = ", ".join(f"[{_quoted(name)}] = {_quoted(value)}" for name, value in ask.headers.items())
    body = _quoted(ask.body) if ask.body else "nil"
    return f"  table.insert(asks, wrk.format({_quoted(ask.method)}, {_quoted(ask.path)}, {{{headers}}}, {body}))"


def _quoted(text: str) -> str:
    """A Lua string: bytes beyond ASCII as decimal escapes."""
    return '"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\{b:03d}" for b in text.encode()) + '"'
