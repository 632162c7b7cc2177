"""Where a shelter is, nobody may learn from us (R41): a directory that says so is refused, since a copy of it is
enough. Only its public entry telephone may be known."""

import re
from collections.abc import Iterator

from helpline.directory.hsds.profile import Terms, named
from helpline.directory.hsds.tables import Flaw, Row, Tables

COARSE = 2
"""Decimals of a degree that a shelter's point may have: about a kilometre."""
TELLS_WHERE = ("transportation", "external_identifier")
WORDS = ("address", "street", "postal", "postcode", "house", "building")
"""Columns of others that name a place; ours of that kind are `address` rows."""

STREETS = (
    r"\b(ул\b|улиц|проспект|переул|мкр|микрорайон|көчөсү|көшесі|кўчаси|кӯчаи|ko['ʻ‘’]chasi|köçesi"
    r"|street\b|lane\b|avenue\b)"
)
STREET = re.compile(STREETS, re.IGNORECASE)
"""What streets are called."""
ADDRESS = re.compile(rf"\d|{STREETS}", re.IGNORECASE)
"""What stands in an address and need not stand in a short name: a digit, or a street."""
FREE = ("name", "alternate_name", "description")
"""Columns that people write as they like. A street in them may be innocent, so a person is asked to read them."""


def is_hidden(service: Row, terms: Terms) -> bool:
    """Tell whether nobody may learn where a service is: a shelter, a safe place, or one that says so."""
    return (
        "safehouse_service" in terms.of("service", service.id, "service_type")
        or "safe_place" in terms.of("service", service.id, "need")
        or terms.yes("service", service.id, "confidential_address")
    )


def told_addresses(tables: Tables, terms: Terms) -> Iterator[Flaw]:
    """Name each row that tells where a shelter is, never what it tells."""
    hidden = {row.id for row in tables.of("service") if is_hidden(row, terms)}
    for service in (row for row in tables.of("service") if row.id in hidden):
        yield from _columns(service)
    yield from _names(tables, hidden)
    for location in tables.of("location"):
        if why := _whose(location, tables, hidden):
            yield from _location(location, tables, why)


def doubtful_words(tables: Tables, terms: Terms) -> Iterator[str]:
    """Name what was written of a shelter, or of whose it is, and holds the word for a street; never what it says."""
    for service in (row for row in tables.of("service") if is_hidden(row, terms)):
        organization = tables.get("organization", service.text("organization_id"))
        for row in (service, *([organization] if organization else [])):
            for name in (name for name in FREE if STREET.search(row.text(name))):
                yield f"{row.place}: {name} names a street, and {service.id} is a shelter; take it out (R41)"


def _names(tables: Tables, hidden: set[str]) -> Iterator[Flaw]:
    """Name each short name that looks like an address: callers may be told it."""
    for row in tables.of("attribute"):
        if row.text("link_entity") == "service" and row.text("link_id") in hidden and ADDRESS.search(row.text("value")):
            taxonomy, code = named(row, tables)
            if taxonomy == "short_name":
                what = f"short_name:{code} of a shelter looks like an address: no digits, no street (R41)"
                yield row.flaw("value", what)


def _whose(location: Row, tables: Tables, hidden: set[str]) -> str:
    """Give the shelter that a location belongs to; empty where it is none's.

    A location of an organization that no service is said to be at may be its shelter, so it counts as that.
    """
    there = [row.text("service_id") for row in tables.linked("service_at_location", "location_id", location.id)]
    if not there and (organization := location.text("organization_id")):
        there = [row.id for row in tables.linked("service", "organization_id", organization)]
    return next((service for service in there if service in hidden), "")


def _location(location: Row, tables: Tables, service: str) -> Iterator[Flaw]:
    for address in tables.linked("address", "location_id", location.id):
        yield address.flaw("", f"service {service} is a shelter or keeps its place secret; remove its address (R41)")
    for name in ("latitude", "longitude"):
        if len(location.text(name).partition(".")[2]) > COARSE:
            yield location.flaw(name, f"it is too exact for a shelter ({service}): {COARSE} decimals at most (R41)")
    if location.text("location_type") != "virtual":
        yield location.flaw("location_type", f"the place of {service} is kept secret: write virtual (R41)")
    yield from _columns(location)


def _columns(row: Row) -> Iterator[Flaw]:
    for name in row.body:
        if row.text(name) and (name in TELLS_WHERE or any(word in name.lower() for word in WORDS)):
            yield row.flaw(name, "it tells where a shelter is; empty it (R41)")
