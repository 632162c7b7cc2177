"""Coordinators: who is written to where a person must know. Texts are rows of the outbox, as everywhere."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline.directory.service import Contact
from helpline.staff import contacts, people
from helpline.staff.roles import Person
from helpline.store import outbox, texts_out
from helpline.store.texts_out import Message

TOLD_ONCE = frozenset({"to_ngo.danger", "to_ngo.harm", "to_ngo.expired", "to_ngo.undelivered", "to_ngo.silent"})
"""What one coordinator is told and nobody says again: where it does not reach her, the next must know."""


def in_turn(tx: Connection, country: str) -> list[Contact]:
    """Give the coordinators of a country in the order in which they are written to: whoever is on duty first.

    Not who was taken out at the console, and has no other account: by telephone she is nobody's colleague either.
    """
    there = can_be_called(tx, contacts.of_kind(tx, "coordinator", country))
    return sorted(there, key=lambda who: not who.on_duty)


def can_be_called(tx: Connection, listed: Sequence[Contact]) -> list[Contact]:
    """Give which of some contacts are coordinators who were not taken out."""
    return [who for who in listed if who.kind == "coordinator" and not people.is_out(tx, who.id)]


def is_last(tx: Connection, country: str, whose: Person) -> bool:
    """Tell whether nobody could be called any more, were an account taken out."""
    reached = {who.id for who in in_turn(tx, country)}
    return reached == {whose.contact} and not people.has_another(tx, whose)


def nobody(tx: Connection, country: str) -> bool:
    """Tell whether there are coordinators in the directory, and none that can be called: all were taken out."""
    return bool(contacts.of_kind(tx, "coordinator", country)) and not in_turn(tx, country)


def tell_first(
    tx: Connection, country: str, notice: str, now: datetime, log: Callable[[str, str], None], *,
    request: str | None = None, offer: str | None = None, but_not: str = "",
) -> None:  # fmt: skip
    """Write to the coordinator first in turn; without one the log cries. `but_not`: whom it is about."""
    there = [who for who in in_turn(tx, country) if who.id != but_not]
    for who in there[:1]:
        tell(tx, who, notice, now, request=request, offer=offer)
    if not there:
        log("no_coordinator", request or offer or notice)


def tell_next(tx: Connection, country: str, lost: Message, now: datetime, log: Callable[[str, str], None]) -> None:
    """Write what did not reach a coordinator to the next one in turn; after the last the log cries."""
    there = in_turn(tx, country)
    at = next((at for at, who in enumerate(there) if who.id == lost.recipient), -1)
    for who in there[at + 1 : at + 2]:
        tell(tx, who, lost.notice, now, request=lost.request, offer=lost.offer)
    if at + 1 == len(there):
        log("no_coordinator", lost.request or lost.offer or lost.notice)


def tell(
    tx: Connection, who: Contact, notice: str, now: datetime, *, request: str | None = None, offer: str | None = None
) -> None:
    """Write to one coordinator."""
    message = texts_out.add(tx, who.kind, who.id, notice, "", now, request=request, offer=offer)
    outbox.wake(tx, "send", message, now)


def is_coordinator(tx: Connection, desk: str) -> bool:
    """Tell whether what holds a claim is a coordinator and no service."""
    who = contacts.get(tx, desk)
    return who is not None and who.kind == "coordinator"
