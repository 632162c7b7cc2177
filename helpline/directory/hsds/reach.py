"""How a service is reached: which telephones get our texts, which are public, where it is and which places it serves.

Places are HSDS `service_area.uri` and the points of its locations.
"""

from collections.abc import Iterator, Sequence

from helpline.content.country_file import CountryData
from helpline.directory.hsds.checks import number_of
from helpline.directory.hsds.files import near
from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.profile import Terms
from helpline.directory.hsds.tables import Flaw, Row, Tables
from helpline.staff.contact import Contact

GETS_TEXTS = ("text", "cell")
"""HSDS `phone.type` (RFC 6350) of telephones that get our texts."""
IN_TEXTS = "text or cell"


def numbers(tables: Tables, ground: Ground) -> Iterator[Flaw]:
    """Yield numbers that no network can have. A short code can be called, but not texted."""
    for row in tables.of("phone"):
        short = row.text("number") in ground.country.short_codes and row.text("type") not in GETS_TEXTS
        if row.text("number") and not short and not ground.number(row.text("number")):
            made_up = " (made-up numbers are for the demo)" if _made_up(row, ground) else ""
            number = row.text("number")
            what = f"{number!r} is not a telephone number of any country{made_up}; write + and the country code, too"
            yield row.flaw("number", what)


def _made_up(row: Row, ground: Ground) -> bool:
    return row.text("number").replace(" ", "").startswith(ground.country.made_up)


def phones_of(service: Row, tables: Tables) -> list[Row]:
    """Return the telephones of a service: its own, then those at its locations."""
    there = tables.linked("service_at_location", "service_id", service.id)
    at_locations = (tables.linked("phone", "service_at_location_id", each.id) for each in there)
    found = [*tables.linked("phone", "service_id", service.id), *(row for rows in at_locations for row in rows)]
    return list({row.id: row for row in found}.values())


def texted(phones: Sequence[Row]) -> list[Row]:
    """Return the telephones that get our texts, the one on duty first."""
    return [row for row in phones if row.text("type") in GETS_TEXTS]


def public(phones: Sequence[Row], terms: Terms, ground: Ground) -> str:
    """Return the entry telephone that callers may be told; empty if there is none (R15, R41)."""
    named = (row.text("number") for row in phones if terms.of("phone", row.id, "phone_use"))
    return next((ground.number(number) or number for number in named), "")


def language_of(phone: Row, spoken: Sequence[str], tables: Tables, ground: Ground) -> str:
    """Return the language of texts to a telephone: its own, else the first of its service in which there are texts."""
    own = [ground.language(row.text("code")) for row in tables.linked("language", "phone_id", phone.id)]
    read = (ground.text_language(code) for code in (*own, *spoken))
    return next((code for code in read if code), "")


def shared(contacts: Sequence[tuple[Row, Contact]]) -> Iterator[Flaw]:
    """Yield telephones that get the texts of two services or people.

    An answer by SMS shows its sender only by the number. A wrong number is reported by itself, and is like no other.
    """
    seen: dict[str, Row] = {}
    for row, contact in contacts:
        if not contact.phone:
            continue
        before = seen.setdefault(contact.phone, row)
        if before is not row:
            what = f"{contact.phone} also gets the texts of {before.place}; give each service its own telephone"
            yield row.flaw("number", what)


def areas(rows: Sequence[Row], ground: Ground, flaws: list[Flaw]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the places at home (none means the whole country) and the countries abroad.

    A service that serves only people abroad has these countries as its places at home, so no caller at home gets it.
    """
    here, abroad, whole = set[str](), set[str](), False
    for area in rows:
        code = area.text("uri").replace("/", ":").rpartition(":")[2].upper()
        if code == ground.country.code:
            whole = True
        elif code in ground.abroad:
            abroad.add(code)
        elif code in ground.regions or code in ground.places:
            here |= {code, *ground.places.get(code, ())}
        else:
            flaws.append(_unknown(area, code, ground))
    return frozenset() if whole else frozenset(here or abroad), frozenset(abroad)


def _unknown(area: Row, code: str, ground: Ground) -> Flaw:
    known = [*ground.regions, *ground.abroad, *ground.places]
    what = f"{code!r} is not a known place{near(code, known)}" if code else "it is missing"
    here = ground.country
    return area.flaw("uri", f"{what}; write {here.code}, a region as {here.capital}, or a country abroad")


def point(service: Row, regions: frozenset[str], tables: Tables, country: CountryData) -> tuple[float, float]:
    """Return where a service is: a location's point, else the first region that it serves, else the capital."""
    for there in tables.linked("service_at_location", "service_id", service.id):
        location = tables.get("location", there.text("location_id"))
        found = [number_of(location.text(name)) for name in ("latitude", "longitude")] if location else []
        if found and found[0] is not None and found[1] is not None:
            return found[0], found[1]
    points = {each.code: each.at for each in country.regions}
    return next((points[code] for code in sorted(regions) if code in points), points.get(country.capital, (0.0, 0.0)))
