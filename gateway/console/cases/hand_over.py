"""Hand a case over at the console: choose among the services that fit, ask one, and take the question back.

The service that is asked accepts or declines on the page of the case, with the forms of an offer.
"""

from functools import partial

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.one_case import do, opened, reading
from gateway.console.cases.said import HERE, back, said_after
from gateway.console.context import Visit
from gateway.console.pages import draw, explain, first_of
from helpline.casework import handover
from helpline.matching.next_step import for_an_answer
from helpline.request import offers
from helpline.request.model import DRILL
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

MOST = 20
"""How many services that fit, and how many others, the page lists."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages, about cases of the person's own service."""
    needed, post = Permission.OWN_CASES, ("POST",)
    endpoints.add(f"{HERE}/<id>/hand", choose_service, needed)
    endpoints.add(f"{HERE}/<id>/hand", ask, needed, post)
    endpoints.add(f"{HERE}/<id>/hand/back", withdraw, needed, post)


def choose_service(visit: Visit, id: str) -> Response:
    """Show the services that may take a case over, with their telephones, and why the others may not."""
    return reading(visit, lambda tx: _choose(tx, visit, id))


def _choose(tx: Tx, visit: Visit, id: str) -> Response:
    found = opened(tx, visit, id)
    if found is None or found[0].state not in handover.HOLDS:
        return explain(visit, "missing", 404)
    offer, about = found
    if offers.proposed(tx, about.id):
        return back(id, "handing_waits")
    ctx, desks = visit.console.case_context.cases.ctx, _desks(tx, visit.console.country)
    known = [
        each for each in handover.receivers(ctx, tx, about, visit.person.service)
        if each.id in desks
    ]  # fmt: skip
    could, others = [each for each in known if not each.why][:MOST], [each for each in known if each.why]
    calls = handover.first_calls(ctx, tx, offer, about, {each.id for each in could})
    return draw(
        visit, "cases/hand.html", offer=offer, could=could, calls=calls, others=others[:MOST], desks=desks,
        more=max(0, len(others) - MOST), placed=bool(about.place), minutes=_minutes(visit, about.risk),
        drill=about.kind == DRILL, said=said_after(), asked_in_vain=handover.asked_in_vain(tx, offer),
    )  # fmt: skip


def _minutes(visit: Visit, risk: str) -> int:
    """Return how long the service that is asked has to accept."""
    return int(for_an_answer(visit.console.case_context.cases.ctx.config, risk).total_seconds() // 60)


def _desks(tx: Tx, country: str) -> dict[str, tuple[Contact, Contact]]:
    """Return by its id the first telephone of each service, which has its name, and the one on duty."""
    listed = contacts.of_kind(tx, "service", country)
    on_duty = {each.desk: each for each in listed if each.on_duty}
    first = {each.desk: each for each in sorted(listed, key=lambda each: each.id == each.desk)}
    return {id: (each, on_duty.get(id, each)) for id, each in first.items()}


def ask(visit: Visit, id: str) -> Response:
    """Ask a service to take a case over."""
    to = first_of(request.form, "to", 40)
    return do(visit, id, partial(handover.hand_over, name=to)) if to else back(id, "handed_whom")


def withdraw(visit: Visit, id: str) -> Response:
    """Stop asking another service to take a case over."""
    return do(visit, id, handover.withdraw)
