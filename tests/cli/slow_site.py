"""A site for tests of the server: `/slow` tells that it has begun, and takes a while."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harbor_search.config import Settings

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make(settings: Settings) -> WSGIApplication:
    begun = Path(os.environ["SLOW_SITE_BEGUN"])

    def site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            begun.write_text("begun")
            time.sleep(1.5)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"status": "finished"}']

    return site


def broken(settings: Settings) -> WSGIApplication:
    raise RuntimeError("this site never starts")
