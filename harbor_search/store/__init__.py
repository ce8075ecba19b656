"""The store: generations of a Whoosh index on disk."""

__all__: list[str] = []
