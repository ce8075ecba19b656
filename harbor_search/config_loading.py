"""Settings from where they are stated: defaults < file < environment < flags become one frozen `Settings`.

Nothing else reads the environment, and only `cli` and `web.create_app` call `load_settings`.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, get_type_hints

from harbor_search.config import Settings, Table
from harbor_search.errors import InvalidSettings, UserError

__all__ = ["load_settings", "misspelt_variables", "variables_of_files"]


def load_settings(
    *, file: Path | None = None, environment: Mapping[str, str] | None = None, flags: Mapping[str, Any] | None = None
) -> Settings:
    """Merge the sources of settings, later ones winning: defaults, `file` (TOML), environment, flags.

    `HARBOR_CONFIG` names the file where `file` is None. `flags` with the value None are absent ones.

    Raises:
        InvalidSettings: unknown names, values of the wrong type, or out of their bounds; all are named.
        UserError: a file that cannot be read.
    """
    environment = os.environ if environment is None else environment
    if file is None and environment.get("HARBOR_CONFIG"):
        file = Path(environment["HARBOR_CONFIG"])
    stated = [] if file is None else [(name, value, str(file)) for name, value in _read_file(file).items()]
    stated += [
        (name, environment[variable], variable) for variable, name in _variables().items() if variable in environment
    ]
    stated += [
        (name, value, f"--{name.replace('_', '-')}") for name, value in (flags or {}).items() if value is not None
    ]
    return _checked(stated)


def misspelt_variables(environment: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Variables that look like a setting's and are none, each with the one that may be meant.

    Others beginning with `HARBOR_` may be another program's.
    """
    known = {"HARBOR_CONFIG", *_variables()}
    unknown = [name for name in (os.environ if environment is None else environment) if name.startswith("HARBOR_")]
    return [(name, like[0]) for name in unknown if name not in known and (like := _similar(name, known, least=0.88))]


def variables_of_files(environment: Mapping[str, str] | None = None) -> list[str]:
    """Variables that are named as settings which only a file can hold, and so have no effect."""
    named = {f"HARBOR_{each.name.upper()}" for each in _fields().values() if each.metadata["file_only"]}
    return sorted(named.intersection(os.environ if environment is None else environment))


def _variables() -> dict[str, str]:
    """The settings that the environment can state, by the names of their variables."""
    stated = [each.name for each in _fields().values() if not each.metadata["file_only"]]
    return {f"HARBOR_{name.upper()}": name for name in stated}


def _checked(stated: list[tuple[str, Any, str]]) -> Settings:
    """The settings with these values, each a name, a value, and where it was stated; later ones win."""
    values: dict[str, Any] = {}
    faults: list[UserError] = []
    for name, value, origin in stated:
        try:
            values[name] = _typed(name, value, origin)
        except UserError as error:
            faults.append(error)
    settings = dataclasses.replace(Settings(), **values)
    for name in values:
        try:
            _check_bounds(name, values[name])
        except UserError as error:
            faults.append(error)
    if settings.per_page > settings.max_per_page:
        faults.append(UserError("per_page must not be above max_per_page", where="per_page"))
    if faults:
        raise InvalidSettings(faults)
    return settings


_SWITCHES = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@lru_cache(maxsize=1)
def _types() -> dict[str, type]:
    return get_type_hints(Settings)


@lru_cache(maxsize=1)
def _fields() -> dict[str, dataclasses.Field[Any]]:
    return {each.name: each for each in dataclasses.fields(Settings)}


def _read_file(file: Path) -> dict[str, Any]:
    # Imported here: most calls have no settings file, and help should not wait for it.
    import tomllib

    try:
        with file.open("rb") as stream:
            return tomllib.load(stream)
    except OSError as error:
        raise UserError(f"cannot read the settings file {file}: {error.strerror}", where="config") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{file} is not valid TOML: {error}", where="config") from error


def _typed(name: str, value: Any, origin: str) -> Any:
    kinds = _types()
    if name not in kinds:
        raise _unknown(name, origin)
    kind = kinds[name]
    if name == "sources":
        return _tables(value, origin)
    if kind == Table:
        return _table(name, value, origin)
    if kind is Path and not str(value).strip():
        raise UserError(f"{origin}: {name} is empty; name a folder (. is this one)", where=name)
    try:
        if kind is bool:
            return _SWITCHES[str(value).strip().lower()]
        if isinstance(value, bool) or (kind is int and isinstance(value, float)):
            raise ValueError
        return kind(value)
    except (KeyError, TypeError, ValueError):
        wanted = {bool: "true or false", int: "a whole number", float: "a number"}.get(kind, "text")
        raise UserError(f"{origin}: {name} must be {wanted}, not {value!r}", where=name) from None


def _unknown(name: str, origin: str) -> UserError:
    fault = f"{origin}: there is no setting {name!r}"
    if like := _similar(name, _types(), least=0.6):
        return UserError(f"{fault}; did you mean {like[0]!r}?", where=name)
    return UserError(fault, where=name, choices=tuple(_types()))


def _similar(name: str, known: Iterable[str], *, least: float) -> list[str]:
    """The one of `known` that is most like `name`, of those alike in `least` of their letters."""
    # Imported here: only mistakes need it.
    from difflib import get_close_matches

    return get_close_matches(name, known, n=1, cutoff=least)


def _tables(value: Any, origin: str) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise UserError(f"{origin}: sources must be tables, each below a line [[sources]]", where="sources")
    return tuple(value)


def _table(name: str, value: Any, origin: str) -> Table:
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for pair in value.items() for each in pair):
        raise UserError(f"{origin}: {name} must be a table of texts, not {value!r}", where=name)
    return tuple(value.items())


def _check_bounds(name: str, value: Any) -> None:
    bounds = _fields()[name].metadata
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0 or (value == 0 and not bounds["zero"]):
            bound = "not be below" if bounds["zero"] else "be above"
            raise UserError(f"{name} must {bound} zero, not {value}", where=name)
        if bounds["least"] is not None and value < bounds["least"]:
            raise UserError(f"{name} must be at least {bounds['least']}, not {value}", where=name)
        if bounds["most"] is not None and value > bounds["most"]:
            raise UserError(f"{name} must be at most {bounds['most']}, not {value}", where=name)
    choices = bounds["choices"]
    if choices and value not in choices:
        raise UserError(f"{name} must be {' or '.join(choices)}, not {value!r}", where=name, choices=choices)
