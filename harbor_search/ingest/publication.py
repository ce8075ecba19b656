"""Whether an article may be shown: what its metadata say of drafts, privacy, search engines and days of publication.

Every generator has its own words for it (`draft: yes`, `status: private`, `published: false`, `permalink: false`,
`search: {exclude: true}`), so names are compared in all spellings and values in all their words. A name
of the tables below with a value that means nothing here keeps the article out: what was meant to stay private must not
be found because of a slip of the pen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from harbor_search.ingest.dates import instant_from, possible_days
from harbor_search.ingest.names import DATE, fold

__all__ = ["PublicationRules", "why_kept_back"]


@dataclass(frozen=True, slots=True)
class PublicationRules:
    """What a site shows: by default neither articles that are dated later than `now` nor those that have expired.

    Times without a zone are in that of `now`.
    """

    include_future: bool = False
    include_expired: bool = False
    now: datetime = field(default_factory=lambda: datetime.now().astimezone())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words("true yes y on 1 t x ja oui sí si sim da")
_NO = _words("false no n off 0 f nein non never none")

_KEPT_IF_TRUE = _words(
    "draft isdraft unpublished isunpublished private isprivate unlisted isunlisted hidden ishidden trashed"
    " intrash deleted isdeleted membersonly passwordprotected confidential noindex robotsnoindex seonoindex"
    " metanoindex nosearch searchexclude searchexcluded searchnoindex excludefromsearch excludedfromsearch"
    " excludesearch excludefromindex hidefromsearch searchhidden disablesearch eleventyexcludefromcollections"
    " headless"
)
_KEPT_IF_FALSE = _words(
    "published ispublished publish public ispublic listed islisted searchable issearchable insearchindex"
    " indexable isindexable pagefind includeinsearch showinsearch searchindexed searchindex searchinclude"
    " searchenabled robotsindex seoindex"
)
# Names that mean other things as well: only values that say plainly that the article is kept back count.
_FALSE_OR_NOTHING = _words(
    "search index indexed live islive visible isvisible active isactive enabled isenabled permalink"
)
_STATUS = _words(
    "status poststatus wppoststatus wpstatus publicationstatus publishstatus publishingstatus articlestatus"
    " contentstatus visibility creativeworkstatus workflowstatus"
)
_STATUS_AMONG_OTHERS = _words("state workflowstate reviewstate moderationstate access stage")
_ROBOTS = _words("robots googlebot bingbot metarobots seorobots xrobotstag strobots")
_PASSWORD = _words("password postpassword wppostpassword")
_FROM = _words(
    "publishdate publishat publishon publishfrom publishafter publishup publishtime scheduled scheduledat"
    " scheduledfor schedule embargo embargoed embargodate embargoeduntil embargountil golive goliveat visiblefrom"
)
_UNTIL = _words(
    "expirydate expiry expires expireson expiresat expire expiration expirationdate expirationtime"
    " articleexpirationtime unpublishdate unpublishat unpublishon unpublishtime publishuntil publishdown"
    " visibleuntil validuntil validthrough unavailableafter"
)
_NESTS = _words(
    "params extra seo meta metadata robots search build publication publishing visibility page fields custom"
)
"""Names whose mappings hold such statements too."""

_PUBLIC = _words(
    "publish published public live visible released release active enabled approved final finished complete"
    " completed done open sent featured listed everyone all anyone stable current new updated deprecated accepted"
    " evergreen veröffentlicht öffentlich publié publiée publicado publicada pubblicato gepubliceerd experimental"
    " beta"
)
_KEPT_BACK = _words(
    "draft drafts autodraft wip workinprogress inprogress private privat hidden unlisted unpublished notpublished"
    " pending pendingreview review inreview needsreview scheduled future planned trash trashed deleted archived"
    " inactive disabled inherit skip password protected members membersonly paid internal confidential expired"
    " embargo embargoed rejected withdrawn offline queued idea todo outline proposed restricted retracted entwurf"
    " brouillon borrador bozza rascunho concept noindex none nobody"
)
_NEVER = _words("0 -1 never none no false null ~ n/a -")
_CLOSED = _words("noindex none")
_BUILD = frozenset(("buildrender", "buildlist"))
_STATEMENTS = frozenset().union(
    *(
        _KEPT_IF_TRUE,
        _KEPT_IF_FALSE,
        _FALSE_OR_NOTHING,
        _STATUS,
        _STATUS_AMONG_OTHERS,
        _ROBOTS,
        _PASSWORD,
        _FROM,
        _UNTIL,
    ),
    _BUILD,
)
"""All names that can keep an article out; other fields, long texts among them, are not looked at."""

_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
_UNAVAILABLE = re.compile(r"unavailable_after\s*:\s*(.+)", re.IGNORECASE)


def why_kept_back(stated: Mapping[str, Any], rules: PublicationRules) -> str:
    """The statement that keeps an article with these metadata from readers, as a reason; empty where there is none."""
    planned = False
    for path, name, value in _statements(stated):
        if name not in _STATEMENTS:
            continue
        planned = planned or name in _FROM
        if reason := _complaint(name, value, rules):
            return f"{path!r} {reason}"
    if planned or rules.include_future:
        return ""
    return _dated_later(stated, rules)


def _statements(stated: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each statement with its name as written and as compared; nested ones with what they lie in, and alone."""
    for name, value in stated.items():
        key = fold(str(name))
        if isinstance(value, Mapping) and key.lstrip("_") in _NESTS:
            for inner, nested in value.items():
                both = f"{name}.{inner}"
                for compared in (fold(both), fold(str(inner))):
                    yield both, compared, nested
        else:
            yield str(name), key, value


def _complaint(name: str, value: Any, rules: PublicationRules) -> str:
    """What is against showing an article about which `name` (folded) says `value`; empty where nothing is."""
    if value is None or value == "" or value == []:
        return ""
    text = _text(value)
    if name in _KEPT_IF_TRUE:
        return _switched(text, value, off=_NO, on=_YES)
    if name in _KEPT_IF_FALSE:
        return _published(text, value, rules)
    if name in _FALSE_OR_NOTHING:
        return _says(value) if value is False or text in ("false", "no", "off", "exclude", "noindex", "none") else ""
    if name in _STATUS or name in _STATUS_AMONG_OTHERS:
        return _status(text, value, strict=name in _STATUS)
    if name in _ROBOTS:
        return _robots(text, value, rules)
    if name in _PASSWORD:
        return "" if value is False else "is set: it is not for everybody"
    if name in _FROM:
        return "" if rules.include_future or _never(text) else _starts(value, rules)
    if name in _UNTIL:
        return "" if rules.include_expired or _never(text) else _ends(value, rules)
    if name in _BUILD:
        return _says(value) if text in ("never", "false", "no") else ""
    return ""


def _switched(text: str, value: Any, *, off: frozenset[str], on: frozenset[str]) -> str:
    if text in off:
        return ""
    return _says(value) if text in on else _unclear(value, "neither yes nor no")


def _published(text: str, value: Any, rules: PublicationRules) -> str:
    """Of `published: ...`, which may be yes, no, a state or the day."""
    word = fold(text)
    if text in _YES or word in _PUBLIC:
        return ""
    if text in _NO or word in _KEPT_BACK:
        return _says(value)
    return "" if rules.include_future else _starts(value, rules)


def _status(text: str, value: Any, *, strict: bool) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value > 1:
        # The answer that a crawler had.
        return "" if not strict or 200 <= value < 300 else _says(value)
    if isinstance(value, list | tuple | Mapping):
        return ""
    word = fold(re.sub(r"[^\w\s-]|_", " ", text))
    if word in _KEPT_BACK or (strict and text in _NO):
        return _says(value)
    if not strict or word in _PUBLIC or text in _YES:
        return ""
    return _unclear(value, "no state known here; 'published' would show the article")


def _robots(text: str, value: Any, rules: PublicationRules) -> str:
    """Of a list of instructions to search engines, such as "noindex, follow"."""
    parts = value if isinstance(value, list | tuple) else [text]
    said = {word.strip() for part in parts for word in re.split(r"[,;\s]+", str(part).lower())}
    if said & _CLOSED:
        return _says(value)
    limit = _UNAVAILABLE.search(str(value))
    return _ends(limit[1], rules) if limit and not rules.include_expired else ""


def _never(text: str) -> bool:
    """Whether a day is said not to be; content management systems write 0000-00-00 for it."""
    return text in _NEVER or not text.strip("0-:/ ")


def _starts(value: Any, rules: PublicationRules) -> str:
    return _compared(
        value, rules, later=f"is {_shown(value)}, which is still to come (setting include_future)", past=""
    )


def _ends(value: Any, rules: PublicationRules) -> str:
    return _compared(value, rules, later="", past=f"is {_shown(value)}: it has expired (setting include_expired)")


def _compared(value: Any, rules: PublicationRules, *, later: str, past: str) -> str:
    """`later` or `past`, as the moment that `value` states is after now or not; another reason where it states none."""
    moment = instant_from(value, rules.now.tzinfo)
    if moment:
        return later if moment > rules.now else past
    days = [instant_from(day, rules.now.tzinfo) for day in possible_days(str(value))]
    known = {day > rules.now for day in days if day} or {
        int(year) > rules.now.year for year in _YEAR.findall(str(value)) if int(year) != rules.now.year
    }
    if len(known) == 1:
        return later if known.pop() else past
    return _unclear(value, "no day that can be read; write it as 2025-01-31")


def _dated_later(stated: Mapping[str, Any], rules: PublicationRules) -> str:
    """Whether the article's own date, the first that is stated, is still to come."""
    dates = {fold(name): name for name in DATE}
    found = {fold(name): (name, value) for name, value in [*stated.items()][::-1] if fold(str(name)) in dates}
    for name in dates:
        spelled, value = found.get(name, ("", None))
        moment = instant_from(value, rules.now.tzinfo) if value else None
        if moment:
            later = moment > rules.now
            return f"{spelled!r} is {_shown(value)}, which is still to come (setting include_future)" if later else ""
    return ""


def _text(value: Any) -> str:
    return str(value).strip().strip("\"'").lower()


def _says(value: Any) -> str:
    return f"is {_shown(value)}: it is not to be published"


def _unclear(value: Any, what: str) -> str:
    return f"is {_shown(value)}, which is {what}; until that is mended the article is kept back"


def _shown(value: Any) -> str:
    text = " ".join(str(value).lower().split() if isinstance(value, bool) else str(value).split())
    return repr(text if len(text) <= 60 else f"{text[:60]}\u2026")
