"""The words by which metadata say that an article is public, that it is not, and what they leave open."""

from __future__ import annotations

__all__ = [
    "CLOSED",
    "ENDLESS",
    "FROM_SEARCH",
    "EVERYBODY",
    "KEPT_BACK",
    "KEPT_BACK_ANYWHERE",
    "MARKS",
    "NEVER",
    "NO",
    "OFF",
    "PUBLIC",
    "SOMEDAY",
    "UNSET",
    "YES",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


YES = _words("true yes y on 1 1.0 t x ja oui sí si sim da")
NO = _words("false no n off 0 0.0 f nein non nee nej não nie нет 否 never none null \\n")
OFF = _words("false no n off nein non nee nej não nie нет 否 exclude noindex none disabled")
PUBLIC = _words(
    "publish published public live visible released release active enabled approved final finished complete"
    " completed done open featured listed everyone all anyone stable current new updated deprecated accepted"
    " evergreen budding seedling superseded ready reviewed verified maintained"
    " online available posted issued adopted answered resolved ok web external"
    " veröffentlicht öffentlich publié publiée publicado publicada pubblicato gepubliceerd experimental beta"
    " freigegeben aktiv enligne publique actif público pública activo activa attivo publicerad julkaistu"
    " opublikowany opublikowane опубликовано опубликован 公開 公开 已发布"
)
KEPT_BACK = _words(
    "draft drafts autodraft wip workinprogress inprogress private privat hidden unlisted unpublished notpublished"
    " softtrashed writing drafting editing pending pendingreview review inreview needsreview scheduled future"
    " planned trash trashed deleted"
    " archived inactive disabled inherit skip password protected members member membersonly paid onlypaid onlyfree"
    " premium special superusers tiers founding internal confidential secret expired embargo embargoed rejected"
    " withdrawn offline queued idea todo"
    " outline proposed restricted retracted unreleased sent staff editors admins admin subscribers registered entwurf"
    " brouillon borrador bozza rascunho concept noindex none nobody onlyme"
)
"""States in which an article is not for every reader; what is `sent` went out by mail alone."""

KEPT_BACK_ANYWHERE = _words("draft drafts unpublished embargoed wip")
MARKS = _words("draft drafts private unlisted unpublished wip")
SOMEDAY = _words("later soon tomorrow tba tbd notyet nextweek nextmonth nextyear")
NEVER = _words("0 -1 never none no false null ~ n/a - \\n")
ENDLESS = _words("unlimited permanent permanently forever indefinite indefinitely")
CLOSED = _words("noindex none")
EVERYBODY = _words("all everyone everybody anyone public")
FROM_SEARCH = _words("search searchengine searchengines searchindex searchresults index")
UNSET = _words("false no off null \\n")
