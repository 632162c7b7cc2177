"""The accounts of the demo: one of each role, and a second coordinator for what takes two.

Each is made and printed at each start, with password and second factor. Both come from the session key of the demo, so
that they stay the same from start to start and are nowhere written down. Production makes none: there nobody's
password is known to anybody else.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence

from helpline.accounts.credentials import code_now
from helpline.accounts.sign_in import Entrance
from helpline.staff import people
from helpline.staff.roles import OF_A_SERVICE, Person, Role
from helpline.store.sql import new_id

COLUMNS = ("account", "login", "password", "key of the app (TOTP)", "code of this minute")
BY = "demo"
ACCOUNTS: Mapping[str, Role] = {role.value: role for role in Role} | {"coordinator2": Role.COORDINATOR}
"""Login → role."""


def lines(entrance: Entrance, service: str, coordinators: Sequence[str] = ()) -> Iterator[str]:
    """Make what is missing and set right what was changed; give what to print, a line an account.

    `coordinators`: those of the directory, whose telephones the coordinators' accounts have, in this order.
    """
    rows, telephones = [COLUMNS], iter(coordinators)
    for login, role in ACCOUNTS.items():
        if role not in OF_A_SERVICE or service:
            password, secret = of(entrance, login)
            _put(entrance, login, service if role in OF_A_SERVICE else "", password, secret)
            if role is Role.COORDINATOR:
                _join(entrance, login, next(telephones, ""))
            rows.append(("", login, password, secret, code_now(secret, entrance.now())))
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def of(entrance: Entrance, login: str) -> tuple[str, str]:
    """Give password and TOTP secret of a demo account."""
    drawn = bytes.fromhex(entrance.key.token(f"demo {login}"))
    word = base64.b32encode(drawn[:10]).decode().lower()
    return "-".join(word[at : at + 4] for at in range(0, 16, 4)), base64.b32encode(drawn[12:32]).decode()


def _put(entrance: Entrance, login: str, service: str, password: str, secret: str) -> None:
    hash, now = entrance.passwords.hash(password), entrance.now()
    with entrance.db.write() as tx:
        there = people.by_login(tx, login)
        person = there or Person(new_id(), f"Demo {login}", login, ACCOUNTS[login], service, "", "")
        sealed = entrance.key.seal(f"totp {person.id}", secret)
        if not people.add(tx, person, hash, sealed, now, BY):
            people.change(tx, person.id, {"password": hash, "totp": sealed, "service": service, "disabled": None})
            people.seal(tx, person.id)


def _join(entrance: Entrance, login: str, coordinator: str) -> None:
    with entrance.db.write() as tx:
        if who := people.by_login(tx, login):
            people.change(tx, who.id, {"contact": coordinator})
