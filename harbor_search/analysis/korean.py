"""Korean words without the particles that are written onto them.

A particle depends on whether a final consonant stands before it, which tells most of them from nouns that only end
alike: "가을" (autumn) is no "가" with the object's particle, as that would be "를".
"""

from __future__ import annotations

__all__ = ["without_particle"]

_FIRST, _LAST, _FINALS = 0xAC00, 0xD7A3, 28
_RIEUL = 8
"""The final consonant before which "로" stands as after a vowel."""

_AFTER_CONSONANT = frozenset(["은", "이", "을", "과", "으로", "이나", "이라고", "이며"])
_AFTER_VOWEL = frozenset(["는", "가", "를", "와", "로", "나", "라고", "며"])
_AFTER_ANY = frozenset("의 에 에서 에게 에는 에도 에서는 까지 부터 처럼 보다 만 도 께서 한테 입니다".split())
_LONGEST = 3

_SHORTEST_NOUN = 2
"""Syllables that must be left: of one are too many words that end like a particle ("안과", the eye doctor's)."""

_OBJECT = frozenset(["을", "를"])
"""Unmistakable after one syllable as well ("약을")."""


def without_particle(word: str) -> str:
    """The noun of a Korean word, in Hangul syllables; other words as they are."""
    for size in range(min(_LONGEST, len(word) - 1), 0, -1):
        noun, particle = word[:-size], word[-size:]
        if len(noun) < _SHORTEST_NOUN and particle not in _OBJECT:
            continue
        final = _final_consonant(noun[-1])
        if final is not None and _may_follow(particle, final):
            return noun
    return word


def _may_follow(particle: str, final: int) -> bool:
    if particle in _AFTER_ANY:
        return True
    if particle in ("로", "으로"):
        return (particle == "로") == (final in (0, _RIEUL))
    return particle in (_AFTER_CONSONANT if final else _AFTER_VOWEL)


def _final_consonant(syllable: str) -> int | None:
    """The number of a syllable's final consonant, 0 for none; None where it is no syllable."""
    code = ord(syllable)
    return (code - _FIRST) % _FINALS if _FIRST <= code <= _LAST else None
