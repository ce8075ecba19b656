"""Real collections, which lie outside the project: at HARBOR_SHARED, else beside the project."""

from __future__ import annotations

import gzip
import json
import os
from itertools import islice
from pathlib import Path

import pytest

from harbor_search.article import Article, Section

__all__ = ["medquad", "shared_file"]


def shared_file(name: str) -> Path:
    """The file `name` of the shared data; skips the test where there is none."""
    root = os.environ.get("HARBOR_SHARED") or Path(__file__).parents[2].parent / "shared"
    path = Path(root) / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is absent; HARBOR_SHARED may name the folder with real data")
    return path


def medquad(count: int) -> list[Article]:
    """The first `count` articles of MedQuAD."""
    with gzip.open(shared_file("medquad.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [_medquad_article(json.loads(line)) for line in islice(lines, count)]


def _medquad_article(values: dict[str, object]) -> Article:
    sections = values["sections"]
    assert isinstance(sections, list)
    body = tuple(Section(each["heading"] or "", "", each["text"] or "") for each in sections)
    return Article(
        id=str(values["id"]),
        title=str(values["title"]),
        body=body,
        lead=body[0].text.split("\n\n")[0] if body else "",
        section=(str(values["category"]),) if values["category"] else (),
        tags=tuple(dict.fromkeys(values["synonyms"] or ())),  # type: ignore[call-overload]
    )
