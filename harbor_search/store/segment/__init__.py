"""One segment of an index: its reader and writer, stored articles, columns of values, deletions."""
