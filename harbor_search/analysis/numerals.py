"""Small numbers in both ways to write them: "type II" and "type 2", "cranial nerve VII", "stage 4"."""

from __future__ import annotations

from harbor_search.analysis.characters import fold

__all__ = ["SURELY_NUMERALS", "other_numeral"]

_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
_BY_ROMAN = {roman: str(number) for number, roman in enumerate(_ROMAN, 1)}
_BY_ARABIC = {arabic: roman for roman, arabic in _BY_ROMAN.items()}

_WORDS_TOO = frozenset({"i", "iv", "v", "x", "xi", "xx"})
"""Roman numerals that are pronouns, letters or abbreviations besides: "IV fluids", "chi and xi"."""

SURELY_NUMERALS = tuple(roman for roman in _ROMAN if roman not in _WORDS_TOO)
"""Roman numerals, in lower case, that are nothing else, the smallest first."""


def other_numeral(word: str) -> str:
    """A number from 1 to 20 in the other way to write it; empty for anything else."""
    word = fold(word)
    return _BY_ROMAN.get(word) or _BY_ARABIC.get(word, "")
