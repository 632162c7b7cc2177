"""Pages to sign in, to give the second factor again, to sign out, and to leave at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request

from gateway.console.access import AGAIN, LOGIN, SECOND, Endpoints, Form, Open, next_place, with_next
from gateway.console.context import Visit
from gateway.console.menu import menu_of
from gateway.console.pages import Fault, draw, first_of, go
from helpline.accounts import demo_accounts
from helpline.accounts.credentials import code_now
from helpline.accounts.sign_in import Proof, SignedIn
from helpline.staff.roles import Permission, Person, Role, Session

AWAY = "/away"
ONE_REFUSAL = Fault("refused")


def add_endpoints(endpoints: Endpoints) -> None:
    """Register these pages."""
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
    """Redirect to the person's first page."""
    return go(menu_of(visit.person)[0][0])


def login(visit: Visit) -> Response:
    """Ask for login and password. Every refusal has the same text and takes the same work."""
    if visit.known:
        return go(next_place())
    if request.method == "GET":
        chosen = first_of(request.args, "language", 20)
        if visit.console.demo and chosen in visit.console.texts.languages:  # the link of the phone page
            return visit.console.set_language(go(_login_as(first_of(request.args, "demo", 20))), chosen)
        return draw(visit, "login.html", next=next_place(), demo=_demo(visit))
    name, password = first_of(request.form, "login"), first_of(request.form, "password")
    signed_in = visit.console.sign_in.first_step(name, password, visit.visitor)
    if signed_in is None:
        return draw(visit, "login.html", [ONE_REFUSAL], next=next_place(), demo=_demo(visit))
    return visit.console.set_session(go(with_next(SECOND, next_place())), signed_in)


def second(visit: Visit) -> Response:
    """Ask for the second factor, and sign in."""
    session, person = _half_way(visit)
    if request.method == "GET":
        has_passkey, code = _has_passkey(visit, person), _demo_code(visit, person)
        return draw(visit, "second.html", next=next_place(), has_passkey=has_passkey, code=code)
    signed_in = visit.console.sign_in.second_step(session, _proof(visit, session), visit.visitor)
    if signed_in is None:
        wrong = [Fault("passkey" if "answer" in request.form else "code", "code")]
        has_passkey, code = _has_passkey(visit, person), _demo_code(visit, person)
        return draw(visit, "second.html", wrong, next=next_place(), has_passkey=has_passkey, code=code)
    return visit.console.set_session(go(next_place()), signed_in)


def again(visit: Visit) -> Response:
    """Ask for the second factor again, before a sensitive action."""
    if request.method == "GET":
        code = _demo_code(visit, visit.person)
        return draw(visit, "again.html", next=next_place(), has_passkey=_has_passkey(visit, visit.person), code=code)
    signed_in: SignedIn | None = visit.console.sign_in.confirm(visit.session, _proof(visit, visit.session))
    if signed_in is None:
        wrong = [Fault("passkey" if "answer" in request.form else "code", "code")]
        has_passkey, code = _has_passkey(visit, visit.person), _demo_code(visit, visit.person)
        return draw(visit, "again.html", wrong, next=next_place(), has_passkey=has_passkey, code=code)
    return visit.console.set_session(go(next_place()), signed_in)


def ask_half_way(visit: Visit) -> Response:
    """Send the passkey challenge of the second step."""
    session, person = _half_way(visit)
    return _json(visit.console.passkeys.authentication_options(person, session))


def ask_again(visit: Visit) -> Response:
    """Send the passkey challenge for a sensitive action."""
    return _json(visit.console.passkeys.authentication_options(visit.person, visit.session))


def sign_out(visit: Visit) -> Response:
    """End this session."""
    visit.console.sign_in.sign_out(visit.session)
    return visit.console.clear_session(go(LOGIN))


def leave(visit: Visit) -> Response:
    """End this session and show a harmless page, because somebody has come into the room."""
    for found in (visit.known, visit.half_way):
        if found:
            visit.console.sign_in.sign_out(found[0])
    return visit.console.clear_session(go(AWAY))


def away(visit: Visit) -> Response:
    """Show the harmless page."""
    return draw(visit, "away.html")


def language(visit: Visit) -> Response:
    """Save the language of a browser in which nobody has signed in."""
    chosen = first_of(request.form, "language", 20)
    back = go(next_place())
    return visit.console.set_language(back, chosen) if chosen in visit.console.texts.languages else back


def _half_way(visit: Visit) -> tuple[Session, Person]:
    if visit.half_way is None:
        raise LookupError("this endpoint is for people between password and second factor")
    return visit.half_way


@dataclass(frozen=True, slots=True)
class Demo:
    """What the sign-in page of the demo shows."""

    accounts: Mapping[str, Role]
    login: str
    """The chosen account, or empty."""
    password: str


def _demo(visit: Visit) -> Demo | None:
    """Return the demo's accounts, with login and password of the chosen one. Production has none."""
    if not visit.console.demo:
        return None
    chosen = first_of(request.args, "demo", 20)
    if chosen not in demo_accounts.ACCOUNTS:
        return Demo(demo_accounts.ACCOUNTS, "", "")
    return Demo(demo_accounts.ACCOUNTS, chosen, demo_accounts.of(visit.console.sign_in, chosen)[0])


def _login_as(account: str) -> str:
    """Return the address of the sign-in page, with a demo account chosen if it is one."""
    return f"{LOGIN}?demo={account}" if account in demo_accounts.ACCOUNTS else LOGIN


def _demo_code(visit: Visit, person: Person) -> str:
    """Return the present code of a demo account, so that nobody needs an app to look around; else an empty text."""
    if not visit.console.demo or person.login not in demo_accounts.ACCOUNTS:
        return ""
    sign_in = visit.console.sign_in
    return code_now(demo_accounts.of(sign_in, person.login)[1], sign_in.now())


def _proof(visit: Visit, session: Session) -> Proof:
    if answer := first_of(request.form, "answer", 20_000):
        return visit.console.passkeys.proof(session, answer)
    return visit.console.sign_in.typed_proof(first_of(request.form, "code", 100))


def _has_passkey(visit: Visit, person: Person) -> bool:
    return bool(visit.console.account.state(person).passkeys)


def _json(text: str) -> Response:
    return Response(text, content_type="application/json")
