"""What a stream of articles has that an index has not, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from harbor_search.article import Article
from harbor_search.engines.opensearch.building import ContentDigest
from harbor_search.engines.opensearch.documents import document_id
from harbor_search.store import hash_of

__all__ = ["Difference"]


class Difference:
    """Take all of `fresh`, then `keep` what stays although it was not in the stream, then ask for the rest."""

    def __init__(self, name: str, hashes: Mapping[str, str], leaving: Iterable[str]) -> None:
        """`name` is the generation's, `hashes` are those of its articles by document as far as the stream may have
        them, `leaving` the documents that go unless the stream has them or they are kept."""
        self.added = self.changed = 0
        self.kept: list[str] = []
        self._hashes = hashes
        self._leaving = dict.fromkeys(leaving)
        self._digest = ContentDigest(name)

    def fresh(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Those of `articles` that the index has not, or not so.

        Raises:
            ValueError: two articles have one id.
        """
        seen: set[str] = set()
        for article in articles:
            key, value = document_id(article.id), hash_of(article)
            if key in seen:
                raise ValueError(f"two articles have the id {article.id!r}")
            seen.add(key)
            self._leaving.pop(key, None)
            before = self._hashes.get(key)
            if before == value.hex():
                continue
            if before is not None:
                self._digest.toggle(bytes.fromhex(before))
            self._digest.toggle(value)
            self.added, self.changed = self.added + (before is None), self.changed + (before is not None)
            yield article

    def keep(self, key: str, article: Article) -> None:
        """Let an article stay."""
        self.kept.append(article.id)
        del self._leaving[key]

    @property
    def removed(self) -> tuple[str, ...]:
        """The documents that go."""
        return tuple(self._leaving)

    @property
    def size(self) -> int:
        """How many articles are different."""
        return self.added + self.changed + len(self._leaving)

    @property
    def name(self) -> str:
        """What the generation is called that the difference makes of the one before."""
        digest = ContentDigest(self._digest.name)
        for key in self._leaving:
            digest.toggle(bytes.fromhex(self._hashes[key]))
        return digest.name
