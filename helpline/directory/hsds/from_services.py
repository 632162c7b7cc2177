"""Rows of HSDS for a directory that has none, as the made-up one of the demo: from them the same services are made.

So what a coordinator learns in the demo is what she will do with a real directory: a form changes rows.
"""

from collections.abc import Iterator, Sequence

from helpline.directory.hsds.mirrored import Rows
from helpline.directory.hsds.profile import NOTHING_FOLLOWS
from helpline.directory.hsds.tables import Body
from helpline.directory.opening_hours import Opening
from helpline.directory.service import Contact, Service

OWNER = "made-up"
"""The organization that all of them are of."""
Line = tuple[str, Body]
"""A row and its table."""


def rows_of(country: str, services: Sequence[Service], contacts: Sequence[Contact]) -> Rows:
    """Give the rows of services and coordinators with their telephones (`contacts`)."""
    rows: Rows = {"organization": {OWNER: {"id": OWNER, "name": OWNER, "description": OWNER}}}
    theirs = {each.id: [who for who in contacts if who.service == each.id] for each in services}
    lines = [line for each in services for line in _of_service(country, each, theirs[each.id])]
    lines += [line for who in contacts if who.kind == "coordinator" for line in _of_coordinator(who)]
    for at, (table, body) in enumerate(lines):
        id = str(body.get("id") or f"{OWNER}-{at}")
        rows.setdefault(table, {})[id] = {"id": id} | body
    return rows


def _of_service(country: str, each: Service, desks: Sequence[Contact]) -> Iterator[Line]:
    names = desks[0].names if desks else each.names
    yield "service", {
        "id": each.id, "organization_id": OWNER, "name": next(iter(names.values()), each.id), "status": each.status,
        "assured_date": each.assured.isoformat(),
        **({"minimum_age": each.minimum_age} if each.minimum_age is not None else {}),
        **({"maximum_age": each.maximum_age} if each.maximum_age is not None else {}),
    }  # fmt: skip
    yield from _place(country, each)
    for who in desks:
        yield from _telephone(who, {"service_id": each.id})
    if each.public_phone:
        yield "phone", {"id": f"{each.id}-public", "number": each.public_phone, "type": "voice", "service_id": each.id}
        yield _term("phone", f"{each.id}-public", "phone_use:public")
    for opening in each.schedule:
        yield "schedule", _hours(each, opening)
    for paper in sorted(each.documents):
        yield "required_document", {"service_id": each.id, "document": paper}
    yield from _terms(each, desks)
    yield from (_term("service", each.id, f"short_name:{base}", name) for base, name in names.items())


def _place(country: str, each: Service) -> Iterator[Line]:
    """Its point, coarse, and never an address; whom it serves; what is spoken there."""
    point = {"latitude": round(each.at[0], 2), "longitude": round(each.at[1], 2)}
    yield "location", {"id": f"{each.id}-at", "location_type": "virtual", **point}
    yield "service_at_location", {"service_id": each.id, "location_id": f"{each.id}-at"}
    for code in sorted(each.regions | each.abroad) if each.regions else [country, *sorted(each.abroad)]:
        yield "service_area", {"service_id": each.id, "uri": code}
    for code in each.languages:
        yield "language", {"service_id": each.id, "code": code}


def _telephone(who: Contact, of: Body) -> Iterator[Line]:
    id = f"{who.id}-phone"  # no two tables may share the id of whom texts go to
    yield "phone", {"id": id, "number": who.phone, "type": "cell", **of}
    yield "language", {"phone_id": id, "code": who.language}


def _hours(each: Service, line: Opening) -> Body:
    return {
        "service_id": each.id, "byday": ",".join(sorted(line.days)), "opens_at": f"{line.opens:%H:%M}",
        "closes_at": f"{line.closes:%H:%M}", "timezone": line.zone or each.zone,
    }  # fmt: skip


def _terms(each: Service, desks: Sequence[Contact]) -> Iterator[Line]:
    said = [f"kind:{each.kind}", f"caller_shows:{each.shows}"]
    for taxonomy, codes in (
        ("need", each.needs), ("serves", each.serves), ("operator_sex", each.sexes),
        ("after_contact", {NOTHING_FOLLOWS} if each.after_contact == frozenset() else each.after_contact or ()),
    ):  # fmt: skip
        said += [f"{taxonomy}:{code}" for code in sorted(codes)]
    said += [f"{name}:yes" for name, true in (
        ("child_safeguarding", each.child_safeguarding), ("open_on_holidays", not each.holidays),
    ) if true]  # fmt: skip
    said += [] if each.callback else ["channel_ok:walk_in"]
    yield from (_term("service", each.id, term) for term in said)
    if any(who.accepts_numbers_by_sms for who in desks):
        yield _term("service", each.id, "accepts_numbers_by_sms:yes", each.assured.isoformat())
    if each.capacity is not None:
        yield "unit", {"id": "request", "name": "Request"}
        most = {"available": each.capacity, "maximum": each.capacity, "updated": each.assured.isoformat()}
        yield "service_capacity", {"service_id": each.id, "unit_id": "request", **most}


def _of_coordinator(who: Contact) -> Iterator[Line]:
    yield "contact", {"id": who.id, "name": next(iter(who.names.values()), who.id), "organization_id": OWNER}
    yield _term("contact", who.id, "coordinator:yes")
    yield from (_term("contact", who.id, f"short_name:{base}", name) for base, name in who.names.items())
    yield from _telephone(who, {"contact_id": who.id})


def _term(table: str, id: str, term: str, value: str = "") -> Line:
    return "attribute", {"link_id": id, "link_entity": table, "taxonomy_term_id": term} | (
        {"value": value} if value else {}
    )
