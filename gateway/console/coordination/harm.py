"""The harm register (R46): entries not yet reviewed, one entry, a form for a new entry, and counts by service."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory.services import choices_of, names_of
from gateway.console.pages import REFUSED, draw, explain, first_of, go, page_number, refuse
from helpline.directory import services
from helpline.oversight import open_requests
from helpline.referral import harm_register, harms
from helpline.staff import contacts
from helpline.staff.people import display_name
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = "/harm"
A_PAGE = 50
COUNTED = timedelta(days=90)


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages."""
    needed, post = Permission.HARM, ("POST",)
    endpoints.add(HERE, show, needed)
    endpoints.add(f"{HERE}/add", add, needed, post)
    endpoints.add(f"{HERE}/<id>", one, needed)
    endpoints.add(f"{HERE}/<id>/review", review, needed, post)


def show(visit: Visit) -> Response:
    """Show the register: entries not yet reviewed first, the oldest on top; then the others, the newest first."""
    return _list(visit)


def _list(visit: Visit, wrong: str = "") -> Response:
    console = visit.console
    with console.db.read() as tx:
        every, names, choices = harms.every_harm(tx), _names(tx, visit), choices_of(tx, visit)
        counts = harms.by_service(tx, console.now() - COUNTED)
    listed = [each for each in every if not each.reviewed] + [each for each in reversed(every) if each.reviewed]
    last = max(-(-len(listed) // A_PAGE), 1)
    number = min(page_number(), last)
    counted = sorted(((names.get(each, each), count) for each, count in counts.items()), key=lambda row: -row[1])
    said = request.args.get("said", "")
    about = first_of(request.form, "request", 40) or first_of(request.args, "request", 40)
    return draw(
        visit, "harm/list.html", status=REFUSED if wrong else 200, wrong=wrong, typed=request.form,
        listed=listed[(number - 1) * A_PAGE : number * A_PAGE], names=names,
        waiting=sum(not each.reviewed for each in every), counted=counted, number=number, last=last,
        what=harms.WHAT, about=about,
        is_id=harm_register.ID.fullmatch(about) is not None, choices=choices, days=COUNTED.days, same=said == "same",
    )  # fmt: skip


def _names(tx: Tx, visit: Visit) -> Mapping[str, str]:
    """Return the names of the services and coordinators that an entry may be about."""
    coordinators = contacts.of_kind(tx, "coordinator", visit.console.country)
    return {each.desk: each.name(visit.language) for each in coordinators} | names_of(tx, visit)


def add(visit: Visit) -> Response:
    """Add an entry by hand."""
    console = visit.console
    about, service, what = (first_of(request.form, name, 40).strip() for name in ("request", "service", "what"))
    with console.db.write() as tx:
        known = frozenset(each.id for each in services.services(tx, console.country))
        try:
            id = harm_register.enter(tx, about, service, what, visit.person.id, console.sign_in.audit_key, known)
        except harm_register.NotEntered as error:
            return _list(visit, error.field)
    return go(f"{HERE}/{id}" if id else f"{HERE}?said=same")


def one(visit: Visit, id: str) -> Response:
    """Show one entry, and the form to mark it as reviewed."""
    with visit.console.db.read() as tx:
        found, names = harms.get(tx, id), _names(tx, visit)
        by = display_name(tx, found.by, visit.language) if found and found.by else ""
        listed = {each.id for each in services.services(tx, visit.console.country)}
        known = found is not None and open_requests.row(tx, found.request) is not None
    if found is None:
        return explain(visit, "missing", 404)
    return draw(visit, "harm/one.html", each=found, names=names, by=by, did=harm_register.DID,
                listed=listed, known=known, choose=request.args.get("said") == "choose")  # fmt: skip


def review(visit: Visit, id: str) -> Response:
    """Save that an entry was reviewed, and what was done."""
    console = visit.console
    with console.db.write() as tx:
        if harms.get(tx, id) is None:
            return explain(visit, "missing", 404)
        try:
            harm_register.review(tx, id, first_of(request.form, "did", 20), visit.person.id, console.sign_in.audit_key)
        except harm_register.NotEntered:
            return refuse(f"{HERE}/{id}?said=choose")
    return go(f"{HERE}/{id}")
