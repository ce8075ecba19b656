"""The names under which sources say whether an article may be shown, each with what its values mean.

Every generator and content management system has its own: `draft`, `status`, `eleventyExcludeFromCollections`,
`search.exclude`, `deleted_at`. Names are folded (`names.fold`), so all spellings of one are one.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

__all__ = ["NESTS", "TAG_LISTS", "Meaning", "meaning_of"]


class Meaning(Enum):
    """How the values of a name are to be read."""

    KEPT_IF_TRUE = auto()
    """Yes keeps the article back, and so does what is neither yes nor no."""
    KEPT_IF_PLAINLY_TRUE = auto()
    """Only a plain yes keeps it back: the name has other uses."""
    KEPT_IF_FALSE = auto()
    """No keeps it back; a day or a state may stand there too."""
    KEPT_IF_OFF = auto()
    """Only what switches it off in words keeps it back: `search: false`, but not `index: 0`."""
    KEPT_IF_OFF_OR_ZERO = auto()
    """The same, numbers included."""
    STATUS = auto()
    """A state, which must be one that is known."""
    STATUS_AMONG_OTHERS = auto()
    """A state, or something else altogether."""
    STAGE = auto()
    """The same, where a number says nothing."""
    MARK = auto()
    """A kind or a layout, which may be `draft`."""
    LABELS = auto()
    """What it is about; where nothing but `draft` is said there, that is its state (Nikola, WordPress users)."""
    ROBOTS = auto()
    """Instructions to search engines."""
    SECRET = auto()
    """A password or a group of readers: whatever is set keeps it from the others."""
    FROM = auto()
    """The moment from which it may be shown."""
    FROM_IF_DAY = auto()
    """The same, or something else altogether, such as a place or the hours of a class."""
    UNTIL = auto()
    """The moment until which it may be shown."""
    SINCE = auto()
    """The moment at which it was taken away."""
    RENDERED = auto()
    """Whether a page is made of it at all."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TABLE = {
    Meaning.KEPT_IF_TRUE: _words(
        "draft isdraft unpublished isunpublished private isprivate unlisted isunlisted hidden ishidden trashed"
        " intrash deleted isdeleted membersonly memberonly subscribersonly passwordprotected confidential headless"
        " notpublished gated paywall paywalled loginrequired requirelogin requireslogin requiresauth sitelogin"
        " adminlogin emailonly isarchived isexpired"
    ),
    Meaning.KEPT_IF_PLAINLY_TRUE: _words(
        "internal isinternal restricted isrestricted protected isprotected contentprotected secret issecret exclude"
        " excluded ignore ignored disable disabled isdisabled archived expired wip drafts removed isremoved"
        " trash retired"
        " withdrawn iswithdrawn retracted isretracted redacted inprogress hide premium premiumonly paid paidonly"
        # In other languages.
        " entwurf brouillon borrador bozza rascunho utkast kladde szkic черновик"
        # Of WordPress's plug-ins, which keep it beside the post.
        " yoastwpseometarobotsnoindex aioseonoindex genesisnoindex seopressrobotsindex relevanssihidepost"
        " epexcludefromsearch wpseorobotsnoindex"
    ),
    Meaning.KEPT_IF_FALSE: _words(
        "published ispublished publish public ispublic searchable issearchable insearchindex"
        " indexable isindexable pagefind searchindexed searchinclude searchenabled"
        " routable isroutable publiclyvisible publiclyavailable"
    ),
    Meaning.KEPT_IF_OFF: _words(
        "search index indexed indexing show display swiftype addsearch cludo coveo permalink sitemap algolia"
        " lunr docsearch docssearch sitesearch localsearch"
        " fulltextsearch elasticsearch meilisearch typesense output generate"
    ),
    Meaning.KEPT_IF_OFF_OR_ZERO: _words(
        "veröffentlicht publié publiée publicado publicada pubblicato gepubliceerd opublikowano"
        " live islive visible isvisible active isactive enabled isenabled online isonline listed islisted searchindex"
        " robotsindex seoindex"
    ),
    Meaning.STATUS: _words(
        "status poststatus wppoststatus wpstatus publicationstatus publishstatus publishingstatus articlestatus"
        " contentstatus pagestatus documentstatus visibility creativeworkstatus workflowstatus bloggerstatus"
    ),
    Meaning.STATUS_AMONG_OTHERS: _words(
        "state workflowstate access accesslevel accessrights dcaccessrights dctermsaccessrights acl estado statut stato"
        " zustand workflow privacy confidentiality permissions"
        " permission sharing"
    ),
    Meaning.STAGE: _words("maturity lifecycle availability scope stage phase review audience classification security"),
    Meaning.MARK: _words("type posttype wpposttype kind layout template flag flags"),
    Meaning.LABELS: _words("tag tags label labels category categories"),
    Meaning.ROBOTS: _words("robots googlebot bingbot xrobotstag robotstag robotsmeta searchrobots"),
    Meaning.SECRET: _words(
        "restrict restrictto restrictedto allowedroles allowedgroups allowedusers requiredrole requiredroles"
        " password postpassword wppostpassword passwordhash usersegmentid"
    ),
    Meaning.FROM: _words(
        "publishdate publishat publishon publishfrom publishafter publishup publishtime publishstart publicationstart"
        " scheduled scheduledat scheduledfor scheduledpublishat scheduledpublishdate embargo embargoed"
        " embargodate embargoeduntil embargountil golive goliveat visiblefrom validfrom"
        " displayfrom showfrom onlinefrom releaseat startpublishing publicationstartdate publishstartdate"
    ),
    Meaning.FROM_IF_DAY: _words("schedule availablefrom availableat"),
    Meaning.UNTIL: _words(
        "expirydate expiry expires expireson expiresat expireat expireon expire expiration expirationdate"
        " expirationtime articleexpirationtime unpublish unpublishdate unpublishat unpublishon unpublishtime"
        " publishuntil publishdown publishend publicationend publicationenddate publishenddate visibleuntil visibleto"
        " validuntil validto validthrough unavailableafter availableuntil availableto displayuntil displayto showuntil"
        " onlineuntil stoppublishing"
    ),
    Meaning.SINCE: _words(
        "deletedat deletedon datedeleted deleteddate trashedat archivedat archivedon archiveddate unpublishedat"
        " unpublishedon retractedat retractedon removedat removedon hiddenat discardedat withdrawnat withdrawnon"
    ),
    Meaning.RENDERED: _words("render buildrender buildlist renderenabled"),
}
_MEANINGS = {name: meaning for meaning, names in _TABLE.items() for name in names}

NESTS = _words(
    "params extra seo meta metadata search build publication publishing publish visibility page fields custom sitemap"
    " options data config settings attributes flags frontmatter post workflow sys system robotsmeta content access"
    " yoastheadjson headjson fielddata status metatags head headtags"
)
"""Names whose mappings hold such statements too."""

TAG_LISTS = _words("head meta metas metatags headtags headmeta metadata")
"""Names under which the tags of a page's head are listed."""

# Names are put together of a few words in many ways, which no list would have in full.
_DRAFT = re.compile(r"(?:is|cms|post|page|article|entry|document|still)?draft(?:mode|post|page|article|entry|only)?")
_STATE = re.compile(r"(?!comment|ping|order|payment|build|marital)[a-z]{2,16}(?:status|state|visibility)")
_VENDOR = "docsearch|swiftype|addsearch|cludo|algolia|coveo|elastic|st|siteimprove|funnelback|sitesearch|internalsearch"
_SEARCHED_BY = re.compile(rf"(?:{_VENDOR}|meili|typesense)index|(?:internal|local|global|web|onsite|siteimprove)search")
_HIDING = re.compile(
    rf"(?:{_VENDOR}|seo|meta|robots|page|post|site|eleventy|search|is|should|must)?"
    r"(?:hide|hidden|exclude|excluded|omit|omitted|skip|skipped|ignore|ignored|disable|disabled|disallow|block|no|not"
    r"|donot|dont|un|never)(?:this|page|post|it)?(?:from|in|by|for|with)?(?:the|site|web|internal|external|global)?"
    r"(?:search(?:engines?|index|results?|able)?|index(?:ing|able|ed)?|sitemaps?|robots|collections?|crawl(?:ing|ers?)?)"
)
_HIDDEN_FROM = re.compile(
    rf"(?:docs|site|web)?(?:search(?:engines?|index|results?)?|index|sitemap|robots|pagefind|lunr|{_VENDOR})"
    r"(?:is)?(?:excluded?|hidden|hide|disabled?|ignored?|skip(?:ped)?|omit(?:ted)?|noindex|off)"
)
_INCLUDING = re.compile(
    r"(?:is)?(?:included?|show|shown|allow|allowed|enable|enabled|in)(?:in|on|by|to|for)?(?:the|site)?"
    r"(?:search(?:engines?|index|results?)?|index(?:ing)?|sitemaps?|robots)"
)


@lru_cache(maxsize=4096)
def meaning_of(name: str) -> Meaning | None:
    """What values of `name`, folded, mean for whether the article may be shown; None where nothing."""
    if found := _MEANINGS.get(name):
        return found
    if _DRAFT.fullmatch(name) or _HIDING.fullmatch(name) or _HIDDEN_FROM.fullmatch(name):
        return Meaning.KEPT_IF_TRUE
    if _INCLUDING.fullmatch(name):
        return Meaning.KEPT_IF_FALSE
    if _SEARCHED_BY.fullmatch(name):
        return Meaning.KEPT_IF_OFF
    if _STATE.fullmatch(name):
        return Meaning.STATUS_AMONG_OTHERS
    return Meaning.ROBOTS if name.endswith("robots") and len(name) < 20 else None
