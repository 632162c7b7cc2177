"""A person's own account. The example for other pages: one view per form, a redirect after each, errors in a list."""

from flask import Response, request

from gateway.console.access import Endpoints, Form
from gateway.console.context import Visit
from gateway.console.pages import Fault, draw, first_of, go, languages_of
from gateway.console.sign_in.invitation import picture_of
from helpline.accounts.credentials import new_secret
from helpline.accounts.sign_in import SignedIn
from helpline.staff.roles import Permission

HERE = "/account"
DONE = frozenset({"looks", "password", "app", "session", "others", "passkey", "dropped"})


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages. Changes to how the person signs in need a second factor just before."""
    needed, post = Permission.ACCOUNT, ("POST",)
    endpoints.add(HERE, show, needed)
    endpoints.add(f"{HERE}/looks", looks, needed, post)
    endpoints.add(f"{HERE}/sessions/<id>/end", end, needed, post)
    endpoints.add(f"{HERE}/sessions/end-others", end_others, needed, post)
    endpoints.add(f"{HERE}/password", password, needed, post, sudo=True)
    endpoints.add(f"{HERE}/app", app, needed, sudo=True)
    endpoints.add(f"{HERE}/app", new_app, needed, post, sudo=True)
    endpoints.add(f"{HERE}/recovery", recovery, needed, post, sudo=True)
    endpoints.add(f"{HERE}/passkeys", add_passkey, needed, post, sudo=True)
    endpoints.add(f"{HERE}/passkeys/ask", ask_passkey, needed, post, sudo=True, form=Form.OURS)
    endpoints.add(f"{HERE}/passkeys/<id>/drop", drop_passkey, needed, post, sudo=True)


def show(visit: Visit) -> Response:
    """Show the account. `done` in the address names the change just made."""
    done = request.args.get("done", "")
    return _page(visit, done=done if done in DONE else "")


def looks(visit: Visit) -> Response:
    """Save language and time zone."""
    form = request.form
    if not visit.console.account.choose(visit.person, first_of(form, "language", 20), first_of(form, "zone", 60)):
        return _page(visit, [Fault("choice", "language")])
    return _done("looks")


def end(visit: Visit, id: str) -> Response:
    """End one of the person's sessions. Ending the present one signs out."""
    visit.console.account.end(visit.person, id)
    return _done("session")


def end_others(visit: Visit) -> Response:
    """End the person's other sessions."""
    visit.console.account.end_others(visit.person, visit.session)
    return _done("others")


def password(visit: Visit) -> Response:
    """Change the password."""
    old, new, again = (first_of(request.form, name) for name in ("old", "new", "repeat"))
    if new != again:
        return _page(visit, [Fault("password_twice", "repeat")])
    done = visit.console.account.new_password(visit.person, visit.session, old, new, visit.visitor)
    if isinstance(done, SignedIn):
        return visit.console.set_session(_done("password"), done)
    return _page(visit, [Fault(each, "old" if each == "password" else "new") for each in done])


def app(visit: Visit) -> Response:
    """Show the secret of a new app. It is saved only when its first code is right."""
    return _app(visit, new_secret())


def new_app(visit: Visit) -> Response:
    """Replace the app."""
    key, sealed = visit.console.sign_in.key, first_of(request.form, "secret")
    secret = key.open(f"app {visit.session.id}", _bytes(sealed))
    if secret is None:
        return go(f"{HERE}/app")
    done = visit.console.account.new_app(visit.person, visit.session, secret, first_of(request.form, "digits", 100))
    if done is None:
        return _app(visit, secret, [Fault("code", "digits")])
    return visit.console.set_session(_done("app"), done)


def recovery(visit: Visit) -> Response:
    """Replace the recovery codes and show the new ones, only once."""
    return draw(visit, "recovery.html", codes=visit.console.account.new_recovery(visit.person))


def ask_passkey(visit: Visit) -> Response:
    """Send the challenge to make a passkey."""
    return Response(
        visit.console.passkeys.registration_options(visit.person, visit.session), content_type="application/json"
    )


def add_passkey(visit: Visit) -> Response:
    """Save the passkey that the browser made."""
    answer, name = first_of(request.form, "answer", 20_000), first_of(request.form, "name", 60)
    if not visit.console.passkeys.add(visit.person, visit.session, answer, name):
        return _page(visit, [Fault("passkey", "name")])
    return _done("passkey")


def drop_passkey(visit: Visit, id: str) -> Response:
    """Delete a passkey."""
    visit.console.account.drop_passkey(visit.person, id)
    return _done("dropped")


def _page(visit: Visit, faults: list[Fault] | None = None, done: str = "") -> Response:
    console, state = visit.console, visit.console.account.state(visit.person, visit.language)
    return draw(
        visit, "account.html", faults or [], state=state, done=done, sudo=visit.sudo, zones=console.account.zones,
        zone=console.zone, languages=languages_of(console),
    )  # fmt: skip


def _app(visit: Visit, secret: str, faults: list[Fault] | None = None) -> Response:
    sealed = visit.console.sign_in.key.seal(f"app {visit.session.id}", secret).hex()
    return draw(
        visit, "app.html", faults or [], secret=secret, sealed=sealed, picture=picture_of(secret, visit.person.login)
    )


def _done(what: str) -> Response:
    return go(f"{HERE}?done={what}")


def _bytes(hexed: str) -> bytes:
    try:
        return bytes.fromhex(hexed)
    except ValueError:
        return b""
