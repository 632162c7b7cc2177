"""The pages of one case of a service: what is known, the caller's number after a claim, and outcomes of calls."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases.case_page import OUTCOMES, others_beside, values_of
from gateway.console.cases.said import DELETES, HERE, back, name_of, said_after
from gateway.console.context import Visit
from gateway.console.pages import OK, REFUSED, Fault, draw, explain, first_of
from helpline.casework import assignment, next_contact, outcomes, undo
from helpline.casework.console_actions import WHY, At, Command, NotTheirs
from helpline.oversight import ended_cases
from helpline.request import attempts
from helpline.request.model import DRILL, CallbackRequest
from helpline.request.offers import HAS_CODE, Offered
from helpline.reveal.revealing import Revealed
from helpline.staff import openings
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

T = TypeVar("T")
SHOWN_FOR = timedelta(minutes=3)
"""How long a number stays on the screen."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. A person sees offers of their own service only; others are "not found"."""
    needed, post = Permission.OWN_CASES, ("POST",)
    endpoints.add(f"{HERE}/beside", list_beside, needed, quiet=True)
    endpoints.add(f"{HERE}/<id>", case, needed)
    for name, view in (
        ("claim", claim), ("pass", decline), ("told", record), ("done", finish), ("undo", take_back),
        ("note", note),
    ):  # fmt: skip
        endpoints.add(f"{HERE}/<id>/{name}", view, needed, post)
    for name, view in (("number", number), ("bridge", bridge)):
        endpoints.add(f"{HERE}/<id>/{name}", view, Permission.REVEAL, post, sudo=True)


def case(visit: Visit, id: str) -> Response:
    """Show one case of the person's service."""
    found = reading(visit, lambda tx: _case(tx, visit, id))
    return found if isinstance(found, Response) else draw(visit, "cases/one.html", **found)


def list_beside(visit: Visit) -> Response:
    """Return the list beside a case as a piece of a page, which a script puts in place of the older one.

    It opens no case: the id in the address only marks the line of the case that is being read.
    """
    id = first_of(request.args, "case", 32)
    with visit.console.db.read(visit.console.now()) as tx:
        values = others_beside(tx, visit, id)
    return draw(visit, "cases/beside.html", id=id, **values)


def reading(visit: Visit, read: Callable[[Tx], T]) -> T:
    """Read a case in a transaction that sees its opening in the audit log."""
    return openings.reading(visit.console.db, visit.console.sign_in.audit_key, read)


def _case(tx: Tx, visit: Visit, id: str) -> Response | dict[str, Any]:
    found = opened(tx, visit, id)
    if found is None:
        return explain(visit, "missing", 404)
    offer, about = found
    if offer.state not in HAS_CODE:
        return _gone(tx, visit, offer, about)
    return values_of(tx, visit, offer, about)


def _gone(tx: Tx, visit: Visit, offer: Offered, about: CallbackRequest, typed: str = "") -> Response:
    """Show that the service no longer holds the case, with the text typed into a form that came too late."""
    cases, how = visit.console.case_context.cases, ended_cases.how_ended(tx, offer)
    late, undoable = cases.late(tx, visit.person, offer), cases.undoable(tx, visit.person, offer)
    drill, status = about.kind == DRILL, REFUSED if typed else OK
    return draw(
        visit, "cases/gone.html", said=_said_over(tx, offer, is_drill=drill), offer=offer, typed=typed, status=status,
        late=[] if drill else [each for each in OUTCOMES if each in late], how=how, undoable=undoable, drill=drill,
    )  # fmt: skip


def _said_over(tx: Tx, offer: Offered, *, is_drill: bool) -> str:
    """Return what the page of an ended case says first. Only a service that had the number is asked to delete it."""
    said = said_after()
    if said in ("", "handing") and attempts.was_reported(tx, offer.id, {attempts.HANDED}):
        said = "handed_over"
    if is_drill:
        return "practice_over" if said in DELETES else said or "ended"
    if offer.left_at is None:
        return "handed_unseen" if said == "handed_over" else said or "ended"
    return said or "stop"


def note(visit: Visit, id: str) -> Response:
    """Save a note. A refused text is shown in its field again, so nothing typed is lost."""
    typed = request.form.get("note", "")
    with visit.console.db.write() as tx:
        found = opened(tx, visit, id)
        if found is None:
            return explain(visit, "missing", 404)
        fault = visit.console.case_context.notes.write(tx, visit.person, found[0], typed)
        if fault == "not_open":
            return _gone(tx, visit, *found, typed)
        values = values_of(tx, visit, *found) if fault else {}
    return draw(visit, "cases/one.html", [Fault(fault, "note")], **values) if fault else back(id, "note_kept")


def claim(visit: Visit, id: str) -> Response:
    """Claim an offer."""
    return _answer(visit, id, lambda tx: assignment.take(visit.console.case_context.cases, tx, visit.person, id))


def decline(visit: Visit, id: str) -> Response:
    """Decline an offer, or give a claim back, with a reason."""
    why = first_of(request.form, "why", 20)
    if why not in WHY:
        return back(id, "choose")
    return _answer(visit, id, lambda tx: visit.console.case_context.cases.decline(tx, visit.person, id, why))


def record(visit: Visit, id: str) -> Response:
    """Record the outcome of a call."""
    outcome = first_of(request.form, "outcome", 30)
    if outcome in next_contact.REPORTS:
        return do(visit, id, partial(next_contact.report, outcome=outcome))
    if outcome not in OUTCOMES:
        return back(id, "choose")
    return do(visit, id, partial(outcomes.record, outcome=outcome))


def finish(visit: Visit, id: str) -> Response:
    """Close the case of a caller who was helped, after a tick: it deletes the number, and nothing undoes it."""
    if first_of(request.form, "sure", 5) != "yes":
        return back(id, "done_first")
    return do(visit, id, outcomes.finish_following)


def take_back(visit: Visit, id: str) -> Response:
    """Undo the person's last action, if it was about this case."""
    return do(visit, id, undo.undo)


def number(visit: Visit, id: str) -> Response:
    """Show the caller's number after a claim. Only this response holds it; no browser caches it."""
    if first_of(request.form, "read", 5) != "yes":
        return back(id, "read_card")
    now, context = visit.console.now(), visit.console.case_context
    with visit.console.db.write(now) as tx:
        try:
            answer = context.cases.number(tx, visit.person, id)
        except NotTheirs:
            return explain(visit, "missing", 404)
        if not isinstance(answer, Revealed):
            return back(id, name_of(answer))
        values = values_of(tx, visit, *context.cases.opened(tx, visit.person, id))
    return _shown(visit, id, answer, values)


def bridge(visit: Visit, id: str) -> Response:
    """Call the service's telephone and connect it to the caller. Nobody sees the caller's number."""
    if first_of(request.form, "read", 5) != "yes":
        return back(id, "read_card")
    return _answer(visit, id, lambda tx: visit.console.case_context.cases.bridge(tx, visit.person, id))


def _shown(visit: Visit, id: str, shown: Revealed, values: dict[str, Any]) -> Response:
    seconds = int(min(SHOWN_FOR, shown.until - visit.console.now()).total_seconds())
    made = draw(visit, "cases/number.html", number=shown.number.reveal(), until=shown.until,
                minutes=-(-seconds // 60), **values)  # fmt: skip
    made.headers["Refresh"] = f"{seconds}; url={HERE}/{id}"
    return made


def do(visit: Visit, id: str, command: Command) -> Response:
    return _answer(visit, id, lambda tx: visit.console.case_context.cases.do(tx, visit.person, id, command))


def _answer(visit: Visit, id: str, command: Callable[[Tx], At]) -> Response:
    """Run a command, and show its answer on the page of the case."""
    with visit.console.db.write() as tx:
        try:
            answer = command(tx)
        except NotTheirs:
            return explain(visit, "missing", 404)
    return back(id, name_of(answer))


def opened(tx: Tx, visit: Visit, id: str) -> tuple[Offered, CallbackRequest] | None:
    try:
        return visit.console.case_context.cases.opened(tx, visit.person, id)
    except NotTheirs:
        return None
