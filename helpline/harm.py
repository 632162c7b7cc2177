"""The register of harm (R46): what she says herself; what coordinators heard of, and that they have looked.

There is no field for a story: what happened is asked for on the telephone, and the audit log names who acted.
"""

import re
from datetime import datetime

from sqlalchemy.engine import Connection

from helpline.referral import Referral
from helpline.store import audits, harms

ID = re.compile("[0-9a-f]{32}")


class NotEntered(Exception):
    """Something is wrong with an entry; `field` names what."""

    def __init__(self, field: str) -> None:
        super().__init__(f"no such {field}")
        self.field = field


def said_by_her(tx: Connection, referral: Referral, id: str, now: datetime) -> None:
    """She said that a call harmed her: into the register with it, and a person is told."""
    if not harms.add(tx, id, "caller", harms.CALL, now):
        return
    audits.append(tx, referral.audit_key, now, "caller", "harm", id)
    referral.log("harm", id)
    referral.tell_coordinator(tx, "to_ngo.harm", now, request=id)


def enter(
    tx: Connection, request: str, service: str, what: str, by: str, now: datetime, audit_key: bytes,
    services: frozenset[str],
) -> str:  # fmt: skip
    """Enter what a coordinator heard of; give its id, empty where the same waits already. Raises `NotEntered`.

    `request`: its id, or empty where nobody knows; then the service must be named.
    """
    if what not in harms.WHAT:
        raise NotEntered("what")
    if request and not ID.fullmatch(request):
        raise NotEntered("request")
    if (service and service not in services) or not (service or request):
        raise NotEntered("service")
    id = harms.add(tx, request, "coordinator", what, now, service)
    if id:
        audits.append(tx, audit_key, now, by, "add_harm", id)
    return id


def review(tx: Connection, id: str, did: str, by: str, now: datetime, audit_key: bytes) -> bool:
    """Note that an entry was looked at, and what was done; false where somebody was first. Raises `NotEntered`."""
    if did not in harms.DID:
        raise NotEntered("did")
    done = harms.review(tx, id, by, now, did)
    if done:
        audits.append(tx, audit_key, now, by, "review_harm", id)
    return done
