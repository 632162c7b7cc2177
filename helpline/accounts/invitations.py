"""Invitations that nobody has used yet."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from helpline.staff.roles import Role
from helpline.store.engine import Tx
from helpline.store.fixed import Fixed
from helpline.store.schema import invitation

REF_LETTERS = 32
"""Letters of its hash that name an invitation in the log and in forms. They do not open it."""
STILL_OPEN = Fixed(
    sa.select(invitation)
    .where(invitation.c.used.is_(None), invitation.c.expires > sa.bindparam("now"))
    .order_by(invitation.c.login)
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """Permission to make an account, or (`person`) to set up a new second factor for one. A person hands it over."""

    token: str = field(repr=False)
    """Hash of the code that was handed over."""
    person: str
    """The account that is reset; empty for a new account."""
    keeps_password: bool
    name: str
    login: str
    role: Role
    service: str
    language: str
    totp: bytes = field(repr=False)
    """The secret for the app, sealed."""
    invited_by: str
    expires: datetime

    @property
    def signed_content(self) -> str:
        """All that the invitation grants, and who made it.

        The seal of its secret and each approval are bound to this text. Otherwise somebody who can write the database,
        but has no session key, could change what an invitation grants (R32).
        """
        return json.dumps([
            self.token, self.person, self.keeps_password, self.name, self.login, self.role, self.service,
            self.invited_by, self.expires.isoformat(),
        ])  # fmt: skip


def add(tx: Tx, made: Invitation) -> None:
    """Save an invitation. It replaces an earlier one to the same login."""
    tx.execute(sa.delete(invitation).where(invitation.c.login == made.login, invitation.c.used.is_(None)))
    names = [name for name in Invitation.__slots__ if name != "role"]
    values = {name: getattr(made, name) for name in names} | {"role": made.role.value}
    tx.execute(sa.insert(invitation).values(values))


def get(tx: Tx, token: str) -> Invitation | None:
    """Return the invitation with this hash, if it can still be used."""
    open_ = sa.and_(invitation.c.token == token, invitation.c.used.is_(None), invitation.c.expires > tx.now)
    row = tx.execute(sa.select(invitation).where(open_)).first()
    return _invitation(row) if row else None


def still_open(tx: Tx) -> list[Invitation]:
    """Return all invitations that can still be used, sorted by login."""
    return [_invitation(row) for row in tx.execute(STILL_OPEN, {"now": tx.now})]


def names(tx: Tx, refs: Collection[str]) -> dict[str, str]:
    """Return who is invited, by the names that invitations have in the log, as long as an invitation is stored."""
    ref = sa.func.substr(invitation.c.token, 1, REF_LETTERS)
    found = tx.execute(sa.select(ref.label("ref"), invitation.c.name).where(ref.in_(refs)))
    return {row.ref: row.name for row in found}


def use(tx: Tx, token: str) -> bool:
    """Use up an invitation. Return False if it was used before, or has expired."""
    open_ = sa.and_(invitation.c.token == token, invitation.c.used.is_(None), invitation.c.expires > tx.now)
    return tx.execute(sa.update(invitation).where(open_).values(used=tx.now)).rowcount == 1


def withdraw(tx: Tx, login: str) -> None:
    """Delete all open invitations to a login."""
    tx.execute(sa.delete(invitation).where(invitation.c.login == login, invitation.c.used.is_(None)))


def withdraw_by(tx: Tx, id: str) -> None:
    """Delete all open invitations that somebody made: they may still have the codes."""
    tx.execute(sa.delete(invitation).where(invitation.c.invited_by == id, invitation.c.used.is_(None)))


def sweep(tx: Tx) -> None:
    """Delete invitations that were used or have expired."""
    over = sa.or_(invitation.c.used.is_not(None), invitation.c.expires <= tx.now)
    tx.execute(sa.delete(invitation).where(over))


def _invitation(row: sa.Row[Any]) -> Invitation:
    values = {name: getattr(row, name) for name in Invitation.__slots__}
    return Invitation(**{**values, "role": Role(row.role)})
