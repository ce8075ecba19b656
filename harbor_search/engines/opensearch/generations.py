"""Generations as indices of a cluster: `PREFIX-000001`, ... are built, and the alias `PREFIX` says which is live.

Only whole indices become live, by one switch of the alias, which OpenSearch makes atomically. An index that is built
is never written again: an update works on a clone of it, whose files are hard links. An index is born with the alias
`unfinished-PREFIX`, which the switch takes away; whoever writes next removes those that dead processes left with it.
Each change of the cluster's state takes it a tenth of a second, so they are few.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from harbor_search.engines.opensearch.cluster import CREATING, Cluster, unrouted
from harbor_search.engines.opensearch.generation import Generation, before, require_readable
from harbor_search.engines.opensearch.new_indices import await_copies
from harbor_search.engines.opensearch.writer_lease import WriterLease
from harbor_search.engines.protocol import GenerationInfo
from harbor_search.errors import GenerationGone, OperationalError

__all__ = ["BUILD_FIRST", "Generations", "NothingBuilt"]

LEASE_LOST = "the right to write was lost while the cluster could not be reached; try again"

RETURNING = 300.0
"""Seconds for a node that failed to come back with the only copy of a part of a new index: hours of work may be in it,
and machines restart in less."""

BRIEF = 5.0
"""The same for what is soon made anew."""

BUILD_FIRST = "there is no index yet; run `harbor-search rebuild`"


class NothingBuilt(OperationalError):
    """No index was ever built below the prefix."""


class Generations:
    """All indices below one prefix of a cluster."""

    def __init__(self, cluster: Cluster, prefix: str, *, keep: int) -> None:
        self._cluster = cluster
        self._prefix = prefix
        self._keep = keep
        self._number = re.compile(rf"{re.escape(prefix)}-(\d{{6,}})")
        self._lease: WriterLease | None = None
        self._switching = ""

    def live(self) -> Generation:
        """The generation that the alias names.

        Raises:
            OperationalError: nothing was built yet, or the cluster does not answer.
        """
        # What the node itself knows is as new as the last switch, and known while a manager is elected.
        params = {"local": "true", "ignore": 404}
        described = self._cluster.read(
            "find the live index",
            lambda client, own: client.indices.get_mapping(index=self._prefix, params=params | unrouted(own)),
        )
        if "error" in described:
            raise NothingBuilt(BUILD_FIRST)
        if len(described) != 1:
            raise OperationalError(f"{self._prefix} is no alias of one index; choose another `opensearch_prefix`")
        (index, description), *_ = described.items()
        return Generation(index, description["mappings"].get("_meta", {}))

    def named(self, name: str) -> Generation:
        """The newest generation of that name.

        Raises:
            GenerationGone: there is none any more.
        """
        found = next((each for each in self.kept() if each.name == name), None)
        if found is None:
            raise GenerationGone(name)
        return found

    def kept(self) -> list[Generation]:
        """All generations that stand complete, newest first."""
        return [each for each, finished in self._all() if finished]

    def info(self, generation: Generation) -> GenerationInfo:
        """Its name, size and time of build."""
        with self._cluster.asking("read the index's figures") as client:
            stats = client.indices.stats(index=generation.index, metric="store,docs")
        primaries = stats["_all"]["primaries"]
        folded = int(generation.meta.get("near_duplicates", 0))
        built = datetime.fromisoformat(generation.meta["built"])
        return GenerationInfo(
            generation.name, primaries["docs"]["count"], primaries["store"]["size_in_bytes"], built, folded
        )

    def next_index(self) -> str:
        """A name for the next index, that no index has."""
        with self._cluster.asking("list the indices") as client:
            names = client.indices.get(index=f"{self._prefix}-*", params={"expand_wildcards": "all"})
        numbers = [int(found[1]) for name in names if (found := self._number.fullmatch(name))]
        return f"{self._prefix}-{max(numbers, default=0) + 1:06d}"

    def publish(self, index: str, meta: dict[str, Any], *, replicas: int, replaced: str = "") -> Generation:
        """Make the filled `index` live; remove the index `replaced`, if any, and what is older than is to be kept.

        Raises:
            OperationalError: the right to write was lost meanwhile, and somebody else may be writing.
        """
        if self._lease is None or not self._lease.held:
            raise OperationalError(LEASE_LOST)
        previous = self._previous(replaced)
        noted = meta | {"complete": True, "built": datetime.now(UTC).isoformat(), "previous": previous}
        with self._cluster.asking("publish the new index") as client:
            client.indices.put_mapping(index=index, body={"_meta": noted})
            settings = {"index": {"number_of_replicas": replicas, "refresh_interval": None, "blocks.write": True}}
            client.indices.put_settings(index=index, body=settings)
        # A node may fail the moment after who wrote was told that it is done.
        await_copies(self._cluster, index, replicas, BRIEF if self._lease.brief else RETURNING)
        if not self._lease.held:
            raise OperationalError(LEASE_LOST)
        self._switch("publish the new index", index, replaced)
        published = Generation(index, noted)
        self._remove_old(published)
        return published

    def rollback(self) -> Generation:
        """Make the generation that was live before the live one live again.

        Raises:
            OperationalError: there is none.
        """
        previous = next(before(self.live(), self.kept()), None)
        if previous is None:
            raise OperationalError(
                "there is no older generation to roll back to; `harbor-search rebuild` makes a new one"
            )
        require_readable(previous)
        self._switch("roll the index back", previous.index)
        return previous

    @contextmanager
    def writing(self, *, brief: bool = False) -> Iterator[None]:
        """Hold the right to write, alone in the whole cluster; leftovers of dead writers are removed first.

        Where it is held for a `brief` time others wait for it.

        Raises:
            OperationalError: another writer is at work.
        """
        lease = WriterLease(self._cluster, f"{self._prefix}-writer", brief=brief)
        lease.take()
        self._lease = lease
        try:
            self._remove_unfinished()
            yield
        finally:
            self._lease = None
            lease.release()

    def remove(self, index: str) -> None:
        """Remove an index, if it is there."""
        with self._cluster.asking("remove an index") as client:
            client.indices.delete(index=index, params={"ignore_unavailable": "true"})

    def discard(self, index: str) -> None:
        """Remove an index that will not be published; where the cluster cannot do so now, the next writer does.

        One that was to become live stays: the cluster may do that yet, or have done it.
        """
        if index != self._switching:
            with suppress(OperationalError):
                self.remove(index)

    @property
    def unfinished(self) -> str:
        """The alias of indices that are not published yet."""
        return f"unfinished-{self._prefix}"

    def _switch(self, what: str, index: str, replaced: str = "") -> None:
        """Make `index` live, and remove the index `replaced`, if any, in order to `what`.

        Raises:
            OperationalError: it is not live, or not yet.
        """
        from opensearchpy.exceptions import NotFoundError

        self._switching = index
        try:
            with self._cluster.asking(what) as client:
                client.indices.update_aliases(
                    body={"actions": self._switched_to(index, replaced)}, request_timeout=CREATING
                )
        except (OperationalError, NotFoundError) as error:
            # The answer was lost, or the request was sent again and found done what the first one did.
            if self.live().index != index:
                raise OperationalError(f"cannot {what}: {error}") from error

    def _switched_to(self, index: str, replaced: str) -> list[dict[str, Any]]:
        """What makes `index` live, all at once."""
        # With the index that was live its alias goes.
        before: dict[str, Any] = {"remove_index": {"index": replaced}}
        if not replaced:
            before = {"remove": {"index": f"{self._prefix}-*", "alias": self._prefix, "must_exist": False}}
        finished = {"remove": {"index": index, "alias": self.unfinished, "must_exist": False}}
        return [before, finished, {"add": {"index": index, "alias": self._prefix}}]

    def _all(self) -> list[tuple[Generation, bool]]:
        """All generations, newest first, and whether each is finished."""
        with self._cluster.asking("list the indices") as client:
            described = client.indices.get(index=f"{self._prefix}-*")
        found = []
        for index, description in described.items():
            if self._number.fullmatch(index):
                meta = description["mappings"].get("_meta", {})
                finished = bool(meta.get("complete")) and self.unfinished not in description["aliases"]
                found.append((Generation(index, meta), finished))
        return sorted(found, key=lambda each: each[0].index, reverse=True)

    def _remove_unfinished(self) -> None:
        for each, finished in self._all():
            if not finished:
                self.remove(each.index)

    def _previous(self, replaced: str) -> str:
        """The index that is live before a new one, or was before the one that is `replaced`; empty where none is."""
        try:
            live = self.live()
        except NothingBuilt:
            return ""
        return str(live.meta.get("previous", live.index)) if live.index == replaced else live.index

    def _remove_old(self, live: Generation) -> None:
        kept = self.kept()
        stay = {live.index, *(each.index for each in islice(before(live, kept), max(self._keep - 1, 0)))}
        for each in kept:
            if each.index not in stay:
                self.remove(each.index)
