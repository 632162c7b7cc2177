"""Desks: which of the telephones of a service gets its texts, until when it takes nothing more, what it holds."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helpline.directory import Contact
from helpline.store import contacts
from helpline.store.offers import MEANS_SOMETHING, Offered, OfferState, of_rows
from helpline.store.rows import insert_if_new
from helpline.store.schema import contact, desk, offer


def on_duty(tx: Connection, desk: str) -> Contact | None:
    """Give whom a text to a desk goes to: the phone on duty, the first where none says so, a coordinator herself."""
    return next(iter(phones(tx, desk)), None) or contacts.get(tx, desk)


def phones(tx: Connection, desk: str) -> list[Contact]:
    """Give the telephones of a service, the one on duty first; none for a coordinator."""
    return contacts.of_service(tx, desk)


def put_on_duty(tx: Connection, who: str, others: list[str]) -> None:
    """Let one contact be on duty, and none of the others."""
    tx.execute(sa.update(contact).where(contact.c.id.in_(others)).values(on_duty=False))
    tx.execute(sa.update(contact).where(contact.c.id == who).values(on_duty=True))


def set_full(tx: Connection, service: str, until: datetime | None) -> None:
    """Let a desk take nothing more until an instant; None: it takes again."""
    if not insert_if_new(tx, desk, {"service": service, "full_until": until}):
        tx.execute(sa.update(desk).where(desk.c.service == service).values(full_until=until))


def full_until(tx: Connection, service: str) -> datetime | None:
    """Give until when a desk said that it takes nothing more, None where it has said nothing."""
    return tx.execute(sa.select(desk.c.full_until).where(desk.c.service == service)).scalar()


def held(tx: Connection, desk: str) -> list[Offered]:
    """Give every offer whose code means something to a desk, a coordinator's calls among them, the oldest first."""
    known = (*MEANS_SOMETHING, OfferState.CALLED.value)
    return of_rows(tx, offer.c.service == desk, offer.c.state.in_(known))
