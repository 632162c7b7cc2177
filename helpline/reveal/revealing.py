"""The one place where a caller's number is opened for the holder of a claim, for a text and for a page (R3, R32)."""

from dataclasses import dataclass
from datetime import datetime

from helpline.core.call_windows import may_show_number
from helpline.core.phone_numbers import Hidden
from helpline.directory import services
from helpline.directory.service import ACTIVE
from helpline.keys.sealing import Opening
from helpline.request import requests, sealed_numbers
from helpline.staff import people, raid_lock
from helpline.staff.actor import Actor
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Revealed:
    """A number, and the end of the window in which it may be called."""

    number: Hidden
    until: datetime


def may_be_shown(tx: Tx, actor: Actor) -> bool:
    """Whether somebody may get a number now: a coordinator, or a service that may still be asked (R32).

    A coordinator whose account was disabled may not, although their telephone is still in the directory.
    """
    if actor.is_coordinator:
        return not people.is_disabled(tx, actor.id)
    service = services.service_by_id(tx, actor.desk)
    return service is not None and service.status == ACTIVE


def revealed(tx: Tx, opening: Opening, id: str) -> Revealed | None:
    """Return the number of a request if its window is still open now; None if it may not leave.

    It never leaves while the raid lock is on, even if it was asked for before. Raise `CannotOpen` if no key fits.
    """
    if raid_lock.is_locked(tx):
        return None
    request, sealed = requests.get(tx, id), sealed_numbers.sealed_of(tx, id)
    span = may_show_number(request.hours, tx.now) if request else None
    if sealed is None or span is None:
        return None
    return Revealed(opening.open(id, sealed), span.end)
