"""Our segments as a true Whoosh index: plain Whoosh opens the folder and searches it.

With harbor_search installed, nothing but Whoosh's own functions is needed:

    from whoosh import index, sorting
    from whoosh.qparser import MultifieldParser

    opened = index.open_dir("index/generations/1")
    with opened.searcher() as searcher:
        query = MultifieldParser(["title", "body"], opened.schema).parse('"low iron" tired*')
        for hit in searcher.search(query, sortedby=sorting.FieldFacet("published", reverse=True)):
            print(hit["published"], hit["title"], hit["article"]["url"])

Articles leave and enter by `harbor-search update` and `rebuild`; Whoosh's writers are refused.
"""

from harbor_search.store.whoosh.toc import segment_name, write_toc

__all__ = ["segment_name", "write_toc"]
