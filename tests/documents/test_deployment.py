"""What stands in deploy/ and SECURITY.md is true."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harbor_search.config import Settings

ROOT = Path(__file__).parents[2]
SETTINGS = {f"HARBOR_{each.name.upper()}" for each in dataclasses.fields(Settings)} | {"HARBOR_CONFIG"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["deploy/harbor-search.service", "deploy/Containerfile"])
def test_every_variable_in_an_example_is_a_setting(name: str) -> None:
    named = set(re.findall(r"HARBOR_[A-Z_]+", text(name)))
    assert named and named <= SETTINGS


def test_the_service_has_few_rights() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze")
    unit = str(ROOT / "deploy" / "harbor-search.service")
    command = ["systemd-analyze", "security", "--offline=true", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    if not found:
        pytest.skip(f"systemd-analyze cannot look at a file: {done.stderr.strip()[:100]}")
    assert float(found[1]) < 2


def test_the_container_copies_only_what_is_there_and_runs_without_rights() -> None:
    lines = text("deploy/Containerfile").splitlines()
    for line in lines:
        if line.startswith("COPY") and "--from" not in line:
            *sources, _ = [part for part in line.split()[1:] if not part.startswith("--")]
            assert all((ROOT / source).exists() for source in sources), line
    assert "USER harbor" in lines and "VOLUME /index" in lines


@pytest.mark.parametrize("name", ["deploy/nginx.conf", "deploy/Caddyfile"])
def test_proxies_pass_metrics_on_to_nobody(name: str) -> None:
    assert "/metrics" in text(name)
    assert text(name).count("{") == text(name).count("}")


def test_nginx_takes_the_example(tmp_path: Path) -> None:
    if not shutil.which("nginx"):
        pytest.skip("there is no nginx")
    server = re.sub(r"ssl_\w+ .*;", "", text("deploy/nginx.conf")).replace("listen 443 ssl;", "listen 8443;")
    (tmp_path / "nginx.conf").write_text(f"events {{}}\nhttp {{\n{server}\n}}\n")
    command = ["nginx", "-t", "-p", str(tmp_path), "-c", "nginx.conf", "-e", "stderr", "-g", "pid nginx.pid;"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr, done.stderr


def test_each_threat_names_a_test_that_exists() -> None:
    table = text("SECURITY.md").partition("## Threats")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith(("| threat", "| ---"))]
    assert len(rows) > 10
    for row in rows:
        guards = re.findall(r"`([^`]+)`", row.rsplit("|", 2)[1])
        assert guards and all((ROOT / guard).is_file() for guard in guards), row
