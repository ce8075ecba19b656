"""`python -m benchmarks fielded`: a whole page of results, as each engine's users would make one.

Title and body are searched, the title counting four times as much; the page has the ten best documents with ids,
titles and a snippet each, the exact number of matches, and how many of them lie in each section and year.

The documents come without sections and years; both are made up, the same way in every run. As in `peers`, the modules
named after engines need the standard library only until the engine is asked for.
"""
