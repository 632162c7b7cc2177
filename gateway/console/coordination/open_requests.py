"""The list of all open requests, for coordinators: whether help arrives, but never who asked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Response, request

from gateway.console.access import Endpoints
from gateway.console.cases import live
from gateway.console.context import Visit
from gateway.console.pages import A_PAGE, draw, page_number, page_of, pages
from helpline.matching import candidates
from helpline.oversight import most_urgent_first, open_requests, why_waiting, worklist_rows
from helpline.oversight.most_urgent_first import GROUP_OF, Group, Place
from helpline.oversight.open_requests import Desk, ListedRequest, Part, listed_request
from helpline.oversight.worklist_rows import Handing
from helpline.request import recipients
from helpline.request.model import CallbackRequest
from helpline.staff.roles import Permission
from helpline.store.engine import Tx

HERE = "/requests"
PARTS: Mapping[Part, str] = {
    Part.STRANDED: "part_stranded", Part.FROZEN: "part_frozen", Part.LATE: "part_late", Part.CLOSING: "part_closing",
    Part.ASKED: "part_asked", Part.HELD: "part_held", Part.HELPED_ON: "part_helped_on", Part.RESTING: "part_resting",
}  # fmt: skip
"""The heading of each part of the list."""
Found = tuple[Sequence[Place], Counter[Group]]
"""The places on a page, and how many requests each group has."""
DANGER = "part_danger"
"""The heading of all requests in danger, whatever their part."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list."""

    heading: str
    """The name of the text above its part of the list."""
    watched: ListedRequest
    about: CallbackRequest
    what: Mapping[str, str]
    """The words that describe the request, in the reader's language."""
    holder: str
    """The name of the service that has the open offer or the claim."""
    waits: str
    """The name of the text that says why no service is asked at this moment, or empty if one is."""
    handing: Handing | None = None
    """That its holder has asked another service to take it over, and waits for the answer."""
    receiver: str = ""
    """The name of that other service."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages."""
    endpoints.add(HERE, everything, Permission.ALL_CASES)
    endpoints.add(f"{HERE}/now", everything, Permission.ALL_CASES, quiet=True)
    endpoints.add(f"{HERE}/bell", arrivals, Permission.ALL_CASES, quiet=True)
    endpoints.add(f"{HERE}/danger", live.in_danger, Permission.ALL_CASES, quiet=True)


def arrivals(visit: Visit) -> Response:
    """Return a mark that changes with what is urgent, which this is, and how many requests are in danger.

    Browsers ask every ten seconds, so only requests in danger and those that nobody is left for are read, not all.
    """
    with visit.console.db.read(visit.console.now()) as tx:
        urgent = _urgent(tx)
    danger = sum(not each.calm for each in urgent)
    return live.event(_mark(visit, urgent), [each.id for each in urgent], danger)


def _urgent(tx: Tx) -> Sequence[Place]:
    """Return what a coordinator must learn of at once: somebody is in danger, or nobody is left to ask."""
    listed = most_urgent_first.stranded_or_urgent(tx)
    return [each for each in listed if not each.calm or each.part is Part.STRANDED]


def _mark(visit: Visit, urgent: Sequence[Place]) -> str:
    return visit.console.sign_in.key.mark("\n".join(sorted(each.id for each in urgent)))


def everything(visit: Visit) -> Response:
    """Show all open requests, the most urgent first, page by page.

    With `only=yes`: those that wait for the caller's yes to another service, and all in danger. The number of SQL
    statements does not depend on how many requests there are.
    """
    now, number, only = visit.console.now(), page_number(), request.args.get("only") == "yes"
    with visit.console.db.read(now) as tx:
        page, groups = (_waiting_for_yes if only else _of_all)(tx, visit, number)
        counts, mark = _counts(groups), _mark(visit, _urgent(tx))
        ids = [each.id for each in page]
        known, about = open_requests.rows(tx, ids), open_requests.full_requests(tx, ids)
        shown = [
            (_heading(place.part, calm=place.calm), listed_request(known[place.id], place.part, now))
            for place in page
            if place.id in known and place.id in about
        ]
        full = candidates.full_by_own_word(tx)
        handings = worklist_rows.handings(tx, [each.row.id for _, each in shown])
        asked = {each.service for each in handings.values()}
        names = open_requests.desks(tx, visit.language, {*full, *asked, *(each.row.holder for _, each in shown)})
        waits = why_waiting.reasons(tx, [about[each.row.id] for _, each in shown])
    lines = [_line(visit, heading, each, about[each.row.id], waits, names) for heading, each in shown]
    lines = [_with_handing(each, handings.get(each.about.id), names) for each in lines]
    parts = [(heading, list(group)) for heading, group in groupby(lines, lambda line: line.heading)]
    return draw(visit, "requests/list.html", parts=parts, counts=counts, number=number, last=pages(counts.total()),
                danger=DANGER, now=now, only=only, mark=mark,
                full=sorted((names[id].name, until) for id, until in full.items() if id in names))  # fmt: skip


def _of_all(tx: Tx, _visit: Visit, number: int) -> Found:
    return most_urgent_first.page(tx, (number - 1) * A_PAGE, number * A_PAGE)


def _waiting_for_yes(tx: Tx, visit: Visit, number: int) -> Found:
    """Return the requests that no service is left for unless the caller agrees to one more (R30), and all in danger.

    Beside them comes how many of them each group has.
    """
    listed = most_urgent_first.stranded_or_urgent(tx)
    stranded = [each.id for each in listed if each.part is Part.STRANDED]
    most = visit.console.case_context.cases.ctx.config.most_services
    waiting = recipients.waiting_for_yes(tx, stranded, most)
    left = [each for each in listed if each.id in waiting or not each.calm]
    return page_of(left, number), Counter(map(GROUP_OF, left))


def _counts(groups: Mapping[Group, int]) -> Counter[str]:
    """Return how many requests each heading has."""
    counts = Counter[str]()
    for (calm, part), count in groups.items():
        counts[_heading(part, calm=calm)] += count
    return counts


def _heading(part: Part, *, calm: bool) -> str:
    """Return the name of the text above a request."""
    return PARTS[part] if calm else DANGER


def _line(visit: Visit, heading: str, each: ListedRequest, about: CallbackRequest, waits: Mapping[str, str],
          names: Mapping[str, Desk]) -> Line:  # fmt: skip
    holder = names.get(each.row.holder)
    return Line(
        heading,
        each,
        about,
        visit.console.case_context.words(visit.console.texts, about, visit.language, visit.console.now()),
        holder.name if holder else each.row.holder,
        waits.get(about.id, ""),
    )


def _with_handing(line: Line, handing: Handing | None, names: Mapping[str, Desk]) -> Line:
    if handing is None:
        return line
    receiver = names.get(handing.service)
    return replace(line, handing=handing, receiver=receiver.name if receiver else handing.service)
