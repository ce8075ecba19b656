"""Whether an article may be shown: what its metadata say of drafts, privacy, search engines and days of publication.

`publication_names` knows the names, `statements` where they are looked for; here their values are judged. A name
that speaks of it with a value that means nothing here keeps the article out: what was meant to stay private must not
be found because of a slip of the pen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from harbor_search.ingest.dates import instant_from, possible_days
from harbor_search.ingest.field_names import DATE, fold, last_of
from harbor_search.ingest.publication_names import Meaning, meaning_of
from harbor_search.ingest.publication_statements import statements_of

__all__ = ["PublicationRules", "Upcoming", "is_state", "why_kept_back"]


@dataclass(slots=True)
class Upcoming:
    """The first moment still to come at which something that was judged will be judged otherwise; None: none will."""

    first: datetime | None = None

    def note(self, moment: datetime | None) -> None:
        """Such a moment."""
        if moment and (self.first is None or moment < self.first):
            self.first = moment


@dataclass(frozen=True, slots=True)
class PublicationRules:
    """What a site shows: by default neither articles that are dated later than `now` nor those that have expired.

    Times without a zone are in `zone`; None: in the machine's, by its rules of summer time. Judging by them notes in
    `upcoming` when it will end otherwise.
    """

    include_future: bool = False
    include_expired: bool = False
    now: datetime = field(default_factory=lambda: datetime.now().astimezone())
    zone: tzinfo | None = None
    upcoming: Upcoming = field(default_factory=Upcoming, compare=False)

    def moment_of(self, value: object) -> datetime | None:
        """The moment that `value` states, with its zone; None where it states none."""
        moment = instant_from(value, self.zone)
        if moment is None or moment.tzinfo:
            return moment
        try:
            return moment.astimezone()
        except (OverflowError, ValueError):  # on the first or the last day of the calendar
            return moment.replace(tzinfo=UTC)

    def is_later(self, moment: datetime) -> bool:
        """Whether `moment` is after now."""
        if moment > self.now:
            self.upcoming.note(moment)
            return True
        return False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words("true yes y on 1 1.0 t x ja oui sí si sim da")
_NO = _words("false no n off 0 0.0 f nein non nee nej não nie нет 否 never none null \\n")
_OFF = _words("false no n off exclude noindex none disabled")
_PUBLIC = _words(
    "publish published public live visible released release active enabled approved final finished complete"
    " completed done open featured listed everyone all anyone stable current new updated deprecated accepted"
    " evergreen budding seedling superseded ready reviewed verified maintained"
    " online available posted issued adopted answered resolved ok web external"
    " veröffentlicht öffentlich publié publiée publicado publicada pubblicato gepubliceerd experimental beta"
    " freigegeben aktiv enligne publique actif público pública activo activa attivo publicerad julkaistu"
    " opublikowany opublikowane опубликовано опубликован 公開 公开 已发布"
)
_KEPT_BACK = _words(
    "draft drafts autodraft wip workinprogress inprogress private privat hidden unlisted unpublished notpublished"
    " softtrashed pending pendingreview review inreview needsreview scheduled future planned trash trashed deleted"
    " archived inactive disabled inherit skip password protected members member membersonly paid onlypaid onlyfree"
    " tiers founding internal confidential secret expired embargo embargoed rejected withdrawn offline queued idea todo"
    " outline proposed restricted retracted unreleased sent staff editors admins admin subscribers registered entwurf"
    " brouillon borrador bozza rascunho concept noindex none nobody onlyme"
)
"""States in which an article is not for every reader; what is `sent` went out by mail alone."""

_KEPT_BACK_ANYWHERE = _words("draft drafts unpublished embargoed wip")
_MARKS = _words("draft drafts private unlisted unpublished wip")
_SOMEDAY = _words("later soon tomorrow tba tbd notyet nextweek nextmonth nextyear")
_NEVER = _words("0 -1 never none no false null ~ n/a - \\n")
_ENDLESS = _words("unlimited permanent permanently forever indefinite indefinitely")
_CLOSED = _words("noindex none")
_EVERYBODY = _words("all everyone everybody anyone public")
_UNSET = _words("false no off null \\n")

_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
_UNAVAILABLE = re.compile(r"unavailable_after\s*:\s*(.+)", re.IGNORECASE)
_WORD = re.compile(r"[\w-]+")
_LIMIT = re.compile(r"\bmax-[\w-]+[\"']?\s*[:=]\s*[\"']?(?:none|standard|large|-?\d+)\b")
"""How much of a page search engines may show: `max-image-preview:none` does not close it."""

_FOR_ONE = re.compile(r"(?:^|(?<=,))\s*([a-z][\w-]+)\s*:[^,]*")
"""What the header X-Robots-Tag says to one crawler by its name, as in `otherbot: noindex, nofollow`; PHP begins
what it keeps of an array with a single letter."""

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
    return text in _YES | _NO or fold(text) in _PUBLIC


def _kept_if_true(text: str, value: Any, _: PublicationRules) -> str:
    if text in _NO:
        return ""
    return _says(value) if text in _YES else _unclear(value, "neither yes nor no")


def _kept_if_plainly_true(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if text in _YES else ""


def _kept_if_false(text: str, value: Any, rules: PublicationRules) -> str:
    """Of `published: ...`, which may be yes, no, a state or the day."""
    word = fold(text)
    if text in _YES or word in _PUBLIC:
        return ""
    if text in _NO or word in _KEPT_BACK:
        return _says(value)
    return "" if rules.include_future else _starts(value, rules)


def _kept_if_off(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if value is False or text in _OFF else ""


def _kept_if_off_or_zero(text: str, value: Any, _: PublicationRules) -> str:
    kept = text in _OFF or text in ("0", "f") or _state(text) in _KEPT_BACK | _SOMEDAY
    return _says(value) if kept else ""


def _rendered(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if text in ("never", "false", "no", "off", "link") else ""


def _status(text: str, value: Any, _: PublicationRules) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value > 1:
        return "" if 200 <= value < 300 else _says(value)
    if _ANSWER.fullmatch(text):
        return "" if text.startswith("2") else _says(value)
    word = _state(text)
    if word in _KEPT_BACK or text in _NO:
        return _says(value)
    if word in _PUBLIC or text in _YES or isinstance(value, Mapping):
        return ""
    return _unclear(value, "no state known here; 'published' would show the article")


def _status_among_others(text: str, value: Any, _: PublicationRules) -> str:
    words = text.split()
    kept = _state(text) in _KEPT_BACK - {"none", "concept"} or _NOT_ABOVE_ZERO.fullmatch(text)
    return _says(value) if kept or (len(words) <= 3 and _KEPT_BACK_ANYWHERE & {*words}) else ""


def _stage(text: str, value: Any, rules: PublicationRules) -> str:
    return "" if _NOT_ABOVE_ZERO.fullmatch(text) else _status_among_others(text, value, rules)


def _mark(text: str, value: Any, _: PublicationRules) -> str:
    return _says(value) if text in _MARKS else ""


def _state(text: str) -> str:
    return fold(re.sub(r"[^\w\s-]|_", " ", text))


def _robots(_: str, value: Any, rules: PublicationRules) -> str:
    """Of instructions to search engines: "noindex, follow", a list of them, `{index: false}`, or false for none."""
    if value is False or _text(value) in ("false", "no", "off"):
        return _says(value)
    if isinstance(value, Mapping):
        return next(
            (
                _says(value)
                for name, each in value.items()
                if each not in (None, "") and _closes(fold(str(name)), _text(each))
            ),
            "",
        )
    if {*_WORD.findall(_FOR_ONE.sub(_to_all, _LIMIT.sub("", str(value).lower())))} & _CLOSED:
        return _says(value)
    limit = _UNAVAILABLE.search(str(value))
    return _ends(limit[1], rules) if limit and not rules.include_expired else ""


def _to_all(instruction: re.Match[str]) -> str:
    """An instruction to one crawler where that speaks for all; empty where it says nothing of a site's search."""
    name = instruction[1]
    return instruction[0] if name.startswith("max-") or meaning_of(fold(name)) is Meaning.ROBOTS else ""


def _closes(name: str, text: str) -> bool:
    """Whether `index: false`, `noindex: true` or `index: noindex` is said."""
    return (
        (text in _CLOSED and not name.startswith("max"))
        or (name == "index" and text in _NO)
        or (name == "noindex" and text not in _NO)
    )


def _secret(text: str, value: Any, _: PublicationRules) -> str:
    return "" if value is False or text == "" or text in _UNSET else "is set: it is not for everybody"


def _from(text: str, value: Any, rules: PublicationRules) -> str:
    return "" if rules.include_future or _never(text) else _starts(value, rules)


def _from_if_day(text: str, value: Any, rules: PublicationRules) -> str:
    said = fold(text) in _SOMEDAY or _is_later(value, rules) is not None
    return _from(text, value, rules) if said else ""


def _until(text: str, value: Any, rules: PublicationRules) -> str:
    if rules.include_expired or _never(text) or text in _EVERYBODY | _ENDLESS or _DURATION.fullmatch(text):
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
    return text in _NEVER or not text.strip("0-:/ ") or text.startswith("0001-01-01")


def _starts(value: Any, rules: PublicationRules) -> str:
    return _compared(value, rules, later=_still_to_come(value), past="")


def _ends(value: Any, rules: PublicationRules) -> str:
    return _compared(value, rules, later="", past=f"is {_shown(value)}: it has expired (setting include_expired)")


def _compared(value: Any, rules: PublicationRules, *, later: str, past: str) -> str:
    """`later` or `past`, as the moment that `value` states is after now or not; another reason where it states none."""
    is_later = _is_later(value, rules)
    if is_later is None:
        return _unclear(value, "no day that can be read; write it as 2025-01-31")
    return later if is_later else past


def _is_later(value: Any, rules: PublicationRules) -> bool | None:
    """Whether the moment that `value` states, in any of the ways to read it, is after now; None where that is open."""
    if moment := rules.moment_of(value):
        return rules.is_later(moment)
    days = [rules.moment_of(day) for day in possible_days(str(value))]
    known = {rules.is_later(day) for day in days if day}
    if not known:
        years = {*map(int, _YEAR.findall(str(value)))}
        # Within a year it is open whether a moment of that year has come.
        begun, ended = ({year: _has_begun(year + more, rules) for year in years} for more in (0, 1))
        known = {not begun[year] for year in years if begun[year] == ended[year]}
    return known.pop() if len(known) == 1 else None


def _has_begun(year: int, rules: PublicationRules) -> bool:
    moment = rules.moment_of(date(year, 1, 1))
    return moment is not None and not rules.is_later(moment)


def _dated_later(stated: Mapping[str, Any], rules: PublicationRules) -> str:
    """Whether the article's own date, the first that is stated, is still to come."""
    dates = {fold(name): name for name in DATE}
    found = {fold(name): (name, last_of(value)) for name, value in [*stated.items()][::-1] if fold(str(name)) in dates}
    for name in dates:
        spelled, value = found.get(name, ("", None))
        is_later = _is_later(value, rules) if value else None
        if is_later is not None:
            return f"{spelled!r} {_still_to_come(value)}" if is_later else ""
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
