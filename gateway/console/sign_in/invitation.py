"""Invitations: who was invited chooses a password and sets up an app. The code is typed, or stands in the link."""

import segno
from flask import Response, request

from gateway.console.access import Endpoints, Open
from gateway.console.context import Visit
from gateway.console.pages import Fault, draw, first_of
from helpline.accounts.credentials import address_of
from helpline.accounts.inviting import Let

ISSUER = "Komek"


def add_endpoints(endpoints: Endpoints) -> None:
    """Put these pages behind their endpoints."""
    endpoints.add("/welcome", code, Open.EVERYBODY)
    endpoints.add("/welcome", look, Open.EVERYBODY, ("POST",))
    endpoints.add("/welcome/set-up", set_up, Open.EVERYBODY, ("POST",))


def code(visit: Visit) -> Response:
    """Ask for the code. It is used up by nothing but the last step: a link that is looked at ahead spoils nothing."""
    return draw(visit, "welcome.html", welcome=None, code=first_of(request.args, "code", 100))


def look(visit: Visit) -> Response:
    """Show what an invitation says, and what to set up."""
    return _shown(visit, [])


def set_up(visit: Visit) -> Response:
    """Let somebody in who has chosen a password and set up an app; show the recovery codes, this once."""
    form = request.form
    password = first_of(form, "password")
    if "repeat" in form and password != first_of(form, "repeat"):
        return _shown(visit, [Fault("password_twice", "repeat")])
    done = visit.console.invitations.accept(
        first_of(form, "code", 100), password, first_of(form, "digits", 100), visit.visitor
    )
    if isinstance(done, Let):
        return visit.console.set_session(draw(visit, "recovery.html", codes=done.recovery), done.opened)
    return _shown(visit, [Fault(each, "digits" if each == "code" else "password") for each in done])


def _shown(visit: Visit, faults: list[Fault]) -> Response:
    typed = first_of(request.form, "code", 100)
    welcome = visit.console.invitations.opened(typed)
    if welcome is None:
        return draw(visit, "welcome.html", [Fault("invitation", "code")], welcome=None, code="")
    picture = picture_of(welcome.secret, welcome.invitation.login)
    return draw(visit, "welcome.html", faults, welcome=welcome, code=typed, picture=picture)


def picture_of(secret: str, login: str) -> str:
    """Draw what an app scans, as a picture inside the page: nobody else is asked for it."""
    code = segno.make(address_of(secret, login, ISSUER), micro=False)
    return str(code.svg_data_uri(scale=4, border=2, light="white"))
