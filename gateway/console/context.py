"""What every view of the console has at hand, and who is asking."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from flask import Request, Response

from gateway.console.cases.case_context import CaseContext
from helpline.accounts.account import Account
from helpline.accounts.browser import Visitor
from helpline.accounts.inviting import Invitations
from helpline.accounts.passkeys import Passkeys
from helpline.accounts.sign_in import Entrance, Opened
from helpline.content.console_texts import ConsoleTexts
from helpline.content.country import Country
from helpline.content.country_file import CountryData
from helpline.core.ports import Clock
from helpline.keys.session_tokens import new_token
from helpline.staff.roles import Person, Session, recently_authenticated
from helpline.store.engine import Database

LANGUAGE_COOKIE = "komek-language"
LANGUAGE_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Console:
    """The parts of the console. `https`: is it reached by TLS; `zone`: the country's; `country`: its code.

    `land`: what is written of the country; `matching`: where its places lie.

    `now` is the service's clock, for everything about requests. Signing in goes by `entrance.now`.
    """

    db: Database
    now: Clock
    entrance: Entrance
    invitations: Invitations
    account: Account
    passkeys: Passkeys
    texts: ConsoleTexts
    country: str
    zone: str
    https: bool
    demo: bool
    land: CountryData
    matching: Country
    case_context: CaseContext
    trust_proxy: bool = False

    @property
    def cookie(self) -> str:
        """The name of the session's cookie: with `__Host-` no other host and no plain HTTP can set it."""
        return "__Host-komek" if self.https else "komek"

    def hold(self, response: Response, token: str) -> Response:
        """Have the browser hold a token, until it is closed: a shared machine keeps nothing."""
        response.set_cookie(self.cookie, token, secure=self.https, httponly=True, samesite="Strict", path="/")
        return response

    def set_session(self, response: Response, opened: Opened) -> Response:
        """Have the browser hold the token of a session that has just begun or goes on under a new one."""
        return self.hold(response, opened.token)

    def clear_session(self, response: Response) -> Response:
        """Have the browser forget the session, and whatever it kept of its pages."""
        response.delete_cookie(self.cookie, secure=self.https, httponly=True, samesite="Strict", path="/")
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    def remember(self, response: Response, language: str) -> Response:
        """Have the browser remember a language, for the page on which one signs in."""
        response.set_cookie(
            LANGUAGE_COOKIE, language, LANGUAGE_SECONDS, secure=self.https, httponly=True, samesite="Strict", path="/"
        )
        return response

    def visitor(self, request: Request) -> Visitor:
        """Give what is known of the browser; behind a proxy of ours the address is the last it names."""
        address = request.remote_addr or ""
        if self.trust_proxy:
            address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
        return Visitor.of(address, request.headers.get("User-Agent", ""))


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser, after the endpoint. `half_way`: the password was right, the second step is to come.

    `owner`: to whom its forms belong, the session or the cookie of somebody who has none; `fresh`: that cookie, where
    it is yet to be set. `typed`: what was kept when a session ended in the middle of a form.
    """

    console: Console
    visitor: Visitor
    language: str
    owner: str
    fresh: str = field(default="", repr=False)
    known: tuple[Session, Person] | None = None
    half_way: tuple[Session, Person] | None = None

    @property
    def person(self) -> Person:
        """Whoever has signed in. Only behind a door that asks for that."""
        return self._known[1]

    @property
    def session(self) -> Session:
        """The session of whoever has signed in."""
        return self._known[0]

    @property
    def sudo(self) -> bool:
        """Tell whether a second factor was given in the last five minutes."""
        return recently_authenticated(self.session, self.console.entrance.now())

    @property
    def zone(self) -> ZoneInfo:
        """The zone that dates are shown in."""
        return ZoneInfo((self.known[1].zone if self.known else "") or self.console.zone)

    @property
    def _known(self) -> tuple[Session, Person]:
        if self.known is None:
            raise LookupError("nobody has signed in: the door of this page is open to everybody")
        return self.known


def visit_of(console: Console, request: Request, *, quiet: bool = False) -> Visit:
    """Look who is asking; `quiet`: a script asks, and nobody's session lives longer by it."""
    token = request.cookies.get(console.cookie, "")[:100]
    found = console.entrance.find(token)
    alive = found if found and console.entrance.alive(*found, used=not quiet) else None
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
    """Choose a language: the person's, the one chosen in this browser, the first that the browser asks for."""
    there = console.texts.languages
    wanted = [person.language if person else "", request.cookies.get(LANGUAGE_COOKIE, "")]
    wanted += [each.partition("-")[0].lower() for each, _ in request.accept_languages]
    return next((each for each in wanted if each in there), there[0])
