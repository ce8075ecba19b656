"""Several segments as one: when it pays, and how it is done."""
