"""Groonga with its own HTTP server (Debian: `groonga-bin`)."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.http.collection import Question, Text
from benchmarks.http.servers import Ask, Server, missing

__all__ = ["Groonga"]

_SCHEMA = """table_create Articles TABLE_HASH_KEY ShortText
column_create Articles title COLUMN_SCALAR ShortText
column_create Articles body COLUMN_SCALAR LongText
column_create Articles section COLUMN_SCALAR ShortText
table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto
column_create Terms titles COLUMN_INDEX|WITH_POSITION Articles title
column_create Terms bodies COLUMN_INDEX|WITH_POSITION Articles body
"""


class Groonga(Server):
    """`groonga -s --protocol http`, two threads."""

    name = "groonga"
    note = "snippet_html gives up to three fragments of 200 bytes; words are not stemmed"

    def absent(self) -> str:
        return missing("groonga", "apt-get install groonga-bin")

    def start(self, source: Path, limit: int | None, articles: Sequence[Text]) -> None:
        shutil.rmtree(self.folder / "db", ignore_errors=True)
        (self.folder / "db").mkdir(parents=True)
        rows = [{"_key": each.id, "title": each.title, "body": each.body, "section": each.section} for each in articles]
        load = _SCHEMA + "load --table Articles\n" + json.dumps(rows) + "\n"
        database = self.folder / "db" / "articles"
        subprocess.run(["groonga", "-n", database], input=load.encode(), check=True, stdout=subprocess.DEVNULL)
        self.run(
            [
                *("groonga", "-s", "--protocol", "http", "--bind-address", "127.0.0.1", "--port", str(self.port)),
                *("--max-threads", "2", "--cache-limit", "0", database),
            ]
        )
        self.wait_for("/d/status")

    def search(self, question: Question) -> Ask:
        values = {
            "table": "Articles",
            "match_columns": "title * 10 || body",
            "query": question.written if question.phrase else " OR ".join(question.words),
            "output_columns": "_key,title,section,_score,snippet_html(body)",
            "sort_keys": "-_score",
            "limit": "10",
            "drilldown": "section",
            "drilldown_limit": "100",
            "cache": "no",
        }
        return Ask("/d/select?" + urlencode(values))
