"""Coordinators: who is texted when a person must know. The texts are rows of the outbox, like all others."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from helpline.core.jobs import Queue
from helpline.staff import contacts, people
from helpline.staff.contact import Contact
from helpline.staff.roles import Person
from helpline.store import texts_out
from helpline.store.engine import Tx
from helpline.store.texts_out import Message

TOLD_ONCE = frozenset({
    "to_ngo.danger", "to_ngo.cry", "to_ngo.cries", "to_ngo.harm",
    "to_ngo.expired", "to_ngo.undelivered", "to_ngo.silent", "to_ngo.guessing",
    "to_ngo.colleague",
})  # fmt: skip
"""Texts that one coordinator gets once. If such a text is not delivered, the next coordinator must get it."""


def in_turn(tx: Tx, country: str) -> list[Contact]:
    """Return the coordinators of a country in the order in which they are texted: those on duty first.

    A coordinator whose account was disabled, and who has no other account, is left out: by telephone, too, they are no
    longer a colleague.
    """
    coordinators = can_be_called(tx, contacts.of_kind(tx, "coordinator", country))
    return sorted(coordinators, key=lambda contact: not contact.on_duty)


def can_be_called(tx: Tx, listed: Sequence[Contact]) -> list[Contact]:
    """Return the contacts that are coordinators and whose account was not disabled."""
    return [contact for contact in listed if contact.kind == "coordinator" and not people.is_disabled(tx, contact.id)]


def is_last(tx: Tx, country: str, person: Person) -> bool:
    """Whether nobody could be called any more if this account were disabled."""
    reached = {contact.id for contact in in_turn(tx, country)}
    return reached == {person.contact} and not people.has_another(tx, person)


def is_empty(tx: Tx, country: str) -> bool:
    """Whether the directory has coordinators but none can be called, because all their accounts are disabled."""
    return bool(contacts.of_kind(tx, "coordinator", country)) and not in_turn(tx, country)


def tell_first(
    tx: Tx, country: str, notice: str, log: Callable[[str, str], None], *,
    request: str | None = None, offer: str | None = None, but_not: str = "",
    values: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Text the first coordinator in turn. Without any coordinator, write an error to the log.

    `but_not` is the contact that the text is about.
    """
    coordinators = [contact for contact in in_turn(tx, country) if contact.id != but_not]
    for contact in coordinators[:1]:
        tell(tx, contact, notice, request=request, offer=offer, values=values)
    if not coordinators:
        log("no_coordinator", request or offer or notice)


def tell_next(tx: Tx, country: str, lost: Message, log: Callable[[str, str], None]) -> None:
    """Text the next coordinator in turn what did not reach this one. After the last one, write an error to the log.

    A coordinator who asked for a call (PRO) is not asked to call themselves.
    """
    coordinators = [contact for contact in in_turn(tx, country) if contact.id != lost.values.get("colleague")]
    at = next((at for at, contact in enumerate(coordinators) if contact.id == lost.recipient), -1)
    for contact in coordinators[at + 1 : at + 2]:
        tell(tx, contact, lost.notice, request=lost.request, offer=lost.offer, values=lost.values)
    if at + 1 == len(coordinators):
        log("no_coordinator", lost.request or lost.offer or lost.notice)


def tell(
    tx: Tx, contact: Contact, notice: str, *, request: str | None = None, offer: str | None = None,
    queue: Queue = Queue.DEFAULT, values: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Text one coordinator. `queue`: that of the request."""
    texts_out.add(tx, contact.kind, contact.id, notice, "", request=request, offer=offer, values=values, queue=queue)


def is_coordinator(tx: Tx, desk: str) -> bool:
    """Whether an id is that of a contact who is a coordinator."""
    contact = contacts.get(tx, desk)
    return contact is not None and contact.kind == "coordinator"
