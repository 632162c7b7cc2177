"""What each form carries with it, unseen: that it is ours and of this session (CSRF), and that it counts once.

What was typed into a form whose session had ended is kept, sealed, for an hour, and stands in it again after the next
sign-in of the same person. Passwords and codes are not kept.
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
"""Names of the unseen fields: the proof, and the page on which the form stands."""
SECRET = frozenset({"password", "old", "new", "repeat", "code", "digits", "answer", "secret", FORM, FROM})
"""Fields that are never kept."""
KEPT, COUNTS_FOR = timedelta(hours=1), timedelta(hours=13)
"""A form is good as long as its session can last; its number is kept an hour longer."""
MOST_KEPT = 60_000


def proof_of(visit: Visit) -> str:
    """Make the unseen field of one form."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{visit.console.entrance.key.form(visit.owner, nonce)}"


def is_ours(console: Console, owner: str, request: Request) -> bool:
    """Tell whether a form was made by us for this session, and sent from a page of ours."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    nonce, _, proof = request.form.get(FORM, "").partition(".")
    return console.entrance.key.form_is_ours(owner, nonce, proof)


def was_of(console: Console, person: Person, request: Request) -> bool:
    """Tell whether a form is of an earlier session of the same person that ended by itself, in another tab."""
    with console.entrance.db.read() as tx:
        ids = sessions.lapsed_of(tx, person.id)
    return any(is_ours(console, id, request) for id in ids)


def first_time(console: Console, request: Request) -> bool:
    """Note that a form was sent; false where it was sent before: a double click, the back button, a reload."""
    with console.entrance.db.write() as tx:
        return sessions.spend(tx, _number(request), console.entrance.now() + COUNTS_FOR)


def not_this_time(console: Console, request: Request) -> None:
    """Take that back: the form was refused, or something broke, and may be sent again as it is."""
    with console.entrance.db.write() as tx:
        sessions.unspend(tx, _number(request))


def _number(request: Request) -> str:
    return request.form.get(FORM, "").partition(".")[2][:32]


def keep(console: Console, person: Person, request: Request) -> None:
    """Keep what was typed into a form whose session had ended."""
    typed = {name: values for name, values in request.form.lists() if name not in SECRET}
    text, place = json.dumps(typed, ensure_ascii=False), request.path[:200]
    if not any(map(any, typed.values())) or len(text) > MOST_KEPT:
        return
    sealed = console.entrance.key.seal(f"draft {person.id} {place}", text)
    with console.entrance.db.write() as tx:
        sessions.keep_draft(tx, person.id, place, sealed, console.entrance.now() + KEPT)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form: what came with a refused one, else what was kept, else what the page puts there."""

    values: MultiDict[str, str] = field(default_factory=MultiDict)
    kept: bool = False

    def get(self, name: str, otherwise: str = "") -> str:
        """Give what stands in a field; what is secret is typed anew."""
        return otherwise if name in SECRET else self.values.get(name, otherwise)

    def all(self, name: str, otherwise: Iterable[str] = ()) -> list[str]:
        """Give all that is chosen in a field with several values."""
        return self.values.getlist(name) if name in self.values else list(otherwise)


def typed(visit: Visit, place: str) -> Typed:
    """Give what was kept of the form that goes to `place`."""
    if visit.known is None:
        return Typed()
    console, id = visit.console, visit.person.id
    with console.entrance.db.read() as tx:
        sealed = sessions.draft_of(tx, id, place, console.entrance.now())
    text = console.entrance.key.open(f"draft {id} {place}", sealed) if sealed else None
    return Typed(MultiDict(_read(text)), kept=True) if text else Typed()


def forget(visit: Visit, place: str) -> None:
    """Forget what was kept: the form has been sent."""
    with visit.console.entrance.db.write() as tx:
        sessions.drop_draft(tx, visit.person.id, place)


def _read(text: str) -> Mapping[str, list[str]]:
    found: Mapping[str, list[str]] = json.loads(text)
    return found
