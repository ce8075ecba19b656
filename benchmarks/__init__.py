"""Side-by-side measurements of harbor_search and other search engines: the same texts, queries and analysis.

`python -m benchmarks` runs everything; README.md says what is measured and how. Modules that workers import
(`protocol`, `worker`, `peers`) need the standard library only, because a peer may live in another interpreter.
"""
