"""Invitations: an invited person chooses a password and sets up an app. They type the code, or the link has it."""

from flask import Response, request

from gateway.console.access import Endpoints, Open
from gateway.console.context import Visit
from gateway.console.pages import Fault, draw, first_of
from helpline.accounts.credentials import address_of
from helpline.accounts.inviting import Accepted

ISSUER = "Komek"


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages."""
    endpoints.add("/welcome", code, Open.EVERYBODY)
    endpoints.add("/welcome", look, Open.EVERYBODY, ("POST",))
    endpoints.add("/welcome/set-up", set_up, Open.EVERYBODY, ("POST",))


def code(visit: Visit) -> Response:
    """Ask for the code. Only the last step uses it up, so a link preview does no harm."""
    return draw(visit, "welcome.html", welcome=None, code=first_of(request.args, "code", 100))


def look(visit: Visit) -> Response:
    """Show the invitation, and what to set up."""
    return _shown(visit, [])


def set_up(visit: Visit) -> Response:
    """Save the password and the app, sign in, and show the recovery codes, only once."""
    form, invitations = request.form, visit.console.invitations
    code, password, kept = first_of(form, "code", 100), first_of(form, "password"), first_of(form, "kept")
    if "repeat" in form and password != first_of(form, "repeat"):
        return _shown(visit, [Fault("password_twice", "repeat")])
    done = invitations.accept(code, password, first_of(form, "digits", 100), visit.visitor, kept)
    if isinstance(done, Accepted):
        return visit.console.set_session(draw(visit, "recovery.html", codes=done.recovery), done.signed_in)
    faults = [Fault(each, "digits" if each == "code" else "password") for each in done]
    return _shown(visit, faults, (kept or invitations.keep(code, password)) if done == ["code"] else "")


def _shown(visit: Visit, faults: list[Fault], kept: str = "") -> Response:
    typed = first_of(request.form, "code", 100)
    welcome = visit.console.invitations.look_up(typed)
    if welcome is None:
        return draw(visit, "welcome.html", [Fault("invitation", "code")], welcome=None, code="")
    secret, login = welcome.secret, welcome.invitation.login
    return draw(
        visit, "welcome.html", faults, welcome=welcome, code=typed, kept=kept, picture=picture_of(secret, login),
        address=address_of(secret, login, ISSUER),
    )  # fmt: skip


def picture_of(secret: str, login: str) -> str:
    """Return the QR code of an app's secret as a data URI, so that no other host is asked for it."""
    import segno  # few need it, and it would stay in memory: 1.5 MB

    code = segno.make(address_of(secret, login, ISSUER), micro=False)
    return str(code.svg_data_uri(scale=4, border=2, light="white"))
