"""One OpenSearch node; OPENSEARCH_HOME names the unpacked distribution.

It does not run as root: where we are, it runs as the user that OPENSEARCH_USER names.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.http.collection import Question, Text
from benchmarks.http.servers import Ask, Server, ask

__all__ = ["OpenSearch"]

_BATCH = 500


class OpenSearch(Server):
    """A single node with one shard, 1 GB of heap."""

    name = "opensearch"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.home = Path(os.environ.get("OPENSEARCH_HOME", ""))
        self.user = os.environ.get("OPENSEARCH_USER", "")

    def absent(self) -> str:
        if not (self.home / "bin" / "opensearch").is_file():
            return "OPENSEARCH_HOME names no distribution of OpenSearch"
        if os.geteuid() == 0 and not self.user:
            return "OpenSearch does not run as root, and OPENSEARCH_USER names no user for it"
        return ""

    def start(self, source: Path, limit: int | None, articles: Sequence[Text]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        config = self.folder / "config"
        shutil.copytree(self.home / "config", config)
        options = config / "jvm.options"
        options.write_text("".join(line for line in options.open() if "Xlog:gc" not in line))
        settings = {
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "path.data": self.folder / "data",
            "path.logs": self.folder / "logs",
        }
        (self.folder / "tmp").mkdir()
        command: list[str | Path] = [
            self.home / "bin" / "opensearch",
            *(f"-E{name}={value}" for name, value in settings.items()),
        ]
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user)
            command = ["runuser", "-u", self.user, "-m", "--", *command]
        self.run(
            command,
            OPENSEARCH_PATH_CONF=str(config),
            OPENSEARCH_TMPDIR=str(self.folder / "tmp"),
            OPENSEARCH_JAVA_OPTS="-Xms1g -Xmx1g",
        )
        self.wait_for("/_cluster/health?wait_for_status=yellow")
        self._send("PUT", "/articles", json.dumps(_INDEX))
        for begin in range(0, len(articles), _BATCH):
            lines = []
            for each in articles[begin : begin + _BATCH]:
                lines.append(json.dumps({"index": {"_id": each.id}}))
                lines.append(json.dumps({"title": each.title, "body": each.body, "section": each.section}))
            self._send("POST", "/articles/_bulk", "\n".join(lines) + "\n")
        self._send("POST", "/articles/_forcemerge?max_num_segments=1&flush=true", "")
        self._send("POST", "/articles/_refresh", "")

    def search(self, question: Question) -> Ask:
        text = " ".join(question.words)
        body = {
            "query": {
                "multi_match": {
                    "query": text,
                    "fields": ["title^10", "body"],
                    **({"type": "phrase"} if question.phrase else {}),
                }
            },
            "size": 10,
            "track_total_hits": True,
            "_source": ["title", "section"],
            "highlight": {"fields": {"body": {"number_of_fragments": 2, "fragment_size": 240}}},
            "aggs": {"section": {"terms": {"field": "section", "size": 100}}},
        }
        path = "/articles/_search?request_cache=false"
        return Ask(path, "POST", {"content-type": "application/json"}, json.dumps(body))

    def _send(self, method: str, path: str, body: str) -> None:
        headers = {"content-type": "application/x-ndjson" if path.endswith("_bulk") else "application/json"}
        status, answer = ask(self.port, Ask(path, method, headers, body))
        if status >= 300 or b'"errors":true' in answer[:200]:
            raise OSError(f"opensearch answers {path} with {status}: {answer[:300]!r}")


_INDEX = {
    "settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"},
    "mappings": {
        "properties": {
            "title": {"type": "text", "analyzer": "english"},
            "body": {"type": "text", "analyzer": "english", "index_options": "offsets"},
            "section": {"type": "keyword"},
        }
    },
}
