"""Send the events of requests to an NGO's own system, signed (docs/interoperation.md)."""

from datetime import datetime, timedelta

from gateway.channels import http
from helpline.core.config import Config
from helpline.request.state_events import Event, signature

GIVE_UP = timedelta(days=1)
"""A receiver that was away for longer misses events: nothing that a caller needs depends on them."""
REST = timedelta(minutes=5)
"""How long all events wait after one was not taken: a broken receiver must cost callers no time of a worker."""
PATIENCE_SECONDS = 2.0


def deliver(config: Config, event: Event, now: datetime) -> bool:
    """Send an event. Return False if there is nowhere to send it, or it is too old.

    Raise `SendFailed` if the receiver did not take it.
    """
    if not config.events_url or now - event.due > GIVE_UP:
        return False
    body = event.body(config.country)
    signed = signature(config.events_key.get_secret_value(), body, now)
    headers = {"Content-Type": "application/json", "Komek-Signature": signed}
    http.check_status(http.ask("POST", config.events_url, body=body, headers=headers, seconds=PATIENCE_SECONDS))
    return True
