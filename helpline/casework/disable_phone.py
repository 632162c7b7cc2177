"""Disable a lost work telephone at once: of a service, or of a coordinator. Bringing it back takes two people."""

from helpline.directory import records
from helpline.directory.phone_changes import PhoneChanges
from helpline.referral import pass_on
from helpline.referral.context import Context
from helpline.request import attempts, offers, requests
from helpline.request.model import State
from helpline.request.offers import Offered, OfferState
from helpline.staff import contacts, on_call
from helpline.staff.contact import Contact
from helpline.store import outbox
from helpline.store.engine import Tx


class LastCoordinator(Exception):
    """Nobody could be called any more if this telephone were disabled."""


def disable(ctx: Context, tx: Tx, id: str, by: str) -> bool:
    """Disable a telephone, by the id of its contact. It gets no text from now on, and its digits do nothing.

    What a coordinator held by it goes to the other coordinators. Return False if there is no such telephone in this
    country. Raise `LastCoordinator`.
    """
    records.lock_rows(tx)  # before requests and the audit log, as all code does that changes telephones
    contact = contacts.get(tx, id)
    if contact is None or contact not in contacts.of_kind(tx, contact.kind, ctx.country.code):
        return False
    if contact.kind == "coordinator":
        _release(ctx, tx, contact, by)
    return PhoneChanges.of(ctx.config, ctx.audit_key).take_out(tx, id, by)


def _release(ctx: Context, tx: Tx, contact: Contact, by: str) -> None:
    """End what a coordinator was called about or has taken, and have the others called. Raise `LastCoordinator`."""
    if [each.id for each in on_call.in_turn(tx, ctx.country.code)] == [contact.id]:
        raise LastCoordinator
    for offer in offers.held(tx, contact.id):
        _give_up(ctx, tx, offer, by)


def _give_up(ctx: Context, tx: Tx, offer: Offered, by: str) -> None:
    if offer.state is OfferState.CLAIMED:
        attempts.add(tx, offer, by, "pass", State.CLAIMED)
        pass_on.pass_on(ctx, tx, offer, OfferState.PASSED)
    elif offer.state is OfferState.CALLED and offers.move(tx, offer.id, OfferState.CALLED, OfferState.PASSED):
        request = requests.get(tx, offer.request)
        if request and request.state is State.STRANDED:
            outbox.wake(tx, "page", request.id, tx.now, request.queue)
