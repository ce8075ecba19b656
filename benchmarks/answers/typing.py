"""Mistakes as people make them in typing, the same ones for the same seed."""

from __future__ import annotations

import random
import string

__all__ = ["misspelt"]

_NEIGHBOURS = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for at, letter in enumerate(row)
}
_VOWELS = "aeiou"


def misspelt(word: str, chance: random.Random) -> str:
    """`word` with one mistake: a letter left out, doubled, added, swapped with the next or typed for another one."""
    at = chance.randrange(1, len(word))  # first letters are hardly ever wrong
    match chance.randrange(5):
        case 0:
            made = word[:at] + word[at + 1 :]
        case 1:
            made = word[:at] + word[at] + word[at:]
        case 2:
            at = min(at, len(word) - 2)
            made = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 3:
            others = _VOWELS if word[at] in _VOWELS else _NEIGHBOURS.get(word[at], string.ascii_lowercase)
            made = word[:at] + chance.choice(others) + word[at + 1 :]
        case _:
            made = word[:at] + chance.choice(string.ascii_lowercase) + word[at:]
    return made if made != word else misspelt(word, chance)
