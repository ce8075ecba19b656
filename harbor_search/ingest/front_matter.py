"""Front matter: what stands above a text about it, in the dialects of the generators that read it.

- YAML between lines `---` (the last may be `...`), TOML between `+++`, JSON in braces; `---toml`, `---js` and so on too
- lines `Title: ...` up to the first blank one (Pelican, MultiMarkdown), with `.. ` before each (Nikola)
- up to three lines that begin with `%`: title, authors, date (Pandoc)
- fields with lines `----` between them, of which one is the text (Kirby)

Values of YAML stay the words that were written: an impossible date is no error, and `no` is not lost to a guess. A name
given twice has its last value, but where it speaks of publication both, so that the stricter one holds (`repeats`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from harbor_search.ingest.field_names import DATE, TAGS, TITLE, fold
from harbor_search.ingest.outcome import Unreadable
from harbor_search.ingest.publication import why_kept_back
from harbor_search.ingest.publication_names import Meaning, meaning_of
from harbor_search.ingest.publication_rules import PublicationRules
from harbor_search.ingest.repeated_keys import merged, yaml_loader
from harbor_search.ingest.script_object import object_of_script

__all__ = ["below_comments", "is_known", "split_front_matter"]

MAX_FRONT_MATTER = 1 << 16
"""Characters: thousands of tags, but not a book that stands between two rules."""

_LOOKED_AT = 40
"""Lines below a mark that never ends in which fields are looked for."""

MAX_ALIASES = 100
"""References of YAML to what was written before: a few save typing, many are an attack."""

_FENCE = re.compile(r"\s*(-{3,}|\+\+\+|;;;)[ \t]*(yaml|toml|json|js|javascript)?[ \t]*(?:\n|\Z)")
_ENDS = {"---": r"(?:-{3,}|\.\.\.)", "+++": r"\+\+\+", ";;;": ";;;"}
_LANGUAGES = {"---": "yaml", "+++": "toml", ";;;": "json"}
_JSON = re.compile(r"\s*(?=\{\s*(?:\"|\}))")
_COMMENT = re.compile(r"\s*<!--[ \t]*(?:\n(.*?)\n?|(\w+:[ \t]+\w+))[ \t]*-->[ \t]*\n?", re.DOTALL)
_COMMENTS = re.compile(r"(?:\s*<!--(?:(?!-->).)*-->)+\s*(?=(?:-{3,}|\+\+\+)[ \t]*\w*[ \t]*\n)", re.DOTALL)
_FIELD = re.compile(r"(?:\.\. )?([A-Za-z][\w.-]*(?: [\w.-]+){0,2})[ \t]*::?(?:[ \t]+(.*)|[ \t]*)$")
_PANDOC = re.compile(r"(?:%[ \t].*\n?){1,3}")
_UNSPACED = re.compile(r"[A-Za-z][\w-]*:\S+(?: [A-Za-z][\w-]*:\S+)*\Z")
_RULE = re.compile(r"^-{3,}[ \t]*(?:\n|\Z)", re.MULTILINE)
_WITH_COLON = re.compile(r"^([A-Za-z][\w-]*:[ \t]+)([^\s\"'\[{|>&*!%@`#][^\n]*?:[ \t][^\n]*?)[ \t]*$", re.MULTILINE)
_NULLS = ("~", "null", "Null", "NULL", "")

_KNOWN = frozenset(map(fold, (*TITLE, *DATE, *TAGS))) | frozenset(
    "layout draft status author authors slug category lang language summary description id url permalink template type"
    " weight subtitle copyright email affiliation saveas translation private keywords".split()
)
"""Names by which a block of fields is known from a text with colons."""


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What stands above the text about it, under the names written there, and the text.

    Raises:
        Unreadable: front matter that breaks the rules of its language, or without an end.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if fence := _FENCE.match(text):
        return _fenced(text, fence)
    if braces := _JSON.match(text):
        return _in_braces(text, braces.end())
    if (comments := _COMMENTS.match(text)) and (found := _below_comments(text[comments.end() :])):
        return found
    if comment := _COMMENT.match(text):
        return _in_comment(comment[1] or comment[2] or "", text, comment.end())
    if text.startswith("% ") and (pandoc := _PANDOC.match(text)):
        lines = [line[1:].strip() for line in pandoc[0].splitlines()]
        values = dict(zip(("title", "author", "date"), lines, strict=False))
        return {name: value for name, value in values.items() if value}, text[pandoc.end() :]
    return _header(text)


def below_comments(text: str) -> bool:
    """Whether comments of HTML stand above what may be front matter."""
    return bool(_COMMENTS.match(text))


def _below_comments(text: str) -> tuple[dict[str, Any], str] | None:
    """What stands below the comment of a licence or of an editor, where it has a name that articles have."""
    fence = _FENCE.match(text)
    values, below = _fenced(text, fence) if fence else ({}, text)
    return (values, below) if any(is_known(fold(name)) for name in values) else None


def _in_comment(matter: str, text: str, end: int) -> tuple[dict[str, Any], str]:
    """Front matter in a comment of HTML above the text, which stays as it is where the comment holds none."""
    if _FENCE.match(matter):
        return _fenced(f"{matter}\n", _FENCE.match(matter))[0], text[end:]  # type: ignore[arg-type]
    values, below = _header(f"{matter.strip()}\n\n-")
    return (values, text[end:]) if values and below == "-" else ({}, text)


def _fenced(text: str, fence: re.Match[str]) -> tuple[dict[str, Any], str]:
    mark = fence[1][:3]
    language = fence[2] or _LANGUAGES[mark]
    end = re.compile(rf"^{_ENDS[mark]}[ \t]*(?:\n|\Z)", re.MULTILINE).search(text, fence.end())
    if end is None:
        if _starts_with_fields(text[fence.end() :]):
            raise Unreadable(f"the front matter has no end; put a line {mark} below it")
        return {}, text
    matter = text[fence.end() : end.start()]
    _require_short(len(matter))
    values = _LOADERS[language](matter)
    if values is None:
        return {}, text
    return _lifted(values), text[end.end() :]


def _require_short(length: int) -> None:
    if length > MAX_FRONT_MATTER:
        raise Unreadable(f"the front matter is longer than {MAX_FRONT_MATTER} characters; is its end missing?")


def _starts_with_fields(text: str) -> bool:
    """Whether a field is among the first lines, as in front matter whose end was forgotten."""
    lines = text.lstrip("\n").partition("\n\n")[0].split("\n", _LOOKED_AT)[:_LOOKED_AT]
    fields = (_FIELD.match(line.replace(" = ", ": ")) for line in lines)
    return any(is_known(fold(each[1])) for each in fields if each)


def _load_yaml(matter: str) -> dict[str, Any] | None:
    # Imported here: most pages have no front matter, and JSON Lines never.
    import yaml

    try:
        aliases = sum(isinstance(each, yaml.AliasToken) for each in yaml.scan(matter)) if "*" in matter else 0
        if aliases > MAX_ALIASES:
            raise Unreadable(f"the front matter refers to itself more than {MAX_ALIASES} times")
        values = _parsed_yaml(matter)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Unreadable(f"the front matter is not valid YAML: {problem}{where}") from None
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"the front matter is not valid YAML: {error}") from None
    if isinstance(values, str) and _UNSPACED.match(values):
        raise Unreadable("the front matter is not valid YAML: a space is missing behind a colon")
    if not isinstance(values, dict):
        return {} if values in (None, "") else None
    base = values.pop("<<", None)
    values = (base if isinstance(base, dict) else {}) | values
    return {str(name): value for name, value in values.items() if value not in _NULLS}


def _parsed_yaml(matter: str) -> Any:
    """The values in YAML; a title with a colon in it, which ought to be quoted, is meant as it stands."""
    import yaml

    try:
        return yaml.load(matter, Loader=yaml_loader())  # nosec B506
    except yaml.YAMLError:
        quoted = _WITH_COLON.sub(lambda found: f"{found[1]}{json.dumps(found[2], ensure_ascii=False)}", matter)
        if quoted == matter:
            raise
        return yaml.load(quoted, Loader=yaml_loader())  # nosec B506


def _load_toml(matter: str) -> dict[str, Any]:
    try:
        return tomllib.loads(matter)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable(f"the front matter is not valid TOML: {error}") from None


def _load_json(matter: str) -> dict[str, Any] | None:
    try:
        matter = matter if matter.lstrip().startswith("{") else f"{{{matter}}}"
        values = json.loads(matter, object_pairs_hook=merged)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the front matter is not valid JSON: {error}") from None
    return values if isinstance(values, dict) else None


_LOADERS = {
    "yaml": _load_yaml, "toml": _load_toml, "json": _load_json, "js": object_of_script, "javascript": object_of_script,
}  # fmt: skip


def _in_braces(text: str, start: int) -> tuple[dict[str, Any], str]:
    """JSON at the beginning of a text, the text below it."""
    try:
        values, end = json.JSONDecoder(object_pairs_hook=merged).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the front matter is not valid JSON: {error}") from None
    _require_short(end - start)
    return (_lifted(values), text[end:]) if isinstance(values, dict) else ({}, text)


def _header(text: str) -> tuple[dict[str, Any], str]:
    """Fields in lines above the text, where what looks so is no sentence with a colon."""
    start = text.lstrip("\n")
    if kirby := _kirby(start):
        return kirby
    block, _, below = start.partition("\n\n")
    if (rule := _RULE.search(start, 0, len(block) + 1)) and rule.start():
        # Some end the fields with a line of hyphens, as MultiMarkdown may and Movable Type does.
        block, below = start[: rule.start()].rstrip("\n"), start[rule.end() :]
    lines = block.split("\n")
    if len(block) > MAX_FRONT_MATTER or not _FIELD.match(lines[0]):
        return {}, text
    if all(_FIELD.match(line) or line[:1] in (" ", "\t") for line in lines):
        values = _fields(lines)
    elif rule and all(_FIELD.match(line) or line.startswith((" ", "\t", "- ")) for line in lines):
        # YAML whose first line of hyphens was left out, as Hexo lets its authors do.
        values = _yaml_or_nothing(block)
    else:
        return {}, text
    if not values or not _is_header(values, alone=len(lines) == 1):
        return {}, text
    return (values, below) if below.strip() or len(lines) > 1 else ({}, text)


def _yaml_or_nothing(block: str) -> dict[str, Any]:
    try:
        return _load_yaml(block) or {}
    except Unreadable:
        return {}


def _kirby(text: str) -> tuple[dict[str, Any], str] | None:
    """The fields of a text of Kirby's and its text; None where a text is none of these.

    A recipe or a menu may have such rules too: a title alone on the line above the first one tells Kirby's texts.
    """
    first, *others = _KIRBY.split(text)
    head = _KIRBY_HEAD.fullmatch(first.strip())
    fields = [each for block in others if block.strip() and (each := _KIRBY_FIELD.match(block.strip()))]
    if not head or len(fields) < sum(bool(block.strip()) for block in others):
        return None
    if not any(fold(each[1]) in _KIRBY_TEXTS for each in fields):
        return None
    pairs, texts = [(head[1], head[2])], []
    for each in fields:
        name, value = each[1], each[2].strip()
        if _is_text_of_kirby(fold(name), value):
            texts.append(value if fold(name) in _KIRBY_TEXTS else each[0])
        else:
            pairs.append((name, value))
    return {name: value for name, value in merged(pairs).items() if value}, "\n\n".join(texts)


def _is_text_of_kirby(name: str, value: str) -> bool:
    """Whether a field is text: the article's, or long and of no other use, as the method of a recipe."""
    is_long = "\n" in value or len(value) > _LONG
    return name in _KIRBY_TEXTS or (is_long and not is_known(name) and not _KIRBY_DATA.match(value))


_KIRBY = re.compile(r"^----[ \t]*$", re.MULTILINE)
_KIRBY_HEAD = re.compile(r"(title|uuid):[ \t]*(\S.*)", re.IGNORECASE)
_KIRBY_FIELD = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)", re.DOTALL)
_KIRBY_DATA = re.compile(r"[\[{]\s*[\[{\"]|-[ \t]*\n|-[ \t]+\w+://")
_KIRBY_TEXTS = frozenset(("text", "body", "content", "maintext"))
_LONG = 80
"""Characters of a value that is a sentence and no label."""


def _is_header(values: Mapping[str, Any], *, alone: bool) -> bool:
    """Whether fields are those of a header and no sentences with colons; `alone` where it is a single line."""
    names = [fold(name) for name in values]
    if alone:
        return names[0] in _ALONE or (
            meaning_of(names[0]) is not None and str(values[next(iter(values))]).lower() in _SAID
        )
    if not any(map(_is_plain, names)) and not why_kept_back(values, PublicationRules()):
        return False
    known = sum(map(is_known, names))
    return is_known(names[0]) and (known * 2 >= len(names) or any(meaning_of(name) is not None for name in names))


def is_known(name: str) -> bool:
    """Whether `name`, folded, is one that articles have for what is said about them."""
    return name in _KNOWN or meaning_of(name) is not None


def _is_plain(name: str) -> bool:
    """Whether lines of this name are seldom those of a text itself, as `Access: by bus` may be."""
    return name in _KNOWN or meaning_of(name) not in _OF_MANY_USES


_OF_MANY_USES = frozenset(
    (
        None, Meaning.STATUS_AMONG_OTHERS, Meaning.STAGE, Meaning.MARK, Meaning.FROM_IF_DAY, Meaning.UNTIL,
        Meaning.KEPT_IF_OFF, Meaning.KEPT_IF_OFF_OR_ZERO, Meaning.KEPT_IF_PLAINLY_TRUE,
    )
)  # fmt: skip

_ALONE = frozenset(("title", "date", "status", "draft", "slug", "published"))
"""Names that a header of a single line may have: other words with a colon begin sentences."""

_SAID = frozenset("yes no true false on off y n 1 0 draft private noindex never".split())
"""Values with which a single line speaks of publication, and is no sentence."""


def _fields(lines: list[str]) -> dict[str, Any]:
    """The fields of header lines; a line that is indented goes on with the one above it."""
    pairs: list[tuple[str, str]] = []
    for line in lines:
        if found := _FIELD.match(line):
            pairs.append((found[1], (found[2] or "").strip()))
        elif pairs and line.strip():
            pairs[-1] = pairs[-1][0], f"{pairs[-1][1]} {line.strip()}".strip()
    values = merged(pairs)
    if lines[0].startswith(".. ") and (kept := _NIKOLA_TAGS & {*values.get("tags", "").replace(",", " ").split()}):
        # Nikola's first versions had no status.
        values.setdefault("status", min(kept))
    return {name: value for name, value in values.items() if value}


_NIKOLA_TAGS = frozenset(("draft", "private"))


def _lifted(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with what stands in `taxonomies` beside the others, as Zola keeps tags and categories there."""
    inner = values.get("taxonomies")
    return {**(inner if isinstance(inner, Mapping) else {}), **values}
