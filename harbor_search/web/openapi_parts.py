"""Parts that the operations of the OpenAPI description share: parameters, answers, faults."""

from __future__ import annotations

from typing import Any

__all__ = ["answer", "faults", "parameter", "refused"]


def parameter(name: str, text: str, schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    """A parameter in the query of an address."""
    plain = {"name": name, "in": "query", "description": text, "schema": schema}
    return plain if example is None else plain | {"example": example}


def answer(text: str, schema: str, headers: tuple[str, ...]) -> dict[str, Any]:
    """An answer in JSON, of the schema with that name, with headers of these names."""
    return {
        "description": text,
        "headers": {name: {"schema": {"type": "string"}} for name in headers},
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def refused(*statuses: str) -> dict[str, Any]:
    """The answers with these statuses, by references to `faults`."""
    return {status: {"$ref": f"#/components/responses/{_FAULTS[status][0]}"} for status in statuses}


_FAULTS = {
    "400": ("InvalidRequest", "A parameter cannot be what it is; `parameter` names it."),
    "401": ("KeyNeeded", "A key is needed: `Authorization: Bearer KEY`."),
    "403": ("NotPermitted", "The key is not good for this."),
    "404": ("NotFound", "There is nothing at this address."),
    "413": ("TooLarge", "The body is larger than the setting `max_write_bytes`."),
    "415": ("UnsupportedMediaType", "The body is said to be something else than what is taken here."),
    "422": ("NotAnArticle", "The body is no article that can be shown, or the id none that an article can have."),
    "429": ("TooManyRequests", "The caller asks too much; `Retry-After` says when to ask again."),
    "503": ("Unavailable", "The index cannot answer now; `Retry-After` says when to ask again."),
}


def faults() -> dict[str, Any]:
    """What `refused` refers to, by name: a problem document each (RFC 9457)."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {name: {"description": text, "content": content} for name, text in _FAULTS.values()}
