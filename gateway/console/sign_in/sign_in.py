"""Signing in, proving it once more, signing out, leaving at once."""

from flask import Response, request

from gateway.console.access import AGAIN, LOGIN, SECOND, Endpoints, Form, Open, next_place, with_next
from gateway.console.context import Visit
from gateway.console.menu import menu_of
from gateway.console.pages import Fault, draw, first_of, go
from helpline.accounts.sign_in import Opened, Proof
from helpline.staff.roles import Permission, Person, Session

AWAY = "/away"
ONE_REFUSAL = Fault("refused")


def add_endpoints(endpoints: Endpoints) -> None:
    """Put these pages behind their endpoints."""
    both = ("GET", "POST")
    endpoints.add("/", home, Permission.ACCOUNT)
    endpoints.add(LOGIN, login, Open.EVERYBODY, both)
    endpoints.add("/language", language, Open.EVERYBODY, ("POST",))
    endpoints.add(SECOND, second, Open.HALF_WAY, both)
    endpoints.add(f"{SECOND}/ask", ask_half_way, Open.HALF_WAY, ("POST",))
    endpoints.add(AGAIN, again, Permission.ACCOUNT, both, form=Form.OURS)
    endpoints.add(f"{AGAIN}/ask", ask_again, Permission.ACCOUNT, ("POST",), form=Form.OURS)
    endpoints.add("/sign-out", sign_out, Permission.ACCOUNT, ("POST",), form=Form.OURS)
    endpoints.add("/leave", leave, Open.EVERYBODY, ("POST",), form=Form.ANY)
    endpoints.add(AWAY, away, Open.EVERYBODY)


def home(visit: Visit) -> Response:
    """Go to the first page that somebody may see."""
    return go(menu_of(visit.person)[0][0])


def login(visit: Visit) -> Response:
    """Ask for login and password. What is refused is refused in the same words, with the same work."""
    if visit.known:
        return go(next_place())
    if request.method == "GET":
        return draw(visit, "login.html", next=next_place())
    name, password = first_of(request.form, "login"), first_of(request.form, "password")
    opened = visit.console.entrance.password(name, password, visit.visitor)
    if opened is None:
        return draw(visit, "login.html", [ONE_REFUSAL], next=next_place())
    return visit.console.set_session(go(with_next(SECOND, next_place())), opened)


def second(visit: Visit) -> Response:
    """Ask for the second factor, and let in."""
    session, person = _half_way(visit)
    if request.method == "GET":
        return draw(visit, "second.html", next=next_place(), has_passkey=_has_passkey(visit, person))
    opened = visit.console.entrance.second(session, _proof(visit, session), visit.visitor)
    if opened is None:
        wrong = [Fault("passkey" if "answer" in request.form else "code", "code")]
        return draw(visit, "second.html", wrong, next=next_place(), has_passkey=_has_passkey(visit, person))
    return visit.console.set_session(go(next_place()), opened)


def again(visit: Visit) -> Response:
    """Ask for the second factor once more, before something that matters."""
    if request.method == "GET":
        return draw(visit, "again.html", next=next_place(), has_passkey=_has_passkey(visit, visit.person))
    opened: Opened | None = visit.console.entrance.again(visit.session, _proof(visit, visit.session))
    if opened is None:
        wrong = [Fault("passkey" if "answer" in request.form else "code", "code")]
        return draw(visit, "again.html", wrong, next=next_place(), has_passkey=_has_passkey(visit, visit.person))
    return visit.console.set_session(go(next_place()), opened)


def ask_half_way(visit: Visit) -> Response:
    """Give the browser what it needs to use a passkey, at the second step."""
    session, person = _half_way(visit)
    return _json(visit.console.passkeys.ask(person, session))


def ask_again(visit: Visit) -> Response:
    """Give the browser what it needs to use a passkey, once more."""
    return _json(visit.console.passkeys.ask(visit.person, visit.session))


def sign_out(visit: Visit) -> Response:
    """End this session."""
    visit.console.entrance.leave(visit.session)
    return visit.console.clear_session(go(LOGIN))


def leave(visit: Visit) -> Response:
    """End this session and show something dull: somebody has come into the room."""
    for found in (visit.known, visit.half_way):
        if found:
            visit.console.entrance.leave(found[0])
    return visit.console.clear_session(go(AWAY))


def away(visit: Visit) -> Response:
    """Show something dull."""
    return draw(visit, "away.html")


def language(visit: Visit) -> Response:
    """Remember a language in a browser in which nobody has signed in."""
    chosen = first_of(request.form, "language", 20)
    back = go(next_place())
    return visit.console.remember(back, chosen) if chosen in visit.console.texts.languages else back


def _half_way(visit: Visit) -> tuple[Session, Person]:
    if visit.half_way is None:
        raise LookupError("the door of this page lets in whoever is half way")
    return visit.half_way


def _proof(visit: Visit, session: Session) -> Proof:
    if answer := first_of(request.form, "answer", 20_000):
        return visit.console.passkeys.shown(session, answer)
    return visit.console.entrance.typed(first_of(request.form, "code", 100))


def _has_passkey(visit: Visit, person: Person) -> bool:
    return bool(visit.console.account.state(person).passkeys)


def _json(text: str) -> Response:
    return Response(text, content_type="application/json")
