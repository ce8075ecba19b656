"""German compounds, which are written as one word: "Herzinfarktrisiko", the risk of a "Herzinfarkt".

Which parts are words is for the index to say; here is told how they are put together (P. Koehn and K. Knight, Empirical
Methods for Compound Splitting, 2003).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from harbor_search.analysis.characters import fold
from harbor_search.analysis.languages import JOINER
from harbor_search.analysis.stopwords import all_stop_words

__all__ = ["GERMAN", "closed_compounds", "parts_of_compound", "writes_closed"]

GERMAN = "german"

_LINKS = ("", "s", "n", "en", "es", "e", "er")
"""What may stand between two parts. Where a word is parted, the stemmer takes it off the first."""

_SHORTEST = 3
"""Letters of a part: "Arm", "Ohr"."""

_SHORTEST_COMPOUND = 8

_LONGEST_COMPOUND = 60
"""Letters: what is longer is no word that people write, and has as many pairs as letters."""

_AFFIXES = frozenset(
    "ver vor ent zer miss emp aus auf ein mit nach unter wieder ober hinter neben zwischen los weg her hin"
    " schaft heit keit ung los lich isch voll frei haft weise mal bar sam artig tum chen lein innen erin ander"
    " ern end ent ell est sten ten ter tion ion ität itat ismus".split()
)
"""Beginnings and ends of words that are words themselves or look like stems, and no parts of compounds."""


def writes_closed(analyzer: str) -> bool:
    """Whether the analyzer of a collection has German words."""
    return GERMAN in analyzer.split(JOINER)


def leads_german(analyzer: str) -> bool:
    """Whether German is the collection's own language, so that its words may be joined as German ones are: with links,
    "car age" would be a Carnage."""
    return analyzer.partition(JOINER)[0] == GERMAN


def parts_of_compound(word: str) -> tuple[tuple[str, str], ...]:
    """The pairs that a word (as a token) may be made of, as far as its letters tell; each with what links them."""
    if not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND or not word.isalpha():
        return ()
    pairs = ((word[:at], word[at:]) for at in range(_SHORTEST, len(word) - _SHORTEST + 1))
    return tuple(pair for pair in pairs if all(map(_may_be_part, pair)))


def closed_compounds(first: str, second: str) -> tuple[str, ...]:
    """The words that two words of a query may make, in either order: who types keywords puts them as they come."""
    if len(first) + len(second) > _LONGEST_COMPOUND:
        return ()
    return _closed(first.lower(), second.lower())


@lru_cache(maxsize=1_024)
def _closed(*pair: str) -> tuple[str, ...]:
    """As `closed_compounds`; two or three kilobytes each are remembered."""
    if not all(len(each) >= _SHORTEST and each.isalpha() and _may_be_part(fold(each)) for each in pair):
        return ()
    return tuple(_joined(*pair)) + tuple(_joined(*pair[::-1]))


def _joined(first: str, second: str) -> Iterator[str]:
    for link in _LINKS:
        yield first + link + second
    if first.endswith("e"):
        yield first[:-1] + second  # "Sprache", "Sprachtherapie"


def _may_be_part(part: str) -> bool:
    stop = all_stop_words(GERMAN)
    return part not in _AFFIXES and part not in stop.words and part not in stop.qualifiers
