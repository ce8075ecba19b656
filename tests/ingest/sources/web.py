"""A site on the loopback address for tests: pages by path, and what was asked of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Page", "Site", "html", "serving"]


@dataclass
class Page:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass
class Site:
    """Where it is, what it answers with, and the paths asked for, with the status of each answer."""

    address: str
    pages: dict[str, Page]
    asked: list[tuple[str, int]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


def html(title: str, *links: str, text: str = "", head: str = "") -> str:
    """A page whose text names its title, with links in it."""
    anchors = "".join(f'<p>See <a href="{link}">{link}</a> for more.</p>' for link in links)
    text = text or f"What there is to know about {title}, told in a sentence of some length."
    return f"<html lang=en><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1><p>{text}</p>{anchors}</main></body></html>"


@contextmanager
def serving(pages: dict[str, Page | str]) -> Iterator[Site]:
    """Serve `pages` on a free port; an ETag is honoured where a page has one."""
    site = Site("", {path: page if isinstance(page, Page) else Page(page) for path, page in pages.items()})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path, Page(status=404))
            tag = page.headers.get("ETag")
            status = 304 if tag and self.headers.get("If-None-Match") == tag else page.status
            site.asked.append((self.path, status))
            site.agents.add(self.headers.get("User-Agent", ""))
            self.send_response(status)
            content = page.content if status != 304 else b""
            for name, value in {"Content-Type": page.kind, "Content-Length": str(len(content)), **page.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
