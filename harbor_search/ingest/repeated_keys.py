"""Mappings in which a name is given twice: parsers keep the last value, and an earlier one may forbid publication.

What plainly speaks of publication, and mappings and lists in which such statements may lie, have all of their values
(`names.Repeated`), so that the strictest holds. Any other name has its last one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from harbor_search.ingest.field_names import Repeated, fold
from harbor_search.ingest.publication_names import NESTS, TAG_LISTS, Meaning, meaning_of

__all__ = ["merged", "yaml_loader"]

_OF_MANY_USES = (None, Meaning.STATUS_AMONG_OTHERS, Meaning.STAGE, Meaning.MARK, Meaning.FROM_IF_DAY, Meaning.LABELS)
"""What is said twice under names of these meanings may be two things: the state of a text, and Ohio."""


def merged(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The mapping of these pairs, to be the `object_pairs_hook` of `json`."""
    pairs = list(pairs)
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    values = {}
    for name, value in pairs:
        before = values.get(name)
        if isinstance(before, Repeated):
            before.append(value)
        elif name in values and _are_gathered(fold(name), before, value):
            values[name] = Repeated((before, value))
        else:
            values[name] = value
    return values


def _are_gathered(name: str, *values: Any) -> bool:
    if meaning_of(name) not in _OF_MANY_USES:
        return True
    return name in NESTS | TAG_LISTS and any(isinstance(each, dict | list) for each in values)


@cache
def yaml_loader(base: str = "BaseLoader") -> Any:
    """The class that loads YAML so, and all values as the texts that are written; None where there is no such `base`.

    "CBaseLoader" takes a fifth of the time, is not in every build, and says less well what is wrong.
    """
    # Imported here: most pages have no front matter, and JSON Lines never.
    import yaml

    if not hasattr(yaml, base):
        return None
    parent: Any = getattr(yaml, base)

    class Loader(parent):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            found: dict[Any, Any] = super().construct_mapping(node, deep)
            named = [(key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
            if len(found) < len(named):
                pairs = [(name, self.construct_object(value, deep=True)) for name, value in named]
                found |= {name: value for name, value in merged(pairs).items() if name in found}
            return found

    return Loader
