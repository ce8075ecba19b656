"""Ranking: scoring and selection over arrays."""

__all__: list[str] = []
