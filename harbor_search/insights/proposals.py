"""Proposals: synonyms and pins that what readers did speaks for, each with what it would do."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harbor_search.config import Settings
from harbor_search.engines import SearchEngine
from harbor_search.errors import UserError
from harbor_search.evaluation import Judged, evaluate
from harbor_search.insights.log import Asked
from harbor_search.pins import ARROW, pins_of, pins_path
from harbor_search.searching import SearchRequest, search
from harbor_search.synonyms import ACCEPTED, synonyms_of

__all__ = ["ABANDONED", "Effect", "Proposal", "is_abandoned", "measured", "propose"]

SEEN_OFTEN = 5
"""Pages of results before it says something that nothing was opened on them."""

ABANDONED = 0.2
"""Articles opened for each page, below which a query counts as abandoned: readers mostly went away."""

SAID_AGAIN = 2
"""Readers who said the same in the same other words: one may have changed their mind."""

CHOSEN = 3
"""Readers who opened the same article."""

SHARE = 0.5
"""Of all that was opened, what must be that article."""

CUTOFF = 10

_WORDS = re.compile(r"[\w'’ -]+")


@dataclass(frozen=True, slots=True)
class Effect:
    """What a proposal does: mean nDCG@10 of the judged queries before and after, how many of these become better and
    worse (None each: there are no judged queries); and for its own query, the matches or the place before and after."""

    judged: int
    before: float | None
    after: float | None
    better: int
    worse: int
    own_before: int
    own_after: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line for the list of synonyms, or for that of pins, the reason for it, and its effect once that is measured."""

    id: str
    kind: Literal["synonym", "pin"]
    line: str
    query: str
    target: str
    reason: str
    effect: Effect | None = None


def is_abandoned(asked: Asked) -> bool:
    """Whether a query found something, and its readers mostly opened nothing of it."""
    return asked.hits > 0 and asked.pages >= SEEN_OFTEN and asked.opens < ABANDONED * asked.pages


def propose(asked: Sequence[Asked], engine: SearchEngine, settings: Settings) -> Iterator[Proposal]:
    """What the counts speak for and was not accepted yet, not measured."""
    by_query = {each.query: each for each in asked}
    for each in asked:
        if (each.hits == 0 or is_abandoned(each)) and synonyms_of(settings.synonyms) is not None:
            yield from _synonyms(each, by_query, settings)
        yield from _pins(each, engine, settings)


def measured(proposal: Proposal, engine: SearchEngine, settings: Settings, judged: Judged | None) -> Proposal:
    """The proposal with its effect, tried on the live index; nothing is changed by that.

    Raises:
        OperationalError: the engine cannot answer.
    """
    with tempfile.TemporaryDirectory(prefix="harbor-search-trial-") as folder:
        tried = _tried(proposal, settings, Path(folder))
        own = _own(proposal, engine, settings), _own(proposal, engine, tried)
        if judged is None:
            return dataclasses.replace(proposal, effect=Effect(0, None, None, 0, 0, *own))
        before, after = (evaluate(engine, *judged, each, k=CUTOFF) for each in (settings, tried))
    name = f"nDCG@{CUTOFF}"
    pairs = [(a.measures[name], b.measures[name]) for a, b in zip(before.queries, after.queries, strict=True)]
    better, worse = sum(b > a for a, b in pairs), sum(b < a for a, b in pairs)
    effect = Effect(len(pairs), before.means[name], after.means[name], better, worse, *own)
    return dataclasses.replace(proposal, effect=effect)


def _synonyms(asked: Asked, by_query: Mapping[str, Asked], settings: Settings) -> Iterator[Proposal]:
    accepted = _accepted_synonyms(settings)
    for other, count in asked.next.most_common():
        found = by_query.get(other)
        words, others = set(asked.query.split()), set(other.split())
        helped = found is not None and found.hits > 0 and not is_abandoned(found)
        plain = _WORDS.fullmatch(asked.query) and _WORDS.fullmatch(other)
        line = f"{asked.query}{ARROW}{other}"
        # More of the same words, or fewer, make a question narrower or wider; they do not name the same thing.
        if (
            count >= SAID_AGAIN
            and helped
            and plain
            and not (words <= others or others <= words)
            and line not in accepted
        ):
            how = "found nothing" if asked.hits == 0 else "opened nothing"
            reason = f"{count} readers {how} and then asked for {other!r}"
            yield Proposal(_id("synonym", line), "synonym", line, asked.query, other, reason)


def _pins(asked: Asked, engine: SearchEngine, settings: Settings) -> Iterator[Proposal]:
    for article_id, count in asked.opened.most_common(1):
        chosen = count >= CHOSEN and count >= SHARE * asked.opens
        if not chosen or pins_of(settings).get(asked.query) or engine.article(article_id) is None:
            continue
        line = f"{asked.query}{ARROW}{article_id}"
        proposal = Proposal(_id("pin", line), "pin", line, asked.query, article_id, "")
        if (place := _own(proposal, engine, settings)) != 1 and "\n" not in line:
            reason = f"{count} of {asked.opens} readers who opened something opened it, and it is {_nth(place)}"
            yield dataclasses.replace(proposal, reason=reason)


def _nth(place: int) -> str:
    return f"number {place}" if place else "not on the first page"


def _own(proposal: Proposal, engine: SearchEngine, settings: Settings) -> int:
    """For a synonym how many articles its query finds; for a pin at which place its article is, 0: not among ten."""
    bare = SearchRequest(proposal.query, facets=False, snippets=False)
    try:
        found = search(engine, bare, settings)
    except UserError:
        return 0
    if proposal.kind == "synonym":
        return found.total
    ids = [hit.id for hit in found.hits]
    return ids.index(proposal.target) + 1 if proposal.target in ids else 0


def _tried(proposal: Proposal, settings: Settings, folder: Path) -> Settings:
    """Settings under which the proposal holds."""
    file = folder / f"{proposal.id}.txt"
    if proposal.kind == "synonym":
        file.write_text(f"{proposal.line}\n", encoding="utf-8")
        return dataclasses.replace(settings, synonyms=f"{settings.synonyms},{file}")
    there = pins_path(settings)
    before = there.read_text("utf-8", "replace") if there.exists() else ""
    file.write_text(f"{before}\n{proposal.line}\n", encoding="utf-8")
    return dataclasses.replace(settings, pins=str(file))


def _accepted_synonyms(settings: Settings) -> set[str]:
    file = settings.index / ACCEPTED
    return set(file.read_text("utf-8", "replace").splitlines()) if file.exists() else set()


def _id(kind: str, line: str) -> str:
    return hashlib.blake2b(f"{kind} {line}".encode("utf-8", "replace"), digest_size=4).hexdigest()
