"""Analysis: from text to the terms that the index knows."""

__all__: list[str] = []
