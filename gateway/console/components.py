"""A page of the demo that shows each part of the console's pages in each state, to look at them side by side."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response

from gateway.console.access import Endpoints
from gateway.console.context import Visit
from gateway.console.pages import draw
from helpline.core.call_windows import NOW
from helpline.core.languages import LANGUAGES
from helpline.request.model import DRILL
from helpline.staff.roles import Permission

ROWS: Sequence[tuple[str, str, int, dict[str, str]]] = (
    ("open", "answer_until", 12, {"risk": NOW}), ("claimed", "ring_until", 40, {}),
    ("claimed", "outcome_missing", 0, {}), ("open", "answer_until", 90, {"kind": DRILL}),
    ("claimed", "ring_from", 5 * 60, {}), ("followed", "help_on", 0, {}),
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


def _row(visit: Visit, state: str, step: str, minutes: int, special: dict[str, str]) -> dict[str, Any]:
    """Return a made-up line of the list, as the template of the list reads it."""
    wording = visit.console.case_context.wording
    tongue, now = wording.tongue(visit.language), visit.console.now()
    request = {"risk": "", "kind": "", "age_band": "adult", "operator_sex": "", "promised_from": None, **special}
    about = {
        "need": wording.need("wages", tongue), "place": wording.place("", tongue), "window": "09:00–18:00",
        "speaks": LANGUAGES[visit.language].name,
        "tongue": tongue.replace("_", "-"),
    }  # fmt: skip
    return {
        "offer": {"id": "made-up", "state": {"value": state}}, "request": request, "about": about, "code": "00000",
        "step": step, "by": now + timedelta(minutes=minutes) if minutes else None, "owner": "",
        "placed": {"offered": state == "open"},
    }  # fmt: skip
