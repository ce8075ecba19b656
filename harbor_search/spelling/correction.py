"""Which word was meant: candidates of a misspelt word, weighed, and what may be done with them.

A correction is the word for which *mistake* and *frequency* together are likeliest, a noisy channel (M. Kernighan,
K. Church, W. Gale, A spelling correction program based on a noisy channel model, COLING 1990), and where that leaves
several, the one that stands in articles with the other words of the query.

A wrong correction can harm: a medicine that is read as another one. So only words that no article has are corrected, no
name that people are known to use is, nor what is a word's length of mistakes away from all others, and where a
medicine's look-alike is as near, nothing is corrected: it is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf, log
from typing import NamedTuple, Protocol

from harbor_search.analysis.compounds import joined
from harbor_search.analysis.stopwords import own_stop_words
from harbor_search.analysis.unspaced import is_unspaced
from harbor_search.spelling.lexicon import LONGEST, SHORTEST, Lexicon, Similar
from harbor_search.spelling.look_alikes import are_look_alikes, is_listed

__all__ = ["Candidate", "Context", "Correction", "Words", "candidates", "correct"]

_EDIT = 4.5
"""How much less likely one more edit makes a word, as a natural logarithm: about one in ninety letters is mistyped."""

_PRIOR = 0.45
"""What the logarithm of a word's frequency counts beside that: typos are made in rare words as in frequent ones."""

_CONTEXT = 1.0
"""What the logarithm counts of how much oftener than by chance a word stands with the other words of the query."""

_BESIDE = 0.7
"""What it counts of how much oftener than by chance a word stands right beside its neighbour of the query."""

_SENTENCE = 20
"""Words that stand near a word where one stands beside it: chance puts a word so many times less often there."""

_MOST_CONTEXT = 4.0
"""Bound of all that: chance decides for words of a few articles."""

_TIE = 1.2
"""Candidates are as good as the best where they are at most so much less likely, and are searched with it."""

_RIVAL = 3.0
"""A look-alike of a medicine within so much is a reason to leave the choice to the reader."""

_SHORT = 3
"""Letters of a word that is nearly any other: what stands beside it has to say which."""

_LONG = 7
"""Letters of a word that is like few others."""

_MOST_TIED = 3
_MOST_IN_CONTEXT = 5
"""Candidates of which it is asked how often they stand with the other words: each is some searches."""

_MOST_OTHERS = 3
"""Other words, the rarest, of which that is asked."""

_MOST_WEIGHED = 32
"""Candidates whose frequency is looked up, the cheapest."""

_NO_RIVAL = 1.4
"""Edits more than the cheapest that no frequency makes good."""

_HEARD_MORE = 0.25
"""Edits more that a word may cost which sounds the same."""

_SPLIT_COST = 1.0
"""Edits that a missing space counts."""

_SHORTEST_PART = 3
"""Letters of the parts of two words that were joined."""


class Words(Protocol):
    """What is known of the words of a collection."""

    @property
    def articles(self) -> int:
        """How many articles there are."""
        ...

    @property
    def analyzer(self) -> str:
        """The name of the analyzer of words."""
        ...

    @property
    def lexicon(self) -> Lexicon:
        """All words."""
        ...

    def spelt(self, word: str) -> bool:
        """Whether a word, of letters in lower case, stands in any article in just this spelling."""
        ...

    def prefetch(self, words: Iterable[str]) -> None:
        """Be told of words whose frequency will be asked for, so that one request can tell it where each costs one."""
        ...

    def frequency(self, word: str) -> int:
        """In how many articles a word stands, in any form."""
        ...

    def together(self, words: Sequence[str]) -> int:
        """In how many articles all of these words stand."""
        ...

    def adjacent(self, words: Sequence[str]) -> int:
        """In how many articles these words stand one after the other."""
        ...


class Context(NamedTuple):
    """The other words of a query that articles have, and of all its words the one before and the one after."""

    others: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    def pairs(self, text: str) -> list[tuple[str, ...]]:
        """The words of `text` with the neighbour before, and with the one after."""
        words = text.split()
        return [
            *([(self.before, *words)] if self.before else []),
            *([(*words, self.after)] if self.after else []),
        ]


class Candidate(NamedTuple):
    """What may have been meant: one word, or two that were joined; its cost in edits, its log-likelihood, and whether
    it sounds as what was typed does."""

    text: str
    cost: float
    score: float
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be searched in the place of `typed`, best first; `offered` is what the reader may choose instead.

    It is `plain` where a long word has one mistake: that is seldom the case of a word of another language, unless both
    languages have that word.
    """

    typed: str
    meant: tuple[str, ...]
    offered: tuple[str, ...]
    plain: bool = False


def correct(word: str, context: Context, words: Words, is_name: Callable[[str], bool]) -> Correction:
    """The correction of a word (in lower case) that no article has, in its context.

    `is_name` tells of a word whether people are known to spell it so; such a word is only offered something else.
    """
    found = candidates(word, context, words)
    rivals = [each.text for each in found if each.score >= found[0].score - _RIVAL]
    near = [each for each in found[:_MOST_TIED] if _is_near(each, len(word))]
    offered = tuple(each.text for each in near)
    if not near or near[0] != found[0] or is_listed(word) or is_name(word):
        return Correction(word, (), offered)
    tied = [each for each in near if each.score >= found[0].score - _TIE]
    meant = [each for each in tied if _is_sure(each, len(word)) or _is_beside(each, context, words)]
    if not meant or (len(word) > _SHORT and meant[0] != tied[0]):
        return Correction(word, (), offered)
    if any(are_look_alikes(each.text, rival) for each in meant for rival in rivals):
        return Correction(word, (), tuple(rivals[:_MOST_TIED]))
    texts = tuple(each.text for each in meant)
    plain = len(word) >= _LONG and meant[0].cost <= 1
    return Correction(word, texts, tuple(text for text in offered if text not in texts), plain)


def candidates(
    word: str, context: Context, words: Words, most_cost: float = inf, least_together: int = 1
) -> list[Candidate]:
    """What may have been meant by a word, the likeliest first, of what costs at most so many edits.

    Two words that were joined are among it where at least so many articles have them together.
    """
    found = _spelt_alike(word, words, most_cost)
    likeliest = max((each.score for each in found), default=-inf)
    split = _split(word, words, least_together) if likeliest < _score(words.articles, _SPLIT_COST) else None
    if split is not None:
        found.append(split)
    found.sort(key=_likeliest)
    if context.others and len(found) > 1:
        near = [each for each in found if each.score >= found[0].score - _MOST_CONTEXT]
        weighed = near[:_MOST_IN_CONTEXT]
        words.prefetch(" ".join(pair) for each in weighed for pair in context.pairs(each.text))
        found[: len(near)] = sorted((_in_context(each, context, words) for each in weighed), key=_likeliest)
    return found


def _likeliest(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.text


def _spelt_alike(word: str, words: Words, most_cost: float) -> list[Candidate]:
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return []
    similar = words.lexicon.similar(word, _edits(len(word)), _MOST_WEIGHED, by_ear=True)
    cheapest = [each for each in similar if each.cost <= min(most_cost, similar[0].cost + _NO_RIVAL)]
    words.prefetch(each.word for each in cheapest)
    stops = own_stop_words(words.analyzer).words
    frequencies = ((each, 0 if each.word in stops else words.frequency(each.word)) for each in cheapest)
    return [_weighed(each, found) for each, found in frequencies if found]


def _edits(size: int) -> int:
    """The edits to look within: two of three letters would be nearly any word."""
    return 1 if size <= 4 else 2 if size < 8 else 3


def _is_near(candidate: Candidate, size: int) -> bool:
    """Whether a word may have been meant by one of so many letters: "zebra" is "debra" no more than it is "bra"."""
    most = 1.0 if size <= 4 else 1.15 if size == 5 else 1.75 if size == 6 else 2.1 if size <= 8 else 2.6
    return candidate.cost <= most + (_HEARD_MORE if candidate.heard else 0.0)


def _is_sure(candidate: Candidate, size: int) -> bool:
    """Whether nothing but its spelling is needed to say so.

    Names that articles lack, of medicines and of people, are two mistakes away from some word; by one, or by ear, few
    are.
    """
    if size <= _SHORT:
        return False
    most = 1.15 if size <= 6 else 1.4 if size == 7 else 1.75 if size == 8 else 2.0 if size <= 10 else 2.6
    return candidate.cost <= most + (_HEARD_MORE if candidate.heard else 0.0)


def _is_beside(candidate: Candidate, context: Context, words: Words) -> bool:
    """Whether articles have a word beside a neighbour of the one that was typed."""
    return any(_beside(pair, words) for pair in context.pairs(candidate.text))


def _beside(pair: Sequence[str], words: Words) -> int:
    """In how many articles words stand one after the other, or as one: "heart" and "burn" are heartburn."""
    closed = joined(*pair) if len(pair) == 2 else ""
    return words.adjacent(pair) + (words.frequency(closed) if closed else 0)


def _weighed(similar: Similar, frequency: int) -> Candidate:
    return Candidate(similar.word, similar.cost, _score(frequency, similar.cost), similar.heard)


def _score(frequency: int, cost: float) -> float:
    return _PRIOR * log(max(frequency, 1)) - _EDIT * cost


def _split(word: str, words: Words, least: int) -> Candidate | None:
    """The two words that stand after each other in most articles, at least in so many, and make `word` together."""
    if len(word) > 2 * LONGEST or is_unspaced(word):
        return None
    best, most = "", least - 1
    splits = [(word[:at], word[at:]) for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)]
    # No pair is more frequent than its rarer word, and most beginnings are no words.
    for first in (0, 1):
        words.prefetch(parts[first] for parts in splits)
        splits = [parts for parts in splits if words.frequency(parts[first]) > most]
    for parts in splits:
        if min(map(words.frequency, parts)) > most:
            together = words.adjacent(parts)
            if together > most:
                best, most = " ".join(parts), together
    return Candidate(best, _SPLIT_COST, _score(most, _SPLIT_COST)) if best else None


def _in_context(candidate: Candidate, context: Context, words: Words) -> Candidate:
    """The candidate with what the other words of the query say for it."""
    parts = candidate.text.split()
    frequency = words.together(parts) if len(parts) > 1 else words.frequency(candidate.text)
    share = frequency / max(words.articles, 1)
    gain = 0.0
    for other in sorted(context.others, key=words.frequency)[:_MOST_OTHERS]:
        gain += _CONTEXT * _surprise(words.together((*parts, other)), share * words.frequency(other))
    for pair, neighbour in zip(context.pairs(candidate.text), filter(None, context[1:]), strict=True):
        gain += _BESIDE * _surprise(_beside(pair, words), share * words.frequency(neighbour) / _SENTENCE)
    return candidate._replace(score=candidate.score + max(-_MOST_CONTEXT, min(gain, _MOST_CONTEXT)))


def _surprise(count: int, by_chance: float) -> float:
    """How much oftener than by chance something is the case, as a logarithm."""
    return log((count + 0.1) / (by_chance + 0.1))
