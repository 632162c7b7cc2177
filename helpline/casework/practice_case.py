"""A practice case that a person starts at the console, to learn the way from an offer to an outcome.

It is a drill (`helpline.casework.drills`): marked, offered to nobody else, counted nowhere, and over after a day. Its
number belongs to nobody, in production too. Only a worker can seal a number, so the console asks one to make the case.
"""

from enum import StrEnum

from helpline.casework.drills import Drills
from helpline.request import offers, requests
from helpline.request.model import DRILL, Way
from helpline.request.offers import Offered
from helpline.staff import contacts
from helpline.store import outbox
from helpline.store.engine import Tx

PRACTISE = "practise"
"""The kind of due row with which the console asks for a practice case of a service."""
BY_PERSON = "by a person at the console"
"""How such a drill was begun. It is stored where a daily one says its `Way`."""


class Started(StrEnum):
    """What becomes of the wish to practise. The value is the name of the text that says so."""

    SOON = "practice_soon"
    NOBODY_ON_DUTY = "practice_not"
    """No telephone of the service is on duty, and an offer belongs to one."""


def ask(tx: Tx, service: str) -> Offered | Started:
    """Ask for a practice case of a service, or return the one that it has."""
    if there := open_one(tx, service):
        return there
    if contacts.on_duty(tx, service) is None:
        return Started.NOBODY_ON_DUTY
    outbox.wake(tx, PRACTISE, service, tx.now)
    return Started.SOON


def make(drills: Drills, tx: Tx, service: str) -> None:
    """Make the practice case of a service that asked for one, unless it has one by now. No text goes out."""
    contact = contacts.on_duty(tx, service)
    if contact is not None and open_one(tx, service) is None:
        drills.begin_at_console(tx, contact, BY_PERSON)


def open_one(tx: Tx, service: str) -> Offered | None:
    """Return the practice case that a service has open, or None.

    A drill by SMS is none: in production it has the telephone of the desk, which the console must not show (R32).
    """
    for offer in offers.live_of_service(tx, service):
        request = requests.get(tx, offer.request)
        if request and request.kind == DRILL and requests.content_of(tx, request.id) in (BY_PERSON, Way.ACCOUNT):
            return offer
    return None
