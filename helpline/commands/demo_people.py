"""The accounts of the demo: one of each role, with password and second factor, made at each start and printed.

Both come from the session key of the demo, so that they stay the same from start to start and are nowhere written
down. Production makes none: there nobody's password is known to anybody else.
"""

import base64
from collections.abc import Iterator

from helpline.entrance import Entrance
from helpline.people import OF_A_SERVICE, Person, Role
from helpline.second import code_now
from helpline.store import people
from helpline.store.rows import new_id

COLUMNS = ("account", "login", "password", "key of the app (TOTP)", "code of this minute")
BY = "demo"


def lines(entrance: Entrance, service: str, coordinator: str = "") -> Iterator[str]:
    """Make what is missing and set right what was changed; give what to print, a line an account.

    `coordinator`: whose telephone of the directory the coordinator's account has.
    """
    rows = [COLUMNS]
    for role in Role:
        if role not in OF_A_SERVICE or service:
            password, secret = of(entrance, role)
            _put(entrance, role, service if role in OF_A_SERVICE else "", password, secret)
            if role is Role.COORDINATOR:
                _join(entrance, coordinator)
            rows.append(("", role.value, password, secret, code_now(secret, entrance.now())))
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def of(entrance: Entrance, role: Role) -> tuple[str, str]:
    """Give password and TOTP secret of a demo account."""
    drawn = bytes.fromhex(entrance.key.token(f"demo {role}"))
    word = base64.b32encode(drawn[:10]).decode().lower()
    return "-".join(word[at : at + 4] for at in range(0, 16, 4)), base64.b32encode(drawn[12:32]).decode()


def _put(entrance: Entrance, role: Role, service: str, password: str, secret: str) -> None:
    hash, now = entrance.passwords.hash(password), entrance.now()
    with entrance.db.write() as tx:
        there = people.by_login(tx, role.value)
        person = there or Person(new_id(), f"Demo {role}", role.value, role, service, "en", "")
        sealed = entrance.key.seal(f"totp {person.id}", secret)
        if not people.add(tx, person, hash, sealed, now, BY):
            people.change(tx, person.id, {"password": hash, "totp": sealed, "service": service, "disabled": None})


def _join(entrance: Entrance, coordinator: str) -> None:
    with entrance.db.write() as tx:
        if who := people.by_login(tx, Role.COORDINATOR.value):
            people.change(tx, who.id, {"contact": coordinator})
