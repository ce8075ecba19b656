"""A real OpenSearch cluster of several processes on loopback, for tests and measurements.

    python -m tests.support.opensearch_cluster can-fetch tells by its exit status whether there is a Java for it
    python -m tests.support.opensearch_cluster fetch     gets the server from Maven Central, once
    python -m tests.support.opensearch_cluster run [N]   starts N nodes (3), prints their addresses, stops at Ctrl-C or SIGTERM

The server refuses to run as root; under root it runs as the user `harbor-opensearch`, who is made where there is none.
Where Java 21, Maven or the server are absent, `unavailable()` says so.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSION = "3.8.0"
ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
# Under root the server runs as another user, who has to be able to read it.
_CACHES = Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache"
CACHE = Path(os.environ.get("HARBOR_OPENSEARCH", _CACHES / "harbor-search" / "opensearch"))
SERVER = CACHE / f"opensearch-{VERSION}"
USER = "harbor-opensearch"
JAVA_OPTIONS = os.environ.get("HARBOR_OPENSEARCH_JAVA_OPTS", "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1")
"""Small and soon started; measurements want another choice."""
STARTING = 240
"""Seconds for all nodes to form a cluster, on a machine with other work to do."""


def java_home() -> Path | None:
    """The newest Java from 21 on, of those that JAVA_HOME or the usual folders name."""
    homes = [Path(os.environ["OPENSEARCH_JAVA_HOME"])] if "OPENSEARCH_JAVA_HOME" in os.environ else []
    homes += [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    versions = {home: _java_version(home) for home in homes if (home / "bin" / "java").exists()}
    fitting = [home for home, version in versions.items() if version >= 21]
    return max(fitting, key=lambda home: versions[home], default=None)


def _java_version(home: Path) -> int:
    release = home / "release"
    found = re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.exists() else None
    return int(found[1]) if found else 0


def unavailable() -> str:
    """Why no cluster can be started here; empty where one can."""
    if java_home() is None:
        return "no Java 21 or newer; set OPENSEARCH_JAVA_HOME"
    if not (SERVER / "bin" / "opensearch").exists():
        return f"OpenSearch {VERSION} is not in {CACHE}; run `make test-opensearch`, which fetches it"
    if os.geteuid() == 0 and not shutil.which("runuser"):
        return "OpenSearch does not run as root, and there is no runuser"
    return ""


def fetch() -> None:
    """Get the server from Maven Central and unpack it, where that was not done before."""
    if (SERVER / "bin" / "opensearch").exists():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={CACHE}"], check=True
    )
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        archive = CACHE / f"opensearch-{VERSION}.zip"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
        unpacked = next(Path(folder).iterdir())
        for program in (unpacked / "bin").iterdir():
            program.chmod(0o755)
        unpacked.rename(SERVER)
        archive.unlink()


@dataclass(slots=True)
class Node:
    """One node: its address and its process."""

    name: str
    address: str
    process: subprocess.Popen[bytes]
    pid_file: Path

    def kill(self) -> None:
        """End the node's server without a chance to say goodbye."""
        os.kill(int(self.pid_file.read_text()), signal.SIGKILL)
        self.process.wait(30)

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Meanwhile the node's server does nothing, though the system still takes connections to it."""
        process = int(self.pid_file.read_text())
        os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(process, signal.SIGCONT)
            # The program that started it stopped along.
            os.kill(self.process.pid, signal.SIGCONT)


@contextmanager
def cluster(count: int = 1) -> Iterator[list[Node]]:
    """`count` nodes that form a cluster; they are ended, and what they wrote is removed, in the end."""
    home = java_home()
    assert home is not None
    with ExitStack() as stack:
        # Not among the temporary files of tests, which other users cannot reach.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="harbor-opensearch-", dir=CACHE)))
        folder.chmod(0o755)
        ports = _free_ports(2 * count)
        names = [f"n{number + 1}" for number in range(count)]
        seeds = ",".join(f"127.0.0.1:{port}" for port in ports[count:])
        nodes: list[Node] = []
        stack.callback(_stop, nodes)
        for name, port, transport in zip(names, ports[:count], ports[count:], strict=True):
            nodes.append(_start(folder / name, home, name, port, transport, seeds, names))
        _await(nodes, count, folder)
        yield nodes


def _start(folder: Path, home: Path, name: str, port: int, transport: int, seeds: str, names: Sequence[str]) -> Node:
    for part in ("data", "logs", "tmp"):
        (folder / part).mkdir(parents=True)
    shutil.copytree(SERVER / "config", folder / "config", dirs_exist_ok=True)
    options = (folder / "config" / "jvm.options").read_text()
    kept = [line for line in options.splitlines() if "Xlog:gc" not in line and "Xloggc" not in line]
    (folder / "config" / "jvm.options").write_text("\n".join(kept) + "\n")
    settings = {
        "cluster.name": "harbor-test",
        "node.name": name,
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": transport,
        "path.data": folder / "data",
        "path.logs": folder / "logs",
        # A disk that others fill must not turn test indices read-only.
        "cluster.routing.allocation.disk.threshold_enabled": "false",
    }
    if len(names) == 1:
        settings["discovery.type"] = "single-node"
    else:
        settings["discovery.seed_hosts"] = seeds
        settings["cluster.initial_cluster_manager_nodes"] = ",".join(names)
    command = [str(SERVER / "bin" / "opensearch"), "-p", str(folder / "pid")]
    command += [f"-E{key}={value}" for key, value in settings.items()]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "JAVA_HOME": str(home),
        "OPENSEARCH_JAVA_HOME": str(home),
        "OPENSEARCH_PATH_CONF": str(folder / "config"),
        "OPENSEARCH_TMPDIR": str(folder / "tmp"),
        "OPENSEARCH_JAVA_OPTS": JAVA_OPTIONS,
    }
    if os.geteuid() == 0:
        _own(folder)
        command = ["runuser", "-u", USER, "--", "env", "-i", *(f"{k}={v}" for k, v in environment.items()), *command]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment, start_new_session=True)
    return Node(name, f"http://127.0.0.1:{port}", process, folder / "pid")


def _own(folder: Path) -> None:
    """Give a folder to the user that the server runs as, who is made where there is none."""
    try:
        user = pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER], check=True)
        user = pwd.getpwnam(USER)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)


def _await(nodes: Sequence[Node], count: int, folder: Path) -> None:
    deadline = time.monotonic() + STARTING
    address = f"{nodes[0].address}/_cluster/health?wait_for_nodes={count}&wait_for_status=yellow&timeout=2s"
    while time.monotonic() < deadline:
        for node in nodes:
            if node.process.poll() is not None:
                output = (folder / node.name / "output").read_text()[-2000:]
                raise RuntimeError(f"the node {node.name} ended while it started: {output}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if not json.load(answer)["timed_out"]:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise RuntimeError(f"the cluster did not come up within {STARTING} s")


def _stop(nodes: Sequence[Node]) -> None:
    for node in nodes:
        if node.process.poll() is None:
            os.killpg(node.process.pid, signal.SIGTERM)
    for node in nodes:
        try:
            node.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(node.process.pid, signal.SIGKILL)
            node.process.wait(30)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def main(arguments: Sequence[str]) -> None:
    """Fetch the server, or run a cluster until interrupted."""
    if arguments[:1] == ["can-fetch"]:
        sys.exit(java_home() is None)
    if arguments[:1] == ["fetch"]:
        fetch()
        return
    # Both leave the block below as an exception does, also while the nodes start.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())
    with cluster(int(arguments[1]) if len(arguments) > 1 else 3) as nodes:
        print(",".join(node.address for node in nodes), flush=True)  # noqa: T201
        while True:
            signal.pause()


if __name__ == "__main__":
    main(sys.argv[1:])
