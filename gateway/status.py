"""Health checks for supervisors and load balancers. They give reasons, never figures or phone numbers."""

import logging
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, jsonify

from helpline.core import log

Ready = Callable[[], Sequence[str]]
"""Returns the reasons why the service cannot do its work, one short sentence each; none if it can."""


def status(ready: Ready, content: str) -> Blueprint:
    """Make `/health/live` and `/health/ready`. `content` is the hash of the texts that callers are shown."""
    blueprint = Blueprint("status", __name__)

    @blueprint.get("/health/live")
    def is_alive() -> Response:
        return live()

    @blueprint.get("/health/ready")
    def is_ready() -> Response:
        return readiness(ready, content)

    return blueprint


def live() -> Response:
    """Return the response of a live process."""
    return Response("live", content_type="text/plain; charset=utf-8")


def readiness(ready: Ready, content: str) -> Response:
    """Return whether the service can do its work, with all reasons why not."""
    found = reasons(ready)
    answer = jsonify(ready=not found, content=content, **({"reasons": found} if found else {}))
    answer.status_code = 503 if found else 200
    return answer


def reasons(ready: Ready) -> list[str]:
    """Return the reasons. A failed check is a reason, too."""
    try:
        return list(ready())
    except Exception as error:  # noqa: BLE001  # its text may hold an address or a value
        log.event("readiness_unknown", level=logging.ERROR, error=type(error).__name__)
        return ["the check itself failed"]
