"""The demo's page with two feature phones: a caller's and that of an NGO.

The page plays Africa's Talking in the browser: it posts to the webhooks what that gateway would, and looks here for
the texts that came back. Wiring only; the numbers on it are made up.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from flask import Blueprint, Response, abort, jsonify, render_template, request

from gateway.phone import weight
from gateway.phone.guide import Guide
from gateway.phone.inboxes import Inboxes, Message
from gateway.phone.reloading import Findings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
MOST_MINUTES = 31 * 24 * 60
"""How far the clock may be moved at once."""
MOST_LETTERS = 400
"""Of keys in a call, as the gateway allows."""

_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of the sample directory who has a phone: a service or a coordinator."""

    id: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Countries:
    """The countries that there is content for. `switch` begins another one and gives what forbids it, if anything."""

    here: str
    offered: tuple[str, ...]
    switch: Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class PhonePage:
    """All that the page needs; its methods are the views."""

    hook: str
    """Where the webhooks of Africa's Talking begin: `/in/africastalking/<secret>`."""
    service_code: str
    callers: tuple[str, ...]
    contacts: tuple[Contact, ...]
    inboxes: Inboxes
    now: Callable[[], datetime]
    move_clock: Callable[[timedelta], None]
    reset_clock: Callable[[], None]
    countries: Countries
    guide: Guide
    zone: tzinfo = UTC
    """What the phones' clocks show, and what `HH:MM` is read in."""
    findings: Findings = field(default_factory=Findings)
    """What is wrong with the content as it is on the disk now (`up --author`)."""

    def show(self) -> str:
        """`GET /phone`: the page."""
        return render_template("phone.html", page=self)

    def state(self) -> Response:
        """`GET /phone/state?since=<seq>`: the texts that came or changed since, the time, the content in use."""
        since = request.args.get("since", default=0, type=int)
        kept = self.inboxes.since(0)
        newest = kept[-1].seq if kept else 0
        if since > newest:  # the inboxes were emptied: this process is another one than the page began with
            since = 0
        messages = [self._written(message) for message in kept if message.seq > since]
        content = {"content": self.guide.book.digest, "country": self.countries.here, **asdict(self.findings)}
        return jsonify(seq=newest, messages=messages, now=self._local().isoformat(), demo=True, **content)

    def where(self) -> Response | tuple[Response, int]:
        """`POST /phone/where`: where in the graph a call stands, what its screen weighs, what was filled in."""
        match request.get_json():
            case {"session": str(session), "text": str(text), "hops": list(hops), "shown": str(shown)} if len(
                text
            ) <= MOST_LETTERS and all(type(hop) is int and hop >= 0 for hop in hops):
                keys = text.split("*") if text else []
                return jsonify(self.guide.where(session, keys, hops, shown))
        return jsonify(fault='give "session", "text", "hops" (how many keys each had brought) and "shown"'), 400

    def country(self) -> Response | tuple[Response, int]:
        """`POST /phone/country`: `{"country": "TJ"}`: end this service, begin the one of another country."""
        match request.get_json():
            case {"country": str(country)} if country in self.countries.offered:
                faults = list(self.countries.switch(country))
                return jsonify(faults=faults), 409 if faults else 202
        return jsonify(faults=[f"give a country: {', '.join(self.countries.offered)}"]), 400

    def clock(self) -> Response | tuple[Response, int]:
        """`POST /phone/clock`: `{"minutes": n}`, `{"to": "HH:MM"}` (tomorrow) or `{"reset": true}`."""
        match request.get_json():
            case {"reset": True}:
                self.reset_clock()
            case {"minutes": int(minutes)} if minutes is not True and 0 < minutes <= MOST_MINUTES:
                self.move_clock(timedelta(minutes=minutes))
            case {"to": str(moment)} if _TIME_OF_DAY.fullmatch(moment):
                self.move_clock(self._until_tomorrow(time.fromisoformat(moment)))
            case _:
                fault = f'give "minutes" (1 to {MOST_MINUTES}), "to" (HH:MM) or "reset" (true)'
                return jsonify(fault=fault), 400
        return jsonify(now=self._local().isoformat())

    def _local(self) -> datetime:
        return self.now().astimezone(self.zone)

    def _until_tomorrow(self, moment: time) -> timedelta:
        there = datetime.combine(self._local() + timedelta(days=1), moment, self.zone)
        return there.astimezone(UTC) - self.now().astimezone(UTC)

    def _written(self, message: Message) -> dict[str, object]:
        told = {"pieces": self.guide.pieces(message.text), "weight": weight.sms(message.text)}
        return {**asdict(message), **told, "at": message.at.astimezone(self.zone).isoformat()}


def phone_page(page: PhonePage) -> Blueprint:
    """Make the page's addresses. Nothing but the page itself may post to them."""
    blueprint = Blueprint("phone", __name__, "static", "/phone/static", "templates")
    blueprint.before_request(_refuse_others)
    blueprint.after_request(_add_policy)
    blueprint.add_url_rule("/phone", "show", page.show)
    blueprint.add_url_rule("/phone/state", "state", page.state)
    blueprint.add_url_rule("/phone/clock", "clock", page.clock, methods=["POST"])
    blueprint.add_url_rule("/phone/where", "where", page.where, methods=["POST"])
    blueprint.add_url_rule("/phone/country", "country", page.country, methods=["POST"])
    return blueprint


def _refuse_others() -> None:
    """Refuse a post that another site made the browser send. Browsers too old for `Sec-Fetch-Site` send `Origin`."""
    if request.method != "POST":
        return
    site = request.headers.get("Sec-Fetch-Site")
    ours = request.headers.get("Origin") == request.host_url.rstrip("/") if site is None else site == "same-origin"
    if not ours:
        abort(403)


def _add_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    return response
