"""Rows of HSDS for a directory that has none, as the demo's. The same services can be made from these rows.

So a coordinator learns in the demo what they will do with a real directory: a form changes rows.
"""

from collections.abc import Iterator, Sequence

from helpline.directory.hsds.mirrored import Rows
from helpline.directory.hsds.profile import NOTHING_FOLLOWS
from helpline.directory.hsds.tables import Body
from helpline.directory.opening_hours import Opening
from helpline.directory.service import Service
from helpline.staff.contact import Contact

OWNER = "made-up"
"""The id of the organization of all these services."""
NAME = "Komek (DEMO)"
"""Its name, which is read in any language, as those of the demo's people are."""
Line = tuple[str, Body]
"""A table and a row of it."""


def rows_of(country: str, services: Sequence[Service], contacts: Sequence[Contact]) -> Rows:
    """Return the rows of services and coordinators with their telephones (`contacts`)."""
    rows: Rows = {"organization": {OWNER: {"id": OWNER, "name": NAME, "description": NAME}}}
    desks_of = {service.id: [contact for contact in contacts if contact.service == service.id] for service in services}
    lines = [line for service in services for line in _of_service(country, service, desks_of[service.id])]
    lines += [line for contact in contacts if contact.kind == "coordinator" for line in _of_coordinator(contact)]
    for at, (table, body) in enumerate(lines):
        id = str(body.get("id") or f"{OWNER}-{at}")
        rows.setdefault(table, {})[id] = {"id": id} | body
    return rows


def _of_service(country: str, service: Service, desks: Sequence[Contact]) -> Iterator[Line]:
    names = desks[0].names if desks else service.names
    yield (
        "service",
        {
            "id": service.id,
            "organization_id": OWNER,
            "name": next(iter(names.values()), service.id),
            "status": service.status,
            "assured_date": service.assured.isoformat(),
            **({"minimum_age": service.minimum_age} if service.minimum_age is not None else {}),
            **({"maximum_age": service.maximum_age} if service.maximum_age is not None else {}),
        },
    )
    yield from _place(country, service)
    for contact in desks:
        yield from _telephone(contact, {"service_id": service.id})
    if service.public_phone:
        yield (
            "phone",
            {"id": f"{service.id}-public", "number": service.public_phone, "type": "voice", "service_id": service.id},
        )
        yield _term("phone", f"{service.id}-public", "phone_use:public")
    for opening in service.schedule:
        yield "schedule", _hours(service, opening)
    for paper in sorted(service.documents):
        yield "required_document", {"service_id": service.id, "document": paper}
    yield from _terms(service, desks)
    yield from (_term("service", service.id, f"short_name:{base}", name) for base, name in names.items())


def _place(country: str, service: Service) -> Iterator[Line]:
    """Yield the rows for its location, the areas it serves and the languages spoken there.

    The point is coarse and there is never an address.
    """
    point = {"latitude": round(service.at[0], 2), "longitude": round(service.at[1], 2)}
    yield "location", {"id": f"{service.id}-at", "location_type": "virtual", **point}
    yield "service_at_location", {"service_id": service.id, "location_id": f"{service.id}-at"}
    for code in sorted(service.regions | service.abroad) if service.regions else [country, *sorted(service.abroad)]:
        yield "service_area", {"service_id": service.id, "uri": code}
    for code in service.languages:
        yield "language", {"service_id": service.id, "code": code}


def _telephone(contact: Contact, of: Body) -> Iterator[Line]:
    id = f"{contact.id}-phone"  # a phone and a contact may not share an id
    yield "phone", {"id": id, "number": contact.phone, "type": "cell", **of}
    yield "language", {"phone_id": id, "code": contact.language}


def _hours(service: Service, line: Opening) -> Body:
    return {
        "service_id": service.id, "byday": ",".join(sorted(line.days)), "opens_at": f"{line.opens:%H:%M}",
        "closes_at": f"{line.closes:%H:%M}", "timezone": line.zone or service.zone,
    }  # fmt: skip


def _terms(service: Service, desks: Sequence[Contact]) -> Iterator[Line]:
    terms = [f"kind:{service.kind}", f"caller_shows:{service.shows}"]
    for taxonomy, codes in (
        ("need", service.needs), ("serves", service.serves), ("operator_sex", service.sexes),
        ("after_contact", {NOTHING_FOLLOWS} if service.after_contact == frozenset() else service.after_contact or ()),
    ):  # fmt: skip
        terms += [f"{taxonomy}:{code}" for code in sorted(codes)]
    terms += [f"{name}:yes" for name, true in (
        ("child_safeguarding", service.child_safeguarding), ("confidential_address", service.hides_place),
        ("open_on_holidays", not service.holidays),
    ) if true]  # fmt: skip
    terms += [] if service.callback else ["channel_ok:walk_in"]
    yield from (_term("service", service.id, term) for term in terms)
    if any(contact.accepts_numbers_by_sms for contact in desks):
        yield _term("service", service.id, "accepts_numbers_by_sms:yes", service.assured.isoformat())
    if service.capacity is not None:
        yield "unit", {"id": "request", "name": "Request"}
        most = {"available": service.capacity, "maximum": service.capacity, "updated": service.assured.isoformat()}
        yield "service_capacity", {"service_id": service.id, "unit_id": "request", **most}


def _of_coordinator(contact: Contact) -> Iterator[Line]:
    yield (
        "contact",
        {"id": contact.id, "name": next(iter(contact.names.values()), contact.id), "organization_id": OWNER},
    )
    yield _term("contact", contact.id, "coordinator:yes")
    yield from (_term("contact", contact.id, f"short_name:{base}", name) for base, name in contact.names.items())
    yield from _telephone(contact, {"contact_id": contact.id})


def _term(table: str, id: str, term: str, value: str = "") -> Line:
    return "attribute", {"link_id": id, "link_entity": table, "taxonomy_term_id": term} | (
        {"value": value} if value else {}
    )
