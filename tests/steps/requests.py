"""Requests made directly as values, for pure functions."""

from dataclasses import replace
from datetime import timedelta

from helpline.request.model import CallbackRequest, State
from tests.world import MORNING


def waiting_request(**answers: object) -> CallbackRequest:
    """Return a waiting request from Bishkek to talk to somebody, with these other answers."""
    plain = CallbackRequest(
        "r", State.WAITING, MORNING, MORNING, MORNING + timedelta(days=14), "ru", "any", "Asia/Bishkek", "KG-GB",
        "talk", "no", "no", "no", "no", 0, 0,
    )  # fmt: skip
    return replace(plain, **answers)  # type: ignore[arg-type]
