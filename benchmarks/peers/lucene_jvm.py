"""Lucene, driven by a small Java program of ours (`benchmarks/lucene/`) that is compiled when first needed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from benchmarks.protocol import Peer, PeerUnavailable
from benchmarks.queries import Query

__all__ = ["PEER"]

_SOURCES = Path(__file__).parent.parent / "lucene"
_OLDEST_JAVA = 21
_VERSION = re.compile(r"<lucene\.version>(.+)</lucene\.version>")


@lru_cache
def _java_home() -> Path | None:
    """The newest JDK that Lucene runs on: `JAVA_HOME`, the one on the path, or one below /usr/lib/jvm."""
    on_path = shutil.which("javac")
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    homes += sorted(Path("/usr/lib/jvm").glob("*")) if Path("/usr/lib/jvm").exists() else []
    versions = [(_java_version(home), home) for home in homes]
    usable = [(version, home) for version, home in versions if version >= _OLDEST_JAVA]
    return max(usable, key=lambda pair: pair[0])[1] if usable else None


def _java_version(home: Path) -> int:
    javac = home / "bin" / "javac"
    if not javac.exists():
        return 0
    found = subprocess.run([javac, "-version"], capture_output=True, text=True, check=False)
    number = re.search(r"javac (\d+)", found.stdout + found.stderr)
    return int(number.group(1)) if number else 0


def _available() -> str | None:
    if _java_home() is None:
        return f"no JDK {_OLDEST_JAVA} or newer: install one (Debian: openjdk-21-jdk-headless) or set JAVA_HOME"
    if shutil.which("mvn") is None:
        return "mvn is not installed, which fetches Lucene: apt-get install maven"
    return None


def _version() -> str:
    found = _VERSION.search((_SOURCES / "pom.xml").read_text(encoding="utf-8"))
    return found.group(1) if found else "unknown"


def _command(name: str, work_dir: Path) -> list[str]:
    home = _java_home()
    if home is None:
        raise PeerUnavailable(str(_available()))
    jars = _jars(work_dir, home)
    classes = _classes(work_dir, home, jars)
    return [
        str(home / "bin" / "java"),
        "-Xmx3g",
        "-XX:+UseSerialGC",  # one thread means one: collecting in parallel would use the other core
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        f"{classes}{os.pathsep}{jars}/*",
        "Worker",
        *([kind] if (kind := name.partition(":")[2]) else []),
    ]


def _jars(work_dir: Path, home: Path) -> Path:
    key = hashlib.sha256((_SOURCES / "pom.xml").read_bytes()).hexdigest()[:12]
    jars = (work_dir / "lucene" / f"jars-{_version()}-{key}").resolve()
    if not jars.exists():
        unfinished = jars.with_name(f"{jars.name}.{os.getpid()}.part")
        fetch = ["mvn", "-q", "-B", "-f", str(_SOURCES / "pom.xml"), "dependency:copy-dependencies"]
        _run([*fetch, f"-DoutputDirectory={unfinished}"], home, "mvn could not fetch Lucene")
        unfinished.rename(jars)
    return jars


def _classes(work_dir: Path, home: Path, jars: Path) -> Path:
    sources = sorted(_SOURCES.glob("*.java"))
    key = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    classes = (work_dir / "lucene" / f"classes-{key}").resolve()
    if not classes.exists():
        unfinished = classes.with_name(f"{classes.name}.{os.getpid()}.part")
        compile_ = [str(home / "bin" / "javac"), "-cp", f"{jars}/*", "-d", str(unfinished), *map(str, sources)]
        _run(compile_, home, "javac could not compile benchmarks/lucene")
        unfinished.rename(classes)
    return classes


def _run(command: list[str], home: Path, fault: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "JAVA_HOME": str(home)}
    )
    if done.returncode:
        raise PeerUnavailable(f"{fault}: {(done.stdout + done.stderr).strip()[-500:]}")


def _translate(query: Query) -> str:
    return query.text.lower()


PEER = Peer(
    name="lucene",
    available=_available,
    version=_version,
    translate=_translate,
    threads=(1, 2),
    warm_seconds=15.0,
    command=_command,
    notes=(
        "lucene: runs of letters and digits in lower case (StandardAnalyzer would keep don't and 3.14 whole). Classic "
        "query parser, no query cache, MMapDirectory, serial collector, vector module on; one JVM, warmed up.",
    ),
)
