"""Live updates: server-sent events tell a browser that its page has changed, but not what has changed.

Each response is one event and ends. The browser asks again by itself after `retry`. An open stream would hold one of
the process's four threads for each browser: with four colleagues nobody else got a page (decision 0013).
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import A_PAGE, draw, explain, page_number, page_of, pages
from helpline.casework import assignment
from helpline.casework.console_actions import NotTheirs
from helpline.core.call_windows import next_window
from helpline.core.clock import micros
from helpline.oversight import worklist_rows
from helpline.oversight.desk_list import DUE, Placed, When
from helpline.oversight.narrowing import Narrowing, own_first
from helpline.oversight.worklist_rows import Caller
from helpline.request.model import CallbackRequest
from helpline.request.offers import Offered, OfferState
from helpline.staff.roles import Permission, Person
from helpline.store.engine import Tx

EVERY_SECONDS = 10
LEAST_PERCENT, MOST_PERCENT = 80, 120
"""A browser waits 0.8 to 1.2 times as long: tabs that were opened at one instant soon ask at different ones."""
LETTERS = 8
"""Letters of an id that are sent: enough to tell one due case from another."""
BESIDE = 15
"""Lines of the list beside a case."""
MOST = 2 * A_PAGE
"""How many due cases are named, the most urgent ones. Of the rest only the count is sent."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register the endpoint that browsers poll. Polling does not keep a session alive."""
    endpoints.add("/cases/bell", changes, Permission.OWN_CASES, quiet=True)
    endpoints.add("/cases/danger", in_danger, Permission.OWN_CASES, quiet=True)


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as one person sees it."""

    narrowing: Narrowing
    lines: Sequence[Placed]
    """What is left of the list, in order."""
    owners: Mapping[str, Person]
    """Who does which case."""
    callers: Mapping[str, Caller]
    """The caller of each case. Empty where no filter needs them."""
    handed: frozenset[str] = frozenset()
    """The cases that another service is asked to take over."""


def changes(visit: Visit) -> Response:
    """Return a mark that changes with a page of the list (`?page=`) or a case (`?case=`), and what is due.

    It also says how many are in danger. With a case there is a second mark, which changes with the list beside it.
    """
    id, number = request.args.get("case", ""), page_number()
    with visit.console.db.read() as tx:
        everything = whole(visit, tx)
        try:
            mark = (
                mark_of_case(
                    visit, *visit.console.case_context.case(tx, visit.person, id), handed=id in everything.handed
                )
                if id
                else mark_of_list(visit, narrowed(visit, tx, everything), number)
            )
        except NotTheirs:
            return explain(visit, "missing", 404)
        danger = sum(each.when is When.DANGER for each in everything.lines)
        others = {"beside": mark_of_list(visit, beside(everything), 1)} if id else {}
    return event(mark, [each.id for each in everything.lines if each.when in DUE], danger, **others)


def event(mark: str, due: Sequence[str], danger: int, **others: str) -> Response:
    """Return one event: the mark of a page, how many things are due, and some letters of the id of each.

    The first `danger` of those due are in danger.
    """
    named = [each[:LETTERS] for each in due[:MOST]]
    said = json.dumps({"mark": mark, "count": len(due), "due": named, "danger": danger, **others})
    pause = 10 * EVERY_SECONDS * (LEAST_PERCENT + secrets.randbelow(MOST_PERCENT - LEAST_PERCENT + 1))
    return Response(f"retry: {pause}\ndata: {said}\n\n", content_type="text/event-stream; charset=utf-8")


def in_danger(visit: Visit) -> Response:
    """Return how many requests are in danger as a piece of a page, which a script puts in place of the older one."""
    return draw(visit, "cases/danger.html")


def whole(visit: Visit, tx: Tx) -> Shown:
    """Return the whole list of the person's service. Their own cases that they were reminded of come first."""
    service = visit.person.service
    owners = assignment.owners(tx, service, assignment.colleagues(tx, service))
    lines = own_first(visit.console.case_context.held(tx, service), owners, visit.person)
    return Shown(Narrowing(), lines, owners, {}, worklist_rows.being_handed(tx, service))


def narrowed(visit: Visit, tx: Tx, everything: Shown, callers: Mapping[str, Caller] | None = None) -> Shown:
    """Return the lines that an address asks for. The callers are read here if the filters need them."""
    narrowing, owners = Narrowing.of(request.args), everything.owners
    if callers is None:
        wanted = narrowing.language or narrowing.place
        callers = worklist_rows.callers(tx, visit.person.service) if wanted else {}
    until = midnight(visit)
    left = [each for each in everything.lines if narrowing.has(each, owners.get(each.id), visit.person, callers, until)]
    return Shown(narrowing, narrowing.sorted(left), owners, callers, everything.handed)


def midnight(visit: Visit) -> int:
    """Return the end of the person's day, in microseconds."""
    tomorrow = visit.console.now().astimezone(visit.zone).date() + timedelta(days=1)
    return micros(datetime.combine(tomorrow, time(), visit.zone))


def beside(everything: Shown) -> Shown:
    """Return the most urgent cases of a list, which are shown beside one case."""
    return Shown(Narrowing(), everything.lines[:BESIDE], {}, {}, everything.handed)


def mark_of_list(visit: Visit, shown: Shown, number: int) -> str:
    """Return a mark that changes with a page of the list, what its lines say, and the page count."""
    said = (
        f"{each.id} {each.when} {each.at} {owner.id if owner else ''} {each.silent} {each.id in shown.handed}"
        for each in page_of(shown.lines, number)
        for owner in (shown.owners.get(each.id),)
    )
    return visit.console.sign_in.key.mark("\n".join((f"{pages(len(shown.lines))}", *said)))


def mark_of_case(visit: Visit, offer: Offered, about: CallbackRequest, *, handed: bool) -> str:
    """Return a mark that changes with a case. `handed`: whether another service is asked to take it over.

    It changes, too, when a claim's time window opens or closes: a page that stays open must not invite to call then.
    It is keyed: before a claim nobody may find out by trying values what the caller said (R32).
    """
    said = replace(about, due=about.created, reveals=0)
    now, claimed = visit.console.now(), offer.state is OfferState.CLAIMED
    window = next_window(about.hours, now) if claimed else None
    is_open = window is not None and window.contains(now)
    return visit.console.sign_in.key.mark(
        f"{offer.id} {offer.state} {offer.until} {offer.owner} {handed} {is_open} {said}"
    )
