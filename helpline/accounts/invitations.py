"""Invitations that nobody has used yet."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.staff.roles import Role
from helpline.store.schema import invitation


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who may make an account, or (`person`) set up a second factor anew; handed over by hand."""

    token: str = field(repr=False)
    person: str
    keeps_password: bool
    name: str
    login: str
    role: Role
    service: str
    language: str
    totp: bytes = field(repr=False)
    invited_by: str
    expires: datetime

    @property
    def says(self) -> str:
        """All that it gives, and by whom: what opens it and whoever agrees to it is bound to this.

        Who can write the database, and has no session key, could else make more of an invitation that he holds (R32).
        """
        return json.dumps([
            self.token, self.person, self.keeps_password, self.name, self.login, self.role, self.service,
            self.invited_by, self.expires.isoformat(),
        ])  # fmt: skip


def add(tx: Connection, made: Invitation) -> None:
    """Write an invitation down. An earlier one to the same login is worth nothing any more."""
    tx.execute(sa.delete(invitation).where(invitation.c.login == made.login, invitation.c.used.is_(None)))
    names = [name for name in Invitation.__slots__ if name != "role"]
    values = {name: getattr(made, name) for name in names} | {"role": made.role.value}
    tx.execute(sa.insert(invitation).values(values))


def get(tx: Connection, token: str, now: datetime) -> Invitation | None:
    """Give the invitation with this hash, if it can still be used."""
    open_ = sa.and_(invitation.c.token == token, invitation.c.used.is_(None), invitation.c.expires > now)
    row = tx.execute(sa.select(invitation).where(open_)).first()
    return _invitation(row) if row else None


def still_open(tx: Connection, now: datetime) -> list[Invitation]:
    """Give every invitation that can still be used, by login."""
    open_ = sa.and_(invitation.c.used.is_(None), invitation.c.expires > now)
    return [_invitation(row) for row in tx.execute(sa.select(invitation).where(open_).order_by(invitation.c.login))]


def use(tx: Connection, token: str, now: datetime) -> bool:
    """Use an invitation up; false where somebody was first, or it is too late."""
    open_ = sa.and_(invitation.c.token == token, invitation.c.used.is_(None), invitation.c.expires > now)
    return tx.execute(sa.update(invitation).where(open_).values(used=now)).rowcount == 1


def withdraw(tx: Connection, login: str) -> None:
    """Make every open invitation to a login worth nothing."""
    tx.execute(sa.delete(invitation).where(invitation.c.login == login, invitation.c.used.is_(None)))


def withdraw_by(tx: Connection, id: str) -> None:
    """Make every open invitation that somebody made worth nothing: whoever made it may have kept its code."""
    tx.execute(sa.delete(invitation).where(invitation.c.invited_by == id, invitation.c.used.is_(None)))


def sweep(tx: Connection, now: datetime) -> None:
    """Forget invitations that were used or are too late."""
    over = sa.or_(invitation.c.used.is_not(None), invitation.c.expires <= now)
    tx.execute(sa.delete(invitation).where(over))


def _invitation(row: sa.Row[Any]) -> Invitation:
    values = {name: getattr(row, name) for name in Invitation.__slots__}
    return Invitation(**{**values, "role": Role(row.role)})
