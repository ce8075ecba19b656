"""SeekStorm 3.2 (`cargo install seekstorm --version 3.2.1 --locked`)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.http.collection import Question, Text
from benchmarks.http.servers import Ask, Server, ask

__all__ = ["SeekStorm"]

_SECRET = "1234"
"""What the master key is made from where MASTER_KEY_SECRET is not set when it is compiled."""

_BATCH = 500


class SeekStorm(Server):
    """Its own server, one process."""

    name = "seekstorm"
    note = "fragments are cut at a length, not at sentences"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.headers: dict[str, str] = {}
        self.program = os.environ.get("SEEKSTORM", "") or shutil.which("seekstorm_server") or ""

    def absent(self) -> str:
        if self.program:
            return ""
        return (
            "there is no seekstorm_server on the path or in SEEKSTORM; "
            "RUSTFLAGS='-C target-cpu=native' cargo install seekstorm --version 3.2.1 --locked"
        )

    def start(self, source: Path, limit: int | None, articles: Sequence[Text]) -> None:
        shutil.rmtree(self.folder / "index", ignore_errors=True)
        folder = f"index_path={self.folder / 'index'}"
        self.run([self.program, "local_ip=127.0.0.1", f"local_port={self.port}", folder], MASTER_KEY_SECRET=_SECRET)
        self.wait_for("/api/v1/live")
        master = base64.b64encode(hashlib.sha256(_SECRET.encode()).digest()).decode()
        quota = {"indices_max": 2, "indices_size_max": 10**6, "documents_max": 10**8, "operations_max": 10**9}
        key = self._post("/api/v1/apikey", quota | {"rate_limit": 10**9}, apikey=master)
        self.headers = {"apikey": key.decode().strip('"'), "content-type": "application/json"}
        self._post("/api/v1/index", _INDEX)
        for begin in range(0, len(articles), _BATCH):
            batch = [
                {"id": each.id, "title": each.title, "body": each.body, "section": each.section}
                for each in articles[begin : begin + _BATCH]
            ]
            self._post("/api/v1/index/0/doc", batch)
        self._request("PATCH", "/api/v1/index/0", "")

    def search(self, question: Question) -> Ask:
        body = {
            "query": question.written,
            "query_type_default": "Union",
            "offset": 0,
            "length": 10,
            "result_type": "TopkCount",
            "realtime": False,
            "field_filter": ["title", "body"],
            "fields": ["id", "title", "body", "section"],
            "highlights": [{"field": "body", "fragment_number": 2, "fragment_size": 240, "highlight_markup": True}],
            "query_facets": [{"String16": {"field": "section", "prefix": "", "length": 100}}],
        }
        return Ask("/api/v1/index/0/query", "POST", self.headers, json.dumps(body))

    def _post(self, path: str, values: object, **headers: str) -> bytes:
        return self._request("POST", path, json.dumps(values), **headers)

    def _request(self, method: str, path: str, body: str, **headers: str) -> bytes:
        status, answer = ask(self.port, Ask(path, method, self.headers | headers, body))
        if status != 200:
            raise OSError(f"seekstorm answers {path} with {status}: {answer[:200]!r}")
        return answer


_INDEX = {
    "index_name": "articles",
    "similarity": "Bm25fProximity",
    "tokenizer": "UnicodeAlphanumericFolded",
    "stemmer": "English",
    "schema": [
        {"field": "id", "field_type": "String16", "store": True, "index_lexical": False},
        {"field": "title", "field_type": "Text", "store": True, "index_lexical": True, "boost": 10.0},
        {"field": "body", "field_type": "Text", "store": True, "index_lexical": True, "longest": True},
        {"field": "section", "field_type": "String16", "store": True, "index_lexical": False, "facet": True},
    ],
}
