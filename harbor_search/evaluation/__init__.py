"""Evaluation: judged queries in, measures out."""

__all__: list[str] = []
