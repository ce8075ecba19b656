"""The doctor finds each fault that is seeded here, says what mends it, and finds nothing in a healthy installation."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harbor_search.cli.doctor import articles, configuration, examine, index, machine, meaning, server
from harbor_search.cli.finding import Finding
from harbor_search.cli.program import program
from harbor_search.config import Settings
from harbor_search.engines import open_engine
from tests.support.articles import plain
from tests.support.embedding_models import static_model

from .conftest import write_articles


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation: articles, an index of them, and nothing on its port."""
    folder = tmp_path_factory.mktemp("sound")
    write_articles(folder / "corpus")
    call(Settings(index=folder / "index", corpus=folder / "corpus"), "rebuild")
    return folder


@pytest.fixture
def settings(sound: Path, tmp_path: Path) -> Settings:
    """The settings of a copy of it, which a test may spoil."""
    shutil.copytree(sound, tmp_path / "site")
    run = tmp_path / "site" / "index" / "last-run.json"
    run.write_text(run.read_text().replace(str(sound), str(tmp_path / "site")))
    return Settings(
        index=tmp_path / "site" / "index",
        corpus=tmp_path / "site" / "corpus",
        port=free_port(),
        memory_mb=64,
        workers=1,
    )


def call(settings: Settings, command: str, *arguments: str, **environment: str) -> Result:
    values = {"HARBOR_INDEX": settings.index, "HARBOR_CORPUS": settings.corpus, "HARBOR_PORT": settings.port}
    env = {name: str(value) for name, value in (values | environment).items()}
    return CliRunner().invoke(program, [command, *arguments], env=env)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def found(settings: Settings) -> tuple[Finding, ...]:
    return examine(settings)


def only(findings: Iterator[Finding]) -> Finding:
    [finding] = findings
    assert finding.fault and finding.cure and "\n" not in finding.fault + finding.cure
    return finding


@contextmanager
def answering(port: int, answers: dict[str, object]) -> Iterator[None]:
    """A server on `port` that answers with these JSON documents, and 404 to all else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answers.get(self.path)).encode()
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        listening.shutdown()
        listening.server_close()


def live(settings: Settings) -> str:
    return json.loads((settings.index / "last-run.json").read_text())["report"]["generation"]  # type: ignore[no-any-return]


def test_a_healthy_installation_has_no_findings(settings: Settings) -> None:
    assert found(settings) == ()


def test_a_healthy_installation_that_serves_behind_a_proxy_has_no_findings(settings: Settings) -> None:
    answers = {"/healthz": {"status": "ok"}, "/readyz": {"status": "ready", "generation": live(settings)}}
    with answering(settings.port, answers | {"/find/healthz": {"status": "ok"}}):
        assert found(replace(settings, base_url=f"http://127.0.0.1:{settings.port}/find/")) == ()


def test_findings_are_a_line_each_with_the_cure_and_the_exit_code_says_so(settings: Settings) -> None:
    settings.index.chmod(0o777)
    result = call(settings, "doctor", HARBOR_HOST="0.0.0.0", HARBOR_MEMORY_MB="64", HARBOR_WORKERS="1")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines[:2]] == ["permissions", "server"]
    assert f"-> chmod -R go-w '{settings.index}'" in lines[0]
    document = json.loads(call(settings, "doctor", "--json", HARBOR_MEMORY_MB="64", HARBOR_WORKERS="1").stdout)
    assert [list(each) for each in document["findings"]] == [["name", "fault", "cure"]]


def test_each_setting_that_cannot_be_is_named_with_what_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / "harbor.toml").write_text("indx = 'x'\nprot = 80\nworkers = 'many'\nper_page = -3\n")
    result = CliRunner().invoke(program, ["--config", str(tmp_path / "harbor.toml"), "doctor"])
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    for line, fault, cure in zip(
        lines,
        ["no setting 'indx'", "no setting 'prot'", "workers must be a whole number", "per_page must be above zero"],
        ["write 'index'", "write 'port'", "mend", "mend"],
        strict=False,
    ):
        assert line.startswith("settings: ") and fault in line.partition(" -> ")[0] and cure in line, line
        assert "harbor.toml" in line
    assert lines[4:] == ["4 findings."]


def test_each_setting_that_no_site_can_have_is_named_with_where_to_mend_it(settings: Settings) -> None:
    wrong = replace(
        settings,
        language="xx",
        colors=(("accent", "#ffff00"),),
        logo="nope.svg",
        links=(("x", "javascript:alert(1)"),),
        base_url="ftp://127.0.0.1",
    )
    findings = found(wrong)
    assert [each.name for each in findings] == ["settings"] * 5
    cures = {each.fault.partition(" ")[0].strip(":"): each.cure for each in findings}
    assert cures["logo"] == "mend logo in the settings file, or the variable HARBOR_LOGO"
    assert cures["links"] == "mend links in the settings file"
    assert cures["language"].endswith("HARBOR_LANGUAGE; known: en, ar, de, es, fr")
    assert set(cures) == {"language", "colors", "logo", "links", "base_url"}


def test_a_variable_that_is_nearly_a_setting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARBOR_WORKES", "3")
    monkeypatch.setenv("HARBOR_SERVICE_HOST", "10.0.0.1")  # as Kubernetes names it for a service called harbor
    monkeypatch.setenv("HARBOR_SOURCE", "articles")  # nor would HARBOR_SOURCES have an effect
    assert only(configuration.misspelt(settings)).cure == "unset HARBOR_WORKES, or name it HARBOR_WORKERS"


def test_a_variable_of_a_setting_that_only_a_file_can_hold(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARBOR_SOURCES", "articles")
    finding = only(configuration.misspelt(settings))
    assert finding.fault == "the variable HARBOR_SOURCES has no effect: only a file can hold this setting"
    assert finding.cure == "unset HARBOR_SOURCES, and state it in harbor.toml"


def test_a_damaged_generation(settings: Settings) -> None:
    [postings] = (settings.index / "generations" / "1").glob("*.postings")
    content = bytearray(postings.read_bytes())
    content[len(content) // 2] ^= 0xFF
    postings.write_bytes(content)
    finding = only(index.generation(settings))
    assert postings.name in finding.fault and finding.cure == "harbor-search rollback || harbor-search rebuild"


def test_no_index_yet(settings: Settings) -> None:
    shutil.rmtree(settings.index)
    assert only(index.generation(settings)).cure == "harbor-search rebuild"


def test_a_stale_generation(settings: Settings) -> None:
    changed = settings.corpus / "naps.txt"
    changed.write_text(changed.read_text() + "\nMore.\n")
    run = settings.index / "last-run.json"
    run.write_text(run.read_text().replace('"began": "20', '"began": "19'))
    os.utime(changed, (time.time() - 3600, time.time() - 3600))
    finding = only(articles.changed_since(settings))
    assert "stale" in finding.fault and finding.cure == "harbor-search update"


def test_a_folder_that_was_named_on_the_command_line_is_looked_at(settings: Settings, tmp_path: Path) -> None:
    named = tmp_path / "elsewhere"
    settings.corpus.rename(named)
    call(settings, "rebuild", str(named))
    assert list(articles.sources(settings)) == []
    run = settings.index / "last-run.json"
    run.write_text(run.read_text().replace('"began": "20', '"began": "19'))
    os.utime(named / "naps.txt", (time.time() - 3600, time.time() - 3600))
    assert only(articles.changed_since(settings)).cure == f"harbor-search update {named}"


def test_an_index_that_came_from_elsewhere_is_compared_with_the_articles_here(settings: Settings) -> None:
    run = settings.index / "last-run.json"
    run.write_text(run.read_text().replace(str(settings.corpus), "/built/elsewhere"))
    assert list(articles.sources(settings)) == []


def test_an_update_that_was_stopped(settings: Settings) -> None:
    for each in settings.corpus.iterdir():
        each.unlink()
    call(settings, "update")
    assert "the last update was stopped" in only(articles.changed_since(settings)).fault


def test_an_index_that_others_can_write(settings: Settings) -> None:
    settings.index.chmod(0o775)
    assert only(index.permissions(settings)).cure == f"chmod -R go-w '{settings.index}'"


def test_an_index_with_articles_in_several_languages_is_sound(settings: Settings, tmp_path: Path) -> None:
    with closing(open_engine(replace(settings, index=tmp_path / "mixed"))) as engine:
        engine.rebuild([plain("de", text="Schmerzen", language="de"), plain("en", text="pains")], lambda *_: None)
    assert list(index.analysis(replace(settings, index=tmp_path / "mixed"))) == []


def test_a_language_without_a_stemmer(settings: Settings) -> None:
    assert "'xx'" in only(index.analysis(replace(settings, languages="de, xx"))).fault


def test_an_analyzer_that_is_not_that_of_the_index(settings: Settings) -> None:
    finding = only(index.analysis(replace(settings, analyzer="simple")))
    assert "simple" in finding.fault and finding.cure == "harbor-search rebuild"


def test_an_index_of_another_format(settings: Settings) -> None:
    manifest = settings.index / "generations" / "1" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
    finding = only(index.generation(settings))
    assert "format" in finding.fault and finding.cure == "harbor-search rebuild"


def test_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 10**7, 10**7))  # type: ignore[attr-defined]
    assert "10 MB are free" in only(machine.free_disk(settings)).fault


@pytest.mark.parametrize("text", ["", "---\ndraft: perhaps\n---\n# Naps\n\nText.\n"], ids=["refused", "kept back"])
def test_articles_that_were_left_out(settings: Settings, text: str) -> None:
    (settings.corpus / "more.md").write_text(text)
    call(settings, "update")
    finding = only(articles.left_out(settings))
    assert "more.md" in finding.fault and "harbor-search status" in finding.cure


def test_what_an_author_keeps_back_is_no_finding(settings: Settings) -> None:
    (settings.corpus / "more.md").write_text("---\ndraft: true\n---\n# Naps\n\nText.\n")
    call(settings, "update")
    assert list(articles.left_out(settings)) == []


def test_a_port_that_is_open_to_the_world(settings: Settings) -> None:
    assert list(server.open_to_the_world(replace(settings, host="::1"))) == []
    assert "open to the network" in only(server.open_to_the_world(replace(settings, host="0.0.0.0"))).fault


@pytest.mark.parametrize("name", ["CURRENT", "generations/1/*.postings"])
def test_a_file_of_the_index_from_the_future(settings: Settings, name: str) -> None:
    [file] = settings.index.glob(name)
    ahead = time.time() + 7200
    os.utime(file, (ahead, ahead))
    finding = only(machine.clock(settings))
    assert f"{file} is from the future" in finding.fault and "timedatectl" in finding.cure


def test_folders_that_are_removed_while_they_are_looked_at(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [settings.index / f"old{number}" for number in range(3)]
    for folder in folders:
        folder.mkdir()
        (folder / "file").touch()
    stat = os.stat

    def removing(path: str, **more: bool) -> os.stat_result:
        found = stat(path, **more)
        if os.path.basename(path) == "file":
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)
        return found

    monkeypatch.setattr(os, "stat", removing)
    assert list(machine.clock(settings)) == []


def test_a_source_that_is_not_there(settings: Settings) -> None:
    shutil.rmtree(settings.corpus)
    assert "there is no file or directory" in only(articles.sources(settings)).fault


def test_a_source_that_cannot_be_read(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # The superuser may read everything, and tests may run as such.
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "naps" not in str(path) and real(path, mode))
    finding = only(articles.sources(settings))
    assert "naps.txt" in finding.fault and finding.cure.startswith("chmod -R u+rX")


def test_kernels_that_cannot_be_compiled(settings: Settings, tmp_path: Path) -> None:
    """The compiler's library is broken, in a process of its own: nothing that needs it may be loaded."""
    (tmp_path / "llvmlite.py").write_text("raise ImportError('libLLVM.so: cannot open shared object file')")
    paths = {"PYTHONPATH": str(tmp_path), "HARBOR_INDEX": str(settings.index)}
    command = [sys.executable, "-m", "harbor_search", "doctor"]
    done = subprocess.run(command, env=os.environ | paths, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (1, "")
    [line] = [line for line in done.stdout.splitlines() if line.startswith("compiler: ")]
    assert "libLLVM.so: cannot open" in line and "pip install --force-reinstall numba llvmlite" in line


def test_a_compiler_that_never_ends(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*arguments: object, timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired("python", timeout)

    monkeypatch.setattr(subprocess, "run", run)
    assert "timed out" in only(machine.kernels(settings)).fault


def test_a_cache_that_cannot_be_written(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    finding = only(machine.kernel_cache(replace(settings, kernel_cache=str(tmp_path / "file" / "cache"))))
    assert "cannot be kept" in finding.fault and "kernel_cache" in finding.cure


def test_too_little_memory(settings: Settings) -> None:
    finding = only(machine.free_memory(replace(settings, memory_mb=10_000_000)))
    assert "10,000,150" in finding.fault and "HARBOR_MEMORY_MB=" in finding.cure


def test_two_servers(settings: Settings) -> None:
    answers: dict[str, object] = {"/healthz": {"status": "ok"}, "/readyz": {"status": "ready", "generation": "7-0"}}
    with answering(settings.port, answers):
        finding = only(server.answering(settings))
    assert "two servers" in finding.fault and "ss -ltnp" in finding.cure


def test_another_program_on_the_port(settings: Settings) -> None:
    with answering(settings.port, {"/": {}}):
        assert "another program" in only(server.answering(settings)).fault


def test_a_server_that_hangs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", settings.port)):
        finding = only(server.answering(settings))
    assert "hangs" in finding.fault and "restart" in finding.cure


def test_a_proxy_with_another_path(settings: Settings) -> None:
    with answering(settings.port, {"/healthz": {"status": "ok"}}):
        finding = only(server.public_address(replace(settings, base_url=f"http://127.0.0.1:{settings.port}/find")))
    assert "status 404" in finding.fault and "curl -i" in finding.cure


def test_a_proxy_that_waits_for_the_server_in_vain(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", settings.port)):
        finding = only(server.public_address(replace(settings, base_url=f"http://127.0.0.1:{settings.port}")))
    assert "time-out" in finding.fault


def test_a_model_that_is_not_there_or_is_none_is_found(settings: Settings, tmp_path: Path) -> None:
    absent = only(meaning.model(replace(settings, semantic_model=str(tmp_path / "absent"))))
    assert (absent.name, absent.fault) == ("model", f"there is no folder {tmp_path / 'absent'}")
    other = only(meaning.model(replace(settings, semantic_model=str(tmp_path))))
    assert "has no embedding model" in other.fault
    assert "tokenizer.json and onnx/model.onnx" in other.cure


def test_an_index_that_the_model_did_not_make_is_found_until_it_is_updated(settings: Settings, tmp_path: Path) -> None:
    senses = {"sleep": 0, "iron": 1}
    one, wider = (static_model(tmp_path / name, senses | more) for name, more in (("one", {}), ("wider", {"tea": 2})))
    with_model = replace(settings, semantic_model=str(one))
    finding = only(meaning.model(with_model))
    assert (finding.fault, finding.cure) == (
        "the articles were not embedded yet: searches go by words alone",
        "harbor-search update",
    )
    assert call(settings, "update", HARBOR_SEMANTIC_MODEL=str(one)).exit_code == 0
    assert list(meaning.model(with_model)) == []
    changed = only(meaning.model(replace(settings, semantic_model=str(wider))))
    assert "by another model" in changed.fault
    assert "its vectors have 2 dimensions, those of this one 3" in changed.fault
