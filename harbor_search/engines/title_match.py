"""Titles that are what was typed, or have it in them: who types a title wants that article; and titles that several
articles have: who has seen one wants others before the next of the same name."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Sequence
from functools import lru_cache
from typing import NamedTuple

from harbor_search.analysis import fold
from harbor_search.analysis.known_terms import known_terms
from harbor_search.analysis.variants import name_form, usual_spelling

__all__ = ["Repetitions", "Words", "beginning", "factor", "repetitions", "title_words"]

_WITHIN = 0.1
"""Of what a title gains that is the query, what one gains that has the query in it, all words in order."""

_ALONE = 0.05
"""The same where the query is one word: one that has it in another form says less ("ulcer", *Ulcerative*)."""

_AROUND = 0.05
"""The same where the query has the title in it: "symptoms of breast cancer" names what the article is about."""

_OTHER_FORM = 0.9
"""The same for one that is the query in other forms of its words: *Brain Tumors* for "brain tumor"."""

_OTHER_NAME = 0.5
"""The same for one that is another name of all that was typed: *Abdominal Pain* for "stomach ache"."""

_SHORTEST = 2
"""Words that tell something by standing side by side."""

_WORD = re.compile(r"\w+")

_LONGEST = 200
"""Characters of words whose forms are compared and remembered; what is longer was pasted."""

_OF_SOMEONE = " s "
"""What is left of "'s" between words: *Asperger Syndrome* is "Asperger's syndrome"."""


class Words(NamedTuple):
    """Words with a space before and after each, so that texts tell whether some words stand in others."""

    text: str
    number: int


def title_words(text: str) -> Words:
    """The words of a text, without case and accents, in one of their spellings."""
    words = list(map(usual_spelling, _WORD.findall(fold(text))))
    return Words(f" {' '.join(words)} ", len(words))


def beginning(text: str) -> str:
    """What a text of `Words` begins with: where that differs, it says nothing in other forms that another says."""
    return text[:2]


def factor(words: Words, title: Words, equal: float, names: Collection[str] = (), analyzer: str = "") -> float:
    """What a score counts for a query of `words` where the title is of these; `equal` where both are the same.

    `names` are the texts of other names of what the query names. Forms of words are told by the `analyzer` of that
    name; without one, words are compared as they are spelt.
    """
    if title.text == words.text:
        return equal
    if _are_forms(title.text, words.text, analyzer):
        return 1 + _OTHER_FORM * (equal - 1)
    if title.text in names or any(_are_forms(title.text, name, analyzer) for name in names):
        return 1 + _OTHER_NAME * (equal - 1)
    if title.text in words.text:
        return 1 + _AROUND * (equal - 1) if title.number >= _SHORTEST else 1.0
    if words.text not in title.text:
        return 1.0
    return 1 + (_WITHIN if words.number >= _SHORTEST else _ALONE) * (equal - 1)


def _are_forms(one: str, other: str, analyzer: str) -> bool:
    """Whether two texts are the same words in other forms."""
    if not analyzer or beginning(one) != beginning(other) or len(one) > _LONGEST or len(other) > _LONGEST:
        return False
    one, other = one.replace(_OF_SOMEONE, " "), other.replace(_OF_SOMEONE, " ")
    # Most are not as many words, and finding out the forms takes much longer.
    return one.count(" ") == other.count(" ") and _name_terms(one, analyzer) == _name_terms(other, analyzer)


@lru_cache(maxsize=16_384)
def _name_terms(text: str, analyzer: str) -> tuple[str, ...]:
    """What names are compared by, as those of the list of synonyms are."""
    return tuple(known_terms([name_form(word, analyzer) for word in text.split()], analyzer))


class Repetitions(NamedTuple):
    """Places of articles whose title a better one has: what their scores count, and at which place the best is."""

    factors: Sequence[float]
    best: dict[int, int]


def repetitions(
    titles: Sequence[Hashable], untitled: Hashable, order: Sequence[int], counted: Sequence[float], repeated: float
) -> Repetitions | None:
    """Which articles have the title of a better one, by `titles` (what tells those of different words apart) and the
    `order` of their places, best first; None where no two have the same. Those that are `untitled` have none in common.

    The first of them counts `repeated`, each further one that much of the one before; and what the title itself
    counted (`counted`), which led to the best, does not count again.
    """
    if len(set(titles)) == len(titles):
        return None
    first: dict[Hashable, int] = {}
    again = dict.fromkeys(titles, 0)
    factors, best = [1.0] * len(titles), {}
    for place in order:
        title = titles[place]
        met = first.setdefault(title, place)
        if met != place and title != untitled:
            again[title] += 1
            factors[place] = repeated ** again[title] / counted[place]
            best[place] = met
    return Repetitions(factors, best) if best else None
