"""The webhook that asks what to do with a bridged call: `POST /in/<channel>/<secret>/voice`.

It exists only if bridged calls are switched on. After an internal error the answer is to hang up. Only event names and
error classes are logged, never a body or a session.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from gateway.guard import Guard, read_body, read_form
from helpline.core import log
from helpline.core.ports import BadForm, CallAnswer, CallStep, HangUp, Voice


class Calls(Protocol):
    """What this webhook needs of the domain."""

    def answer(self, channel: str, step: CallStep) -> CallAnswer: ...


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """The view."""

    voices: Mapping[str, tuple[Voice, Guard]]
    """The channels that connect two telephones, and who may use each."""
    calls: Calls

    def step(self, channel: str, secret: str) -> Response:
        """Answer one step of a call: 200 and what to do, or 400 for a form that no gateway sends."""
        voice, guard = self.voices.get(channel, (None, None))
        if voice is None or guard is None or not guard.admits(secret, request.environ):
            raise NotFound
        try:
            return answer(voice.write_call(self.calls.answer(channel, voice.read_call(form()))))
        except BadForm as fault:
            return answer(str(fault), 400)
        except Exception as error:  # noqa: BLE001  # after any error nobody is connected
            log.event("call_failed", level=logging.ERROR, channel=channel, error=type(error).__name__)
        return answer(voice.write_call(HangUp()))


def calls(voices: Mapping[str, tuple[Voice, Guard]], of: Calls) -> Blueprint:
    """Make the webhook. A wrong secret or a channel without voice raises Flask's `NotFound`."""
    blueprint, view = Blueprint("calls", __name__), CallWebhook(voices, of)
    rule = "/in/<channel>/<secret>/voice"
    blueprint.add_url_rule(rule, view_func=view.step, methods=["POST"], provide_automatic_options=False)
    return blueprint


def form() -> dict[str, str]:
    """Read the form of the current request. Raise `BadForm`."""
    environ = request.environ
    return read_form(read_body(environ), environ.get("CONTENT_TYPE", ""))


def answer(text: str, status: int = 200) -> Response:
    """Answer a gateway in plain text."""
    return Response(text, status, content_type="text/plain; charset=utf-8")
