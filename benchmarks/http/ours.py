"""harbor_search as its users run it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.http.collection import Question, Text, first_lines
from benchmarks.http.servers import Ask, Server

__all__ = ["HarborSearch"]


class HarborSearch(Server):
    """Two workers, each with its index open."""

    name = "harbor_search"

    def __init__(self, folder: Path, *, limited: bool = False) -> None:
        super().__init__(folder)
        self._limited = limited

    def absent(self) -> str:
        return ""

    def start(self, source: Path, limit: int | None, articles: Sequence[Text]) -> None:
        program = (sys.executable, "-m", "harbor_search", "--index", self.folder / "index")
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / "articles.jsonl"
        part.write_text("".join(first_lines(source, limit)), encoding="utf-8")
        subprocess.run([*program, "rebuild", part], check=True, stdout=subprocess.DEVNULL)
        # Where one client asks everything, the limit for each client is not what is measured. The readers of an attack
        # are one address that stands for many; attackers have the limit that is the default.
        limits = {"HARBOR_CLIENT_REQUESTS": "0"} if not self._limited else {"HARBOR_TRUSTED_PROXIES": "127.0.0.1"}
        self.run([*program, "serve", "--port", str(self.port), "--workers", "2"], **limits)
        self.wait_for("/readyz")

    def search(self, question: Question) -> Ask:
        return Ask("/api/v1/search?" + urlencode({"q": question.written}))

    def variants(self) -> dict[str, Ask]:
        return {"harbor_search /healthz": Ask("/healthz")}

    def pages(self) -> bool:
        return True

    def page(self, question: Question) -> Ask:
        return Ask("/search?" + urlencode({"q": question.written}))
