"""Titles that are what was typed, or have it in them: who types a title wants that article."""

from __future__ import annotations

import re
from typing import NamedTuple

from harbor_search.analysis import fold
from harbor_search.analysis.variants import usual_spelling

__all__ = ["ALONE", "AROUND", "EQUAL", "WITHIN", "Words", "factor", "title_words"]

EQUAL = 3.0
"""What a score counts for an article whose title is the query, word for word: nobody types one by chance."""

WITHIN = 1.2
"""The same where the title has the query in it, all words in order."""

ALONE = 1.1
"""The same where the query is one word: one that has it in another form says less ("ulcer", *Ulcerative*)."""

AROUND = 1.1
"""The same where the query has the title in it: "symptoms of breast cancer" names what the article is about."""

_SHORTEST = 2
"""Words that tell something by standing side by side."""

_WORD = re.compile(r"\w+")


class Words(NamedTuple):
    """Words with a space before and behind each, so that texts tell whether some words stand in others."""

    text: str
    number: int


def title_words(text: str) -> Words:
    """The words of a text, without case and accents, in one of their spellings."""
    words = list(map(usual_spelling, _WORD.findall(fold(text))))
    return Words(f" {' '.join(words)} ", len(words))


def factor(words: Words, title: Words) -> float:
    """What a score counts for a query of `words` where the title is of these."""
    if title.text in words.text:
        return EQUAL if title.text == words.text else AROUND if title.number >= _SHORTEST else 1.0
    if words.text not in title.text:
        return 1.0
    return WITHIN if words.number >= _SHORTEST else ALONE
