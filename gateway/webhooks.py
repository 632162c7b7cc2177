"""The doors that gateways knock on: `POST /in/<channel>/<secret>/…`.

A door admits, parses, calls the domain once and writes the answer; what a call means is decided behind it. It logs
an event and the class of an error, never a body, an address or an exception's text (R35).
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


class Talk(Protocol):
    """What the doors ask of the domain. `hop` never raises; the others return only once what came is kept."""

    def hop(self, channel: str, hop: Hop) -> Reply: ...
    def ended(self, channel: str, ended: Ended) -> None: ...
    def sms(self, channel: str, sms: IncomingSms) -> None: ...
    def receipt(self, channel: str, receipt: Receipt) -> None: ...
    def optout(self, channel: str, number: Msisdn) -> None: ...


@dataclass(frozen=True, slots=True)
class Doors:
    """The views. `emergency` is what a caller sees if all else fails (R19)."""

    channels: Mapping[str, Channel]
    talk: Talk
    guard: Guard
    emergency: Reply

    def ussd(self, channel: str, secret: str) -> Response:
        """Answer one USSD hop: 200 and a screen whatever happens behind the door, 400 for what no gateway sends."""
        provider = self._admit(channel, secret)
        try:
            reply = self.talk.hop(channel, provider.read_ussd(form()))
            return answer(provider.write_ussd(reply))
        except BadForm as fault:
            return answer(str(fault), 400)
        except Exception as error:  # noqa: BLE001  # she is to see a screen whatever broke (R19)
            log.event("hop_failed", level=logging.ERROR, channel=channel, error=type(error).__name__)
        return answer(provider.write_ussd(self.emergency))

    def event(self, channel: str, secret: str, kind: str) -> Response:
        """Take anything but a hop: 200 once it is kept; 500, and nothing said, so that the gateway sends it again."""
        provider = self._admit(channel, secret)
        try:
            self._keep(kind, channel, provider, form())
        except BadForm as fault:
            return answer(str(fault), 400)
        except Exception as error:  # noqa: BLE001  # whatever broke, it was not kept
            log.event("arrival_not_kept", level=logging.ERROR, channel=channel, kind=kind, error=type(error).__name__)
            return answer("", 500)
        return answer("")

    def _admit(self, channel: str, secret: str) -> Channel:
        if not self.guard.admits(secret, request.environ) or channel not in self.channels:
            raise NotFound
        return self.channels[channel]

    def _keep(self, kind: str, channel: str, provider: Channel, sent: Mapping[str, str]) -> None:
        match kind:
            case "ussd-ended":
                self.talk.ended(channel, provider.read_ended(sent))
            case "sms":
                self.talk.sms(channel, provider.read_sms(sent))
            case "receipt":
                self.talk.receipt(channel, provider.read_receipt(sent))
            case "optout":
                self.talk.optout(channel, provider.read_optout(sent))


def webhooks(channels: Mapping[str, Channel], talk: Talk, guard: Guard, emergency: Reply) -> Blueprint:
    """Make the webhooks of `channels`. A wrong secret or an unknown channel raises Flask's own `NotFound`."""
    doors = Doors(channels, talk, guard, emergency)
    blueprint = Blueprint("webhooks", __name__)
    here = "/in/<channel>/<secret>"
    kinds = '<any("ussd-ended", sms, receipt, optout):kind>'
    for rule, view in ((f"{here}/ussd", doors.ussd), (f"{here}/{kinds}", doors.event)):
        blueprint.add_url_rule(rule, view_func=view, methods=["POST"], provide_automatic_options=False)
    return blueprint


def form() -> dict[str, str]:
    """Read the form of the request at hand. Raises `BadForm`."""
    environ = request.environ
    return read_form(read_body(environ), environ.get("CONTENT_TYPE", ""))


def answer(text: str, status: int = 200) -> Response:
    """Answer a gateway, which keeps nothing of it."""
    return Response(text, status, HEADERS)
