"""Near-duplicates in a cluster: every document names its group, so that a search can fold the groups it meets.

Documents are grouped as in the embedded engine (`store.segment.near_duplicates`), by their signatures. A document that
is alone has a group of its own. What a change of articles makes of the groups is found among those that may be alike:
the members of the groups that the articles were in, and what has four places of a signature in common with them.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

import numpy as np

from harbor_search.store.segment.near_duplicates import SIGNATURE, find_groups

__all__ = ["Group", "Regrouping", "folded_among", "group_alone", "groups_among", "regroup", "signature_fields"]

_BAND_BYTES = 8
"""Four places: as many as two signatures must have in common to be compared."""

_MOST_TERMS = 4096
"""Terms of one request, of which OpenSearch takes 65,536."""

Json = dict[str, Any]

Scan = Callable[[Json], Iterator[Json]]
"""Gives all documents for the body of a search, without their sources."""


class Group(NamedTuple):
    """The group of a document, and how many others are in it."""

    number: int
    others: int


class Regrouping(NamedTuple):
    """The groups of changed documents, and of others whose groups change with them; and by how many more documents of
    the whole index are folded away."""

    groups: Mapping[str, Group]
    moved: Mapping[str, Group]
    more_folded: int


class _Known(NamedTuple):
    """What the index says of a document."""

    signature: bytes
    group: Group


def group_alone(document: str) -> Group:
    """The group of a document that is like no other."""
    return Group(int(document[:16], 16) >> 1, 0)


def groups_among(documents: Sequence[str], signatures: bytes, share: float) -> dict[str, Group]:
    """The groups of those of `documents` that have near-duplicates among them; their `signatures` come one by one.

    The number of a group is that of a member that is alone, so that no other group has it.
    """
    if not share or len(documents) < 2:
        return {}
    rows = np.frombuffer(signatures, np.uint16).reshape(-1, SIGNATURE)
    found, groups = (each.tolist() for each in find_groups(rows, share))
    sizes = Counter(groups)
    numbers: dict[int, int] = {}
    for place, group in zip(found, groups, strict=True):
        own = group_alone(documents[place]).number
        numbers[group] = min(own, numbers.get(group, own))
    return {
        documents[place]: Group(numbers[group], sizes[group] - 1) for place, group in zip(found, groups, strict=True)
    }


def folded_among(groups: Iterable[Group]) -> int:
    """How many documents are folded away where all members of these groups match, of each group all but one."""
    grouped = [group.number for group in groups if group.others]
    return len(grouped) - len(set(grouped))


def signature_fields(signature: bytes) -> Json:
    """What a document has by which others find it."""
    if not any(signature):
        return {}
    bands = [signature[at : at + _BAND_BYTES] for at in range(0, len(signature), _BAND_BYTES)]
    return {
        "signature": base64.b64encode(signature).decode(),
        "bands": [f"{place}{base64.b64encode(band).decode()}" for place, band in enumerate(bands)],
    }


def regroup(scan: Scan, fresh: Mapping[str, bytes], removed: Set[str], share: float) -> Regrouping:
    """What becomes of the groups of an index when documents come or change (`fresh`, by signature) and others go."""
    before = dict(_read(scan, "_id", [*fresh, *removed], grouped=True))
    bands = (band for signature in fresh.values() for band in signature_fields(signature).get("bands", ()))
    near = dict(_read(scan, "bands", list(dict.fromkeys(bands))))
    numbers = {each.group.number for each in (*before.values(), *near.values()) if each.group.others}
    members = near | before | dict(_read(scan, "group", sorted(numbers), grouped=True))
    staying = {key: each for key, each in members.items() if key not in fresh and key not in removed}
    signatures = {key: each.signature for key, each in staying.items()} | dict(fresh)
    documents = sorted(key for key, signature in signatures.items() if signature)
    groups = groups_among(documents, b"".join(signatures[key] for key in documents), share)
    now = {key: groups.get(key, group_alone(key)) for key in signatures}
    return Regrouping(
        groups={key: now[key] for key in fresh},
        moved={key: now[key] for key, each in staying.items() if now[key] != each.group},
        more_folded=folded_among(now.values()) - folded_among(each.group for each in members.values()),
    )


def _read(scan: Scan, name: str, values: Sequence[str | int], *, grouped: bool = False) -> Iterator[tuple[str, _Known]]:
    """The documents that have any of `values` in a field; only those that have near-duplicates where `grouped`."""
    for start in range(0, len(values), _MOST_TERMS):
        filters: list[Json] = [{"terms": {name: list(values[start : start + _MOST_TERMS])}}]
        if grouped:
            filters.append({"exists": {"field": "similar"}})
        for hit in scan({"query": {"bool": {"filter": filters}}, "docvalue_fields": ["signature", "group", "similar"]}):
            fields = hit["fields"]
            signature = fields.get("signature", [""])[0]
            known = base64.b64decode(signature + "=" * (-len(signature) % 4))
            yield hit["_id"], _Known(known, Group(fields["group"][0], fields.get("similar", [0])[0]))
