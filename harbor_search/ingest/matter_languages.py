"""The languages of front matter: YAML, TOML, JSON and literals of JavaScript.

Values of YAML stay the words that were written: an impossible date is no error, and `no` is not lost to a guess. A name
given twice has its last value, but where it speaks of publication both, so that the stricter one holds.
"""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import suppress
from typing import Any

from harbor_search.ingest.outcome import Unreadable
from harbor_search.ingest.repeated_keys import merged, yaml_loader
from harbor_search.ingest.script_object import object_of_script

__all__ = ["load_matter"]

MAX_ALIASES = 100
"""References of YAML to what was written before: a few save typing, many are an attack."""

MAX_QUICK = 2_000
"""Characters of YAML that libyaml reads: it nests as deep as the text does, and a full stack, of some 20,000 brackets,
ends the process. Most front matter has some hundred characters."""

_UNSPACED = re.compile(r"[A-Za-z][\w-]*:\S+(?: [A-Za-z][\w-]*:\S+)*\Z")
_WITH_COLON = re.compile(r"^([A-Za-z][\w-]*:[ \t]+)([^\s\"'\[{|>&*!%@`#][^\n]*?:[ \t][^\n]*?)[ \t]*$", re.MULTILINE)
_NULLS = ("~", "null", "Null", "NULL", "")


def load_matter(language: str, matter: str) -> dict[str, Any] | None:
    """The fields of front matter in `language`: yaml, toml, json, js or javascript; None where it is none.

    Raises:
        Unreadable: it breaks the rules of the language.
    """
    return _LOADERS[language](matter)


def _load_yaml(matter: str) -> dict[str, Any] | None:
    # Imported here: most pages have no front matter, and JSON Lines never.
    import yaml

    try:
        aliases = sum(isinstance(each, yaml.AliasToken) for each in yaml.scan(matter)) if "*" in matter else 0
        if aliases > MAX_ALIASES:
            raise Unreadable(f"the front matter refers to itself more than {MAX_ALIASES} times")
        values = _parsed_yaml(matter)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Unreadable(f"the front matter is not valid YAML: {problem}{where}") from None
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"the front matter is not valid YAML: {error}") from None
    if isinstance(values, str) and _UNSPACED.match(values):
        raise Unreadable("the front matter is not valid YAML: a space is missing after a colon")
    if not isinstance(values, dict):
        return {} if values in (None, "") else None
    base = values.pop("<<", None)
    values = (base if isinstance(base, dict) else {}) | values
    return {str(name): value for name, value in values.items() if value not in _NULLS}


def _parsed_yaml(matter: str) -> Any:
    """The values in YAML; a title with a colon in it, which ought to be quoted, is meant as it stands."""
    import yaml

    quick = yaml_loader("CBaseLoader") if len(matter) <= MAX_QUICK else None
    with suppress(yaml.YAMLError):
        # What it refuses is for the other one to judge, or to name.
        if quick:
            return yaml.load(matter, Loader=quick)  # nosec B506
    try:
        return yaml.load(matter, Loader=yaml_loader())  # nosec B506
    except yaml.YAMLError:
        quoted = _WITH_COLON.sub(lambda found: f"{found[1]}{json.dumps(found[2], ensure_ascii=False)}", matter)
        if quoted == matter:
            raise
        return yaml.load(quoted, Loader=yaml_loader())  # nosec B506


def _load_toml(matter: str) -> dict[str, Any]:
    try:
        return tomllib.loads(matter)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable(f"the front matter is not valid TOML: {error}") from None


def _load_json(matter: str) -> dict[str, Any] | None:
    try:
        matter = matter if matter.lstrip().startswith("{") else f"{{{matter}}}"
        values = json.loads(matter, object_pairs_hook=merged)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the front matter is not valid JSON: {error}") from None
    return values if isinstance(values, dict) else None


_LOADERS = {
    "yaml": _load_yaml, "toml": _load_toml, "json": _load_json, "js": object_of_script, "javascript": object_of_script,
}  # fmt: skip
