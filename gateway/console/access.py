"""Access control: every route of the console with its permission. There is no other way to a view.

A view takes a `Visit`, which only this module makes. So no route can be left without a permission by mistake.
After the start, `Endpoints.rules` shows who may open what (tests/gateway/console/test_permissions.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from gateway.console import forms
from gateway.console.context import Console, Visit, visit_of
from gateway.console.pages import explain, go, locked
from helpline.staff import locks
from helpline.staff.roles import Permission, Person

LOGIN, SECOND, AGAIN = "/login", "/second", "/again"
LONGEST_PLACE = 500
NOTHING_MORE = partial(Response, status=204)
"""The response to a script whose page is signed out: on a 204 the browser ends its event stream silently."""
View = Callable[..., Response]


class Open(StrEnum):
    """Endpoints that need no permission."""

    EVERYBODY = "everybody"
    HALF_WAY = "half way"
    """The password was right, the second factor is still missing."""


class Form(StrEnum):
    """What a form must contain to be accepted."""

    ONCE = "once"
    """A valid token of this session, sent for the first time."""
    OURS = "ours"
    """A valid token of this session. The form may be sent again and does the same."""
    ANY = "any"
    """No token: it only ends the sender's own session, and must always work (leaving)."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What a route requires."""

    asks: Permission | Open
    sudo: bool = False
    """A second factor in the last five minutes."""
    form: Form = Form.ONCE
    exports: bool = False
    """Closed while number access is locked."""
    quiet: bool = False
    """A script polls it, which does not extend the session."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Registers views with their access rules."""

    app: Flask
    console: Console
    rules: dict[str, Endpoint] = field(default_factory=dict)

    def add(
        self, rule: str, view: View, asks: Permission | Open, methods: Sequence[str] = ("GET",), *,
        sudo: bool = False, form: Form = Form.ONCE, exports: bool = False, quiet: bool = False,
    ) -> None:  # fmt: skip
        """Add a route. The view gets the `Visit` and the variable parts of the address."""
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
    """Refuse a form of another session. If the person has signed in again since, what they typed is saved for them."""
    if visit.known and forms.was_of(visit.console, visit.person, request):
        forms.keep(visit.console, visit.person, request)
    return explain(visit, "stale", 400, _onward())


def _once(console: Console, visit: Visit, view: View, parts: Mapping[str, Any]) -> Response:
    """Run a view once per form. A form that was refused or failed may be sent again."""
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
    if refused := g.pop("refused", ""):
        forms.keep(visit.console, visit.person, request, refused)
    return response


def _refused(endpoint: Endpoint, visit: Visit) -> Response | None:
    """Return the response that refuses a visit, or None if it is allowed."""
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
    """Return the page that says that number access is locked, or None."""
    with visit.console.db.read() as tx:
        on = locks.is_raid_on(tx)
    return locked(visit) if on else None


def _sign_in(visit: Visit) -> Response:
    """Redirect to the sign-in page. If the session had expired, save what the person had typed."""
    found = visit.console.sign_in.find(request.cookies.get(visit.console.cookie, "")[:100])
    if found and found[0].revoked is None and found[0].proved is not None:
        _keep(visit, found[0].id, found[1])
    return go(with_next(SECOND if visit.half_way else LOGIN, _place()))


def _keep(visit: Visit, owner: str, person: Person) -> None:
    if request.method == "POST" and forms.is_ours(visit.console, owner, request):
        forms.keep(visit.console, person, request)


def _place() -> str:
    """Return the page to go to afterwards: this page, or the page of the form."""
    return request.full_path.rstrip("?") if request.method == "GET" else _onward()


def _onward() -> str:
    return safe(request.form.get(forms.FROM, ""))


def with_next(place: str, onward: str) -> str:
    """Add the page to go to afterwards to an address."""
    return place if onward == "/" else f"{place}?next={quote(onward, safe='/')}"


def next_place() -> str:
    """Return the page to go to after signing in, from the address or the form."""
    return safe(request.values.get("next", ""))


def safe(place: str) -> str:
    """Return `place` if it is a page of this console, else the first page (no open redirect)."""
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
