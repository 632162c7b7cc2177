"""Is the service up, and can it do its work? For supervisors and load balancers; reasons, never figures or numbers."""

import logging
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, jsonify

from helpline import log

Ready = Callable[[], Sequence[str]]
"""Gives the reasons why the service cannot do its work, one short sentence each; none when it can."""


def status(ready: Ready, content: str) -> Blueprint:
    """Make `/health/live` and `/health/ready`. `content` is the hash of the texts that callers are shown."""
    blueprint = Blueprint("status", __name__)

    @blueprint.get("/health/live")
    def live() -> Response:
        return Response("live", content_type="text/plain; charset=utf-8")

    @blueprint.get("/health/ready")
    def is_ready() -> tuple[Response, int]:
        reasons = _reasons(ready)
        if reasons:
            return jsonify(ready=False, content=content, reasons=reasons), 503
        return jsonify(ready=True, content=content), 200

    return blueprint


def _reasons(ready: Ready) -> list[str]:
    try:
        return list(ready())
    except Exception as error:  # noqa: BLE001  # its text may hold an address or a value
        log.event("readiness_unknown", level=logging.ERROR, error=type(error).__name__)
        return ["the check itself failed"]
