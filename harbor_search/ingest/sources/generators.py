"""What the settings of site generators leave out of a site: files that they do not publish are no articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from harbor_search.ingest.folder_publication import read_yaml

__all__ = ["IGNORE_FILES", "Excluded", "excluded_by_generators", "excluded_from_beside"]

IGNORE_FILES = (".eleventyignore", ".harborignore")
"""Patterns, as in a .gitignore, of what below their folder is no article; ours comes last, as the later one wins."""


class Excluded(NamedTuple):
    """Patterns, as in a .gitignore, of what in `folder` is left out by the file `origin`."""

    origin: str
    folder: Path
    patterns: tuple[str, ...]


def excluded_by_generators(folder: Path) -> Iterator[Excluded]:
    """What the files for generators in `folder` leave out below it.

    Raises:
        OSError: an ignore file cannot be read.
    """
    jekyll = read_yaml(folder / "_config.yml")
    if patterns := tuple(f"/{each.strip('/')}" for each in _texts(jekyll.get("exclude"))):
        yield Excluded(str(folder / "_config.yml"), folder, patterns)
    yield from _by_mkdocs(folder / "mkdocs.yml")
    yield from _by_quarto(folder / "_quarto.yml")
    for name in IGNORE_FILES:
        path = folder / name
        if path.is_file():
            yield Excluded(str(path), folder, tuple(path.read_text("utf-8", "replace").splitlines()))


def excluded_from_beside(root: Path) -> Iterator[Excluded]:
    """What settings beside the folder `root` leave out of it: those of MkDocs lie there."""
    for each in _by_mkdocs(root.absolute().parent / "mkdocs.yml"):
        if each.folder == root.absolute():
            yield each._replace(folder=root)


def _by_mkdocs(path: Path) -> Iterator[Excluded]:
    config: Mapping[str, Any] = read_yaml(path)
    folder = path.parent / str(config.get("docs_dir") or "docs")
    for name in ("exclude_docs", "draft_docs"):
        text = config.get(name)
        if isinstance(text, str) and text.strip():
            yield Excluded(f"{name} of {path}", folder, tuple(text.splitlines()))


def _by_quarto(path: Path) -> Iterator[Excluded]:
    config: Mapping[str, Any] = read_yaml(path)
    website, project = (_mapping(config.get(name)) for name in ("website", "project"))
    drafts = () if website.get("draft-mode") == "visible" else _texts(website.get("drafts"))
    left_out = (each[1:] for each in _texts(project.get("render")) if each.startswith("!"))
    if patterns := tuple(f"/{each.removeprefix('./').lstrip('/')}" for each in (*drafts, *left_out)):
        yield Excluded(str(path), path.parent, patterns)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str) and each.strip("/ ")]
