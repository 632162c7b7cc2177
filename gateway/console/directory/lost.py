"""A work telephone was lost: find it by the name of its service or coordinator, and disable it at once."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory.services import HERE as DIRECTORY
from gateway.console.directory.services import names_of
from gateway.console.pages import draw, explain, first_of, go, refuse
from helpline.casework import disable_phone
from helpline.casework.disable_phone import LastCoordinator
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = f"{DIRECTORY}/lost"
SAID = frozenset({"out", "choose", "last"})
"""The names of texts in `console.lost.said` that the page may show after a form."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A work telephone, with the name of its service or coordinator."""

    contact: Contact
    name: str


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. Disabling needs a second factor just before: bringing a telephone back takes three days."""
    endpoints.add(HERE, show, Permission.DIRECTORY)
    endpoints.add(f"{HERE}/off", off, Permission.DIRECTORY, ("POST",), sudo=True)


def show(visit: Visit) -> Response:
    """Show all work telephones of services and coordinators, or those whose name the search matches."""
    said, query = request.args.get("said", ""), first_of(request.args, "q", 60).strip()
    with visit.console.db.read() as tx:
        listed = [each for each in _listed(tx, visit) if query.casefold() in each.name.casefold()]
        service = first_of(request.args, "service", 40)
        name = names_of(tx, visit).get(service, "")
        left = [each.phone for each in contacts.of_service(tx, service)] if name else []
    return draw(
        visit, "lost.html", listed=listed, query=query, said=said if said in SAID else "", name=name,
        service=service if name else "", left=left,
    )  # fmt: skip


def off(visit: Visit) -> Response:
    """Disable a telephone."""
    contact = first_of(request.form, "contact", 40)
    if not contact or first_of(request.form, "sure", 5) != "yes":
        return refuse(f"{HERE}?said=choose")
    with visit.console.db.write(visit.console.now()) as tx:
        held = contacts.get(tx, contact)
        try:
            done = disable_phone.disable(visit.console.case_context.cases.ctx, tx, contact, visit.person.id)
        except LastCoordinator:
            return refuse(f"{HERE}?said=last")
    if not done or held is None:
        return explain(visit, "missing", 404)
    return go(f"{HERE}?{urlencode({'said': 'out', **({'service': held.service} if held.service else {})})}")


def _listed(tx: Tx, visit: Visit) -> list[Listed]:
    names, country = names_of(tx, visit), visit.console.country
    found = [*contacts.of_kind(tx, "coordinator", country), *contacts.of_kind(tx, "service", country)]
    return [Listed(each, names.get(each.service) or each.name(visit.language)) for each in found]
