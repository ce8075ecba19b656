"""A server that stands before a node of a cluster, passes on what it is asked, and lets a test act between."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit


@contextmanager
def forwarding(address: str, answered: Callable[[str], None]) -> Iterator[str]:
    """The address of such a server before the one at `address`.

    `answered` is told each request ("GET /path?query") of which the answer is there and was not passed on yet.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            node = http.client.HTTPConnection(urlsplit(address).netloc, timeout=120)
            kept = {name: value for name, value in self.headers.items() if name.lower() == "content-type"}
            node.request(self.command, self.path, body, kept)
            answer = node.getresponse()
            told = answer.read()
            node.close()
            answered(f"{self.command} {self.path}")
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.getheader("Content-Type") or "text/plain")
            self.send_header("Content-Length", answer.getheader("Content-Length") or str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = forward

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who asked may have been killed
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
