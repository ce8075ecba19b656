"""Plans: what a query requires, may have and excludes, as one array for the kernels.

Python makes a plan from a tree. Of a query of plain words it hands over the clauses as they come, made once for each
word, and `arrange` makes the plan: Python would take longer for it than most searches do. What the query kernel is
called with is a `RankingRequest`, either of these with what is wanted of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from harbor_search.compiled import inlined, part
from harbor_search.query import ALTERNATIVES, REQUIRED, WANTED

__all__ = ["BARE", "HEAD", "MUST", "MUST_NOT", "NOT_LOADED", "PLANNED", "STOPS", "SUBJECT", "Plan", "RankingRequest"]
__all__ += ["arrange", "make_clause", "make_plan", "ranking_request"]

Plan = array
"""Of int64: fraction bits (0: as fits), numbers of required, optional and excluded lists, these lists, and the
required phrases as `conjunction.top_required` takes them."""

BARE, MUST, MUST_NOT, STOPS, SUBJECT = 0, 1, 2, 4, 8
"""What a clause is by its sign; and whether it is a bare word that goes where a subject is named, or names one."""

PLANNED = -1
"""In place of the reading of clauses: the plan was made already."""

HEAD = 4
"""Numbers before those of the plan or clauses in a request: the reading, k, whether matches are counted, and the size
of what follows."""

NOT_LOADED = -2
"""In place of the number of a list that is not in memory: of a stop word that was left out so far."""

_SIGN = 3
_PHRASE = 16


def make_plan(
    required: Sequence[int],
    optional: Sequence[int] = (),
    excluded: Sequence[int] = (),
    phrases: Sequence[int] = (),
    *,
    shift: int = 0,
) -> Plan[int]:
    """A plan for these lists of a postings cache."""
    return array("q", (shift, len(required), len(optional), len(excluded), *required, *optional, *excluded, *phrases))


def make_clause(kind: int, operand: int | Sequence[int]) -> bytes:
    """A clause: its kind, then a list's number (-1: empty) or a phrase as a plan has it; int64 each."""
    if isinstance(operand, int):
        return array("q", (kind, operand)).tobytes()
    return array("q", (kind | _PHRASE, *operand)).tobytes()


class RankingRequest(NamedTuple):
    """What the query kernel is called with: where its int64 `numbers` are."""

    address: int
    numbers: array[int]


def ranking_request(numbers: bytes, reading: int, k: int, *, counting: bool) -> RankingRequest:
    """A request for the best `k` documents of a plan (`reading` is PLANNED) or of clauses, which are as their bytes."""
    request = array("q", (reading, k, counting, len(numbers) >> 3))
    request.frombytes(numbers)
    return RankingRequest(request.buffer_info()[0], request)


@inlined
def _end_of(clauses, at):
    """Where the clause after the one at `at` begins."""
    return at + 3 + 2 * clauses[at + 1] if clauses[at] & _PHRASE else at + 2


@part
def arrange(clauses, size, reading, plan):
    """Write the plan of a query of so many int64 of clauses, whose bare ones are to be read as `query.plain` says.

    It gives what `PlainQuery.tree` gives. Returns the size of the plan; -1 where plans cannot say it: all documents are
    asked for, a phrase that is not required, or a list that is not in memory.
    """
    every, at = np.int64(0), 0
    while at < size:
        every |= clauses[at]
        at = _end_of(clauses, at)
    left_out = STOPS if reading != ALTERNATIVES and every & SUBJECT else 0
    bare, must, at = 0, 0, 0
    while at < size:
        if not clauses[at] & left_out:
            bare += clauses[at] & _SIGN == BARE
            must += clauses[at] & _SIGN == MUST
        at = _end_of(clauses, at)
    if bare + must == 0:
        return -1
    all_required = reading == REQUIRED or (reading == WANTED and must == 0 and bare == 1)
    into = 4
    for turn in range(3):
        first, at = into, 0
        while at < size:
            kind, operand = clauses[at], clauses[at + 1]
            sign = MUST if all_required and kind & _SIGN == BARE else kind & _SIGN
            if not kind & left_out and turn == (0 if sign == MUST else 1 if sign == BARE else 2):
                if kind & _PHRASE:
                    if turn > 0:
                        return -1
                elif operand == NOT_LOADED:
                    return -1
                elif operand >= 0:
                    plan[into] = operand
                    into += 1
                elif turn == 0:  # what nothing has is required
                    plan[:4] = 0
                    return 4
            at = _end_of(clauses, at)
        plan[1 + turn] = into - first
    at = 0
    while at < size:
        end = _end_of(clauses, at)
        if clauses[at] & _PHRASE:
            for i in range(at + 1, end):
                plan[into] = clauses[i]
                into += 1
        at = end
    plan[0] = 0
    return into
