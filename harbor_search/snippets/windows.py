"""Windows: which stretch of a text shows most of what was asked for.

The score of a stretch is the sum of its words' weights, where the same word again counts for a fraction of the time
before, so that different words win over one repeated. Two different words right beside each other, as in a phrase, or
near each other count for more than the two alone.

Matches are rows of start and end (a half-open character range of the text) and leaf, ascending. Features, what a window
can show, are rows of start, end and key: a match with its leaf as the key, and after the first of its two each pair of
matches that follow each other closely, with a key of its own.
"""

from __future__ import annotations

import numpy as np

from harbor_search.compiled import part

__all__ = ["END", "KEY", "MOST_REPEATS", "RAGGED", "START", "best_window", "features_of", "pair_keys", "starts_of"]

START, END, KEY = range(3)
"""Of a match or a feature; a match's key is its leaf."""

_REPEATS = np.array([1.0, 0.25, 0.1, 0.05])
"""What the first, second, ... time of the same word is worth; further times are worth nothing."""

MOST_REPEATS = len(_REPEATS)

_ADJACENT, _ADJACENT_SHARE = 2, 0.6
_NEAR, _NEAR_SHARE = 30, 0.2
"""Characters between two different words, and what such a pair is worth as a share of the lesser word's weight."""

_MORE = 1.000001
"""How much more a score must be to be more: sums of the same numbers in another order differ in their last digits."""

RAGGED = 0.85
"""Factor for passages that begin within a sentence."""


@part
def pair_keys(leaves):
    """The first number that is no key where a query has so many leaves."""
    return leaves + 2 * leaves * leaves


@part
def features_of(matches, size, weights, features, worth):
    """Write the features of the first `size` matches to `features` (int64[2 * matches, 3]); returns how many they are.

    What each is worth, given the weights of leaves (float64[leaves]), goes to `worth` (float64 by key).
    """
    count, leaves = 0, weights.size
    worth[:leaves] = weights
    for i in range(size):
        key = matches[i, KEY]
        if i > 0 and matches[i - 1, KEY] != key:
            before = matches[i - 1, KEY]
            gap = matches[i, START] - matches[i - 1, END]
            if gap >= 0 and gap <= _NEAR:
                pair = leaves + 2 * (before * leaves + key) + (gap <= _ADJACENT)
                worth[pair] = (_ADJACENT_SHARE if gap <= _ADJACENT else _NEAR_SHARE) * min(
                    weights[before], weights[key]
                )
                features[count, START], features[count, END] = matches[i - 1, START], matches[i, END]
                features[count, KEY] = pair
                count += 1
        features[count, START], features[count, END], features[count, KEY] = matches[i, START], matches[i, END], key
        count += 1
    return count


@part
def starts_of(matches, size, starts, ends, reach, places, factors):
    """Where passages may begin: with the sentence of each match, or with the match where that begins too far back.

    `starts` and `ends` are those of the text's sentences. Writes the places, ascending, to `places` (int64[matches])
    and what a passage that begins there is multiplied by to `factors` (float64[matches]); returns how many they are.
    """
    count, sentence, latest = 0, 0, np.int64(-1)
    for i in range(size):
        while sentence + 1 < starts.size and starts[sentence + 1] <= matches[i, START]:
            sentence += 1
        clean = np.int64(starts[sentence])
        at = clean if matches[i, END] - clean <= reach else matches[i, START]
        if at > latest:
            latest = at
            places[count], factors[count] = at, 1.0 if at == clean else RAGGED
            count += 1
    return count


@part
def best_window(features, size, places, factors, begins, reach, worth, counts):
    """The window of `reach` characters with the highest score, the first of equals.

    Args:
        features: the first `size` rows ascend by start.
        places, factors: where windows may begin, the first `begins` of them, ascending, each with a factor for the
            score.
        worth: float64 by key.
        counts: int32 by key, zeros, and zeros again in the end.

    Returns (score, start, first, last): the window begins at `start` and has features[first:last]. The score is 0 where
    all are empty. Takes time linear in features and starts.
    """
    total, first, last = 0.0, 0, 0
    best, best_start, best_first, best_last = 0.0, np.int64(0), 0, 0
    for i in range(begins):
        start, factor = places[i], factors[i]
        while first < size and features[first, START] < start:
            if first < last:
                key = features[first, KEY]
                counts[key] -= 1
                if counts[key] < MOST_REPEATS:
                    total -= worth[key] * _REPEATS[counts[key]]
            first += 1
        last = max(first, last)
        while last < size and features[last, END] <= start + reach:
            key = features[last, KEY]
            if counts[key] < MOST_REPEATS:
                total += worth[key] * _REPEATS[counts[key]]
            counts[key] += 1
            last += 1
        if first < last and total * factor > best * _MORE:
            best, best_start, best_first, best_last = total * factor, start, first, last
    for i in range(size):
        counts[features[i, KEY]] = 0
    return best, best_start, best_first, best_last
