"""Telephones of services: request one, approve it as the second person, cancel a request, disable a telephone."""

from collections.abc import Mapping, Sequence

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory import services as services_pages
from gateway.console.directory.services import HERE
from gateway.console.pages import Fault, explain, first_of, go
from helpline.directory import records, services
from helpline.directory.hsds.ground import Ground
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.roles import Permission
from helpline.store.engine import Tx


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. A request or an approval needs a second factor just before."""
    needed, post = Permission.DIRECTORY, ("POST",)
    endpoints.add(f"{HERE}/<id>/telephone", telephone, needed, post, sudo=True)
    endpoints.add(f"{HERE}/<id>/out", out, needed, post, sudo=True)
    endpoints.add(f"{HERE}/waiting/<id>/agree", agree, needed, post, sudo=True)
    endpoints.add(f"{HERE}/waiting/<id>/off", off, needed, post)


def telephone(visit: Visit, id: str) -> Response:
    """Request a telephone, in addition to the others or as a replacement."""
    console, form = visit.console, request.form
    number = Ground(console.country_data, services_pages.check_calls(visit).today, console.demo).number(
        first_of(form, "phone", 40)
    )
    with console.db.write() as tx:
        if services.service_by_id(tx, id) is None:
            return explain(visit, "missing", 404)
        present = contacts.of_service(tx, id)
        replaces, language = first_of(form, "replaces", 40), first_of(form, "language", 20)
        if faults := _faults(visit, tx, number, language, replaces, present):
            return services_pages.page(visit, id, faults)
        wanted = Contact("", "service", number, _called(visit, tx, id, present), language,
                         any(each.accepts_numbers_by_sms for each in present), id)  # fmt: skip
        visit.console.phone_changes.ask(tx, wanted, visit.person.id, replaces)
    return go(f"{HERE}/{id}?said=asked")


def out(visit: Visit, id: str) -> Response:
    """Disable a telephone at once."""
    with visit.console.db.write() as tx:
        contact = first_of(request.form, "contact", 40)
        if contact not in {each.id for each in contacts.of_service(tx, id)}:
            return explain(visit, "missing", 404)
        if first_of(request.form, "sure", 5) != "yes":
            return go(f"{HERE}/{id}?said=choose")
        visit.console.phone_changes.take_out(tx, contact, visit.person.id)
    return go(f"{HERE}/{id}?said=out")


def agree(visit: Visit, id: str) -> Response:
    """Approve a telephone that somebody else requested."""
    with visit.console.db.write() as tx:
        said = visit.console.phone_changes.agree(tx, id, visit.person.id)
    return go(f"{HERE}?said={said}")


def off(visit: Visit, id: str) -> Response:
    """Cancel a requested telephone."""
    with visit.console.db.write() as tx:
        done = visit.console.phone_changes.call_off(tx, id, visit.person.id)
    return go(f"{HERE}?said={'off' if done else 'gone'}")


def _faults(visit: Visit, tx: Tx, number: str, language: str, replaces: str, present: Sequence[Contact]) -> list[Fault]:
    """Return everything that is wrong with a requested telephone."""
    holder = contacts.by_phone(tx, number) if number else None
    faults = [] if number else [Fault("phone", "phone")]
    faults += [Fault("phone_taken", "phone")] if holder else []
    faults += (
        [] if language in visit.console.case_context.wording.book.languages else [Fault("phone_language", "language")]
    )
    return faults + ([] if replaces in {"", *(each.id for each in present)} else [Fault("phone_gone", "replaces")])


def _called(visit: Visit, tx: Tx, id: str, present: Sequence[Contact]) -> Mapping[str, str]:
    """Return a service's names: from its telephones, else from waiting ones, else its id."""
    known = [*present, *(each.wanted for each in visit.console.phone_changes.waiting(tx, id))]
    return known[0].names if known else {"en": records.service_names(tx, "en", [id]).get(id, id)}
