"""The endpoints: every route of the console, with what it asks for. There is no other way to a view.

A view is given a `Visit`, which only a door makes. So a route that asks for nothing cannot come about by leaving
something out, and whoever reads `Endpoints` after the start sees who may go where (tests/gateway/console/test_doors.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from gateway.console import forms
from gateway.console.context import Console, Visit, visit_of
from gateway.console.pages import explain, go, locked
from helpline.staff import raid_lock
from helpline.staff.roles import Permission, Person

LOGIN, SECOND, AGAIN = "/login", "/second", "/again"
LONGEST_PLACE = 500
NOTHING_MORE = partial(Response, status=204)
"""What a script is told whose page nobody is signed in to any more: a browser ends its stream on that, silently."""
View = Callable[..., Response]


class Open(StrEnum):
    """Endpoints that ask for no permission."""

    EVERYBODY = "everybody"
    HALF_WAY = "half way"
    """The password was right, the second step is to come."""


class Form(StrEnum):
    """What a form must carry."""

    ONCE = "once"
    """Ours, of this session, and sent for the first time."""
    OURS = "ours"
    """Ours and of this session: it may come again, and does the same."""
    ANY = "any"
    """Nothing: it takes something away from whoever sends it, and must work always (leaving)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a route asks for. `sudo`: a second factor in the last five minutes; `exports`: shut by the raid lock.

    `quiet`: a script asks for it by itself, so that it does not count as use of a session.
    """

    asks: Permission | Open
    sudo: bool = False
    form: Form = Form.ONCE
    exports: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Puts views behind endpoints."""

    app: Flask
    console: Console
    rules: dict[str, Endpoint] = field(default_factory=dict)

    def add(
        self, rule: str, view: View, asks: Permission | Open, methods: Sequence[str] = ("GET",), *,
        sudo: bool = False, form: Form = Form.ONCE, exports: bool = False, quiet: bool = False,
    ) -> None:  # fmt: skip
        """Add a route. The view gets the visit, and what stands in the address."""
        endpoint, name = Endpoint(asks, sudo, form, exports, quiet), f"{'/'.join(methods)} {rule}".replace(".", "-")
        self.rules[name] = endpoint
        self.app.add_url_rule(
            rule, name, partial(_enter, self.console, endpoint, view), methods=methods, provide_automatic_options=False
        )


def _enter(console: Console, endpoint: Endpoint, view: View, **parts: Any) -> Response:
    visit = visit_of(console, request, quiet=endpoint.quiet)
    if refused := _refused(endpoint, visit):
        return refused
    if request.method != "POST" or endpoint.form is Form.ANY:
        return view(visit, **parts)
    if not forms.is_ours(console, visit.owner, request):
        return _stale(visit)
    if endpoint.form is Form.OURS or visit.known is None:
        return view(visit, **parts)
    return _once(console, visit, view, parts)


def _stale(visit: Visit) -> Response:
    """Refuse a form of another session. What somebody typed into it before signing in once more is kept for them."""
    if visit.known and forms.was_of(visit.console, visit.person, request):
        forms.keep(visit.console, visit.person, request)
    return explain(visit, "stale", 400, _onward())


def _once(console: Console, visit: Visit, view: View, parts: Mapping[str, Any]) -> Response:
    """Have a form count once. What was refused, or broke, may be sent again."""
    if not forms.first_time(console, request):
        return explain(visit, "twice", 409, _onward())
    done = False
    try:
        response = view(visit, **parts)
        done = response.status_code < 400
    finally:
        if not done:
            forms.not_this_time(console, request)
    if done:
        forms.forget(visit, request.path)
    return response


def _refused(endpoint: Endpoint, visit: Visit) -> Response | None:
    """Say why somebody may not come through; nothing where they may."""
    if endpoint.asks is Open.EVERYBODY:
        return None
    if endpoint.asks is Open.HALF_WAY:
        return None if visit.half_way else go(LOGIN)
    if visit.known is None:
        return NOTHING_MORE() if endpoint.quiet else _sign_in(visit)
    if not visit.person.may(endpoint.asks):
        return explain(visit, "forbidden", 403)
    if endpoint.exports and (shut := _shut(visit)):
        return shut
    if endpoint.sudo and not visit.sudo:
        _keep(visit, visit.owner, visit.person)
        return go(with_next(AGAIN, _place()))
    return None


def _shut(visit: Visit) -> Response | None:
    """Say that the raid lock is on, where it is."""
    with visit.console.db.read() as tx:
        on = raid_lock.is_locked(tx)
    return locked(visit) if on else None


def _sign_in(visit: Visit) -> Response:
    """Send somebody to sign in, and keep what they had typed when their session had ended by itself."""
    found = visit.console.entrance.find(request.cookies.get(visit.console.cookie, "")[:100])
    if found and found[0].revoked is None and found[0].proved is not None:
        _keep(visit, found[0].id, found[1])
    return go(with_next(SECOND if visit.half_way else LOGIN, _place()))


def _keep(visit: Visit, owner: str, person: Person) -> None:
    if request.method == "POST" and forms.is_ours(visit.console, owner, request):
        forms.keep(visit.console, person, request)


def _place() -> str:
    """Give where to go on afterwards: this page, or the one on which the form stands."""
    return request.full_path.rstrip("?") if request.method == "GET" else _onward()


def _onward() -> str:
    return safe(request.form.get(forms.FROM, ""))


def with_next(place: str, onward: str) -> str:
    """Give an address that knows where to go on afterwards."""
    return place if onward == "/" else f"{place}?next={quote(onward, safe='/')}"


def next_place() -> str:
    """Give where to go on after signing in, from the address or the form of the page."""
    return safe(request.values.get("next", ""))


def safe(place: str) -> str:
    """Give `place` where it is a page of this console, else the first page: nobody is sent anywhere else."""
    if not place.startswith("/") or len(place) > LONGEST_PLACE or not place.isprintable() or "\\" in place:
        return "/"
    try:
        parts = urlsplit(place)
        if parts.scheme or parts.netloc or place.startswith("//"):
            return "/"
        current_app.url_map.bind("").match(parts.path, "GET")
    except (ValueError, HTTPException, RequestRedirect):
        return "/"
    return place
