"""Make the accounts of the demo at each start, and print them with password and second factor."""

from collections.abc import Iterator, Sequence

from argon2 import PasswordHasher

from helpline.accounts.credentials import code_now
from helpline.accounts.demo_accounts import ACCOUNTS, NAMES, of
from helpline.accounts.sign_in import SignIn
from helpline.staff import people
from helpline.staff.roles import OF_A_SERVICE, Person, Role
from helpline.store.sql import new_id

COLUMNS = ("login", "password", "key of the app (TOTP)", "code")
BY = "demo"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The terminal shows these passwords, and each has eighty random bits. A slow hash protects nothing, and takes a sixth
of a second at each start."""


def lines(sign_in: SignIn, service: str, coordinators: Sequence[str] = ()) -> Iterator[str]:
    """Make missing accounts, reset changed ones, and yield a line per account to print.

    `coordinators`: ids of coordinators of the directory, linked to the coordinators' accounts in this order.
    """
    rows, telephones = [COLUMNS], iter(coordinators)
    for login, role in ACCOUNTS.items():
        if role not in OF_A_SERVICE or service:
            password, secret = of(sign_in, login)
            _put(sign_in, login, service if role in OF_A_SERVICE else "", password, secret)
            if role is Role.COORDINATOR:
                _join(sign_in, login, next(telephones, ""))
            rows.append((login, password, secret, code_now(secret, sign_in.now())))
    widths = [max(len(row[at]) for row in rows) for at in range(len(COLUMNS))]
    yield "accounts  of the console; the code is the one of this minute"
    for row in rows:
        yield "    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _put(sign_in: SignIn, login: str, service: str, password: str, secret: str) -> None:
    hash, now = QUICK.hash(password), sign_in.now()
    with sign_in.db.write() as tx:
        there = people.by_login(tx, login)
        person = there or Person(new_id(), f"{NAMES[login]} (DEMO)", login, ACCOUNTS[login], service, "", "")
        sealed = sign_in.key.seal(f"totp {person.id}", secret)
        if not people.add(tx, person, hash, sealed, now, BY):
            people.change(tx, person.id, {"password": hash, "totp": sealed, "service": service, "disabled": None})
            people.seal(tx, person.id)


def _join(sign_in: SignIn, login: str, coordinator: str) -> None:
    with sign_in.db.write() as tx:
        if who := people.by_login(tx, login):
            people.change(tx, who.id, {"contact": coordinator})
