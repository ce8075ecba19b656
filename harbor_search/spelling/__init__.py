"""Spelling: which word of a collection was meant by one that it does not have."""

from harbor_search.spelling.correction import Candidate, Context, Correction, Words, candidates, correct
from harbor_search.spelling.lexicon import LONGEST, SHORTEST, SPELLING_KERNELS, Lexicon, Similar
from harbor_search.spelling.look_alikes import are_look_alikes, is_listed, look_alikes_of

__all__ = [
    "LONGEST",
    "SHORTEST",
    "SPELLING_KERNELS",
    "Candidate",
    "Context",
    "Correction",
    "Lexicon",
    "Similar",
    "Words",
    "are_look_alikes",
    "candidates",
    "correct",
    "is_listed",
    "look_alikes_of",
]
