"""A page of the demo that shows each part of the console's pages in each state, to look at them side by side."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.cases.case_list import Step
from gateway.console.context import Visit
from gateway.console.pages import draw
from helpline.core.call_windows import NOW
from helpline.core.languages import LANGUAGES
from helpline.request.model import ABOUT_SOMEONE, DRILL
from helpline.request.offers import OfferState
from helpline.staff.roles import Permission
from menus.draft import NOT_SAID

ROWS: Sequence[tuple[OfferState, Step, int, dict[str, str]]] = (
    (OfferState.OPEN, "answer_until", 12, {"risk": NOW}), (OfferState.CLAIMED, "ring_until", 40, {}),
    (OfferState.CLAIMED, "outcome_missing", 0, {}), (OfferState.OPEN, "answer_until", 90, {"kind": DRILL}),
    (OfferState.CLAIMED, "ring_from", 5 * 60, {}), (OfferState.FOLLOWED, "help_on", 0, {}),
    (OfferState.OPEN, "answer", 0, {"age_band": "under_18", "operator_sex": "woman"}),
    (OfferState.PROPOSED, "answer_handing", 30, {"kind": ABOUT_SOMEONE}),
    (OfferState.CLAIMED, "no_hour", 0, {"age_band": NOT_SAID}),
    (OfferState.CLAIMED, "no_hour_over", 0, {}), (OfferState.CLAIMED, "no_hour_left", 0, {}),
    (OfferState.CLAIMED, "ring_from", 26 * 60, {"risk": NOW}), (OfferState.CLAIMED, "report", 50, {}),
)  # fmt: skip
"""State of the offer, next step, minutes until then, and what is special about the request."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page, in the demo only."""
    if endpoints.console.demo:
        endpoints.add("/components", show, Permission.ACCOUNT)


def show(visit: Visit) -> Response:
    """Show the parts of pages. Nothing on it is a case of anybody."""
    rows = [_row(visit, *each) for each in ROWS]
    return draw(visit, "components.html", rows=rows, now=NOW, drill=DRILL)


def _row(visit: Visit, state: OfferState, step: Step, minutes: int, special: dict[str, str]) -> dict[str, Any]:
    """Return a made-up line of the list, as the template of the list reads it."""
    context, wording = visit.console.case_context, visit.console.case_context.wording
    tongue, now = wording.tongue(visit.language), visit.console.now()
    request = {"risk": "", "kind": "", "age_band": "adult", "operator_sex": "", "promised_from": None, **special}
    about = {
        "need": wording.need("wages", tongue), "place": context.unsaid(visit.console.texts, tongue, "unsaid_place"),
        "window": "09:00–18:00", "speaks": LANGUAGES[visit.language].name,
        "tongue": tongue.replace("_", "-"),
    }  # fmt: skip
    offered = state in (OfferState.OPEN, OfferState.PROPOSED)
    return {
        "offer": {"id": "made-up", "state": {"value": state.value}}, "request": request, "about": about,
        "code": "00000", "step": step, "by": now + timedelta(minutes=minutes) if minutes else None,
        "handing": None, "receiver": "",
        "owner": visit.person.name if state is OfferState.CLAIMED else "",
        "placed": {"offered": offered, "silent": step in ("outcome_missing", "report")},
    }  # fmt: skip
