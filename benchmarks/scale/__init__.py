"""`python -m benchmarks scale`: the embedded engine and OpenSearch side by side, at growing numbers of articles."""
