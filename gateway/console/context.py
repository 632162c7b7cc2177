"""What every view of the console uses (`Console`), and who sent the request (`Visit`)."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from flask import Request, Response

from gateway.console.cases.case_context import CaseContext
from helpline.accounts.account import Account
from helpline.accounts.browser import Visitor
from helpline.accounts.inviting import Invitations
from helpline.accounts.linking import Linking
from helpline.accounts.passkeys import Passkeys
from helpline.accounts.sign_in import SignedIn, SignIn
from helpline.content.console_texts import ConsoleTexts
from helpline.content.country import Country
from helpline.content.country_file import CountryData
from helpline.core.ports import Clock
from helpline.directory.phone_changes import PhoneChanges
from helpline.keys.session_tokens import new_token
from helpline.staff.roles import Person, Session, recently_authenticated
from helpline.store.engine import Database

LANGUAGE_COOKIE = "komek-language"
LANGUAGE_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Console:
    """The parts of the console. One per process."""

    db: Database
    now: Clock
    """The service's clock, for everything about requests. Signing in uses `sign_in.now`."""
    sign_in: SignIn
    invitations: Invitations
    account: Account
    passkeys: Passkeys
    texts: ConsoleTexts
    country: str
    """The country's code."""
    zone: str
    """The country's time zone."""
    https: bool
    """Whether browsers reach the console by TLS."""
    demo: bool
    country_data: CountryData
    """The content of the country's file."""
    matching: Country
    """The country's places and regions, as matching uses them."""
    case_context: CaseContext
    trust_proxy: bool = False

    @property
    def cookie(self) -> str:
        """The name of the session cookie. With `__Host-`, neither another host nor plain HTTP can set it."""
        return "__Host-komek" if self.https else "komek"

    @property
    def phone_changes(self) -> PhoneChanges:
        """The changes of work telephones, which wait for a second person."""
        ctx = self.case_context.cases.ctx
        return PhoneChanges.of(ctx.config, ctx.audit_key)

    @property
    def linking(self) -> Linking:
        """The links between accounts and work telephones."""
        return Linking(self.invitations, self.phone_changes.wait)

    def set_token(self, response: Response, token: str) -> Response:
        """Set the session cookie. It ends with the browser: a shared machine keeps nothing."""
        response.set_cookie(self.cookie, token, secure=self.https, httponly=True, samesite="Strict", path="/")
        return response

    def set_session(self, response: Response, signed_in: SignedIn) -> Response:
        """Set the cookie of a session that has just begun or got a new token."""
        return self.set_token(response, signed_in.token)

    def clear_session(self, response: Response) -> Response:
        """Delete the session cookie, and make the browser delete its cached pages."""
        response.delete_cookie(self.cookie, secure=self.https, httponly=True, samesite="Strict", path="/")
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def set_language(self, response: Response, language: str) -> Response:
        """Set the language cookie, for the sign-in page."""
        response.set_cookie(
            LANGUAGE_COOKIE, language, LANGUAGE_SECONDS, secure=self.https, httponly=True, samesite="Strict", path="/"
        )
        return response

    def visitor(self, request: Request) -> Visitor:
        """Return the browser's address and name. Behind our proxy the address is the last that the proxy names."""
        address = request.remote_addr or ""
        if self.trust_proxy:
            address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
        return Visitor.of(address, request.headers.get("User-Agent", ""))


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser that `access` has let through."""

    console: Console
    visitor: Visitor
    language: str
    owner: str
    """What the forms of the page belong to: the session, or the cookie of a browser without one."""
    fresh: str = field(default="", repr=False)
    """That cookie, if it is still to be set."""
    known: tuple[Session, Person] | None = None
    """The signed-in person and their session."""
    half_way: tuple[Session, Person] | None = None
    """The same after a right password, before the second factor."""

    @property
    def person(self) -> Person:
        """The signed-in person. Only for endpoints that ask for a permission."""
        return self._known[1]

    @property
    def session(self) -> Session:
        """The session of the signed-in person."""
        return self._known[0]

    @property
    def sudo(self) -> bool:
        """Whether a second factor was given in the last five minutes."""
        return recently_authenticated(self.session, self.console.sign_in.now())

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that dates are shown in."""
        return ZoneInfo((self.known[1].zone if self.known else "") or self.console.zone)

    @property
    def _known(self) -> tuple[Session, Person]:
        if self.known is None:
            raise LookupError("nobody has signed in: this endpoint is open to everybody")
        return self.known


def visit_of(console: Console, request: Request, *, quiet: bool = False) -> Visit:
    """Find out who sent a request. `quiet`: a script sent it, which does not extend the session."""
    token = request.cookies.get(console.cookie, "")[:100]
    found = console.sign_in.find(token)
    alive = found if found and console.sign_in.alive(*found, used=not quiet) else None
    signed_in = alive is not None and alive[0].proved is not None
    fresh = "" if token else new_token()
    return Visit(
        console,
        console.visitor(request),
        language_of(console, request, alive[1] if alive and signed_in else None),
        alive[0].id if alive else f"anybody {token or fresh}",
        fresh,
        alive if signed_in else None,
        alive if alive and not signed_in else None,
    )


def language_of(console: Console, request: Request, person: Person | None) -> str:
    """Return the person's language, else the one chosen in this browser, else the browser's first choice."""
    there = console.texts.languages
    wanted = [person.language if person else "", request.cookies.get(LANGUAGE_COOKIE, "")]
    wanted += [each.partition("-")[0].lower() for each, _ in request.accept_languages]
    return next((each for each in wanted if each in there), there[0])
