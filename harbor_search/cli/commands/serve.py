"""`harbor-search serve`: the search page and the JSON endpoint."""

from __future__ import annotations

import click

from harbor_search.cli.options import Flags, setting_option
from harbor_search.config import Settings

__all__ = ["command"]


@click.command("serve")
@setting_option("--host", "host", "ADDRESS", "Address to listen on; 0.0.0.0 opens it to the network.")
@setting_option("--port", "port", "PORT", "Port to listen on; 0 takes a free one.")
@setting_option("--workers", "workers", "N", "Processes that answer; one a core is right.")
@click.pass_obj
def command(flags: Flags, /, host: str | None, port: str | None, workers: str | None) -> None:
    """Serve the search page and the JSON endpoint.

    Prints the address on standard output once it answers. A worker that dies is replaced; SIGTERM and Ctrl-C let
    requests under way finish; SIGHUP loads the settings again without dropping a request. A rebuild is picked
    up without a restart.

    \b
    Examples:
      harbor-search serve
      harbor-search serve --port 0 --workers 1
      HARBOR_HOST=0.0.0.0 harbor-search serve
    """
    from harbor_search.cli.server import serve

    def settings() -> Settings:
        return flags.settings(host=host, port=port, workers=workers)

    serve(settings(), reload=settings)
