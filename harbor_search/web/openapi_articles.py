"""The operations on articles in the OpenAPI description: reading one, what is like it, writing, deleting."""

from __future__ import annotations

from typing import Any

from harbor_search.web.openapi_parts import answer, refused

__all__ = ["article", "bulk", "by_query", "delete", "put", "related", "similar"]


def article() -> dict[str, Any]:
    """Reading an article by its id."""
    identifier = {"type": "string", "minLength": 1}
    return {
        "operationId": "article",
        "tags": ["articles"],
        "summary": "One article",
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": identifier, "example": "food/iron"}],
        "responses": {
            "200": answer("The article.", "Article", ("ETag", "Cache-Control")),
            "304": {"description": "The caller's `If-None-Match` names the answer that it would get."},
            **refused("404", "429", "503"),
        },
    }


def put() -> dict[str, Any]:
    """Writing an article."""
    record = {"application/json": {"schema": {"$ref": "#/components/schemas/Record"}}}
    return {
        "operationId": "putArticle",
        "tags": ["writing"],
        "summary": "Write one article",
        "description": "The answer means that it is on the disk. It is found within a second, or after the rebuild "
        "that runs. Written articles outlast rebuilds, and count more than what the sources have under their ids. "
        "Values that cannot be used, such as a day that does not exist, are left out and told in `noted`.",
        "security": [{"key": []}],
        "parameters": article()["parameters"],
        "requestBody": {"required": True, "content": record},
        "responses": {
            "200": answer("It is in the place of the one that was there, or the same.", "WriteResult", ()),
            "201": answer("It was not there before.", "WriteResult", ()),
            **refused("400", "401", "403", "413", "415", "422", "429", "503"),
        },
    }


def delete() -> dict[str, Any]:
    """Deleting an article."""
    return {
        "operationId": "deleteArticle",
        "tags": ["writing"],
        "summary": "Delete one article",
        "description": "It stays deleted, whatever the sources have, until it is written again.",
        "security": [{"key": []}],
        "parameters": article()["parameters"],
        "responses": {
            "204": {"description": "It is gone, or never was there."},
            **refused("401", "403", "422", "429", "503"),
        },
    }


def by_query(operation: dict[str, Any], name: str) -> dict[str, Any]:
    """The same operation with the id in the query: for ids whose path is that of something else."""
    (identifier,) = operation["parameters"]
    text = "The article's id, also one that ends in `/related` or `/similar`."
    return operation | {
        "operationId": name,
        "summary": f"{operation['summary']}, by a parameter",
        "parameters": [identifier | {"in": "query", "description": text}],
        "responses": dict(sorted((operation["responses"] | refused("400")).items())),
    }


def bulk() -> dict[str, Any]:
    """Writing and deleting many."""
    lines = {"application/x-ndjson": {"schema": {"type": "string"}}}
    return {
        "operationId": "writeArticles",
        "tags": ["writing"],
        "summary": "Write and delete many articles",
        "description": 'A line each: a record with its `id`, or `{"delete": "ID"}`. What is wrong with a line is told '
        "with its number; the other lines are written, together and in their order.",
        "security": [{"key": []}],
        "requestBody": {"required": True, "content": lines},
        "responses": {
            "200": answer(
                "What was done; `errors` are the lines that were not, `noted` those of which something was left out.",
                "BulkResult",
                (),
            ),
            "422": answer("No line could be used.", "BulkResult", ()),
            **refused("400", "401", "403", "413", "415", "429", "503"),
        },
    }


def related() -> dict[str, Any]:
    """The articles that are most like one."""
    operation = article()
    content = answer("The articles most like it, best first.", "RelatedArticles", ("ETag", "Cache-Control"))
    return operation | {
        "operationId": "related",
        "summary": "Articles like one",
        "responses": operation["responses"] | {"200": content},
    }


def similar() -> dict[str, Any]:
    """The near-duplicates of one."""
    operation = related()
    content = answer("The articles that are nearly the same.", "RelatedArticles", ("ETag", "Cache-Control"))
    return operation | {
        "operationId": "similar",
        "summary": "Articles that are nearly the same as one",
        "responses": operation["responses"] | {"200": content},
    }
