"""Make a directory from rows of HSDS: services, telephones that get texts, coordinators, and all that is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from helpline.directory.hsds.checks import flaws_of_rows
from helpline.directory.hsds.ground import Ground
from helpline.directory.hsds.loose_links import LooseLinks
from helpline.directory.hsds.making import NEVER, Desk, Making
from helpline.directory.hsds.profile import terms_of
from helpline.directory.hsds.reach import numbers, shared
from helpline.directory.hsds.shelters import doubtful_words, told_addresses
from helpline.directory.hsds.tables import Flaw, Tables
from helpline.directory.service import Service
from helpline.staff.contact import Contact


@dataclass(slots=True)
class Made:
    """A directory that was read."""

    services: list[Service] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    """All that is wrong with it."""
    doubts: list[str] = field(default_factory=list)
    """Remarks that are no reason to refuse it."""


def make(tables: Tables, ground: Ground) -> Made:
    """Make services and contacts from rows. If there are flaws, the result must not be used."""
    flaws = [*flaws_of_rows(tables, ground.today)]
    loose = LooseLinks.of(tables, flaws)
    flaws += loose.flaws()
    terms = terms_of(tables, flaws, ground.today)
    flaws += [*told_addresses(tables, terms), *numbers(tables, ground)]
    making = Making(tables, terms, ground, loose, flaws)
    services: list[Service] = []
    desks: list[Desk] = []
    for row in tables.of("service"):
        service, telephones = making.service(row)
        services.append(service)
        desks += telephones
    desks += making.coordinators()
    flaws += shared(desks)
    contacts = [contact for _, contact in desks]
    doubts = [*_doubts(services, contacts, tables), *doubtful_words(tables, terms)]
    return Made(services, contacts, sorted(set(flaws)), doubts)


def all_flaws(reading: Sequence[Flaw], made: Made) -> list[Flaw]:
    """Return what is wrong, without what follows from rows that could not be read."""
    if any(each.hides for each in reading):
        return [*reading]
    shifted = {each.place for each in reading if not each.field}
    return [*reading, *(each for each in made.flaws if each.place not in shifted)]


def offered(service: Service, today: date, fresh_days: int) -> bool:
    """Whether a service can be offered any request."""
    return (
        service.status == "active"
        and service.callback
        and service.reached
        and (today - service.assured).days <= fresh_days
    )


def _doubts(services: list[Service], contacts: list[Contact], tables: Tables) -> Iterator[str]:
    if not any(contact.kind == "coordinator" for contact in contacts):
        yield "there is no coordinator: nobody is called when no service takes a request (docs/directory.md)"
    for service in services:
        if service.status == "active" and service.assured == NEVER:
            yield f"service {service.id} was never checked: it is not offered before a test call (R40)"
    for row in tables.of("schedule"):
        if not row.text("service_id") and not row.text("service_at_location_id"):
            yield f"{row.place}: these hours belong to no service; they are stored, but not used"
