"""One segment of an index: reader and writer, stored articles, doc values, deletions."""
