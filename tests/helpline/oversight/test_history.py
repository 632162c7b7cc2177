"""The history of a request: in which order its events are told."""

from datetime import UTC, datetime, timedelta

from helpline.oversight.history import events
from helpline.oversight.open_requests import ContactedDesk
from helpline.request.offers import OfferState

ASKED = datetime(2026, 11, 24, 10, tzinfo=UTC)
REPORTED = ASKED + timedelta(hours=1)


def test_a_report_comes_before_the_end_that_it_causes() -> None:
    """Both have the same instant. The other order reads as if the report had come from somebody who held nothing."""
    desk = ContactedDesk("o", "a", OfferState.VOID, ASKED, ASKED, REPORTED)
    found = events([desk], [("a", "someone_else_answered", REPORTED)], coordinators=())
    assert [each.what for each in found] == ["asked", "took", "someone_else_answered", "gave_back"]
