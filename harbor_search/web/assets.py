"""Static files under addresses that change with their content, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, request, url_for

__all__ = ["register"]

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


def register(app: Flask) -> None:
    """Give templates `asset(name)`, the address of a static file, and answers their lifetimes."""
    versions = _versions(Path(app.static_folder or ""))

    def asset(name: str) -> str:
        return url_for("static", filename=name, v=versions[name])

    def lifetime(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            name = (request.view_args or {}).get("filename", "")
            current = request.args.get("v") == versions.get(name)
            response.headers["Cache-Control"] = FOREVER if current else REVALIDATE
        return response

    app.jinja_env.globals["asset"] = asset
    app.after_request(lifetime)


def _versions(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
        for path in files
    }
