"""The phrases in which people ask: words that elsewhere name things, and here only lead up to what is asked about.

"How long does it take", "is it normal", "what is the best way to": none of *long*, *take*, *normal*, *best* and *way*
is a stop word, and each is rarer in many collections than what the question is about. As a phrase they say nothing.
Nor does what only says since when, how old or whose: "for three weeks", "my husband", "I keep getting".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["asking_words"]


_BE = r"(?:is|are|was|were|am|be|being)"
_DO = r"(?:do|does|did|can|could|should|would|will|must|may|might)"
_WHO = r"(?:i|you|we|they|he|she|it|one|people|someone|somebody|anyone|my \w+|a person)"
_SUPERLATIVE = r"(?:best|easiest|fastest|quickest|right|safest)"
_SOME = r"(?:\d+|an?|one|two|three|four|five|six|several|(?:a )?few|a couple(?: of)?|many|some)"
_TIME = r"(?:hours?|hrs?|days?|nights?|weeks?|months?|years?)"
_GROWN_UP = (
    r"(?:husband|wife|partner|boyfriend|girlfriend|mother|mom|mum|father|dad|parents?|sister|brother|friend|aunt|uncle"
    r"|grandmother|grandfather|grandma|grandpa|gran|nan)"
)
_JUDGEMENT = (
    r"(?:normal|ok|okay|safe|bad|good|possible|common|true|dangerous|serious|healthy|harmful|fine|all right|alright"
    r"|a problem|a sign|something)"
)

_FORMS = (
    r"how (?:long|often|much|many|far|soon|quickly|fast|late|early|bad|serious|common|likely|dangerous)"
    rf"(?: times?| hours?| days?| weeks?)?(?: {_DO}| {_BE})?(?: {_WHO})?(?: take| last| need(?: to)?| be)?",
    rf"how (?:to|{_DO} {_WHO}) (?:know|tell|find out)(?: if| whether| that)?",
    r"how come",
    rf"(?:is|was) (?:it|this|that) {_JUDGEMENT}(?: to| for| that| if| when)?",
    rf"what(?:s| is| are)(?: the)? {_SUPERLATIVE} (?:way|ways|thing|things)(?: to| of| for)?",
    rf"(?:the )?{_SUPERLATIVE} ways? to",
    r"what (?:happens|happened|would happen|will happen)(?: if| when| to)?",
    r"what (?:kind|kinds|sort|sorts|type|types) of",
    r"what(?:s| is) (?:the )?(?:difference|reason)(?: between| for| why)?",
    rf"what(?: {_DO})? helps?(?: with| against| for)?",
    rf"what {_DO} (?:it|this|that) mean(?: if| when| that)?",
    rf"what {_DO} {_WHO} (?:need|have|know|want)(?: to)?(?: know)?(?: about)?",
    r"(?:please )?(?:tell|show|give) me(?: more| everything| something)?(?: about)?",
    r"(?:i|we) (?:want|need|would like|wish|am trying|have been trying)(?: to)?(?: know| learn| find out)?"
    r"(?: about| how)?",
    r"(?:i am|im) (?:worried|wondering|curious|concerned|afraid|looking)(?: about| that| if| whether| for)?",
    rf"should {_WHO} (?:be )?(?:worry|worried|concerned|see|go)(?: about| if| to)?",
    r"(?:does|do|did) (?:anyone|anybody|somebody|someone|people)(?: else)?(?: know| have)?(?: what| how| if)?",
    r"is there (?:a|any|anything|something|some)(?: way| thing)?(?: to| that| i can do)?",
    r"(?:i|we) (?:do not|dont) (?:know|understand)(?: what| why| how| if)?",
    r"(?:any|some) (?:ideas?|suggestions?|thoughts)(?: on| about| for)?",
    r"what(?:s| is)? wrong with(?: me)?",
    r"(?:get|gets|getting|got) rid of",
    r"(?:get|gets|getting|got|gotten|keep|keeps|kept|feel|feels|feeling|felt|seem|seems)"
    r"(?! (?:up|down|in|out|on|off|over|through)(?!\S))",
    rf"(?:for|since|in|within|over)(?: the)?(?: last| past)? {_SOME} {_TIME}",
    rf"{_SOME} {_TIME} (?:ago|now)",
    rf"{_SOME} {_TIME} old",
    r"all the time|all day(?: long)?|every day|at the moment|right now|these days|lately|recently"
    r"|over and over(?: again)?|again and again",
    r"always|constantly|often|sometimes|usually|frequently",
    rf"my {_GROWN_UP}",
)

_ASKING = re.compile(r"(?<!\S)(?:" + "|".join(_FORMS) + r")(?!\S)")

_END = re.compile(r"(?<!\S)how long .+? (lasts?|takes?|stays?|goes on|go on|be)$")
"""What ends a question of which the subject stands in the middle."""


def asking_words(words: Sequence[str]) -> frozenset[int]:
    """The indices of those of `words` that are part of a phrase in which people ask; apostrophes make no difference."""
    found: set[int] = set()
    text = " ".join(word.lower().strip("?!.").replace("'", "") or "-" for word in words)
    spans = [match.span() for match in _ASKING.finditer(text)]
    spans += [match.span(1) for match in _END.finditer(text)]
    for start, end in spans:
        first = text.count(" ", 0, start)
        found.update(range(first, first + text.count(" ", start, end) + 1))
    return frozenset(found)
