"""Proposals: synonyms and pins suggested by readers' behaviour, each with its effect on results."""

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
from harbor_search.insights.log import QueryStats
from harbor_search.pins import ARROW, pins_of, pins_path
from harbor_search.searching import SearchRequest, search
from harbor_search.synonyms import ACCEPTED, synonyms_of

__all__ = ["ABANDONED", "Effect", "Proposal", "is_abandoned", "with_effect", "propose"]

MIN_PAGES = 5
"""Results pages needed before a lack of opened articles is significant."""

ABANDONED = 0.2
"""Opened articles per results page below which a query counts as abandoned."""

MIN_REFORMULATIONS = 2
"""Readers needed who reformulated the query in the same way: one may just have changed their mind."""

MIN_OPENS = 3
"""Readers needed who opened the same article."""

MIN_SHARE = 0.5
"""Share of the opened articles that must be that article."""

CUTOFF = 10

_WORDS = re.compile(r"[\w'’ -]+")


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a proposal: mean nDCG@10 of the judged queries before and after (None: there are none), how many of
    them improve and degrade; and the number of results, or the position, for its own query before and after."""

    judged: int
    before: float | None
    after: float | None
    better: int
    worse: int
    own_before: int
    own_after: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line for the list of synonyms or of pins, the reason for it, and its effect, if evaluated."""

    id: str
    kind: Literal["synonym", "pin"]
    line: str
    query: str
    target: str
    reason: str
    effect: Effect | None = None


def is_abandoned(asked: QueryStats) -> bool:
    """Whether a query has results, but its readers mostly opened none."""
    return asked.hits > 0 and asked.pages >= MIN_PAGES and asked.opens < ABANDONED * asked.pages


def propose(asked: Sequence[QueryStats], engine: SearchEngine, settings: Settings) -> Iterator[Proposal]:
    """The proposals that the counts suggest, without those accepted already; not evaluated."""
    by_query = {each.query: each for each in asked}
    for each in asked:
        if (each.hits == 0 or is_abandoned(each)) and synonyms_of(settings.synonyms) is not None:
            yield from _synonyms(each, by_query, settings)
        yield from _pins(each, engine, settings)


def with_effect(proposal: Proposal, engine: SearchEngine, settings: Settings, judged: Judged | None) -> Proposal:
    """The proposal with its effect, evaluated on the live index, which is not changed.

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


def _synonyms(asked: QueryStats, by_query: Mapping[str, QueryStats], settings: Settings) -> Iterator[Proposal]:
    accepted = _accepted_synonyms(settings)
    for other, count in asked.next.most_common():
        found = by_query.get(other)
        words, others = set(asked.query.split()), set(other.split())
        helped = found is not None and found.hits > 0 and not is_abandoned(found)
        plain = _WORDS.fullmatch(asked.query) and _WORDS.fullmatch(other)
        line = f"{asked.query}{ARROW}{other}"
        # Adding or dropping words makes a query narrower or wider; it does not yield a synonym.
        if (
            count >= MIN_REFORMULATIONS
            and helped
            and plain
            and not (words <= others or others <= words)
            and line not in accepted
        ):
            how = "found nothing" if asked.hits == 0 else "opened nothing"
            reason = f"{count} readers {how} and then asked for {other!r}"
            yield Proposal(_id("synonym", line), "synonym", line, asked.query, other, reason)


def _pins(asked: QueryStats, engine: SearchEngine, settings: Settings) -> Iterator[Proposal]:
    for article_id, count in asked.opened.most_common(1):
        chosen = count >= MIN_OPENS and count >= MIN_SHARE * asked.opens
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
