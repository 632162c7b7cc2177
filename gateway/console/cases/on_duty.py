"""Which telephone of a service receives its texts, and whether the service takes more requests."""

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.said import name_of, said_after
from gateway.console.context import Visit
from gateway.console.pages import draw, explain, first_of, go, refuse
from helpline.casework.console_actions import At, NotTheirs
from helpline.matching import candidates
from helpline.request import offers
from helpline.request.offers import OfferState
from helpline.staff import contacts
from helpline.staff.roles import Permission

DAYS = ("1", "2", "3", "5", "7", "14")


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages, about the duty of the person's own service."""
    needed, post = Permission.DUTY, ("POST",)
    endpoints.add("/duty", duty, needed)
    endpoints.add("/duty/full", pause, needed, post)
    endpoints.add("/duty/open", resume, needed, post)
    endpoints.add("/duty/phone", put_on_duty, needed, post)


def duty(visit: Visit) -> Response:
    """Show who receives the texts of the person's service, and whether it takes more requests."""
    service = visit.person.service
    with visit.console.db.read() as tx:
        phones, until = contacts.of_service(tx, service), candidates.full_until(tx, service)
        asked = [each for each in offers.live_of_service(tx, service) if each.state is OfferState.OPEN]
        danger = visit.console.case_context.danger(tx, service)
    full = until if until and until > visit.console.now() else None
    tongue = visit.console.case_context.wording.tongue(visit.language)
    ctx = visit.console.case_context.cases.ctx
    return draw(
        visit, "cases/duty.html", phones=phones, full=full, days=DAYS, tongue=tongue, said=said_after(),
        minutes=ctx.config.undo_minutes, danger=danger,
        passes=[(each.id, ctx.offer_code(each.id, each.draws))
                for each in sorted(asked, key=lambda each: each.id not in danger)],
    )  # fmt: skip


def pause(visit: Visit) -> Response:
    """Pause offers to the person's service for some days."""
    days = first_of(request.form, "days", 3)
    if days not in DAYS:
        return refuse("/duty?said=choose")
    with visit.console.db.write() as tx:
        answer = visit.console.case_context.cases.pause(tx, visit.person, days)
    return _back(answer)


def resume(visit: Visit) -> Response:
    """End the pause of offers."""
    with visit.console.db.write() as tx:
        answer = visit.console.case_context.cases.end_pause(tx, visit.person)
    return _back(answer)


def put_on_duty(visit: Visit) -> Response:
    """Put another telephone of the person's service on duty."""
    phone = first_of(request.form, "phone", 40)
    with visit.console.db.write() as tx:
        try:
            answer = visit.console.case_context.cases.put_on_duty(tx, visit.person, phone)
        except NotTheirs:
            return explain(visit, "missing", 404)
    return _back(answer)


def _back(answer: At) -> Response:
    return go(f"/duty?said={name_of(answer)}")
