"""One's own account. The example for other pages: one view a form, each ends in a redirect, faults in a list."""

from flask import Response, request

from gateway.console.access import Doors, Form
from gateway.console.context import Visit
from gateway.console.pages import Fault, draw, first_of, go, languages_of
from gateway.console.sign_in.invitation import picture_of
from helpline.accounts.credentials import new_secret
from helpline.accounts.sign_in import Opened
from helpline.staff.roles import Permission

HERE = "/account"
DONE = frozenset({"looks", "password", "app", "session", "others", "passkey", "dropped"})


def open_doors(doors: Doors) -> None:
    """Put these pages behind their doors. Whatever changes how one signs in asks for a second factor just before."""
    mine, post = Permission.ACCOUNT, ("POST",)
    doors.open(HERE, show, mine)
    doors.open(f"{HERE}/looks", looks, mine, post)
    doors.open(f"{HERE}/sessions/<id>/end", end, mine, post)
    doors.open(f"{HERE}/sessions/end-others", end_others, mine, post)
    doors.open(f"{HERE}/password", password, mine, post, sudo=True)
    doors.open(f"{HERE}/app", app, mine, sudo=True)
    doors.open(f"{HERE}/app", new_app, mine, post, sudo=True)
    doors.open(f"{HERE}/recovery", recovery, mine, post, sudo=True)
    doors.open(f"{HERE}/passkeys", add_passkey, mine, post, sudo=True)
    doors.open(f"{HERE}/passkeys/ask", ask_passkey, mine, post, sudo=True, form=Form.OURS)
    doors.open(f"{HERE}/passkeys/<id>/drop", drop_passkey, mine, post, sudo=True)


def show(visit: Visit) -> Response:
    """Show the account. `done` in the address says what was done just now."""
    done = request.args.get("done", "")
    return _page(visit, done=done if done in DONE else "")


def looks(visit: Visit) -> Response:
    """Set language and time zone."""
    form = request.form
    if not visit.desk.account.choose(visit.who, first_of(form, "language", 20), first_of(form, "zone", 60)):
        return _page(visit, [Fault("choice", "language")])
    return _done("looks")


def end(visit: Visit, id: str) -> Response:
    """End one session of one's own. Ending this one signs out."""
    visit.desk.account.end(visit.who, id)
    return _done("session")


def end_others(visit: Visit) -> Response:
    """End every session of one's own but this one."""
    visit.desk.account.end_others(visit.who, visit.session)
    return _done("others")


def password(visit: Visit) -> Response:
    """Change the password."""
    old, new, again = (first_of(request.form, name) for name in ("old", "new", "repeat"))
    if new != again:
        return _page(visit, [Fault("password_twice", "repeat")])
    done = visit.desk.account.new_password(visit.who, visit.session, old, new, visit.visitor)
    if isinstance(done, Opened):
        return visit.desk.let_in(_done("password"), done)
    return _page(visit, [Fault(each, "old" if each == "password" else "new") for each in done])


def app(visit: Visit) -> Response:
    """Show the secret of another app. It is the page's own until its first code is right."""
    return _app(visit, new_secret())


def new_app(visit: Visit) -> Response:
    """Put another app in place of the present one."""
    key, sealed = visit.desk.entrance.key, first_of(request.form, "secret")
    secret = key.open(f"app {visit.session.id}", _bytes(sealed))
    if secret is None:
        return go(f"{HERE}/app")
    done = visit.desk.account.new_app(visit.who, visit.session, secret, first_of(request.form, "digits", 100))
    if done is None:
        return _app(visit, secret, [Fault("code", "digits")])
    return visit.desk.let_in(_done("app"), done)


def recovery(visit: Visit) -> Response:
    """Make other recovery codes and show them, this once."""
    return draw(visit, "recovery.html", codes=visit.desk.account.new_recovery(visit.who))


def ask_passkey(visit: Visit) -> Response:
    """Give the browser what it needs to make a passkey."""
    return Response(visit.desk.passkeys.ask_new(visit.who, visit.session), content_type="application/json")


def add_passkey(visit: Visit) -> Response:
    """Write down the passkey that the browser made."""
    answer, name = first_of(request.form, "answer", 20_000), first_of(request.form, "name", 60)
    if not visit.desk.passkeys.add(visit.who, visit.session, answer, name):
        return _page(visit, [Fault("passkey", "name")])
    return _done("passkey")


def drop_passkey(visit: Visit, id: str) -> Response:
    """Forget a passkey."""
    visit.desk.account.drop_passkey(visit.who, id)
    return _done("dropped")


def _page(visit: Visit, faults: list[Fault] | None = None, done: str = "") -> Response:
    desk, state = visit.desk, visit.desk.account.state(visit.who)
    return draw(
        visit, "account.html", faults or [], state=state, done=done, sudo=visit.sudo, zones=desk.account.zones,
        zone=desk.zone, languages=languages_of(desk),
    )  # fmt: skip


def _app(visit: Visit, secret: str, faults: list[Fault] | None = None) -> Response:
    sealed = visit.desk.entrance.key.seal(f"app {visit.session.id}", secret).hex()
    return draw(
        visit, "app.html", faults or [], secret=secret, sealed=sealed, picture=picture_of(secret, visit.who.login)
    )


def _done(what: str) -> Response:
    return go(f"{HERE}?done={what}")


def _bytes(hexed: str) -> bytes:
    try:
        return bytes.fromhex(hexed)
    except ValueError:
        return b""
