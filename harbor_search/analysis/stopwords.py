"""English words that ask a question without saying what it is about.

The index keeps every word, so that phrases such as "to be or not to be" can be found. These lists only tell which of a
reader's words to leave out of ranking: in "what can I do about my back pain at night" they leave "back pain night".
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["QUALIFIERS", "STOP_WORDS"]

_ARTICLES_AND_DETERMINERS = "a an the this that these those any some each every either such"

_PRONOUNS = """
    i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers
    herself it its itself they them their theirs themselves one's someone somebody anyone anybody something anything
"""

_AUXILIARIES = """
    am is are was were be been being do does did doing have has had having can could shall should would might must ought
"""

_QUESTION_WORDS = "what which who whom whose when where why how whether"

_LINKS = """
    and or but if because so as than then of in on at by for from to into onto with about upon via per
    there here also just really very please
"""

_CONTRACTIONS = """
    i'm i've i'd i'll you're you've you'd you'll he's he'd he'll she's she'd she'll it's it'd it'll we're we've we'd
    we'll they're they've they'd they'll that's there's here's what's who's where's when's why's how's let's
"""

_WORDS_OF_THEIR_OWN = frozenset("id ill hell shed shell wed well were its".split())
"""What contractions are without their apostrophes, where that is another word."""


def _typed(words: Iterable[str]) -> frozenset[str]:
    """`words` with their apostrophes and, as many people type them on a telephone, without."""
    words = frozenset(words)
    return words | {word.replace("'", "") for word in words} - _WORDS_OF_THEIR_OWN


STOP_WORDS: frozenset[str] = _typed(
    " ".join((_ARTICLES_AND_DETERMINERS, _PRONOUNS, _AUXILIARIES, _QUESTION_WORDS, _LINKS, _CONTRACTIONS)).split()
)
"""Lower-case words, with straight apostrophes or without, that say nothing about the subject of a question.

Left out on purpose, although other lists have them: "will" (a living will) and "may" (hay fever in May), which name
things as well; "like", "need", "get" and other full verbs, whose rarity in an article is for ranking to weigh.
"""

QUALIFIERS: frozenset[str] = _typed(
    [
        "no",
        "not",
        "nor",
        "never",
        "none",
        "without",
        "cannot",
        "can't",
        "couldn't",
        "won't",
        "wouldn't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "haven't",
        "hasn't",
        "hadn't",
        "shouldn't",
        "after",
        "before",
        "during",
        "while",
        "until",
        "since",
        "off",
        "down",
        "out",
        "over",
        "up",
        "under",
        "above",
        "below",
        "between",
        "through",
        "against",
        "around",
        "more",
        "most",
        "less",
        "least",
        "few",
        "too",
        "much",
        "many",
        "only",
        "all",
        "both",
        "same",
        "other",
        "again",
    ]
)
"""Function words that turn the meaning of the words beside them, so that they stay in ranking.

Negations: "not sleeping", "no period", "can't swallow" ask about the opposite of the bare word. Order in time: "before
bed", "after eating", "during pregnancy". Particles of verbs: "wears off", "passing out", "throwing up", "lying down",
"over the counter". Amounts: "too much iron", "more than". Alone they are no subject either: a question of nothing but
stop words and qualifiers ("to be or not to be") keeps all its words.
"""
