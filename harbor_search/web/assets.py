"""Static files at URLs that change with their content, so that browsers may cache them forever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, request

__all__ = ["FOREVER", "REVALIDATE", "digest", "lifetime", "register"]

FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


def register(app: Flask) -> None:
    """Give templates `asset(name)`, the path of a static file below the site's root, and set cache headers."""
    versions = _versions(Path(app.static_folder or ""))

    def asset(name: str) -> str:
        return f"/static/{name}?v={versions[name]}"

    def static_lifetime(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code in (200, 304):
            name = (request.view_args or {}).get("filename", "")
            response.headers["Cache-Control"] = lifetime(versions.get(name, ""))
        return response

    app.jinja_env.globals["asset"] = asset
    app.after_request(static_lifetime)


def lifetime(version: str) -> str:
    """The Cache-Control of a file with this current `version`, for the URL of the current request."""
    return FOREVER if request.args.get("v") == version else REVALIDATE


def digest(content: bytes) -> str:
    """A short hash of `content`, for URLs."""
    return hashlib.blake2b(content, digest_size=6).hexdigest()


def _versions(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}
