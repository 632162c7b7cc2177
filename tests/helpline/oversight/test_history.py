"""The history of a request: in which order its events are told."""

from datetime import UTC, datetime, timedelta

from helpline.oversight.history import events
from helpline.oversight.open_requests import ContactedDesk
from helpline.request.attempts import FULL
from helpline.request.offers import OfferState

ASKED = datetime(2026, 11, 24, 10, tzinfo=UTC)
REPORTED = ASKED + timedelta(hours=1)


def test_a_report_comes_before_the_end_that_it_causes() -> None:
    """Both have the same instant. The other order reads as if the report had come from somebody who held nothing."""
    desk = ContactedDesk("o", "a", OfferState.VOID, ASKED, ASKED, REPORTED)
    found = events([desk], [("a", "someone_else_answered", REPORTED)], coordinators=())
    assert [each.what for each in found] == ["asked", "took", "someone_else_answered", "gave_back"]


def test_an_answer_stays_in_the_history_when_its_service_is_asked_once_more() -> None:
    """A coordinator who has it asked again makes its earlier offer void. What it answered then has happened."""
    declined = ContactedDesk("o", "a", OfferState.VOID, ASKED, None, REPORTED, None, "pass")
    full = ContactedDesk("p", "b", OfferState.VOID, ASKED, None, REPORTED, None, FULL)
    late = ContactedDesk("q", "c", OfferState.VOID, ASKED, None, REPORTED, REPORTED)
    taken_back = ContactedDesk("r", "d", OfferState.VOID, ASKED, None, REPORTED, REPORTED + timedelta(minutes=1))
    found = events([declined, full, late, taken_back], (), coordinators=())
    ends = {each.desk: each.what for each in found if each.what != "asked"}
    assert ends == {"a": "passed", "b": "full", "c": "lapsed", "d": "void"}


def test_a_service_that_is_full_is_named_once() -> None:
    """Its report and the end of its offer are the same."""
    desk = ContactedDesk("o", "a", OfferState.PASSED, ASKED, None, REPORTED, None, FULL)
    assert [each.what for each in events([desk], [("a", FULL, REPORTED)], coordinators=())] == ["asked", "full"]


def test_the_reason_of_a_coordinator_is_in_the_history_to_the_hour() -> None:
    desk = ContactedDesk("o", "a", OfferState.OPEN, REPORTED, None, None)
    found = events([desk], (), (), [("urgent", ASKED)])
    assert [(each.what, each.reason, each.coarse) for each in found] == [
        ("chosen", "urgent", True),
        ("asked", "", True),
    ]
