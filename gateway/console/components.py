"""A page of the demo that shows each part of the console's pages in each state, to look at them side by side."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response
from markupsafe import Markup

from gateway.console import charts
from gateway.console.access import Endpoints
from gateway.console.cases.case_list import Step
from gateway.console.cases.case_page import OUTCOMES
from gateway.console.context import Visit
from gateway.console.pages import Fault, Page, draw
from helpline.content.gazetteer import outline_of
from helpline.content.sources import ROOT
from helpline.core.call_windows import Span
from helpline.core.languages import LANGUAGES
from helpline.oversight.open_requests import Part
from helpline.request.model import ABOUT_SOMEONE, DRILL, State
from helpline.request.offers import OfferState
from helpline.staff.roles import Permission
from menus.draft import NOT_SAID

ROWS: Sequence[tuple[OfferState, Step, int, dict[str, str]]] = (
    (OfferState.OPEN, "answer_until", 12, {"in_danger": "yes"}), (OfferState.CLAIMED, "ring_until", 40, {}),
    (OfferState.CLAIMED, "outcome_missing", 0, {}), (OfferState.OPEN, "answer_until", 90, {"kind": DRILL}),
    (OfferState.CLAIMED, "ring_from", 5 * 60, {}), (OfferState.FOLLOWED, "help_on", 0, {}),
    (OfferState.OPEN, "answer", 0, {"age_band": "under_18", "operator_sex": "woman"}),
    (OfferState.PROPOSED, "answer_handing", 30, {"kind": ABOUT_SOMEONE}),
    (OfferState.CLAIMED, "no_hour", 0, {"age_band": NOT_SAID}),
    (OfferState.CLAIMED, "no_hour_over", 0, {}), (OfferState.CLAIMED, "no_hour_left", 0, {}),
    (OfferState.CLAIMED, "ring_from", 26 * 60, {"in_danger": "yes"}), (OfferState.CLAIMED, "report", 50, {}),
    (OfferState.CLAIMED, "ring_until", 55, {"promised": "yes"}),
    (OfferState.CLAIMED, "ring_until", 70, {"handing": "yes"}),
    (OfferState.CLAIMED, "ring_from", 9 * 60, {"missed": "yes"}), (OfferState.FOLLOWED, "agreed_we_call", 26 * 60, {}),
    (OfferState.FOLLOWED, "agreed_calls", 27 * 60, {"handing": "yes"}), (OfferState.FOLLOWED, "agreed_meet", 25, {}),
    (OfferState.FOLLOWED, "agreed_comes", 28 * 60, {}), (OfferState.FOLLOWED, "agreed_missed", -26 * 60, {}),
    (OfferState.FOLLOWED, "agreed_outside", 0, {}), (OfferState.FOLLOWED, "leaves", 9, {}),
)  # fmt: skip
"""State of the offer, next step, minutes until then, and what is special about the request."""


REQUESTS: Sequence[tuple[Part, State, dict[str, Any]]] = (
    (Part.CLOSING, State.OFFERED, {"loud": True, "answer": 12}), (Part.STRANDED, State.STRANDED, {}),
    (Part.FROZEN, State.FROZEN, {}), (Part.LATE, State.CLAIMED, {"reminded": True, "missed": True}),
    (Part.ASKED, State.WAITING, {"waits": "full"}), (Part.ASKED, State.OFFERED, {"answer": 25}),
    (Part.HELD, State.CLAIMED, {"handing": 30}), (Part.HELD, State.CLAIMED, {"promised": True}),
    (Part.HELPED_ON, State.FOLLOWING, {}), (Part.RESTING, State.PAUSED, {"ended_by": "hung_up"}),
)  # fmt: skip
"""Rows of the list of all requests: part, state, and what is special about each."""
ENDS = ("done", "pass", "unanswered", "silent", "undeliverable", "over")
"""How a case can end for a service."""


def add_endpoints(endpoints: Endpoints) -> None:
    """Register this page, in the demo only."""
    if endpoints.console.demo:
        endpoints.add("/components", show, Permission.ACCOUNT)


def show(visit: Visit) -> Response:
    """Show the parts of pages. Nothing on it is a case of anybody."""
    rows, now = [_row(visit, *each) for each in ROWS], visit.console.now()
    case = Page(visit, "cases", [Fault("login_taken", "faulty")], sent=True)
    return draw(
        visit, "components.html", rows=rows, requests=[_request(visit, *each) for each in REQUESTS], moment=now,
        ended=[("00000", {"offer": {"id": "made-up"}, "at": now, "how": how, "drill": False}) for how in ENDS],
        drill=DRILL, case=case, charts=_charts(visit, case),
        card=_card(visit), follows=OUTCOMES[:2], soon=visit.console.now() + timedelta(minutes=40),
    )  # fmt: skip


def _charts(visit: Visit, case: Page) -> list[Markup]:
    """Return a chart of each kind, with a count that is hidden, in made-up figures."""
    outline, name = outline_of(ROOT, visit.console.country), case.t("components.charts")
    south, west = (sum(each) / len(outline[0]) for each in zip(*outline[0], strict=True))
    counted = [(case.t(f"cases.outcome.{each}"), 40 // at) for at, each in enumerate(OUTCOMES[:4], 1)]
    days = [(str(day), None if day == 3 else 5 * day, str(day)) for day in range(1, 8)]
    spots = [charts.Spot("", (south, west + each), count) for each, count in ((0, 44), (0.2, 20), (1.5, None))]
    return [charts.bars(counted, name), charts.columns(days, name), charts.places(spots, outline, name)]


def _card(visit: Visit) -> dict[str, Any]:
    """Return a made-up safety card with a permission of each kind."""
    wording = visit.console.case_context.wording
    language = wording.tongue(visit.language)
    may = (("name", "no"), ("others", "yes"), ("message", NOT_SAID), ("sms", "yes"))
    return {
        **wording.words(language, 0, 1), "window": "09:00–18:00", "cover": "", "may": may,
        "language": language.replace("_", "-"), "speaks": language,
    }  # fmt: skip


def _row(visit: Visit, state: OfferState, step: Step, minutes: int, special: dict[str, str]) -> dict[str, Any]:
    """Return a made-up line of the list, as the template of the list reads it."""
    context, wording = visit.console.case_context, visit.console.case_context.wording
    tongue, now = wording.tongue(visit.language), visit.console.now()
    place, need = context.unsaid(visit.console.texts, tongue, "unsaid_place"), wording.need("wages", tongue)
    request = {"in_danger": "", "kind": "", "age_band": "adult", "operator_sex": "", **special}
    promised = now - timedelta(hours=26) if "missed" in special else now if "promised" in special else None
    about = {
        "gist": f"{need}, {place}", "said": need,
        "window": "09:00–18:00", "speaks": LANGUAGES[visit.language].name,
        "tongue": tongue.replace("_", "-"),
    }  # fmt: skip
    offered = state in (OfferState.OPEN, OfferState.PROPOSED)
    return {
        "offer": {"id": "000000", "state": {"value": state.value}}, "about": about,
        "request": {**request, "promised_from": promised, "promised_to": promised and promised + timedelta(hours=2),
                    "expects_call": lambda _: bool(promised)},
        "missed": "missed" in special, "code": "00000", "step": step,
        "by": now + timedelta(minutes=minutes) if minutes else None,
        "handing": "handing" in special, "receiver": visit.person.name,
        "owner": visit.person.name if state in (OfferState.CLAIMED, OfferState.FOLLOWED) else "",
        "placed": {"offered": offered, "silent": step in ("outcome_missing", "report")},
    }  # fmt: skip


def _request(visit: Visit, part: Part, state: State, special: dict[str, Any]) -> dict[str, Any]:
    """Return a made-up line of the list of all requests, as its template reads it."""
    line, now = _row(visit, OfferState.CLAIMED, "help_on", 0, {}), visit.console.now()
    in_minutes = {name: now + timedelta(minutes=special[name]) for name in ("answer", "handing") if name in special}
    promised = "promised" in special or "missed" in special
    row = {
        "id": "000000", "state": state.value, "outcome": "", "until": in_minutes.get("answer"),
        "ended_by": special.get("ended_by", ""), "reminded": special.get("reminded"), "took_over": False,
    }  # fmt: skip
    begun = now + timedelta(hours=-1 if state is State.CLAIMED else 14)
    return {
        "about": {
            "age_band": "adult", "promised_from": now, "promised_to": now + timedelta(hours=2) if promised else None,
            "misses_promise": lambda _: "missed" in special, "expects_call": lambda _: promised,
        },
        "what": line["about"], "holder": visit.person.name, "receiver": visit.person.name, "loud": "loud" in special,
        "waits": special.get("waits", ""),
        "handing": {"until": in_minutes["handing"]} if "handing" in special else None,
        "watched": {"row": row, "part": part, "span": Span(begun, now + timedelta(hours=20)), "since": now,
                    "daily": part is Part.RESTING},
    }  # fmt: skip
