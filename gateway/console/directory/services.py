"""The list of services, one service, check calls, and telephones that wait for approval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.directory.rows import typed_facts
from gateway.console.pages import Fault, draw, explain, first_of, go
from helpline.core.languages import LANGUAGES
from helpline.directory import records, services
from helpline.directory.check_calls import CheckCalls, DueCall
from helpline.directory.editing import TOPICS
from helpline.directory.hsds.making import NEVER
from helpline.directory.new_service import may_take_back
from helpline.directory.pending_phones import PhoneChange
from helpline.directory.phone_changes import IMPORT
from helpline.directory.service import Service
from helpline.staff import contacts
from helpline.staff.contact import Contact
from helpline.staff.people import display_name
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = "/directory"
SAID = frozenset(
    {
        "counts",
        "checked",
        "written",
        "asked",
        "agreed",
        "own",
        "gone",
        "off",
        "out",
        "choose",
        "changed",
        "same",
        "new",
        "removed",
    }
)
"""The names of texts in `console.directory.said` that a page may show after a form."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A telephone that waits for approval, as a page shows it."""

    asked: PhoneChange
    service: str
    """The name of its service."""
    by: str
    """Who requested it; empty for an import."""
    second: str
    """Who approved it, if anybody."""
    ready: Any
    """The earliest time at which it can be used."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages."""
    needed, post = Permission.DIRECTORY, ("POST",)
    endpoints.add(HERE, everything, needed)
    endpoints.add(f"{HERE}/<id>", one, needed)
    endpoints.add(f"{HERE}/<id>/called", called, needed, post)


def everything(visit: Visit) -> Response:
    """Show waiting telephones, services due for a check call, and the others. The page shows no phone number."""
    calls = check_calls(visit)
    due = {each.service.id: each for each in calls.due()}
    with visit.console.db.read() as tx:
        names = names_of(tx, visit)
        rest = [each for each in services.services(tx, visit.console.country) if each.id not in due]
        waiting = _waiting(tx, visit, names)
    rest.sort(key=lambda each: (each.status != "active", each.assured, each.id))
    return draw(visit, "directory/list.html", due=[*due.values()], rest=rest, names=names, waiting=waiting,
                never=NEVER, said=_said(), until=_until(visit))  # fmt: skip


def one(visit: Visit, id: str) -> Response:
    """Show one service."""
    return page(visit, id)


def called(visit: Visit, id: str) -> Response:
    """Save a check call: whether somebody answered, and in which language."""
    answered, heard = first_of(request.form, "answered", 5), first_of(request.form, "heard", 20)
    if answered not in {"yes", "no"} or (answered == "yes" and heard not in LANGUAGES):
        return page(visit, id, [Fault("heard", "answered")])
    if answered == "no" and heard:
        return page(visit, id, [Fault("heard_no", "answered")])
    if not _is_there(visit, id):
        return explain(visit, "missing", 404)
    language = heard if answered == "yes" else ""
    counts = check_calls(visit).record(id, visit.person.login[:40], language, visit.person.id)[1]
    return go(f"{HERE}/{id}?said={'checked' if counts else 'written'}")


def check_calls(visit: Visit) -> CheckCalls:
    """Return the check calls of the country."""
    console, ctx = visit.console, visit.console.case_context.cases.ctx
    return CheckCalls(console.db, console.country, console.zone, ctx.config.fresh_days, console.now, ctx.audit_key)


def _until(visit: Visit) -> date:
    """Return the earliest day on which a check is still recent enough (R40)."""
    return check_calls(visit).today - timedelta(days=visit.console.case_context.cases.ctx.config.fresh_days)


def _is_there(visit: Visit, id: str) -> bool:
    with visit.console.db.read() as tx:
        return services.service_by_id(tx, id) is not None


def _waiting(tx: Tx, visit: Visit, names: Mapping[str, str], service: str = "") -> list[Waiting]:
    changes = visit.console.phone_changes
    return [
        Waiting(
            each,
            names.get(each.wanted.service) or each.wanted.name(visit.language),
            "" if each.by.startswith(IMPORT) else display_name(tx, each.by, visit.language),
            display_name(tx, each.agreed_by, visit.language) if each.agreed_by else "",
            each.at + changes.wait,
        )
        for each in changes.waiting(tx, service)
    ]


def page(visit: Visit, id: str, faults: Sequence[Fault] = ()) -> Response:
    """Show one service, with the errors of a refused form."""
    console = visit.console
    with console.db.read() as tx:
        service = services.service_by_id(tx, id)
        if service is None:
            return explain(visit, "missing", 404)
        names, phones = names_of(tx, visit), contacts.of_service(tx, id)
        edited = records.get(tx, console.country, "service", id) is not None or records.is_empty(tx, console.country)
        calls, waiting = records.calls_of(tx, id), _waiting(tx, visit, names, id)
        fresh, typed = may_take_back(tx, id), typed_facts(visit, tx, id)
    due: DueCall | None = next((each for each in check_calls(visit).due() if each.service.id == id), None)
    return draw(
        visit, "directory/one.html", faults, service=service, name=names.get(id, id), phones=phones, calls=calls,
        waiting=waiting, due=due, never=NEVER, said=_said(), sudo=visit.sudo, known=_known(visit, service),
        languages=LANGUAGES, texted=visit.console.case_context.wording.book.languages,
        topics=list(TOPICS) if edited else [], fresh=fresh, typed=typed, to_call=_to_call(service, phones, waiting),
    )  # fmt: skip


def _to_call(service: Service, phones: Sequence[Contact], waiting: Sequence[Waiting]) -> list[str]:
    """Return the numbers for a test call: the public one and the one on duty, else those that wait to count."""
    known = [service.public_phone, *(each.phone for each in phones if each.on_duty)]
    return [each for each in known if each] or [each.asked.wanted.phone for each in waiting]


def _known(visit: Visit, service: Service) -> dict[str, str]:
    """Return the facts that decide whether a service is asked, in the reader's language. No address (R41)."""
    wording, tongue = visit.console.case_context.wording, visit.console.case_context.wording.tongue(visit.language)
    needs = (wording.book.notice(tongue, f"needs.{need}") for need in sorted(service.needs))
    speaks = (LANGUAGES[each].name if each in LANGUAGES else each for each in service.languages)
    places = (wording.place(each, tongue) for each in sorted(service.regions))
    abroad = (wording.place(each, tongue) for each in sorted(service.abroad))
    return {"needs": ", ".join(needs), "speaks": ", ".join(speaks), "places": ", ".join(places),
            "abroad": ", ".join(abroad)}  # fmt: skip


def names_of(tx: Tx, visit: Visit) -> dict[str, str]:
    """Return the name of each service by its id, in the reader's language.

    Its first telephone has the name of the service. Any other may be called otherwise, so that comes last.
    """
    listed = contacts.of_kind(tx, "service", visit.console.country)
    new = {each.wanted.desk: each.wanted.name(visit.language) for each in visit.console.phone_changes.waiting(tx)}
    public = {each.id: each.name(visit.language) for each in services.services(tx, visit.console.country) if each.names}
    return (
        {each.desk: each.name(visit.language) for each in reversed(listed)}
        | new
        | records.service_names(tx, visit.language)
        | public
        | {each.desk: each.name(visit.language) for each in listed if each.id == each.desk}
    )


def choices_of(tx: Tx, visit: Visit) -> list[tuple[str, str]]:
    """Return id and name of each service of the directory, with or without a telephone, in the order of the names."""
    names = names_of(tx, visit)
    listed = [(each.id, names.get(each.id, each.id)) for each in services.services(tx, visit.console.country)]
    return sorted(listed, key=lambda each: each[1])


def _said() -> str:
    said = request.args.get("said", "")
    return said if said in SAID else ""
