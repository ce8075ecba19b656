"""Our segments as a Whoosh index: plain Whoosh opens the folder and searches it.

With harbor_search installed, only Whoosh's own functions are needed:

    from whoosh import index, sorting
    from whoosh.qparser import MultifieldParser

    opened = index.open_dir("index/generations/1")
    with opened.searcher() as searcher:
        query = MultifieldParser(["title", "body"], opened.schema).parse('"low iron" tired*')
        for hit in searcher.search(query, sortedby=sorting.FieldFacet("published", reverse=True)):
            print(hit["published"], hit["title"], hit["article"]["url"])

Whoosh only reads the index; articles are added and removed by `harbor-search update` and `rebuild`.
"""

from harbor_search.store.whoosh.toc import segment_name, write_toc

__all__ = ["segment_name", "write_toc"]
