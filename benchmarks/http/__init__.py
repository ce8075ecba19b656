"""Whole answers over HTTP: each search server as its users run it, with the same data, queries and meaning."""
