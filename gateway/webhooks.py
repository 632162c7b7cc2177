"""The webhooks of gateways: `POST /in/<channel>/<secret>/…`.

A webhook checks the secret, parses the form, calls the domain once and writes the answer. The domain makes all
decisions. Only event names and error classes are logged, never a body, an address or an exception's text (R35).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from gateway.guard import SAFE_HEADERS, Guard, read_body, read_form
from helpline.core import log
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import BadForm, Channel, Ended, Hop, IncomingSms, Receipt, Reply

HEADERS = (("Content-Type", "text/plain; charset=utf-8"), *SAFE_HEADERS)


class CallerService(Protocol):
    """What webhooks need of the domain. `hop` never raises; the other methods return only after storing the event."""

    def hop(self, channel: str, hop: Hop) -> Reply: ...
    def ended(self, channel: str, ended: Ended) -> None: ...
    def sms(self, channel: str, sms: IncomingSms) -> None: ...
    def receipt(self, channel: str, receipt: Receipt) -> None: ...
    def optout(self, channel: str, number: Msisdn) -> None: ...


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The views of all channels."""

    channels: Mapping[str, Channel]
    service: CallerService
    guard: Guard
    emergency: Reply
    """The screen that a caller sees if everything else fails (R19)."""

    def ussd(self, channel: str, secret: str) -> Response:
        """Answer one USSD hop: 200 and a screen even after an internal error; 400 for a form that no gateway sends."""
        provider = self._admit(channel, secret)
        try:
            reply = self.service.hop(channel, provider.read_ussd(form()))
            return answer(provider.write_ussd(reply))
        except BadForm as fault:
            return answer(str(fault), 400)
        except Exception as error:  # noqa: BLE001  # the caller must see a screen in any case (R19)
            log.event("hop_failed", level=logging.ERROR, channel=channel, error=type(error).__name__)
        return answer(provider.write_ussd(self.emergency))

    def event(self, channel: str, secret: str, kind: str) -> Response:
        """Take any other event: 200 after storing it; an empty 500 on errors, so that the gateway sends it again."""
        provider = self._admit(channel, secret)
        try:
            self._store(kind, channel, provider, form())
        except BadForm as fault:
            return answer(str(fault), 400)
        except Exception as error:  # noqa: BLE001  # the event was not stored
            log.event("arrival_not_kept", level=logging.ERROR, channel=channel, kind=kind, error=type(error).__name__)
            return answer("", 500)
        return answer("")

    def _admit(self, channel: str, secret: str) -> Channel:
        if not self.guard.admits(secret, request.environ) or channel not in self.channels:
            raise NotFound
        return self.channels[channel]

    def _store(self, kind: str, channel: str, provider: Channel, sent: Mapping[str, str]) -> None:
        match kind:
            case "ussd-ended":
                self.service.ended(channel, provider.read_ended(sent))
            case "sms":
                self.service.sms(channel, provider.read_sms(sent))
            case "receipt":
                self.service.receipt(channel, provider.read_receipt(sent))
            case "optout":
                self.service.optout(channel, provider.read_optout(sent))


def webhooks(channels: Mapping[str, Channel], service: CallerService, guard: Guard, emergency: Reply) -> Blueprint:
    """Make the webhooks of `channels`. A wrong secret or an unknown channel raises Flask's `NotFound`."""
    views = Webhooks(channels, service, guard, emergency)
    blueprint = Blueprint("webhooks", __name__)
    here = "/in/<channel>/<secret>"
    kinds = '<any("ussd-ended", sms, receipt, optout):kind>'
    for rule, view in ((f"{here}/ussd", views.ussd), (f"{here}/{kinds}", views.event)):
        blueprint.add_url_rule(rule, view_func=view, methods=["POST"], provide_automatic_options=False)
    return blueprint


def form() -> dict[str, str]:
    """Read the form of the current request. Raise `BadForm`."""
    environ = request.environ
    return read_form(read_body(environ), environ.get("CONTENT_TYPE", ""))


def answer(text: str, status: int = 200) -> Response:
    """Answer a gateway in plain text that must not be cached."""
    return Response(text, status, HEADERS)
