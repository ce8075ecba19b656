"""Searching one index: from a query to a page of hits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np

from harbor_search.analysis import get_analyzer
from harbor_search.article import Article
from harbor_search.config import Settings
from harbor_search.engines.analysed_query import Clause, Leaf, Phrase, Term, analyse, clauses_by_node, texts_by_leaf
from harbor_search.engines.hits import hit_of
from harbor_search.engines.leaf_texts import leaf_text, wanted_leaves
from harbor_search.engines.opensearch.cluster import Cluster
from harbor_search.engines.opensearch.documents import article_of, document_id
from harbor_search.engines.opensearch.explaining import excluding, explanation_of, explanations_of
from harbor_search.engines.opensearch.foresight import foresee_forms
from harbor_search.engines.opensearch.generations import Generation
from harbor_search.engines.opensearch.located_articles import LocatedArticle, LocatedArticles, Locator
from harbor_search.engines.opensearch.match_locations import distinct_leaves, has, occurrences
from harbor_search.engines.opensearch.places import KEPT_OPEN, START, Place, no_cursor, read_place, write_place
from harbor_search.engines.opensearch.refining import names_of, refined
from harbor_search.engines.opensearch.suggesting import Outlines, suggestion_request
from harbor_search.engines.opensearch.translation import COUNTED, Scoring, query_of, request_of
from harbor_search.engines.opensearch.vocabulary import ClusterVocabulary
from harbor_search.engines.protocol import Criteria, EngineAnswer, SuggestedArticle, Suggestions
from harbor_search.engines.scoring_model import second_look
from harbor_search.engines.second_look import DEPTH, looks_again
from harbor_search.engines.word_forms import WordForms
from harbor_search.errors import OperationalError
from harbor_search.query import Node, Query, tree_of
from harbor_search.ranking import BM25F, idf
from harbor_search.results import Explanation, FacetValue, Hit
from harbor_search.snippets import Occurrence

__all__ = ["Searcher"]

Json = dict[str, Any]


class _Page(NamedTuple):
    """The hits of a page with their scores and their articles, the last one of them (or none) in the cluster's own
    order, and ids of those whose title a better one has, with the id of that one."""

    hits: Sequence[tuple[Json, float]]
    articles: Sequence[LocatedArticle]
    last: Sequence[Json]
    repeats: Mapping[str, str] = MappingProxyType({})


class Searcher:
    """Answers queries on one index, which nobody writes to. Threads may share it.

    Every method raises `opensearchpy.NotFoundError` where the index was removed meanwhile.
    """

    def __init__(
        self, generation: Generation, cluster: Cluster, settings: Settings, model: BM25F, articles: LocatedArticles
    ) -> None:
        """`articles` are those that were located before, in whatever generation."""
        self.generation = generation
        self._known = articles
        self.analyzer = get_analyzer(str(generation.meta["analyzer"]))
        self.vocabulary = ClusterVocabulary(generation, self.analyzer, self._counts, self._ask)
        self._locator = Locator(self.analyzer)
        self._forms = WordForms(self.vocabulary, self.analyzer)
        self._cluster = cluster
        self._k1 = model.k1
        self._look = second_look(settings)
        self._grouped = int(generation.meta.get("near_duplicates", 0)) > 0
        self._expansions = settings.max_expansions
        self._timeout = f"{max(int(settings.opensearch_timeout * 800), 1)}ms"
        # Each part of an index knows how frequent words are in itself alone; asked first, all score by the whole.
        parts = int(generation.meta.get("shards", 1))
        self._params = {"search_type": "dfs_query_then_fetch"} if parts > 1 else {}

    def search(self, query: Query, criteria: Criteria) -> EngineAnswer:
        """One page of hits, and of all else what the criteria ask for."""
        tree = tree_of(query)
        clause = self._analysed(tree)
        by_node = clauses_by_node(tree, self.analyzer, self._forms) if criteria.aspects or criteria.tested else {}
        found = distinct_leaves(clause)
        weights = self._weights(found)
        answer, page = self._ranked(clause, by_node, criteria, weights)
        tested = [by_node.get(node) for node in criteria.tested]
        marked = found if criteria.snippets or criteria.tested or criteria.explain else []
        texts = texts_by_leaf(tree, self.analyzer, self._forms) if criteria.explain else {}
        hits, matches, lacks = [], [], []
        for (each, score), article in zip(page.hits, page.articles, strict=True):
            located = occurrences(article, marked, weights)
            hits.append(replace(hit_of(article.article, score, located, criteria), similar=_similar(each)))
            present = {found[occurrence.leaf] for occurrence in located}
            matches.append(tuple(has(present, one) for one in tested))
            lacks.append(_lacking(clause, present, texts) if criteria.explain else ())
        total, relation = _total(answer, criteria, folded=self._folds(criteria))
        return EngineAnswer(
            hits=tuple(hits),
            total=total,
            total_relation=relation,
            facets=_facets(answer) if criteria.facets else {},
            generation=self.generation.name,
            partial=bool(answer.get("timed_out")) or answer["_shards"]["failed"] > 0,
            preferred=_counted(answer, "preferred"),
            together=_counted(answer, "together"),
            matches=tuple(matches) if tested else (),
            after="" if criteria.after is None else self._behind(answer, page, criteria),
            repeats={hit.id: page.repeats[hit.id] for hit in hits if hit.id in page.repeats},
            explanations=explanations_of(page.hits, criteria, _typed(texts), lacks) if criteria.explain else (),
        )

    def _ranked(
        self,
        clause: Clause | None,
        by_node: Mapping[Node, Clause | None],
        criteria: Criteria,
        weights: Mapping[Leaf, float],
    ) -> tuple[Json, _Page]:
        """The cluster's answer, and the hits of the page with their articles.

        Behind what a second look reaches the cluster's order is the order, so it is asked for the page alone.
        """
        again = looks_again(criteria) and criteria.offset < DEPTH
        preferred, together = self._optional(criteria.preferred), self._optional(criteria.together)
        names = names_of(criteria.aspects, by_node) if again else {}
        scoring = Scoring(self._k1, weights, names)
        folded = self._folds(criteria)
        body = request_of(
            clause, criteria, preferred, together, expansions=self._expansions, scoring=scoring, folded=folded
        )
        body["docvalue_fields"] = ["hash", *(["similar", "group"] if self._grouped else [])]
        if criteria.explain:
            body["explain"] = True
        shown = criteria.offset + criteria.limit
        if again:
            body |= {"from": 0, "size": max(shown, DEPTH), "_source": False, "stored_fields": ["title_text"]}
        params = self._params | ({"include_named_queries_score": "true"} if names else {})
        if folded and criteria.total == "exact":
            # Of groups of near-duplicates only the number is wanted.
            params["filter_path"] = ",".join(f"-aggregations.{name}.grouped.groups.buckets" for name in COUNTED)
        if criteria.after is None:
            answer = self._ask(body, params=params)
        else:
            go_on = self._go_on_folded if folded and not again else self._go_on
            answer = go_on(body, read_place(criteria.after), params, by_place=not again)
        hits: list[Json] = answer["hits"]["hits"]
        marked = criteria.snippets > 0 or bool(criteria.tested) or criteria.explain
        if not again:
            articles = self._articles_of(hits, marked=marked)
            return answer, _Page([(hit, float(hit["_score"] or 0.0)) for hit in hits], articles, hits[-1:])
        top, repeats = refined(hits, criteria, by_node, names, weights, self._look)
        places = range(criteria.offset, min(shown, len(hits)))
        chosen = [(hits[top.documents[place]], top.scores[place]) for place in places]
        ids = [str(hit["sort"][1]) for hit in hits]
        named = {ids[place]: ids[best] for place, best in repeats.items()}
        articles = self._articles_of([hit for hit, _ in chosen], marked=marked)
        return answer, _Page(chosen, articles, hits[:shown][-1:], named)

    def _articles_of(self, hits: Sequence[Json], *, marked: bool) -> list[LocatedArticle]:
        """The articles of hits; of those that are not known and did not come along, one request asks. `marked` says
        that places in them are wanted."""
        names = [(str(self.generation.meta["fingerprint"]), hit["_id"], hit["fields"]["hash"][0]) for hit in hits]
        known = {name: there for name in names if (there := self._known.get(name)) is not None}
        missing = [(name, hit) for name, hit in zip(names, hits, strict=True) if name not in known]
        sources = self._sources([hit["_id"] for _, hit in missing if "_source" not in hit])
        articles = [article_of(hit.get("_source") or sources[hit["_id"]]) for _, hit in missing]
        located = self._locator.locate(articles) if marked else [LocatedArticle(each) for each in articles]
        for (name, _), each in zip(missing, located, strict=True):
            known[name] = each
            if marked:
                self._known.keep(name, each)
        return [known[name] for name in names]

    def _sources(self, documents: Sequence[str]) -> dict[str, Json]:
        """What is stored of some documents."""
        from opensearchpy.exceptions import NotFoundError

        if not documents:
            return {}
        with self._cluster.asking("read articles") as client:
            found = client.mget(index=self.generation.index, body={"ids": documents})["docs"]
        if not all(each.get("found") for each in found):
            raise NotFoundError(404, self.generation.index, {})
        return {each["_id"]: each["_source"] for each in found}

    def explain(self, query: Query, criteria: Criteria, article_id: str) -> Explanation | None:
        """Why an article is where it is among the first `criteria.limit` answers, or is not, by the cluster's own
        account; None where there is no such article."""
        article = self.article(article_id)
        if article is None:
            return None
        first = criteria._replace(offset=0, limit=min(criteria.limit, DEPTH), facets=False, snippets=0, total="none")
        best = self.search(query, first._replace(tested=(), after=None, explain=True))
        for hit, why in zip(best.hits, best.explanations, strict=True):
            if hit.id == article_id:
                return why
        return self._explain_apart(tree_of(query), criteria, article)

    def _explain_apart(self, tree: Node, criteria: Criteria, article: Article) -> Explanation:
        """The explanation of an article that is not among the best, on which no second look was taken."""
        clause, preferred = self._analysed(tree), self._optional(criteria.preferred)
        found = distinct_leaves(clause)
        weights = self._weights(found)
        scoring = Scoring(self._k1, weights)
        query = request_of(clause, criteria, preferred, None, expansions=self._expansions, scoring=scoring)["query"]
        with self._cluster.asking("explain a score") as client:
            told = client.explain(index=self.generation.index, id=document_id(article.id), body={"query": query})
        texts = texts_by_leaf(tree, self.analyzer, self._forms)
        (located,) = self._locator.locate([article])
        present = {found[each.leaf] for each in occurrences(located, found, weights)}
        lacks = () if preferred is not None and has(present, preferred) else _lacking(clause, present, texts)
        excluded = excluding(article, criteria) if told["matched"] else "query"
        if excluded:
            return Explanation(0.0, None, 0.0, lacks=lacks, excluded=excluded)
        place = self._place(query, criteria, article.id)
        position = place if place <= criteria.limit and not self._folds(criteria) else None
        more = 0.0 if lacks or preferred is None else criteria.preference
        return explanation_of(told["explanation"], position=position, more=more, texts=_typed(texts), lacks=lacks)

    def _place(self, query: Json, criteria: Criteria, article_id: str) -> int:
        """The place of a match among all of them by score, from 1."""
        filters = request_of(None, criteria, expansions=1, scoring=Scoring(self._k1, {})).get("post_filter", {})
        own = {"bool": {"must": [query], "filter": [{"term": {"id": article_id}}]}}
        (hit,) = self._ask({"query": own, "size": 1})["hits"]["hits"]
        counting = {"size": 0, "track_total_hits": True} | ({"post_filter": filters} if filters else {})
        before = {"bool": {"must": [query], "filter": [{"range": {"id": {"lt": article_id}}}]}}
        more = float(np.nextafter(np.float32(hit["_score"]), np.float32(np.inf)))
        better, as_good, better_before = (
            self._ask(counting | {"query": each, "min_score": score})["hits"]["total"]["value"]
            for each, score in ((query, more), (before, hit["_score"]), (before, more))
        )
        return int(better + as_good - better_before) + 1

    def article(self, article_id: str) -> Article | None:
        """The article with this id."""
        from opensearchpy.exceptions import NotFoundError

        with self._cluster.asking("read an article") as client:
            found = client.get(index=self.generation.index, id=document_id(article_id), ignore=404)
        if "error" in found:
            raise NotFoundError(404, self.generation.index, found)
        return article_of(found["_source"]) if found["found"] else None

    def occurrences(self, query: Node, article: Article) -> tuple[Occurrence, ...]:
        """Where the words of `query` stand in `article`."""
        found = distinct_leaves(self._analysed(query))
        (located,) = self._locator.locate([article])
        return occurrences(located, found, self._weights(found))

    def suggest(self, text: str, most: int, section: tuple[str, ...]) -> Suggestions:
        """At most `most` texts, and as many articles, for a text that is being typed; of a section (a path prefix)."""
        outlines = Outlines(self._ask(suggestion_request(text, section))["hits"]["hits"])
        texts, ids = outlines.find(text, most)
        if not ids:
            return Suggestions(texts, ())
        with self._cluster.asking("read articles") as client:
            found = client.mget(index=self.generation.index, body={"ids": ids})["docs"]
        articles = [article_of(each["_source"]) for each in found if each.get("found")]
        return Suggestions(texts, tuple(SuggestedArticle(a.id, a.url, a.title, a.section) for a in articles))

    def _analysed(self, query: Node) -> Clause | None:
        """The analysed query, with words in all the spellings that the index has."""
        foresee_forms(query, self.vocabulary, self.analyzer)
        return analyse(query, self.analyzer, self._forms)

    def _optional(self, query: Node | None) -> Clause | None:
        return None if query is None else self._analysed(query)

    def _weights(self, found: Sequence[Leaf]) -> dict[Leaf, float]:
        """What each leaf scores at most: its inverse document frequency, of a phrase the sum of its words'."""
        articles = self.vocabulary.articles
        parts = {leaf: _weighed_by(leaf) for leaf in found}
        wanted = list(dict.fromkeys(part for each in parts.values() for part in each))
        counts = dict(zip(wanted, self.vocabulary.counts(wanted), strict=True))
        return {leaf: sum(idf(articles, min(counts[part], articles)) for part in each) for leaf, each in parts.items()}

    def _ask(self, body: Json, *, params: Mapping[str, str] | None = None) -> Json:
        """The cluster's answer to a search."""
        # Parts of an index that the cluster gives up in time are better than none: the answer says that it is partial.
        with self._cluster.asking("search") as client:
            return dict(
                client.search(
                    index=self.generation.index, body=body | {"timeout": self._timeout}, params=dict(params or {})
                )
            )

    def _counts(self, clauses: Sequence[Clause]) -> list[int]:
        """How many articles match each of some clauses."""
        lines: list[Json] = []
        for clause in clauses:
            query = query_of(clause, expansions=self._expansions)
            lines += [{}, {"query": query, "size": 0, "track_total_hits": True}]
        with self._cluster.asking("count words") as client:
            answers = client.msearch(index=self.generation.index, body=lines)["responses"]
        for answer in answers:
            if "error" in answer or answer["_shards"]["failed"]:
                raise OperationalError("cannot count words: parts of the index are on no node that answers")
        return [int(answer["hits"]["total"]["value"]) for answer in answers]

    def _go_on(self, body: Json, place: Place, params: Mapping[str, str], *, by_place: bool) -> Json:
        """The page behind `place`, at its point in time if that can be, else in the index as it is.

        Where not `by_place`, `body` says by itself which hits these are.
        """
        point = place.point if place != START else self._new_point()
        body = body | {"timeout": self._timeout}
        if by_place:
            body["from"] = 0
            if place != START:
                body["search_after"] = [place.value, place.article_id]
        if point:
            pinned = body | {"pit": {"id": point, "keep_alive": KEPT_OPEN}}
            with suppress(OperationalError), self._cluster.asking("search") as client:
                answer = dict(client.search(body=pinned, params=dict(params), ignore=(400, 404)))
                if "hits" in answer and not answer["_shards"]["failed"]:
                    self._require_own(answer)
                    return answer
        with self._cluster.asking("search") as client:
            ignored = (400,) if place != START else ()
            answer = dict(client.search(index=self.generation.index, body=body, params=dict(params), ignore=ignored))
        if "hits" not in answer:
            raise no_cursor()
        return answer

    def _go_on_folded(self, body: Json, place: Place, params: Mapping[str, str], *, by_place: bool) -> Json:
        """The same where near-duplicates are folded, which OpenSearch does not do behind a place.

        Hits that others of their group come before are left out here, and more are read in their place.
        """
        unfolded = {name: value for name, value in body.items() if name != "collapse"}
        answer = self._go_on(unfolded, place, params, by_place=by_place)
        hits, seen = [], answer["hits"]["hits"]
        while True:
            hits += self._best_of_groups(body, seen, params)
            if len(hits) >= body["size"] or len(seen) < body["size"]:
                break
            value, article_id, *_ = seen[-1]["sort"]
            place = Place(value, article_id, str(answer.get("pit_id", "")))
            seen = self._go_on(unfolded, place, params, by_place=by_place)["hits"]["hits"]
        return answer | {"hits": answer["hits"] | {"hits": hits[: body["size"]]}}

    def _best_of_groups(self, body: Json, hits: Sequence[Json], params: Mapping[str, str]) -> list[Json]:
        """Those of `hits` that come before all others of their groups that match."""
        groups = list({hit["fields"]["group"][0]: None for hit in hits if _similar(hit)})
        if not groups:
            return list(hits)
        within = {"bool": {"must": [body["query"]], "filter": [{"terms": {"group": groups}}]}}
        left_out = ("aggs", "explain", "search_after")
        asked = {name: value for name, value in body.items() if name not in left_out}
        found = self._ask(asked | {"query": within, "from": 0, "size": len(groups), "_source": False}, params=params)
        best = {hit["_id"] for hit in found["hits"]["hits"]}
        return [hit for hit in hits if not _similar(hit) or hit["_id"] in best]

    def _folds(self, criteria: Criteria) -> bool:
        """Whether near-duplicates are to be folded, and there are any."""
        return criteria.fold and self._grouped

    def similar(self, article_id: str) -> tuple[Hit, ...]:
        """The near-duplicates of an article, in the order of their ids."""
        asked: Json = {"docvalue_fields": ["group", "similar"], "_source": False}
        found = self._ask(asked | {"query": {"term": {"id": article_id}}})["hits"]["hits"]
        if not found or not _similar(found[0]):
            return ()
        others = {
            "filter": [{"term": {"group": found[0]["fields"]["group"][0]}}],
            "must_not": [{"term": {"id": article_id}}],
        }
        fields = {"docvalue_fields": ["similar"], "sort": [{"id": "asc"}], "size": _similar(found[0])}
        members = self._ask({"query": {"bool": others}} | fields)["hits"]["hits"]
        bare = Criteria(snippets=0)
        return tuple(
            replace(hit_of(article_of(each["_source"]), 0.0, (), bare), similar=_similar(each)) for each in members
        )

    def _new_point(self) -> str:
        """A point in time of the index; empty where a node has no room for one more."""
        with suppress(OperationalError), self._cluster.asking("begin to go through all matches") as client:
            return str(client.create_pit(index=self.generation.index, params={"keep_alive": KEPT_OPEN})["pit_id"])
        return ""

    def _require_own(self, answer: Json) -> None:
        """See that a point in time, which the caller brought, is one of this collection."""
        prefix = self.generation.index.rpartition("-")[0]
        if any(hit["_index"].rpartition("-")[0] != prefix for hit in answer["hits"]["hits"]):
            raise no_cursor()

    def _behind(self, answer: Json, page: _Page, criteria: Criteria) -> str:
        """The place behind a page; empty, and the point in time given back, where it is the last one."""
        point = str(answer.get("pit_id", ""))
        if page.hits and len(page.hits) == criteria.limit:
            value, article_id, *_ = page.last[0]["sort"]
            return write_place(Place(value, article_id, point))
        if point:
            with suppress(OperationalError), self._cluster.asking("end going through all matches") as client:
                client.delete_pit(body={"pit_id": [point]}, ignore=(404,))
        return ""


def _lacking(clause: Clause | None, present: Set[Leaf], texts: Mapping[Clause, str]) -> tuple[str, ...]:
    """The words of a query that an article with the leaves `present` does not have, as they were typed."""
    absent = (leaf for leaf in wanted_leaves(clause) if leaf not in present)
    return tuple(dict.fromkeys(texts.get(leaf) or leaf_text(leaf) for leaf in absent))


def _typed(texts: Mapping[Clause, str]) -> dict[str, str]:
    """By leaf as the index has it, how it was typed."""
    return {leaf_text(leaf): text for leaf, text in texts.items() if isinstance(leaf, Leaf)}


def _weighed_by(leaf: Leaf) -> Sequence[Leaf]:
    """What is counted to weigh a leaf."""
    return [Term(term, leaf.field) for term in leaf.terms] if isinstance(leaf, Phrase) else [leaf]


def _similar(hit: Json) -> int:
    """How many near-duplicates a hit has, where that was asked for."""
    return int(hit.get("fields", {}).get("similar", [0])[0])


def _total(answer: Json, criteria: Criteria, *, folded: bool) -> tuple[int, Literal["eq", "gte"]]:
    """How many match, and whether that is all of them; what was not counted is what was reached."""
    counted = answer["hits"].get("total")
    if folded and criteria.total == "exact":
        bucket = answer["aggregations"]["all"]
        return _number(bucket), "gte" if bucket["grouped"]["groups"]["sum_other_doc_count"] else "eq"
    if counted is not None and not folded:
        return int(counted["value"]), "eq" if counted["relation"] == "eq" else "gte"
    reached = criteria.offset + len(answer["hits"]["hits"])
    return reached, "gte" if len(answer["hits"]["hits"]) == criteria.limit else "eq"


def _counted(answer: Json, name: str) -> int | None:
    """How many matches an aggregation counted; None where it was not asked for."""
    found = answer.get("aggregations", {}).get(name)
    return None if found is None else _number(found)


def _number(bucket: Json) -> int:
    """How many hits a bucket has, of each group of near-duplicates one."""
    grouped = bucket.get("grouped")
    if not grouped:
        return int(bucket["doc_count"])
    groups = grouped["counted"]["count"] if "counted" in grouped else grouped["groups"]["value"]
    return int(bucket["doc_count"] - grouped["doc_count"] + groups)


def _facets(answer: Json) -> dict[str, tuple[FacetValue, ...]]:
    sources = _values(answer, "source", str)
    return {
        "section": _values(answer, "section", lambda value: value.split(" > ")[-1]),
        "year": _values(answer, "year", str),
        **({"source": sources} if sources else {}),
    }


def _values(answer: Json, name: str, label: Callable[[str], str]) -> tuple[FacetValue, ...]:
    buckets = answer["aggregations"][name]["values"]["buckets"]
    values = [FacetValue(str(each["key"]), label(str(each["key"])), _number(each)) for each in buckets]
    return tuple(sorted(values, key=lambda each: (-each.count, each.value)))
