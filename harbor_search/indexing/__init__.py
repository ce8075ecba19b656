"""Indexing: the use cases that change what can be searched."""

__all__: list[str] = []
