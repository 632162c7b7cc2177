"""What a page about cases says after a form."""

from flask import Response, request

from gateway.console.pages import go, refuse
from helpline.casework.answers import (
    AlreadyClaimed,
    CallPlaced,
    CannotUndo,
    Declined,
    HoursChange,
    NextContact,
    StopWaits,
    Undone,
)
from helpline.casework.console_actions import At
from helpline.casework.sms_answers import texts_of

HERE = "/cases"
SAID = frozenset({
    "card", "taken", "wait", "not_open", "passed", "stop", "handed_no", "locked", "not_now", "not_yet", "no_hour",
    "enough", "used", "menu_open", "menu_reached", "ask_first", "reported", "reached", "noted", "done", "reach_first",
    "handed", "handed_over", "handed_choose", "handed_unfit", "handed_whom", "full", "opened", "opened_all",
    "opened_some", "opened_none", "duty_on", "undone", "not_undone", "undone_again", "last", "last_danger", "stays",
    "choose", "read_card", "note_kept", "rings", "not_for_us", "handing", "handing_waits", "taken_over", "not_taken",
    "ended", "done_first", "practice_soon", "practice_not", "old_digits", *HoursChange, *NextContact,
})  # fmt: skip
"""The names of texts in `console.cases.said` that a page may show after a form."""

REFUSALS = frozenset({
    "ended", "wait", "not_open", "stop", "handed_no", "locked", "not_now", "no_hour", "enough", "used", "menu_open",
    "menu_reached", "ask_first", "reported", "reach_first", "handed_choose", "handed_unfit", "handed_whom",
    "handing_waits", "practice_not", "not_undone", "stays", "choose", "read_card", "hours_wider", "hours_unclear",
    "hours_used", "hours_none", "hours_no_clock", "done_first", "agreed_unclear", "agreed_past", "agreed_too_late",
    "agreed_outside", "agreed_none", "agreed_locked", "not_yet",
})  # fmt: skip
"""Those of them that say that a form did nothing. They must not look like a success, and what was chosen is kept."""

DELETES = frozenset({"stop", "done", "not_for_us", "handed", "handed_over"})
"""Those that ask to delete the number: nobody has that of a practice case."""

CHOOSE_ANOTHER = frozenset({"handed_choose", "handed_unfit", "handed_whom"})
"""Refusals after which a person chooses another service, on the page that lists them."""


def name_of(answer: At) -> str:
    """Return the name of the text in `console.cases.said` that says an answer: mostly as the text by SMS is called."""
    match answer:
        case Undone(asked_again=True):
            return "undone_again"
        case HoursChange() | NextContact():
            return answer.value
        case AlreadyClaimed():
            return "taken"
        case CallPlaced():
            return "rings"
        case CannotUndo():
            return "stays"
        case Declined():
            return "passed"
        case StopWaits():
            return "wait"
        case _:
            return texts_of(answer)[0].partition(".")[2]


def said_after() -> str:
    """Return the name of a text in the address, or an empty string if it is not one of `SAID`."""
    said = request.args.get("said", "")
    return said if said in SAID else ""


def back(id: str, said: str) -> Response:
    """Redirect to the page of a case, which says what became of a form."""
    page = f"{HERE}/{id}/hand" if said in CHOOSE_ANOTHER else f"{HERE}/{id}"
    place = f"{page}?said={said}"
    return refuse(place) if said in REFUSALS else go(place)
