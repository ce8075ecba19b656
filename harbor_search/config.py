"""Every setting: name, default, reason, bounds. `config_loading` takes the values from where they are stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Settings", "Table"]

Table = tuple[tuple[str, str], ...]
"""A table of texts as pairs in the order written: settings stay hashable and print the same each time."""


def _setting(
    default: Any,
    reason: str,
    *,
    file_only: bool = False,
    zero: bool = False,
    least: float | None = None,
    most: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """A field of `Settings`. Numbers are above zero, or may be it where `zero`, which turns off what they are about."""
    bounds = {"zero": zero, "least": least, "most": most, "choices": choices}
    return field(default=default, metadata={"reason": reason, "file_only": file_only, **bounds})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the reason for a default is its field's metadata and stands in the CLI reference.

    In a file the names are as here; in the environment they are upper case with `HARBOR_` before them, but for those
    that only a file can hold.
    """

    index: Path = _setting(Path("index"), "where generations of the index live")
    corpus: Path = _setting(Path("corpus"), "what `rebuild` and `update` read when they are given no source")
    sources: tuple[Mapping[str, Any], ...] = _setting(
        (),
        "what they read in the place of `corpus`, each a table `[[sources]]`; the README describes them",
        file_only=True,
    )
    analyzer: str = _setting(
        "english",
        "stems words of the articles' language, so that `sleeping` finds `sleep`; `german`, `french`, `spanish` "
        "and others do so for theirs, `simple` only folds case and accents",
    )
    languages: str = _setting(
        "all",
        "whose articles are analysed by the rules of their own language, such as `de, fr`, where they say it or it is "
        "plain from their text; `all` that have a stemmer, or empty: every article by `analyzer`",
    )
    site_name: str = _setting("HealthHarbor", "shown in page titles and in the browser's list of search engines")
    language: str = _setting(
        "en", "of the pages' own words, dates and numbers: `en`, `de`, `fr`, `es` or `ar`; articles have their own"
    )
    logo: str = _setting("", "file (svg, png or webp) shown in place of the lighthouse; empty: the lighthouse")
    colors: Table = _setting(
        (),
        'table of colours of the pages, such as `accent = "#7a1f5c"`; refused where text could not be read',
        file_only=True,
    )
    colors_dark: Table = _setting((), "the same for readers who prefer dark pages", file_only=True)
    links: Table = _setting(
        (), 'table of links in the header, such as `"About us" = "https://example.org/about"`', file_only=True
    )
    texts: Table = _setting(
        (),
        "table of texts that shall read otherwise: the text in English = the text in its place",
        file_only=True,
    )
    cors_origins: str = _setting(
        "*",
        "origins whose scripts may read the JSON endpoint, with spaces between; `*`: any, as it is public and knows no "
        "cookies",
    )
    base_url: str = _setting("", "the site's public address, where a proxy hides it; empty: as the request came")
    host: str = _setting("127.0.0.1", "loopback: opening a server to the network is a decision, not a default")
    port: int = _setting(8000, "no privileges needed", zero=True, most=65535)
    workers: int = _setting(2, "searches are short and bound to the processor: one worker a core")
    per_page: int = _setting(10, "what readers scan; the top ten carry nearly all clicks")
    max_per_page: int = _setting(100, "bounds the work of one request")
    max_results: int = _setting(10_000, "deepest reachable hit: paging further costs more the deeper it goes")
    max_query_length: int = _setting(10_000, "characters; longer than any text that readers paste into a search box")
    max_query_terms: int = _setting(
        128, "words, each a posting list to walk; of a longer text without syntax those that say most are searched"
    )
    max_query_nesting: int = _setting(8, "parentheses inside parentheses")
    prefix_minimum: int = _setting(2, "letters before `*`: one letter would match a tenth of the dictionary")
    max_expansions: int = _setting(128, "words that one prefix or misspelt word may stand for")
    synonyms: str = _setting(
        "health",
        "lists of other names, with commas in between: `health` comes with the program, others are paths of files, "
        "which are read again when they change; `none`: no synonyms",
    )
    pins: str = _setting(
        "",
        "file of lines `query => article id`: the article comes first for the query; read again when it changes; "
        "empty: pins.txt in the folder of the index",
    )
    corrections: bool = _setting(True, "words that no article has are corrected where it is clear what was meant")
    all_words_first: float = _setting(
        0.3,
        "how much more an article scores that has all words of a query: those with some come before it only where they "
        "say clearly more; 0: no more",
        zero=True,
    )
    title_weight: float = _setting(
        2.5, "what a word in the title counts beside one in the text: a title is the author's own summary", zero=True
    )
    headings_weight: float = _setting(1.5, "the same of headings: they name what a part is about", zero=True)
    lead_weight: float = _setting(
        0.5, "what a word in the lead counts beside what it does as part of the text", zero=True
    )
    names_weight: float = _setting(
        1.5, "the same of synonyms, keywords and tags: they say what the title says in other words", zero=True
    )
    title_b: float = _setting(
        0.95,
        "how much the length of a title is held against it, 0 to 1: a short one is about little but its words",
        zero=True,
        most=1,
    )
    body_b: float = _setting(0.7, "how much the length of a text is held against it, 0 to 1", zero=True, most=1)
    k1: float = _setting(1.8, "how soon further occurrences of a word stop counting: the higher, the later")
    feedback_share: float = _setting(
        0.5,
        "how far the first ten results decide, 0 to 1, what each word of a long query counts: the words that they use "
        "say what it is about; 0: not at all",
        zero=True,
        most=1,
    )
    feedback_weight: float = _setting(
        0.6,
        "what an article gains, at most, as a share of the best score, by words that several of the first ten results "
        "use and few other articles; for queries that name two things and more; 0: nothing, and it takes no time",
        zero=True,
    )
    coverage_power: float = _setting(
        0.2,
        "exponent of the share of the query that an article has, a factor of the scores of the best: much of one word "
        "does not make up for others; 0: it does",
        zero=True,
    )
    title_match: float = _setting(
        3.0,
        "factor of the score of an article whose title is the query, word for word, as nobody types one by chance; of "
        "what it is above 1, nine tenths count where the title has other forms of the words, half where it is another "
        "name of the query, and a tenth where it contains the query",
        least=1,
    )
    repeated_title: float = _setting(
        0.8,
        "factor of the score of an article where a better one has the same title, so that what several sources have on "
        "one thing does not fill the page; 1: they may come together",
        most=1,
    )
    freshness: float = _setting(
        0.0,
        "share by which an article of today scores more, an older one by less of it; 0: no text is worse for its age",
        zero=True,
    )
    freshness_days: float = _setting(365.0, "after which an article gains half as much by `freshness`")
    popularity: float = _setting(
        0.0,
        "share by which the score of the article with most views is raised, of others by the logarithm of theirs; 0: "
        "what was shown first is read most, whatever it is worth",
        zero=True,
    )
    semantic_model: str = _setting(
        "",
        "folder with a model of sentences, so that articles are also found by what they mean: ONNX as "
        "sentence-transformers lays it out, or model2vec; needs `pip install harbor-search[semantic]`; empty: by words "
        "alone, as no model is known to know your language",
    )
    semantic_weight: float = _setting(
        1.0,
        "what the article gains that is closest to the query in meaning, as a share of the score of the best by words; "
        "others gain less; 0: nothing",
        zero=True,
    )
    max_query_cost: int = _setting(
        50_000_000,
        "postings a query may read, a few tenths of a second; of one that would read more, the most expensive "
        "alternatives are left out and the answer says that it is partial",
    )
    slow_lane_cost: int = _setting(
        1_500_000,
        "postings, some ten milliseconds, above which a search waits for others like it and not before cheap ones",
    )
    client_requests: int = _setting(
        600,
        "requests a minute from one address to each worker, expensive searches counting for several; more are answered "
        "with 429; 0: no limit. Ten a second is more than fingers can ask",
        zero=True,
    )
    trusted_proxies: str = _setting(
        "127.0.0.0/8, ::1/128",
        "addresses whose X-Forwarded-For is believed: the proxy on this machine; anybody else could make it up",
    )
    query_log: bool = _setting(
        False,
        "whether queries are counted, by day, for `harbor-search insights`: without address, cookie or program of who "
        "asked, but texts can tell something; tell your readers",
    )
    query_log_days: int = _setting(90, "after which counts are removed: a season, to see what comes back")
    max_write_bytes: int = _setting(
        1_000_000,
        "of what one request writes, an article or many; as much as the server takes of any request",
    )
    traces: str = _setting(
        "",
        "address that traces are sent to (OpenTelemetry, OTLP over HTTP), such as `http://127.0.0.1:4318/v1/traces`; "
        "empty: none; without queries and addresses",
    )
    log_format: str = _setting(
        "text",
        "`json`: an object a line, one for each request too, for what collects logs; without queries and addresses",
        choices=("text", "json"),
    )
    snippets_per_hit: int = _setting(2, "passages shown below a title")
    snippet_length: int = _setting(240, "characters: two lines on a desktop, four on a phone")
    max_refused: float = _setting(
        0.1, "share of unreadable articles at which indexing stops: a broken export", zero=True
    )
    max_refused_grace: int = _setting(10, "unreadable articles always tolerated: a share of few says little", zero=True)
    max_removed: float = _setting(
        0.3, "share of the articles that one update may take out: more, and a copy of them has broken off", zero=True
    )
    max_source_bytes: int = _setting(20_000_000, "a single source file larger than this is no article")
    include_future: bool = _setting(False, "articles dated later than today are not on the site yet")
    include_expired: bool = _setting(False, "articles that say that they have expired are not on the site any more")
    min_ndcg: float = _setting(
        0.0,
        "nDCG@10 that a rebuilt index must reach on judged queries to become live; 0: it is not measured",
        zero=True,
    )
    gate_queries: str = _setting("", "file of the judged queries for `min_ndcg`")
    gate_qrels: str = _setting("", "file that says which articles answer them how well")
    near_duplicates: float = _setting(
        0.9,
        "share of their text at which articles are nearly the same, so that results show the best of them with the "
        "others folded away; 0: none are looked for",
        zero=True,
    )
    keep_generations: int = _setting(2, "the live generation and one to roll back to")
    memory_mb: int = _setting(
        512, "what indexing may hold, all processes together, of which the program itself takes 200 and batches 140"
    )
    index_processes: int = _setting(
        0,
        "1 or 2, the second for the words of large collections, half of the work; 0: two where there are more "
        "than two processors, else one",
        zero=True,
        most=2,
    )
    extract_processes: int = _setting(
        0,
        "processes that extract text from HTML, PDF and Word files, which is nearly all of the work of indexing them; "
        "0: one a processor, as far as `memory_mb` allows",
        zero=True,
    )
    kernel_cache: str = _setting(
        "",
        "folder for compiled code, which takes a minute or two and 300 MB of memory to make; empty: beside the "
        "program if that can be written, else in the user's cache folder",
    )
    engine: str = _setting(
        "embedded",
        "`embedded`: the index is a folder that each process opens; `opensearch`: an OpenSearch cluster holds it, for "
        "collections past one machine (needs `pip install harbor-search[opensearch]`)",
    )
    opensearch_hosts: str = _setting(
        "http://127.0.0.1:9200", "addresses of nodes, with commas between; a request goes to the next where one fails"
    )
    opensearch_user: str = _setting("", "user name; empty: the cluster asks for none")
    opensearch_password: str = _setting("", "better set as HARBOR_OPENSEARCH_PASSWORD than written in a file")
    opensearch_ca: str = _setting("", "file with the certificates to trust; empty: those of the system")
    opensearch_prefix: str = _setting(
        "harbor", "begins the names of all indices; two collections in one cluster need two"
    )
    opensearch_shards: int = _setting(1, "parts of an index: one for each 30 GB, or few millions of articles")
    opensearch_replicas: int = _setting(
        1, "copies of each part: one lets a node fail without an answer lost", zero=True
    )
    opensearch_timeout: float = _setting(5.0, "seconds for a search, whichever nodes are asked; then it fails")
    opensearch_patience: float = _setting(
        1.0,
        "seconds without an answer after which nodes that hang are found out and passed over; more than most searches "
        "take",
    )
    cache_mb: int = _setting(
        0,
        "decoded postings that each searching process may hold; what is asked for most often should fit, or it is "
        "decoded anew for each query; 0: a quarter of the memory of the machine or container divided by `workers`, 128 "
        "at the least",
        zero=True,
    )
