"""Who is on duty tonight: coordinators, services and their telephones, closed services, and places nobody covers."""

from collections.abc import Mapping, Sequence

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.coordination.open_requests import HERE
from gateway.console.directory.services import names_of
from gateway.console.pages import draw
from helpline.directory import services as service_rows
from helpline.matching import candidates
from helpline.oversight import tonight
from helpline.staff import contacts, on_call
from helpline.staff.contact import Contact
from helpline.staff.roles import Permission


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page."""
    endpoints.add(f"{HERE}/tonight", show, Permission.ALL_CASES)


def show(visit: Visit) -> Response:
    """Show who is on duty tonight."""
    console, now = visit.console, visit.console.now()
    fresh_days = visit.console.case_context.cases.ctx.config.fresh_days
    span = tonight.night_span(now, console.zone)
    with console.db.read(now) as tx:
        services = service_rows.services(tx, console.country)
        full = candidates.full(tx, services)
        coordinators, phones = (
            on_call.in_turn(tx, console.country),
            contacts.of_kind(tx, "service", console.country),
        )
        names = names_of(tx, visit)
    on_duty = _on_duty(phones)
    found = tonight.services_tonight(services, now, span, fresh_days, full)
    found = tonight.without_telephones(found, on_duty)
    found.sort(key=lambda each: names.get(each.service.id, each.service.id))
    wording = visit.console.case_context.wording
    lacking = tonight.uncovered(found, console.matching, _places(visit))
    nobody = tonight.unattended(found, span)
    tongue = wording.tongue(visit.language)
    return draw(
        visit, "requests/tonight.html", span=span, coordinators=coordinators, names=names, tongue=tongue,
        there=[each for each in found if not each.why], away=[each for each in found if each.why],
        phones=on_duty, nobody=nobody, lacking=[wording.place(code, tongue) for code in lacking],
    )  # fmt: skip


def _places(visit: Visit) -> Mapping[str, Sequence[str]]:
    """Return the districts of each region, as in the menus."""
    lists = next(iter(visit.console.case_context.wording.book.locals.values())).lists
    return {code: [each for each, _ in lists.get(f"districts.{code}", ())] for code, _ in lists["regions"]}


def _on_duty(phones: Sequence[Contact]) -> dict[str, Contact]:
    """Return the telephone that receives the texts, for each service."""
    return {each.service: each for each in sorted(phones, key=lambda each: each.on_duty) if each.on_duty}
