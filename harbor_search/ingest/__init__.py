"""Ingest: where articles come from and how bytes become articles."""

__all__: list[str] = []
