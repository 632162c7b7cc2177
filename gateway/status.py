"""Is the service up, and can it do its work? For supervisors and load balancers; reasons, never figures or numbers."""

import logging
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, jsonify

from helpline.core import log

Ready = Callable[[], Sequence[str]]
"""Gives the reasons why the service cannot do its work, one short sentence each; none when it can."""


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
    """Say that the process answers."""
    return Response("live", content_type="text/plain; charset=utf-8")


def readiness(ready: Ready, content: str) -> Response:
    """Say whether it can do its work, with every reason why not."""
    found = reasons(ready)
    answer = jsonify(ready=not found, content=content, **({"reasons": found} if found else {}))
    answer.status_code = 503 if found else 200
    return answer


def reasons(ready: Ready) -> list[str]:
    """Give the reasons; that the check itself failed is one."""
    try:
        return list(ready())
    except Exception as error:  # noqa: BLE001  # its text may hold an address or a value
        log.event("readiness_unknown", level=logging.ERROR, error=type(error).__name__)
        return ["the check itself failed"]
