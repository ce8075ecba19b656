"""Whether an article may be shown: what its metadata say of drafts, privacy, search engines and days of publication.

`publication_names` knows the names, `publication_statements` where they are looked for, `publication_words` the words;
here values are judged. A name
that speaks of it with a value that means nothing here keeps the article out: what was meant to stay private must not
be found because of a slip of the pen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from harbor_search.ingest.field_names import DATE, fold, last_of
from harbor_search.ingest.publication_names import Meaning
from harbor_search.ingest.publication_rules import PublicationRules, is_later
from harbor_search.ingest.publication_statements import statements_of
from harbor_search.ingest.publication_words import (
    ENDLESS,
    EVERYBODY,
    FROM_SEARCH,
    KEPT_BACK,
    KEPT_BACK_ANYWHERE,
    MARKS,
    NEVER,
    NO,
    OFF,
    PUBLIC,
    SOMEDAY,
    UNSET,
    YES,
)
from harbor_search.ingest.robots_instructions import closes, unavailable_after

__all__ = ["is_state", "why_kept_back"]


_ANSWER = re.compile(r"[1-5]\d\d")
"""The status that a crawler had from a server."""

_DURATION = re.compile(
    r"(?!(?:19|20|21)\d\d|\d{4}(?:19|20|21)\d\d$)\d{1,8}"
    r"|\d+ ?(?:s|seconds?|min|minutes?|h|hours?|days?|weeks?|months?|years?)\b(?!.*\bago\b).*"
)
"""For how long a copy or a thing keeps; a number alone is one of seconds unless a year may be in it."""

_NOT_ABOVE_ZERO = re.compile(r"0|-\d+")


def why_kept_back(stated: Mapping[str, Any], rules: PublicationRules) -> str:
    """The statement that keeps an article with these metadata from readers, as a reason; empty where there is none."""
    planned = False
    for path, meaning, value in statements_of(stated):
        planned = planned or meaning is Meaning.FROM
        if value in (None, "", [], {}):
            continue
        if reason := _JUDGES[meaning](_text(value), value, rules):
            return f"{path!r} {reason}"
    if planned or rules.include_future:
        return ""
    return _dated_later(stated, rules)


def is_state(value: Any) -> bool:
    """Whether `value` says yes or no, or the name of a state, where a day might stand."""
    text = _text(value)
    return text in YES | NO or fold(text) in PUBLIC


def _kept_if_true(text: str, value: Any, _: PublicationRules) -> str:
    if text in NO:
        return ""
    return _says(value) if text in YES else _unclear(value, "neither yes nor no")


def _kept_if_plainly_true(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if text in YES | FROM_SEARCH else ""


def _kept_if_false(text: str, value: Any, rules: PublicationRules) -> str:
    """Of `published: ...`, which may be yes, no, a state or the day."""
    word = fold(text)
    if text in YES or word in PUBLIC:
        return ""
    if text in NO or word in KEPT_BACK:
        return _says(value)
    return "" if rules.include_future else _starts(value, rules)


def _kept_if_off(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if value is False or text in OFF else ""


def _kept_if_off_or_zero(text: str, value: Any, _: PublicationRules) -> str:
    kept = text in OFF or text in ("0", "f") or _state(text) in KEPT_BACK | SOMEDAY
    return _says(value) if kept else ""


def _rendered(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if text in ("never", "false", "no", "off", "link") else ""


def _status(text: str, value: Any, _: PublicationRules) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value > 1:
        return "" if 200 <= value < 300 else _says(value)
    if _ANSWER.fullmatch(text):
        return "" if text.startswith("2") else _says(value)
    word = _state(text)
    if word in KEPT_BACK or text in NO:
        return _says(value)
    if word in PUBLIC or text in YES or isinstance(value, Mapping):
        return ""
    return _unclear(value, "no state known here; 'published' would show the article")


def _status_among_others(text: str, value: Any, _: PublicationRules) -> str:
    words = text.split()
    kept = _state(text) in KEPT_BACK - {"none", "concept"} or _NOT_ABOVE_ZERO.fullmatch(text)
    return _says(value) if kept or (len(words) <= 3 and KEPT_BACK_ANYWHERE & {*words}) else ""


def _stage(text: str, value: Any, rules: PublicationRules) -> str:
    return "" if _NOT_ABOVE_ZERO.fullmatch(text) else _status_among_others(text, value, rules)


def _mark(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if text in MARKS else ""


def _labels(_: str, value: Any, __: PublicationRules) -> str:
    labels = value if isinstance(value, list | tuple) else str(value).split(",")
    texts = set(filter(None, map(_text, labels)))  # lists may end in a comma
    return _says(value) if texts and texts <= MARKS else ""


def _state(text: str) -> str:
    return fold(re.sub(r"[^\w\s-]|_", " ", text))


def _robots(_: str, value: Any, rules: PublicationRules) -> str:
    if closes(value):
        return _says(value)
    limit = unavailable_after(value)
    return _ends(limit, rules) if limit and not rules.include_expired else ""


def _secret(text: str, value: Any, _: PublicationRules) -> str:
    return "" if value is False or text == "" or text in UNSET | EVERYBODY else "is set: it is not for everybody"


def _from(text: str, value: Any, rules: PublicationRules) -> str:
    return "" if rules.include_future or _never(text) else _starts(value, rules)


def _from_if_day(text: str, value: Any, rules: PublicationRules) -> str:
    said = fold(text) in SOMEDAY or is_later(value, rules) is not None
    return _from(text, value, rules) if said else ""


def _until(text: str, value: Any, rules: PublicationRules) -> str:
    if rules.include_expired or _never(text) or text in EVERYBODY | ENDLESS or _DURATION.fullmatch(text):
        return ""
    return _ends(value, rules)


def _since(text: str, value: Any, rules: PublicationRules) -> str:
    if _never(text) or isinstance(value, Mapping):
        return ""
    return _compared(value, rules, later="", past=f"is {_shown(value)}: it was taken away then")


_JUDGES: dict[Meaning, Callable[[str, Any, PublicationRules], str]] = {
    Meaning.KEPT_IF_TRUE: _kept_if_true,
    Meaning.KEPT_IF_PLAINLY_TRUE: _kept_if_plainly_true,
    Meaning.KEPT_IF_FALSE: _kept_if_false,
    Meaning.KEPT_IF_OFF: _kept_if_off,
    Meaning.KEPT_IF_OFF_OR_ZERO: _kept_if_off_or_zero,
    Meaning.STATUS: _status,
    Meaning.STATUS_AMONG_OTHERS: _status_among_others,
    Meaning.STAGE: _stage,
    Meaning.MARK: _mark,
    Meaning.LABELS: _labels,
    Meaning.ROBOTS: _robots,
    Meaning.SECRET: _secret,
    Meaning.FROM: _from,
    Meaning.FROM_IF_DAY: _from_if_day,
    Meaning.UNTIL: _until,
    Meaning.SINCE: _since,
    Meaning.RENDERED: _rendered,
}


def _never(text: str) -> bool:
    """Whether a day is said not to be; content management systems write 0000-00-00 for it, .NET 0001-01-01."""
    return text in NEVER or not text.strip("0-:/ ") or text.startswith("0001-01-01")


def _starts(value: Any, rules: PublicationRules) -> str:
    return _compared(value, rules, later=_still_to_come(value), past="")


def _ends(value: Any, rules: PublicationRules) -> str:
    return _compared(value, rules, later="", past=f"is {_shown(value)}: it has expired (setting include_expired)")


def _compared(value: Any, rules: PublicationRules, *, later: str, past: str) -> str:
    """`later` or `past`, as the moment that `value` states is after now or not; another reason where it states none."""
    to_come = is_later(value, rules)
    if to_come is None:
        return _unclear(value, "no day that can be read; write it as 2025-01-31")
    return later if to_come else past


def _dated_later(stated: Mapping[str, Any], rules: PublicationRules) -> str:
    """Whether the article's own date, the first that is stated, is still to come."""
    dates = {fold(name): name for name in DATE}
    found = {fold(name): (name, last_of(value)) for name, value in [*stated.items()][::-1] if fold(str(name)) in dates}
    for name in dates:
        spelled, value = found.get(name, ("", None))
        to_come = is_later(value, rules) if value else None
        if to_come is not None:
            return f"{spelled!r} {_still_to_come(value)}" if to_come else ""
    return ""


def _still_to_come(value: Any) -> str:
    return f"is {_shown(value)}, which is still to come (setting include_future)"


def _text(value: Any) -> str:
    return str(value).strip().strip("\"'").lower()


def _says(value: Any) -> str:
    return f"is {_shown(value)}: it is not to be published"


def _unclear(value: Any, what: str) -> str:
    return f"is {_shown(value)}, which is {what}; until that is mended the article is kept back"


def _shown(value: Any) -> str:
    text = " ".join(str(value).lower().split() if isinstance(value, bool) else str(value).split())
    return repr(text if len(text) <= 60 else f"{text[:60]}\u2026")
