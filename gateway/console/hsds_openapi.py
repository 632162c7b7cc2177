"""The OpenAPI document of the directory's HTTP API. Its schemas are made from the fields that are published."""

from collections.abc import Iterator, Mapping
from typing import Any

from helpline.directory.hsds.public_fields import ENUMS, FIELDS, VERSIONS
from helpline.directory.hsds.tables import NUMBERS

Json = dict[str, Any]
LISTS: Mapping[str, str] = {
    "services": "service", "organizations": "organization", "service_at_locations": "service_at_location",
    "locations": "location", "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
}  # fmt: skip
"""The lists that can be read, and what each holds. They are properties of `PublicForm`, too."""
INSIDE: Mapping[str, Mapping[str, str]] = {
    "service": {
        "phones": "phone", "schedules": "schedule", "service_areas": "service_area", "languages": "language",
        "service_at_locations": "service_at_location", "required_documents": "required_document",
        "attributes": "attribute",
    },
    "location": {"addresses": "address"},
    "phone": {"languages": "language"},
    "schedule": {"attributes": "attribute"},
}  # fmt: skip
"""Lists inside an object."""
ONE: Mapping[str, Mapping[str, str]] = {
    "service": {"organization": "organization"}, "service_at_location": {"location": "location"},
    "attribute": {"taxonomy_term": "taxonomy_term"}, "taxonomy_term": {"taxonomy_detail": "taxonomy"},
}  # fmt: skip
"""Objects inside an object."""
MORE: Mapping[str, tuple[str, ...]] = {
    "service": ("organization_id",), "service_at_location": ("service_id", "location_id"),
    "schedule": ("timezone", "opens_at", "closes_at"),
    "attribute": ("link_id", "link_entity", "taxonomy_term_id", "value"),
    "taxonomy_term": ("code", "name", "description", "taxonomy", "taxonomy_id"), "taxonomy": ("name", "description"),
}  # fmt: skip
"""Fields that are made and not copied."""
TABLES = tuple(name for name in (*FIELDS, "attribute", "taxonomy_term", "taxonomy")
               if name not in {"service_capacity", "unit"})  # fmt: skip
COUNTS = ("total_items", "total_pages", "page_number", "size")
MOST_PER_PAGE = 200
FILTERS: Mapping[str, tuple[str, ...]] = {"services": ("organization_id", "taxonomy_term_id")}
"""By what a list can be narrowed: the id of an organization or a term."""


def document(address: str) -> Json:
    """Return the document. `address` is where the API begins."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Komek: the public part of the directory", "version": VERSIONS[0],
            "description": "Read-only, in the form of HSDS 3.0 (Open Referral). No callers, no requests, no people.",
        },
        "servers": [{"url": address}],
        "security": [{"token": []}],
        "paths": dict(_paths()),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {table: _schema(table) for table in TABLES} | {"error": _error(), "about": _about()},
        },
    }  # fmt: skip


def _paths() -> Iterator[tuple[str, Json]]:
    yield "/", {"get": _get("about", "Which standard this is", _ref("about"))}
    for name, table in LISTS.items():
        yield f"/{name}", {"get": _get(name, f"A page of {name}", _page(table)) | {"parameters": list(_queries(name))}}
        one = _get(f"{name}_one", f"One {table}, with all that belongs to it", _ref(table))
        yield f"/{name}/{{id}}", {"get": one | {"parameters": [_parameter("id", "path", {"type": "string"})]}}


def _get(id: str, summary: str, schema: Json) -> Json:
    refused = {"404": "No such object, or no valid token", "400": "A wrong parameter", "503": "Not available now"}
    responses = {"200": {"description": summary} | _json(schema)}
    responses |= {code: {"description": why} | _json(_ref("error")) for code, why in refused.items()}
    return {"operationId": id, "summary": summary, "responses": responses}


def _queries(name: str) -> Iterator[Json]:
    yield _parameter("page", "query", {"type": "integer", "minimum": 1, "default": 1})
    yield _parameter("per_page", "query", {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": 50})
    yield _parameter("full", "query", {"type": "boolean", "default": False})
    yield from (_parameter(each, "query", {"type": "string"}) for each in FILTERS.get(name, ()))


def _parameter(name: str, place: str, schema: Json) -> Json:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _page(table: str) -> Json:
    numbers = {name: {"type": "integer", "minimum": 0} for name in COUNTS}
    marks = {name: {"type": "boolean"} for name in ("first_page", "last_page", "empty")}
    properties: Json = numbers | marks | {"contents": {"type": "array", "items": _ref(table)}}
    return {"type": "object", "required": list(properties), "properties": properties}


def _schema(table: str) -> Json:
    properties: Json = {"id": {"type": "string", "format": "uuid"}}
    properties |= {name: _field(name) for name in (*FIELDS.get(table, ()), *MORE.get(table, ()))}
    properties |= {name: {"type": "array", "items": _ref(of)} for name, of in INSIDE.get(table, {}).items()}
    properties |= {name: _ref(of) for name, of in ONE.get(table, {}).items()}
    return {"type": "object", "required": ["id"], "properties": properties, "additionalProperties": False}


def _field(name: str) -> Json:
    if name in NUMBERS:
        return {"type": "number"}
    return {"type": "string"} | ({"enum": list(ENUMS[name])} if name in ENUMS else {})


def _error() -> Json:
    return {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}


def _about() -> Json:
    names = ("version", "profile", "openapi_url")
    return {"type": "object", "required": [*names], "properties": {name: {"type": "string"} for name in names}}


def _ref(table: str) -> Json:
    return {"$ref": f"#/components/schemas/{table}"}


def _json(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}
