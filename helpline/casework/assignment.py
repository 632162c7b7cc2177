"""Who of a service does a case: a colleague takes it, gives it to another one, or back to the whole service.

An owner is a matter of order, not of rights: every colleague of the service sees every case and may act on it, so that
nobody waits because somebody is ill. The owner of a case whose account is closed counts as none.
"""

from collections.abc import Mapping
from enum import StrEnum

from helpline.casework import handover
from helpline.casework.answers import Claimed, TakenOver
from helpline.casework.console_actions import At, Cases
from helpline.request import case_owners
from helpline.request.offers import OfferState
from helpline.staff import people
from helpline.staff.roles import Permission, Person
from helpline.store import audit_log
from helpline.store.engine import Tx

HELD = (OfferState.CLAIMED, OfferState.FOLLOWED)
ANYBODY = "anybody"
"""In place of a colleague's id: the case is of the whole service again. No id of an account is like it."""


class Assigned(StrEnum):
    """What happened. The value is the name of the text in `console.shift.said`."""

    YOURS = "yours"
    GIVEN = "given"
    FREE = "free"
    """It is of the whole service again."""
    NOT_HELD = "not_held"
    NO_COLLEAGUE = "no_colleague"
    """The chosen person cannot do cases of this service: another service, another role, or a closed account."""


def colleagues(tx: Tx, service: str) -> Mapping[str, Person]:
    """Return the people who may do cases of a service, by their ids. Closed accounts are not among them."""
    return {each.id: each for each in people.colleagues(tx, service) if each.may(Permission.OWN_CASES)}


def owners(tx: Tx, service: str, known: Mapping[str, Person]) -> Mapping[str, Person]:
    """Return who does which case of a service, by the ids of the offers. `known` are its colleagues."""
    return {id: known[owner] for id, owner in case_owners.of_service(tx, service).items() if owner in known}


def take(cases: Cases, tx: Tx, person: Person, id: str) -> At:
    """Claim an offer, or accept a case, for the person's service. The person is its owner then. Raise `NotTheirs`."""
    answer = cases.do(tx, person, id, handover.take)
    if isinstance(answer, Claimed | TakenOver):
        case_owners.assign(tx, id, person.id)
    return answer


def assign(cases: Cases, tx: Tx, person: Person, id: str, to: str) -> Assigned:
    """Assign a case to a colleague, by the id of their account, or to `ANYBODY`. Raise `NotTheirs`."""
    offer = cases.held(tx, person, id)
    if offer.state not in HELD:
        return Assigned.NOT_HELD
    if to != ANYBODY and to not in colleagues(tx, person.service):
        return Assigned.NO_COLLEAGUE
    if not case_owners.assign(tx, id, None if to == ANYBODY else to):
        return Assigned.NOT_HELD
    if to == ANYBODY:
        audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, "unassign", offer.request)
        return Assigned.FREE
    audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, "assign", offer.request)
    if to == person.id:
        return Assigned.YOURS
    audit_log.append(tx, cases.ctx.audit_key, tx.now, person.id, "assign_to", to)
    return Assigned.GIVEN
