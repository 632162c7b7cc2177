"""Which telephones of a service get our texts, which may be told to anybody, and what is wrong with them."""

from collections.abc import Iterator, Sequence

from helpline.directory import Contact
from helpline.hsds.ground import Ground
from helpline.hsds.profile import Terms
from helpline.hsds.tables import Flaw, Row, Tables

GETS_TEXTS = ("text", "cell")
"""HSDS `phone.type` (RFC 6350) of telephones that our texts go to."""
IN_TEXTS = "text or cell"


def numbers(tables: Tables, ground: Ground) -> Iterator[Flaw]:
    """Check every number of the directory: some network must have it. A short code can be rung, not written to."""
    for row in tables.of("phone"):
        short = row.text("number") in ground.country.short_codes and row.text("type") not in GETS_TEXTS
        if row.text("number") and not short and not ground.number(row.text("number")):
            made_up = " (numbers that exist nowhere are for the demo)" if _made_up(row, ground) else ""
            what = f"{row.text('number')!r} is a telephone of no country{made_up}; write it whole, with + and country"
            yield row.flaw("number", what)


def _made_up(row: Row, ground: Ground) -> bool:
    return row.text("number").replace(" ", "").startswith(ground.country.made_up)


def phones_of(service: Row, tables: Tables) -> list[Row]:
    """Give the telephones of a service: its own, then those of it at a location."""
    there = tables.linked("service_at_location", "service_id", service.id)
    at_locations = (tables.linked("phone", "service_at_location_id", each.id) for each in there)
    found = [*tables.linked("phone", "service_id", service.id), *(row for rows in at_locations for row in rows)]
    return list({row.id: row for row in found}.values())


def texted(phones: Sequence[Row]) -> list[Row]:
    """Give those that our texts go to, the first on duty."""
    return [row for row in phones if row.text("type") in GETS_TEXTS]


def public(phones: Sequence[Row], terms: Terms, ground: Ground) -> str:
    """Give the entry telephone that anybody may be told, empty where there is none (R15, R41)."""
    named = (row.text("number") for row in phones if terms.of("phone", row.id, "phone_use"))
    return next((ground.number(number) or number for number in named), "")


def language_of(phone: Row, spoken: Sequence[str], tables: Tables, ground: Ground) -> str:
    """Give the language of texts to a telephone: its own, else the first of its service's that texts are in."""
    own = [ground.language(row.text("code")) for row in tables.linked("language", "phone_id", phone.id)]
    read = (ground.text_language(code) for code in (*own, *spoken))
    return next((code for code in read if code), "")


def shared(contacts: Sequence[tuple[Row, Contact]]) -> Iterator[Flaw]:
    """Name telephones that two get texts on: an answer by SMS says who it is from by its number alone."""
    seen: dict[str, Row] = {}
    for row, contact in contacts:
        before = seen.setdefault(contact.phone, row)
        if before is not row:
            what = f"{contact.phone} gets the texts of {before.place}, too; give each service a telephone of its own"
            yield row.flaw("number", what)
