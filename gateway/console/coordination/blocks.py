"""Blocks of *call me*: block the number of a request, see the active blocks, end one early. No number is shown (R49).

Nothing says whether a request is from a blocked telephone: that would show which requests are from one (R27).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.coordination.open_requests import HERE as REQUESTS
from gateway.console.pages import draw, explain, first_of, go, refuse
from helpline.caller import blocks
from helpline.caller.blocks import Block
from helpline.casework import block_number
from helpline.casework.block_number import REASONS, CannotBlock
from helpline.keys.sealing import CannotOpen
from helpline.oversight import open_requests
from helpline.staff.people import display_name
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = f"{REQUESTS}/blocks"
SAID = frozenset({"ended", "gone"})
"""The names of texts in `console.blocks.said` that the page may show after a form."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. A block needs a second factor just before, its end does not."""
    endpoints.add(HERE, show, Permission.ALL_CASES)
    endpoints.add(f"{REQUESTS}/<id>/block", block, Permission.ALL_CASES, ("POST",), sudo=True)
    endpoints.add(f"{HERE}/<id>/end", end, Permission.ALL_CASES, ("POST",))


def show(visit: Visit) -> Response:
    """Show the active blocks: since when, until when, who set them and why."""
    said = request.args.get("said", "")
    with visit.console.db.read(visit.console.now()) as tx:
        active = blocks.active(tx)
        origins = _origins(tx, visit, active)
        found = [(each, display_name(tx, each.by, visit.language), origins.get(each.id)) for each in active]
    return draw(visit, "blocks.html", found=found, reasons=REASONS, most=blocks.MOST, said=said if said in SAID else "")


@dataclass(frozen=True, slots=True)
class Origin:
    """The request from whose page a number was blocked. No other request of the number is named (R27)."""

    id: str
    asked: datetime
    what: dict[str, str]


def _origins(tx: Tx, visit: Visit, active: Sequence[Block]) -> dict[str, Origin]:
    requests = block_number.blocked_requests(tx, active)
    found = open_requests.full_requests(tx, list(requests.values()))
    kept = {id: each for id, each in found.items() if open_requests.row(tx, id)}
    words, now = visit.console.case_context.words, visit.console.now()
    return {
        id: Origin(of, kept[of].created, words(visit.console.texts, kept[of], visit.language, now))
        for id, of in requests.items()
        if of in kept
    }


def block(visit: Visit, id: str) -> Response:
    """Block the number of a request, for a reason and with a tick."""
    why, cases = first_of(request.form, "reason", 20), visit.console.case_context.cases
    days = cases.ctx.config.block_days
    if why not in REASONS or first_of(request.form, "sure", 5) != "yes":
        return refuse(f"{REQUESTS}/{id}?said=block_choose")
    with visit.console.db.write(visit.console.now()) as tx:
        if not block_number.can_be_blocked(tx, id):
            return explain(visit, "missing", 404)
        try:
            block_number.block(tx, cases.opening, id, why, visit.person.id, days, cases.ctx.audit_key)
        except (CannotBlock, CannotOpen):
            return refuse(f"{REQUESTS}/{id}?said=block_not")
    return go(f"{REQUESTS}/{id}?said=blocked")


def end(visit: Visit, id: str) -> Response:
    """End a block early."""
    with visit.console.db.write(visit.console.now()) as tx:
        done = block_number.unblock(tx, id, visit.person.id, visit.console.sign_in.audit_key)
    return go(f"{HERE}?said={'ended' if done else 'gone'}")
