"""What a folder says of all files below it, as far as that is whether they may be shown.

- `_index.md` (Hugo, Zola): `cascade`, for all or for those that its `target` names; a draft makes drafts of all
- `index.md` with `headless: true` (Hugo): what lies beside it is part of it
- `NAME.json` and `NAME.11tydata.json` in the folder NAME, and beside a file of that name (Eleventy)
- `posts.csv` beside the folder or in it (Substack): what each of its files is
- `.meta.yml` (MkDocs Material) and `defaults` in `_config.yml` (Jekyll)

What a file says itself comes before what its folders say, and inner folders before outer ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from harbor_search.ingest.field_names import folded
from harbor_search.ingest.front_matter import split_front_matter
from harbor_search.ingest.outcome import Unreadable
from harbor_search.ingest.publication_statements import about_publication
from harbor_search.ingest.repeated_keys import merged, yaml_loader
from harbor_search.ingest.substack import posts_listed_beside

__all__ = ["Inheritance", "read_yaml"]

_MAX_BYTES = 1 << 20
"""Of a file that speaks for others: more than any, and soon read."""

_SECTION_FILES = ("_index.md", "_index.markdown", "_index.html")
_BUNDLE_FILES = ("index.md", "index.html")
_OTHER_KINDS = frozenset(("home", "section", "taxonomy", "term"))
_SPECIAL = re.compile(r"\*\*|\*|\?|\{|\}|,|[^*?{},]+")

_Said = tuple[re.Pattern[str] | None, Mapping[str, Any]]
"""Statements, for files whose path is such (None: for all below)."""


class Inheritance:
    """What the folders below `root` say; each is looked at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[PurePosixPath, list[_Said]] = {}
        self._listed: dict[PurePosixPath, Mapping[str, Mapping[str, Any]]] = {}

    def of(self, name: str) -> dict[str, Any]:
        """The statements, by folded names, that the file `name`, relative to the root, takes from around it."""
        path = PurePosixPath(name)
        found: dict[str, Any] = {}
        for folder in reversed(path.parents):
            if folder not in self._known:
                self._known[folder] = [*_said_in(self._root / folder)]
            for pattern, stated in self._known[folder]:
                if pattern is None or _matches(pattern, path):
                    found |= folded(stated)
        if path.suffix.lower() == ".html":
            if path.parent not in self._listed:
                self._listed[path.parent] = posts_listed_beside(self._root / path.parent)
            found |= self._listed[path.parent].get(path.stem, {})
        for beside in (path.with_suffix(".json"), path.with_suffix(".11tydata.json")):
            found |= folded(about_publication(_json(self._root / beside)))
        return found


def read_yaml(path: Path, *, repeats: bool = False) -> dict[str, Any]:
    """The mapping in a file of YAML, its values as written; empty where there is none that can be read.

    With `repeats` what is said of publication several times has all of its values.
    """
    text = _text(path)
    if not text:
        return {}
    # Imported here: most folders have no such file.
    import yaml

    try:
        values = yaml.load(text, Loader=yaml_loader() if repeats else yaml.BaseLoader)  # nosec B506
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _said_in(folder: Path) -> Iterator[_Said]:
    yield from _defaults(read_yaml(folder / "_config.yml", repeats=True))
    for name in _SECTION_FILES:
        yield from _cascaded(_matter(folder / name))
    if any("true" in str(folded(_matter(folder / name)).get("headless", "")).lower() for name in _BUNDLE_FILES):
        yield None, {"headless": True}
    for name in (f"{folder.name}.json", f"{folder.name}.11tydata.json"):
        yield None, about_publication(_json(folder / name))
    yield None, about_publication(read_yaml(folder / ".meta.yml", repeats=True))


def _cascaded(matter: Mapping[str, Any]) -> Iterator[_Said]:
    known = folded(matter)
    if "draft" in known:
        yield None, {"draft": known["draft"]}
    cascade = known.get("cascade")
    for each in cascade if isinstance(cascade, list) else [cascade]:
        if not isinstance(each, Mapping):
            continue
        target = folded(each).get("target")
        target = target if isinstance(target, Mapping) else {}
        if target.get("kind") not in _OTHER_KINDS:
            yield _pattern(target.get("path")), about_publication(each)


def _defaults(config: Mapping[str, Any]) -> Iterator[_Said]:
    """What Jekyll takes for granted of the files in a folder or of a collection."""
    defaults = config.get("defaults")
    for each in defaults if isinstance(defaults, list) else []:
        scope, values = (each.get("scope"), each.get("values")) if isinstance(each, Mapping) else (None, None)
        if not isinstance(values, Mapping) or not (stated := about_publication(values)):
            continue
        scope = scope if isinstance(scope, Mapping) else {}
        path, kind = str(scope.get("path") or "").strip("/"), str(scope.get("type") or "")
        below = f"{path}/**" if path else ""
        yield _pattern(below if kind in ("", "pages") else f"{{{path}/,}}{{**/,}}_{kind}/**"), stated


def _pattern(path: Any) -> re.Pattern[str] | None:
    """A pattern of paths with `*`, `**`, `?` and `{a,b}`; None where there is none."""
    if not isinstance(path, str) or not path.strip("/"):
        return None
    signs = {"**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    tokens = _SPECIAL.findall(re.sub("(?<=[{,])/", "", path.lower().strip("/")))
    if tokens.count("{") != tokens.count("}"):
        signs |= {"{": r"\{", "}": r"\}", ",": ","}
    try:
        return re.compile("".join(signs.get(each) or re.escape(each) for each in tokens))
    except re.error:
        return None


def _matches(pattern: re.Pattern[str], path: PurePosixPath) -> bool:
    """Whether the path is meant: as it is, without its suffix, or from any of its folders on.

    Which folder a generator counts from is not known here.
    """
    plain = path.with_suffix("")
    forms = ("/".join(each.parts[at:]).lower() for each in (path, plain) for at in range(len(path.parts)))
    return any(pattern.fullmatch(form) for form in forms)


def _matter(path: Path) -> Mapping[str, Any]:
    try:
        return split_front_matter(_text(path))[0]
    except Unreadable:
        return {}


def _json(path: Path) -> dict[str, Any]:
    # What a package of JavaScript says of itself, such as that it is private, is nothing about texts.
    text = _text(path) if path.name != "package.json" else ""
    try:
        values = json.loads(text, object_pairs_hook=merged) if text else None
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            return stream.read(_MAX_BYTES).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return ""
