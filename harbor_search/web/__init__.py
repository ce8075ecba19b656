"""The web: pages, JSON, static files."""

__all__: list[str] = []
