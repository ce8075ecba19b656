"""Health: `/healthz` says the process answers, `/readyz` that searches will be fast and have an index to search."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from harbor_search.web.services import services

__all__ = ["blueprint"]

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 as long as the process can answer at all."""
    return _unstored({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 with the live generation once the engine is warm; 503 with the reason until then."""
    return _unstored({"status": "ready", "generation": services().readiness.generation()})


def _unstored(values: dict[str, str]) -> Response:
    response = jsonify(values)
    response.headers["Cache-Control"] = "no-store"
    return response
