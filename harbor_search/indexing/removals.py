"""Articles that are in an index and were not read for its update: which of them stay, and how many may leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from harbor_search.article import Article
from harbor_search.errors import OperationalError
from harbor_search.indexing.tally import Tally
from harbor_search.ingest import may_be

__all__ = ["Leaving"]

FEW = 3
"""Articles that may always leave: of a handful, each is a large share."""


class Leaving:
    """Judges such articles by what was read, which `tally` knows after the last article.

    An article that was read and says itself that it may not be shown is not lost: any number of those may leave, all of
    an index even. Of others at most `share` (0 to 1) may, or `FEW`.
    """

    def __init__(self, tally: Tally, share: float) -> None:
        self._tally = tally
        self._share = share
        self._kept_back = 0
        self._checked = False

    def keeping(self) -> Callable[[Article], bool] | None:
        """Tells of each such article whether it stays, as it may be among what was refused; None: each leaves."""
        return self._stays if self._tally.refused or self._tally.kept_back else None

    def check(self, removed: int, before: int) -> None:
        """Check that `removed` articles of `before` may leave.

        Raises:
            OperationalError: they may not; the message names the cure.
        """
        lost = removed - min(self._kept_back, len(self._tally.kept_back))
        if lost:
            self._tally.require_articles()
        if lost > max(FEW, self._share * before):
            raise OperationalError(
                f"{lost:,} of the {before:,} articles are not in the sources any more, which is more than the "
                f"setting max_removed ({self._share:.0%}) lets one update remove; nothing was published. If a copy of "
                "the articles broke off, mend it; if they are to leave, `harbor-search update --allow-removals` with "
                "the same sources lets them"
            )
        self._checked = True

    def require_checked(self) -> None:
        """Check that there is something to publish, where no index was there from which articles could leave.

        Raises:
            OperationalError: no article was read.
        """
        if not self._checked:
            self._tally.require_articles()

    def _stays(self, article: Article) -> bool:
        if any(may_be(article, each.source) for each in self._tally.refused):
            return True
        own = article.id.removeprefix(f"{article.source_name}/")
        self._kept_back += not self._names.isdisjoint((article.id, own, article.source))
        return False

    @cached_property
    def _names(self) -> frozenset[str]:
        """The ids of what is kept back, and its files by every path that a source above them may call them."""
        known = self._tally.kept_back
        return frozenset(each.kept_back for each in known).union(*(_ends(each.source) for each in known))


def _ends(label: str) -> Iterator[str]:
    while label:
        yield label
        label = label.partition("/")[2]
