"""Pages over HTTP: politely, bounded, and again only where they have changed."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from harbor_search.ingest.sources.extras import required
from harbor_search.version import __version__

__all__ = ["AGENT", "Fetched", "Fetcher", "NotFetched"]

urllib3 = required("urllib3", "web", "reading from the web")

AGENT = f"harbor-search/{__version__}"
"""How we name ourselves to servers and in their robots.txt."""

_TIMEOUT = 30.0
_REDIRECTS = 5
_KEPT_SECONDS = 30 * 86_400.0
"""How long a page is kept that is not asked for: its source may only be away."""

_KEPT_HEADERS = ("etag", "last-modified", "content-type", "x-robots-tag")


class NotFetched(Exception):
    """There is no page to be had; `str(error)` says why, `status` what the server answered (0: it did not)."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page: the address that it has after redirects, its headers (names in lower case) and its bytes."""

    address: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def mimetype(self) -> str:
        """Such as "text/html"; empty where the server says nothing."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches pages of at most `max_bytes`, `delay` seconds apart, and keeps them in the folder `kept`, if any."""

    def __init__(self, *, max_bytes: int, delay: float, kept: Path | None) -> None:
        self.delay = delay
        self._max_bytes = max_bytes
        self._kept = kept
        self._last = 0.0
        self._pool = urllib3.PoolManager(
            timeout=_TIMEOUT, retries=urllib3.Retry(2, redirect=0, backoff_factor=0.5), headers={"User-Agent": AGENT}
        )

    def get(self, address: str) -> Fetched:
        """The page at `address`; what was kept of it where the server says that it has not changed.

        Redirects are followed within its host.

        Raises:
            NotFetched: there is none, it is too large, or it lies elsewhere.
        """
        for _ in range(_REDIRECTS):
            known = self._load(address)
            response = self._ask(address, known)
            if response.status not in (301, 302, 303, 307, 308):
                return self._answer(address, response, known)
            target = urljoin(address, response.headers.get("location", ""))
            response.drain_conn()
            if urlsplit(target).netloc != urlsplit(address).netloc:
                raise NotFetched(f"it has moved to another host: {target}", response.status)
            address = target
        raise NotFetched("it is redirected again and again")

    def close(self) -> None:
        """Close the connections, and let go of pages that nobody has asked for in a long time."""
        self._pool.clear()
        limit = time.time() - _KEPT_SECONDS
        with suppress(OSError):
            for each in self._kept.iterdir() if self._kept else ():
                if each.stat().st_mtime < limit:
                    each.unlink()

    def _ask(self, address: str, known: Fetched | None) -> Any:
        time.sleep(max(0.0, self._last + self.delay - time.monotonic()))
        headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip"}
        if known and "etag" in known.headers:
            headers["If-None-Match"] = known.headers["etag"]
        if known and "last-modified" in known.headers:
            headers["If-Modified-Since"] = known.headers["last-modified"]
        try:
            return self._pool.request("GET", address, headers=headers, preload_content=False, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            raise NotFetched(f"no answer: {_said(error)}") from error
        finally:
            self._last = time.monotonic()

    def _answer(self, address: str, response: Any, known: Fetched | None) -> Fetched:
        try:
            if response.status == 304 and known:
                # What the answer says now counts, whether the page may be shown above all.
                page = Fetched(address, {**known.headers, **_kept_headers(response)}, known.body)
                self._keep(page)
                return page
            if response.status != 200:
                raise NotFetched(
                    f"the server answered {response.status} {response.reason or ''}".strip(), response.status
                )
            # Decoded as it comes: a small answer that unpacks into a large one stops at the bound too.
            body = b"".join(self._bounded(response))
        except urllib3.exceptions.HTTPError as error:
            raise NotFetched(f"the answer broke off: {_said(error)}") from error
        finally:
            response.close()
        page = Fetched(address, _kept_headers(response), body)
        self._keep(page)
        return page

    def _bounded(self, response: Any) -> Any:
        size = 0
        for chunk in response.stream(65_536, decode_content=True):
            size += len(chunk)
            if size > self._max_bytes:
                raise NotFetched(f"it is larger than {self._max_bytes} bytes; raise max_source_bytes")
            yield chunk

    def _place(self, address: str) -> Path | None:
        return self._kept / hashlib.sha256(address.encode()).hexdigest() if self._kept else None

    def _load(self, address: str) -> Fetched | None:
        place = self._place(address)
        with suppress(OSError, ValueError, KeyError):
            if place:
                head, _, body = place.read_bytes().partition(b"\n")
                return Fetched(address, json.loads(head)["headers"], body)
        return None

    def _keep(self, page: Fetched) -> None:
        """Keep `page` to ask by next time; that it cannot be kept only costs fetching it again."""
        place = self._place(page.address)
        if place and {"etag", "last-modified"} & set(page.headers):
            with suppress(OSError):
                place.parent.mkdir(parents=True, exist_ok=True)
                new = place.with_suffix(".new")
                head = json.dumps({"address": page.address, "headers": dict(page.headers)}).encode()
                new.write_bytes(head + b"\n" + page.body)
                os.replace(new, place)


def _kept_headers(response: Any) -> dict[str, str]:
    return {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}


def _said(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason).rpartition(">: ")[2] or type(error).__name__
