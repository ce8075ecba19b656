"""The web: pages for readers, JSON for programs, both over one search.

`flask --app harbor_search.web run` serves it; any WSGI server can, through `create_app()`.
"""

from harbor_search.web.app import create_app
from harbor_search.web.mounting import create_blueprint
from harbor_search.web.warming import warm_up

__all__ = ["create_app", "create_blueprint", "warm_up"]
