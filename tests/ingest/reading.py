"""What the tests of ingest share: reading one file's bytes, and writing pages of the model format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harbor_search.article import Article
from harbor_search.ingest import Outcome, Read, Refused, read_articles

MAX_BYTES = 1_000_000


def outcomes(*sources: Path, max_bytes: int = MAX_BYTES) -> list[Outcome]:
    """Everything that `read_articles` yields; nothing in a test may end in an error that nobody foresaw."""
    found = list(read_articles(sources, max_bytes=max_bytes))
    assert not [each for each in found if isinstance(each, Refused) and "please report" in each.reason]
    return found


def read_bytes(folder: Path, name: str, data: bytes | str) -> Outcome:
    """What becomes of a single file with this content."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    [outcome] = outcomes(path)
    return outcome


def read_one(folder: Path, name: str, data: bytes | str) -> Article:
    """The article of a single file, which must be readable and need no mending."""
    outcome = read_bytes(folder, name, data)
    assert isinstance(outcome, Read), outcome
    assert outcome.notes == ()
    return outcome.article


def refusal(folder: Path, name: str, data: bytes | str) -> str:
    """Why a single file is refused, by its name."""
    outcome = read_bytes(folder, name, data)
    assert isinstance(outcome, Refused), outcome
    assert outcome.source.startswith((folder / name).as_posix())
    return outcome.reason


def page(
    *blocks: str,
    title: str = "Sleeping Well at Any Age",
    location: str | None = "Location:HOME\xa0>\xa0 Health\xa0>\xa0 content",
    section: str | None = "Health",
    stamp: str | None = "January 06, 2025Health2036",
    copy: bool = True,
    again: bool = True,
    site: str | None = "HealthHarbor",
) -> str:
    """A page of the model site as text: `blocks` below the header, whose parts may be left out."""
    lead = "".join(c for c in (blocks[0] if blocks else "") if c not in "'\u2019")
    meta = "\n".join(filter(None, (stamp, f"{title} {lead}"[:70] if copy else "")))
    header: Sequence[str | None] = (site, location, section, title, meta, title if again else None)
    return "\n\n".join([part for part in header if part] + list(blocks))


def headings(article: Article) -> list[str]:
    """The headings of an article in order; the first may be empty."""
    return [section.heading for section in article.body]


def texts(article: Article) -> list[str]:
    """The texts below them."""
    return [section.text for section in article.body]
