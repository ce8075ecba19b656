"""Write the index of the decision records, by layer: `python docs/adr/make_index.py`, part of `make docs`."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
LAYERS = (
    "cli",
    "serving",
    "web",
    "evaluation",
    "indexing",
    "searching",
    "engines",
    "store",
    "ranking",
    "ingest",
    "snippets",
    "query",
    "analysis",
    "config",
    "compiled",
    "build",
)
ACCEPTED = re.compile(r"^Accepted (\d{4}-\d\d-\d\d)\. Layer: (\w+)\.", re.MULTILINE)

INTRODUCTION = """# Decisions

One record each: context, decision, what was rejected and why, consequences. A decision that is changed gets a new
record, and the old one says which. A new record takes the next free number; `make docs` writes this index.
"""


def index() -> str:
    """The index page.

    Raises:
        ValueError: a record without its line `Accepted DATE. Layer: LAYER.`, or of an unknown layer.
    """
    records: dict[str, list[str]] = {layer: [] for layer in LAYERS}
    for file in sorted(FOLDER.glob("[0-9]*.md")):
        text = file.read_text()
        title = text.splitlines()[0].removeprefix("# ")
        accepted = ACCEPTED.search(text)
        if accepted is None or accepted[2] not in records:
            raise ValueError(f"{file.name} has no line 'Accepted DATE. Layer: LAYER.' with one of {', '.join(LAYERS)}")
        records[accepted[2]].append(f"- [{title}]({file.name})")
    parts = [f"## {layer}\n\n" + "\n".join(lines) + "\n" for layer, lines in records.items() if lines]
    return "\n".join([INTRODUCTION, *parts])


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(index())
