"""The webhooks of gateways: `/in/<channel>/<secret>/<kind>`.

A webhook checks the secret, lets the channel read the request, calls the domain once for each event, and lets the
channel write the answer. The domain makes all decisions. Only event names and error classes are logged, never a body,
an address or an exception's text (R35).
"""

import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from flask import Flask, Response, request
from werkzeug.datastructures import EnvironHeaders
from werkzeug.exceptions import NotFound

from gateway.guard import Guard, read_body
from helpline.core import log
from helpline.core.phone_numbers import Msisdn
from helpline.core.ports import (
    Answered,
    Asked,
    BadForm,
    Channel,
    Ended,
    Event,
    Hop,
    HungUp,
    IncomingSms,
    OptOut,
    Press,
    Receipt,
    Reply,
    Unreadable,
)
from helpline.core.waiting import may_wait
from helpline.operations.refused_requests import Fault

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

USSD = "ussd"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")
"""The log takes words without spaces."""
UNKNOWN = "unknown"
"""The kind of a request to an address that is none of the channel's own."""
ELSEWHERE = "network is not in allow_from"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
IS_HOP = "komek.is_hop"
"""In the WSGI environment of a request that a channel has sent for a screen, once its secret was found right."""
READ = "komek.read"
"""There, too: what the channel has read in it. A second try need not read it again."""

Counting = Callable[[str, Fault], None]


def uncounted(channel: str, fault: Fault) -> None:
    """Count nothing."""


class CallerService(Protocol):
    """What webhooks need of the domain. `hop` and `press` never raise; the others return only after storing."""

    def hop(self, channel: str, hop: Hop) -> Reply: ...
    def press(self, channel: str, press: Press) -> Reply: ...
    def ended(self, channel: str, ended: Ended) -> None: ...
    def hung_up(self, channel: str, hung_up: HungUp) -> None: ...
    def sms(self, channel: str, sms: IncomingSms) -> None: ...
    def receipt(self, channel: str, receipt: Receipt) -> None: ...
    def optout(self, channel: str, number: Msisdn) -> None: ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A channel, and who may use it."""

    channel: Channel
    guard: Guard
    quiet: frozenset[str] = frozenset()
    """Kinds of requests that are never answered with a 404 once the secret was right: this gateway would make a text to
    the caller's telephone of it."""


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What answers the requests of all channels."""

    endpoints: Mapping[str, Endpoint]
    service: CallerService
    emergency: Reply
    """The screen that a caller sees if everything else fails (R19)."""
    count: Counting = uncounted
    """Counts a request that is refused, by its channel."""

    def answer(self, environ: "WSGIEnvironment", channel: str, kind: str, secret: str, more: str = "") -> Answered:
        """Answer a request: with a screen after any internal error, or so that an event is sent again.

        `more` is what follows the kind in the address. Raise `NotFound` for a request that does not know the secret.
        """
        endpoint = self._admit(channel, secret)
        gateway, methods = endpoint.channel, endpoint.channel.kinds.get(f"{kind}/" if more else kind)
        if methods is None:
            raise NotFound
        if not endpoint.guard.is_near(environ):
            return self._from_elsewhere(channel, kind, endpoint, _asked(environ, more))
        if environ["REQUEST_METHOD"] not in methods:
            return self._by_another_method(channel, kind, gateway, methods, _asked(environ, more))
        environ[IS_HOP] = kind == USSD
        return self._answered(environ, channel, kind, gateway, more)

    def answer_again(self, environ: "WSGIEnvironment", channel: str, more: str) -> Answered:
        """Answer a hop once more that would have waited. Its secret and its network were found right (`IS_HOP`)."""
        return self._answered(environ, channel, USSD, self.endpoints[channel].channel, more)

    def _answered(self, environ: "WSGIEnvironment", channel: str, kind: str, gateway: Channel, more: str) -> Answered:
        """Read a request that is admitted, unless the first try has done so, and answer it."""
        body = None
        try:
            body, events = environ.get(READ) or (read_body(environ, gateway.most_bytes), None)
            asked = _asked(environ, more, body)
            if events is None:
                events = gateway.read(kind, asked)
                environ[READ] = body, events
            if kind == USSD and not events:
                self._refused(channel, kind, "no dial, key or end of a call", Fault.FORM)
            return gateway.answer(kind, asked, self._take(channel, kind, events))
        except BadForm as fault:
            self._refused(channel, kind, fault.logged, Fault.BODY if body is None else Fault.FORM)
            return gateway.refuse(kind, _asked(environ, more, body or b""), str(fault))
        except Exception as error:  # noqa: BLE001  # the caller must see a screen in any case (R19)
            return self._failed(channel, kind, gateway, _asked(environ, more, body or b""), error)

    def unknown_address(self, channel: str, secret: str, rest: str) -> NoReturn:  # noqa: ARG002  # it may hold a number
        """Note a gateway whose address for a kind of requests is wrong: it gets the 404 of any unknown address."""
        endpoint = self._admit(channel, secret)
        if not endpoint.guard.is_near(request.environ):
            self._refused(channel, UNKNOWN, ELSEWHERE, Fault.NETWORK)
        else:
            self._refused(channel, UNKNOWN, "no such address", Fault.ADDRESS)
        raise NotFound

    def _admit(self, channel: str, secret: str) -> Endpoint:
        endpoint = self.endpoints.get(channel)
        if endpoint is None or not endpoint.guard.knows(secret):
            if endpoint is not None:
                may_wait()
                self.count(channel, Fault.SECRET)
            raise NotFound
        return endpoint

    def _from_elsewhere(self, channel: str, kind: str, endpoint: Endpoint, asked: Asked) -> Answered:
        """Refuse a request with the right secret from another network: like an unknown address, where that is safe."""
        self._refused(channel, kind, ELSEWHERE, Fault.NETWORK)
        if kind not in endpoint.quiet:
            raise NotFound
        return endpoint.channel.refuse(kind, asked, ELSEWHERE)

    def _by_another_method(
        self, channel: str, kind: str, gateway: Channel, methods: frozenset[str], asked: Asked
    ) -> Answered:
        """Refuse a request of a gateway that is set to GET in place of POST, or the other way round."""
        self._refused(channel, kind, fault := f"method is not {' or '.join(sorted(methods))}", Fault.METHOD)
        return gateway.refuse(kind, asked, fault)

    def _refused(self, channel: str, kind: str, told: str, fault: Fault) -> None:
        note_refused(self.count, channel, kind, told, fault)

    def _take(self, channel: str, kind: str, events: Sequence[Event]) -> Reply | None:
        """Pass events to the domain. Return the screen to show, if one of them is a hop."""
        reply = None
        for event in events:
            if isinstance(event, Unreadable):
                self._refused(channel, kind, event.fault, Fault.FORM)
            reply = self._pass_on(channel, event) or reply
        return reply

    def _pass_on(self, channel: str, event: Event) -> Reply | None:
        match event:
            case Hop():
                return self.service.hop(channel, event)
            case Press():
                return self.service.press(channel, event)
            case Ended():
                self.service.ended(channel, event)
            case HungUp():
                self.service.hung_up(channel, event)
            case IncomingSms():
                self.service.sms(channel, event)
            case Receipt():
                self.service.receipt(channel, event)
            case OptOut(number):
                self.service.optout(channel, number)
        return None

    def _failed(self, channel: str, kind: str, gateway: Channel, asked: Asked, error: Exception) -> Answered:
        may_wait()
        if kind == USSD:
            log.event("hop_failed", level=logging.ERROR, channel=channel, error=type(error).__name__)
            return gateway.answer(kind, asked, self.emergency)
        log.event("arrival_not_kept", level=logging.ERROR, channel=channel, kind=kind, error=type(error).__name__)
        return gateway.again(kind, asked)


def note_refused(count: Counting, channel: str, kind: str, told: str, fault: Fault) -> None:
    """Log and count a request that is not accepted.

    The gateway may not say so to anybody, and the text in it may be a cry.
    """
    may_wait()
    safe = _UNSAFE.sub("-", told).strip("-")[:64]
    log.event("request_refused", level=logging.WARNING, channel=channel, kind=kind, fault=safe)
    count(channel, fault)


def add_webhooks(app: Flask, webhooks: Webhooks) -> None:
    """Add the webhooks of all channels. A wrong secret or an unknown channel raises Flask's `NotFound`.

    Each has an address of its own, without a blueprint: Flask finds it twice as fast as one with three variables.
    """
    for name, endpoint in webhooks.endpoints.items():
        for kind in endpoint.channel.kinds:
            rule = f"/in/{name}/<secret>/{kind}"
            app.add_url_rule(
                f"{rule}<path:more>" if kind.endswith("/") else rule,
                endpoint=rule,
                view_func=_view_of(webhooks, name, kind.removesuffix("/")),
                methods=METHODS,  # `answer` refuses the others, once the secret was found right
                provide_automatic_options=False,
            )
    app.add_url_rule(
        "/in/<channel>/<secret>/<path:rest>",
        view_func=webhooks.unknown_address,
        methods=METHODS,
        provide_automatic_options=False,
    )


def _view_of(webhooks: Webhooks, channel: str, kind: str) -> Callable[..., Response]:
    """Return the view of one address. Not a `partial`: at each request Flask would look into it for a coroutine."""

    def view(secret: str, more: str = "") -> Response:
        answered = webhooks.answer(request.environ, channel, kind, secret, more)
        return _Written(answered.body, answered.status, answered.headers)

    return view


def timed(app: "WSGIApplication", add: Callable[[float], None]) -> "WSGIApplication":
    """Return the same app, which also says how many seconds each hop took until its answer was ready."""

    def run(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        try:
            return app(environ, start_response)
        finally:
            if environ.get(IS_HOP):
                add(time.perf_counter() - began)

    return run


def with_headers(app: "WSGIApplication", headers: Sequence[tuple[str, str]]) -> "WSGIApplication":
    """Return the same app, whose every answer has these headers, unless it sets them itself."""
    wanted = {name.lower(): (name, value) for name, value in headers}

    def run(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, own: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            known = {name.lower() for name, _ in own}
            return start_response(status, own + [wanted[name] for name in wanted if name not in known], *error)

        return app(environ, start)

    return run


def _asked(environ: "WSGIEnvironment", more: str, body: bytes = b"") -> Asked:
    """Return a request as a channel reads it."""
    path = tuple(more.split("/")) if more else ()
    return Asked(environ["REQUEST_METHOD"], environ.get("QUERY_STRING", ""), EnvironHeaders(environ), body, path)


class _Written(Response):
    """A response to a gateway. Its headers are final, and Werkzeug need not copy and correct them."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:  # noqa: ARG002
        start_response(self.status, self.headers.to_wsgi_list())
        return self.iter_encoded()
