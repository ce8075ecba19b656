"""A site for tests of the server: it says which process answers, how it was asked, and takes as long as it is told to."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from harbor_search.serving import Supervisor, listen
from harbor_search.serving.worker import DEFER, SLOW

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make(version: str) -> WSGIApplication:
    if version == "broken":
        raise RuntimeError("this site never starts")

    def site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            time.sleep(0.5)
        if environ["PATH_INFO"].startswith("/expensive"):
            if SLOW not in environ:
                raise environ[DEFER]
            time.sleep(0.1 if environ["PATH_INFO"].endswith("short") else 1)
        if environ["PATH_INFO"] == "/fault":
            raise RuntimeError("a fault of the site")
        body = environ["wsgi.input"].read()
        asked = {name: value for name, value in environ.items() if isinstance(value, str)}
        answer = {"worker": os.getpid(), "version": version, "asked": asked, "body": len(body)}
        answer["lane"] = "slow" if SLOW in environ else "quick"
        start_response("200 OK", [("Content-Type", "application/json")])
        if environ["PATH_INFO"] == "/large":
            return [b"x" * 5_000_000]
        return [json.dumps(answer).encode()]

    return site


def main(workers: str) -> None:
    """Serve on a free port and print it. SIGHUP makes the version 2, then one that cannot start, then 4."""
    versions = iter(["2", "broken", "4"])

    def reload() -> tuple[partial[WSGIApplication], int]:
        return partial(make, next(versions)), int(workers)

    listener = listen("127.0.0.1", 0)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    Supervisor(listener, partial(make, "1"), int(workers), reload).run()


if __name__ == "__main__":
    from tests.serving import site as importable

    importable.main(*sys.argv[1:])
