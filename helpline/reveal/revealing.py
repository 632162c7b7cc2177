"""The one place where a caller's number is opened for whoever holds her claim: for a text, and for a page (R3, R32)."""

from dataclasses import dataclass
from datetime import datetime

from helpline.core.call_windows import may_show_number
from helpline.core.phone_numbers import Hidden
from helpline.directory import services
from helpline.directory.service import ACTIVE
from helpline.keys.sealing import Opening
from helpline.request import requests, sealed_numbers
from helpline.staff import people, raid_lock
from helpline.staff.contact import Contact
from helpline.store.engine import Tx


@dataclass(frozen=True, slots=True)
class Revealed:
    """A number, and the end of the window in which it may be rung."""

    number: Hidden
    until: datetime


def may_be_shown(tx: Tx, who: Contact) -> bool:
    """Tell whether a desk may be given a number now: a coordinator, or a service that may still be asked (R32).

    No coordinator whose account was disabled: she was taken out, though her telephone is still in the directory.
    """
    if who.kind == "coordinator":
        return not people.is_disabled(tx, who.id)
    service = services.service_by_id(tx, who.desk)
    return service is not None and service.status == ACTIVE


def revealed(tx: Tx, opening: Opening, id: str) -> Revealed | None:
    """Open the number of a request, if its window is still open now; None where it may not leave.

    Never while the raid lock is on, though it was asked for before. Raises `CannotOpen`.
    """
    if raid_lock.is_locked(tx):
        return None
    request, sealed = requests.get(tx, id), sealed_numbers.sealed_of(tx, id)
    span = may_show_number(request.hours, tx.now) if request else None
    if sealed is None or span is None:
        return None
    return Revealed(opening.open(id, sealed), span.end)
