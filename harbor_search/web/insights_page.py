"""The page of insights, protected by a key (HTTP Basic, no cookie)."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from harbor_search.evaluation import Judged, judged_queries
from harbor_search.insights import Insights, accept, insights
from harbor_search.web.access import needs_key
from harbor_search.web.admission import admit
from harbor_search.web.services import services

__all__ = ["blueprint"]

blueprint = Blueprint("insights", __name__)

SCOPE = "insights"

DAYS = 30
"""Days covered by the page: long enough for rare queries to recur."""


@blueprint.get("/insights")
@needs_key(SCOPE, "basic")
def page() -> Response:
    """What was searched for, and proposals that would improve results."""
    # Proposals are evaluated on judged queries, which belongs in the slow lane.
    settings = services().settings
    admit(settings.slow_lane_cost + 1)
    found = _found(judged_queries(settings))
    response = make_response(render_template("insights.html", found=found, recording=settings.query_log))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/insights")
@needs_key(SCOPE, "basic")
def accept_proposal() -> AnyResponse:
    """Accept the proposal named in the form; it takes effect within two seconds."""
    _require_own_page()
    chosen = request.form.get("proposal", "")
    proposal = next((each for each in _found().proposals if each.id == chosen), None)
    if proposal is None:
        abort(404, "There is no such proposal any more.")
    accept(proposal, services().settings)
    return redirect(url_for("insights.page"), 303)


def _found(judged: Judged | None = None) -> Insights:
    using = services()
    return insights(using.engine, using.settings, days=DAYS, today=datetime.now(UTC).date(), judged=judged)


def _require_own_page() -> None:
    """Protect against cross-site request forgery: browsers send stored passwords with forms of other sites too.

    Raises:
        Forbidden: the request comes from another site.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if site != "same-origin" or (origin is not None and urlsplit(origin).netloc != request.host):
        raise Forbidden("This form is sent from the page of insights only.")
