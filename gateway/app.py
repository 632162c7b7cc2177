"""Where the web is wired together: parts that are ready made go in, a Flask app comes out."""

import logging
from collections.abc import Mapping, Sequence

from flask import Blueprint, Flask, Response
from werkzeug.exceptions import HTTPException

from gateway.channels import CHANNELS
from gateway.guard import MAX_BODY_BYTES, SAFE_HEADERS, guard
from gateway.status import Ready, status
from gateway.webhooks import Talk, webhooks
from helpline import log
from helpline.config import PREFIX, Config, ConfigError
from helpline.ports import Channel, Reply

DEMO_CHANNELS = ("africastalking",)


def create_public(
    talk: Talk, config: Config, ready: Ready, *, content: str, emergency: Reply, pages: Sequence[Blueprint] = ()
) -> Flask:
    """Make the public web: webhooks, health, and `pages` (the phone and the emulator, in the demo only).

    `content` is the hash of the texts in use, `emergency` the screen that needs nothing behind it (R19).
    Raises `ConfigError` where a channel is unknown or a network cannot be read.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(DEBUG=False, TESTING=False, PROPAGATE_EXCEPTIONS=False, MAX_CONTENT_LENGTH=MAX_BODY_BYTES)
    app.url_map.merge_slashes = False  # its redirect would repeat the secret in a header
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _fail)
    app.after_request(_add_headers)
    for page in (_doors(talk, config, emergency), status(ready, content), *pages):
        app.register_blueprint(page)
    return app


def _doors(talk: Talk, config: Config, emergency: Reply) -> Blueprint:
    names = config.channels or DEMO_CHANNELS
    known = ", ".join(CHANNELS)
    faults = [f"{PREFIX}CHANNELS: there is no {name}; there are {known}" for name in names if name not in CHANNELS]
    try:
        watch = guard(config.secrets, config.allow_from, trust_proxy=config.trust_proxy)
    except ValueError as error:
        faults.append(f"{PREFIX}ALLOW_FROM: {error}")
    if faults:
        raise ConfigError(faults)
    channels: Mapping[str, Channel] = {name: CHANNELS[name] for name in names}
    return webhooks(channels, talk, watch, emergency)


def _refuse(error: HTTPException) -> Response:
    """Answer what has no view. A wrong method gives the 404 of any unknown address: it would tell of the route."""
    code = 404 if error.code in {None, 404, 405} else error.code
    return Response("not found" if code == 404 else "refused", code, content_type="text/plain; charset=utf-8")


def _fail(error: Exception) -> Response:
    """Say nothing about a fault of ours, and log its class alone: an exception's text may hold a number (R35)."""
    log.event("request_failed", level=logging.ERROR, error=error)
    return Response("", 500, content_type="text/plain; charset=utf-8")


def _add_headers(response: Response) -> Response:
    """Add what is missing; a webhook's answer comes with all of them, since four look-ups would cost a hop a tenth."""
    if "X-Content-Type-Options" not in response.headers:
        for name, value in SAFE_HEADERS:
            response.headers.setdefault(name, value)
    return response
