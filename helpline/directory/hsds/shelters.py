"""Nobody may learn from us where a shelter is (R41).

A directory that says so is refused, because one copy of it is enough. Only a shelter's public telephone may be known.
"""

import re
from collections.abc import Iterator

from helpline.directory.hsds.profile import Terms, taxonomy_and_code
from helpline.directory.hsds.tables import Flaw, Row, Tables

COARSE = 2
"""Decimals of a degree that a shelter's point may have: about a kilometre."""
TELLS_WHERE = ("transportation", "external_identifier")
WORDS = ("address", "street", "postal", "postcode", "house", "building")
"""Parts of column names that mean a place. Our own columns of that kind are in `address`."""

STREETS = (
    r"\b(ул\b|улиц|проспект|переул|мкр|микрорайон|көчөсү|көшесі|кўчаси|кӯчаи|ko['ʻ‘’]chasi|köçesi"
    r"|street\b|lane\b|avenue\b)"
)
STREET = re.compile(STREETS, re.IGNORECASE)
"""The words for a street."""
NUMBER = re.compile(r"\d")
ADDRESS = re.compile(rf"\d|{STREETS}", re.IGNORECASE)
"""What an address has and a short name does not need: a digit, or the word for a street."""
FREE = ("name", "alternate_name", "description")
"""Columns with free text. The word for a street may be harmless there, so a person is asked to read it."""


def is_hidden(service: Row, terms: Terms) -> bool:
    """Whether nobody may learn where a service is: it is a shelter or a safe place, or its row says so."""
    return "safe_place" in terms.of("service", service.id, "need") or hides_place(service, terms)


def hides_place(service: Row, terms: Terms) -> bool:
    """Whether the row of a service says that nobody may learn where it is, whatever it helps with."""
    is_safehouse = "safehouse_service" in terms.of("service", service.id, "service_type")
    return is_safehouse or terms.yes("service", service.id, "confidential_address")


def told_addresses(tables: Tables, terms: Terms) -> Iterator[Flaw]:
    """Yield each row that tells where a shelter is. The flaw never repeats the place."""
    hidden = {row.id for row in tables.of("service") if is_hidden(row, terms)}
    for service in (row for row in tables.of("service") if row.id in hidden):
        yield from _columns(service)
        yield from _streets(service, service.id)
        if organization := tables.get("organization", service.text("organization_id")):
            yield from _streets(organization, service.id)
    yield from _names(tables, hidden)
    for location in tables.of("location"):
        if why := _whose(location, tables, hidden):
            yield from _location(location, tables, why)


def doubtful_words(tables: Tables, terms: Terms) -> Iterator[str]:
    """Yield texts of a shelter or its organization that hold the word for a street.

    The remark never repeats the text.
    """
    for service in (row for row in tables.of("service") if is_hidden(row, terms)):
        organization = tables.get("organization", service.text("organization_id"))
        for row in (service, *([organization] if organization else [])):
            for name in (name for name in FREE if STREET.search(row.text(name))):
                yield f"{row.place}: {name} names a street, and {service.id} is a shelter; remove it (R41)"


def _streets(row: Row, service: str) -> Iterator[Flaw]:
    """Yield names with the word for a street and a number: callers and other services are told them."""
    for name in ("name", "alternate_name"):
        text = row.text(name)
        if STREET.search(text) and NUMBER.search(text):
            yield row.flaw(name, f"it looks like an address, and {service} is a shelter; remove it (R41)")


def _names(tables: Tables, hidden: set[str]) -> Iterator[Flaw]:
    """Yield short names that look like an address: callers may be told them."""
    for row in tables.of("attribute"):
        if row.text("link_entity") == "service" and row.text("link_id") in hidden and ADDRESS.search(row.text("value")):
            taxonomy, code = taxonomy_and_code(row, tables)
            if taxonomy == "short_name":
                what = f"short_name:{code} of a shelter looks like an address: use no digits and no street (R41)"
                yield row.flaw("value", what)


def _whose(location: Row, tables: Tables, hidden: set[str]) -> str:
    """Return the shelter that a location belongs to; empty if it belongs to none.

    If no service is linked to an organization's location, it may be that organization's shelter, so it counts as one.
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
            yield row.flaw(name, "it tells where a shelter is; leave it empty (R41)")
