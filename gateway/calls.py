"""The webhook that asks what to do with a bridged call: `POST /in/<channel>/<secret>/voice`.

It exists only if bridged calls are switched on. After an internal error the answer is to hang up. A request that is
refused is logged and counted as those of all webhooks. Only event names and error classes are logged, never a body or a
session.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from gateway.guard import Guard, read_body, read_form
from gateway.webhooks import ELSEWHERE, METHODS, Counting, note_refused
from helpline.core import log
from helpline.core.ports import BadForm, CallAnswer, CallStep, HangUp, Voice
from helpline.operations.refused_requests import Fault


class Calls(Protocol):
    """What this webhook needs of the domain."""

    def answer(self, channel: str, step: CallStep) -> CallAnswer: ...


VOICE = "voice"
METHOD = "POST"


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """The view."""

    voices: Mapping[str, tuple[Voice, Guard]]
    """The channels that connect two telephones, and who may use each."""
    calls: Calls
    count: Counting

    def step(self, channel: str, secret: str) -> Response:
        """Answer one step of a call: 200 and what to do, or 400 for what no gateway sends."""
        voice = self._admit(channel, secret)
        if request.method != METHOD:
            return self._refuse(channel, f"method is not {METHOD}", Fault.METHOD)
        try:
            body = read_body(request.environ)
        except BadForm as fault:
            return self._refuse(channel, str(fault), Fault.BODY)
        try:
            step = voice.read_call(read_form(body, request.environ.get("CONTENT_TYPE", "")))
            return answer(voice.write_call(self.calls.answer(channel, step)))
        except BadForm as fault:
            return self._refuse(channel, str(fault), Fault.FORM, fault.logged)
        except Exception as error:  # noqa: BLE001  # after any error nobody is connected
            log.event("call_failed", level=logging.ERROR, channel=channel, error=type(error).__name__)
        return answer(voice.write_call(HangUp()))

    def _admit(self, channel: str, secret: str) -> Voice:
        """Return what reads the steps of a channel. Raise `NotFound` for strangers."""
        voice, guard = self.voices.get(channel, (None, None))
        if voice is None or guard is None:
            raise NotFound
        if not guard.knows(secret):
            self.count(channel, Fault.SECRET)
            raise NotFound
        if not guard.is_near(request.environ):
            note_refused(self.count, channel, VOICE, ELSEWHERE, Fault.NETWORK)
            raise NotFound
        return voice

    def _refuse(self, channel: str, told: str, fault: Fault, logged: str = "") -> Response:
        note_refused(self.count, channel, VOICE, logged or told, fault)
        return answer(told, 400)


def calls(voices: Mapping[str, tuple[Voice, Guard]], of: Calls, count: Counting) -> Blueprint:
    """Make the webhook. A wrong secret or a channel without voice raises Flask's `NotFound`."""
    blueprint, view = Blueprint("calls", __name__), CallWebhook(voices, of, count)
    rule = f"/in/<channel>/<secret>/{VOICE}"
    blueprint.add_url_rule(rule, view_func=view.step, methods=METHODS, provide_automatic_options=False)
    return blueprint


def answer(text: str, status: int = 200) -> Response:
    """Answer a gateway in plain text."""
    return Response(text, status, content_type="text/plain; charset=utf-8")
