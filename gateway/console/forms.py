"""The hidden fields of forms: a token of this session (CSRF), which also makes a form count once.

If a session expires while somebody fills in a form, what they typed is sealed and kept for an hour. The form shows it
again after the same person's next sign-in. Passwords and codes are not kept.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Request
from werkzeug.datastructures import MultiDict

from gateway.console.context import Console, Visit
from helpline.accounts import sessions
from helpline.staff.roles import Person

FORM, FROM = "_form", "_from"
"""Names of the hidden fields: the token, and the page with the form."""
REFUSED = "_refused"
"""In a draft: the address of the page that says why the form was refused. Only that page shows what was chosen."""
NOT_KEPT = frozenset(
    {"password", "old", "new", "repeat", "code", "digits", "answer", "secret", "sure", FORM, FROM, REFUSED}
)
"""Fields that are never kept: secrets, and the tick that confirms an act."""
KEPT, COUNTS_FOR = timedelta(hours=1), timedelta(hours=13)
"""How long drafts are kept, and how long a used token is remembered: an hour longer than a session can last."""
MOST_KEPT = 60_000


def proof_of(visit: Visit) -> str:
    """Make the token of one form."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{visit.console.sign_in.key.form(visit.owner, nonce)}"


def is_ours(console: Console, owner: str, request: Request) -> bool:
    """Whether a form was made by us for this session, and was sent from one of our pages."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    nonce, _, proof = request.form.get(FORM, "").partition(".")
    return console.sign_in.key.form_is_ours(owner, nonce, proof)


def was_of(console: Console, person: Person, request: Request) -> bool:
    """Whether a form belongs to an expired session of the same person, for example in another tab."""
    with console.sign_in.db.read() as tx:
        ids = sessions.lapsed_of(tx, person.id)
    return any(is_ours(console, id, request) for id in ids)


def first_time(console: Console, request: Request) -> bool:
    """Save that a form was sent. Return False if it was sent before: a double click, the back button, a reload."""
    with console.sign_in.db.write() as tx:
        return sessions.spend(tx, _number(request), console.sign_in.now() + COUNTS_FOR)


def not_this_time(console: Console, request: Request) -> None:
    """Undo `first_time`: the form was refused or failed, and may be sent again as it is."""
    with console.sign_in.db.write() as tx:
        sessions.unspend(tx, _number(request))


def _number(request: Request) -> str:
    return request.form.get(FORM, "").partition(".")[2][:32]


def keep(console: Console, person: Person, request: Request, refused: str = "") -> None:
    """Save a draft: what was typed into a form whose session has expired, or that was refused.

    `refused` is the address of the page that says why it was refused.
    """
    typed = {name: values for name, values in request.form.lists() if name not in NOT_KEPT}
    if not any(map(any, typed.values())):
        return
    text = json.dumps(typed | ({REFUSED: [refused]} if refused else {}), ensure_ascii=False)
    place = request.path[:200]
    if len(text) > MOST_KEPT:
        return
    sealed = console.sign_in.key.seal(f"draft {person.id} {place}", text)
    with console.sign_in.db.write() as tx:
        sessions.keep_draft(tx, person.id, place, sealed, console.sign_in.now() + KEPT)


@dataclass(frozen=True, slots=True)
class Typed:
    """The values of a form: as sent with a refused form, else the saved draft, else the page's own values."""

    values: MultiDict[str, str] = field(default_factory=MultiDict)
    kept: bool = False
    """Whether the values come from a saved draft."""

    def get(self, name: str, otherwise: str = "") -> str:
        """Return the value of a field. A field that is never kept is always empty."""
        return otherwise if name in NOT_KEPT else self.values.get(name, otherwise)

    def all(self, name: str, otherwise: Iterable[str] = ()) -> list[str]:
        """Return all values of a field with several values."""
        return self.values.getlist(name) if name in self.values else list(otherwise)


def typed(visit: Visit, place: str, here: str = "") -> Typed:
    """Return the saved draft of the form that is sent to `place`.

    `here` is the address of the page that is shown: a draft of a refused form is only for the page that says so.
    """
    if visit.known is None:
        return Typed()
    console, id = visit.console, visit.person.id
    with console.sign_in.db.read() as tx:
        sealed = sessions.draft_of(tx, id, place)
    text = console.sign_in.key.open(f"draft {id} {place}", sealed) if sealed else None
    values: MultiDict[str, str] = MultiDict(_read(text)) if text else MultiDict()
    refused = values.get(REFUSED, "")
    if refused and refused != here:
        return Typed()
    return Typed(values, kept=bool(values) and not refused)


def forget(visit: Visit, place: str) -> None:
    """Delete the draft: the form has been sent."""
    with visit.console.sign_in.db.write() as tx:
        sessions.drop_draft(tx, visit.person.id, place)


def _read(text: str) -> Mapping[str, list[str]]:
    found: Mapping[str, list[str]] = json.loads(text)
    return found
