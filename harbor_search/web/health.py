"""Health checks: `/healthz` (the process is alive) and `/readyz` (there is an index, and the engine is warm)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from harbor_search.web.services import services

__all__ = ["blueprint"]

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Always 200."""
    return _unstored({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 with the live generation once the engine is warm; until then 503 with the reason."""
    return _unstored({"status": "ready", "generation": services().readiness.generation()})


def _unstored(values: dict[str, str]) -> Response:
    response = jsonify(values)
    response.headers["Cache-Control"] = "no-store"
    return response
