"""The register of harm (R46): entries by callers and coordinators, and their review.

There is no field for a story: what happened is asked on the telephone. The audit log names who acted.
"""

import re

from helpline.referral import harms, pass_on
from helpline.referral.context import Context
from helpline.store import audit_log
from helpline.store.engine import Tx

ID = re.compile("[0-9a-f]{32}")


DID = ("talked", "paused", "changed", "nothing")
"""What was done: talked with whoever rang; the service is asked no more; we work otherwise now; nothing could be."""


class NotEntered(Exception):
    """Something is wrong with an entry; `field` names what."""

    def __init__(self, field: str) -> None:
        super().__init__(f"no such {field}")
        self.field = field


def said_by_her(tx: Tx, ctx: Context, id: str) -> None:
    """She said that a call harmed her: into the register with it, and a person is told."""
    if not harms.add(tx, id, "caller", harms.CALL):
        return
    audit_log.append(tx, ctx.audit_key, tx.now, "caller", "harm", id)
    ctx.log("harm", id)
    pass_on.tell_coordinator(ctx, tx, "to_ngo.harm", request=id)


def enter(
    tx: Tx, request: str, service: str, what: str, by: str, audit_key: bytes,
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
    id = harms.add(tx, request, "coordinator", what, service)
    if id:
        audit_log.append(tx, audit_key, tx.now, by, "add_harm", id)
    return id


def review(tx: Tx, id: str, did: str, by: str, audit_key: bytes) -> bool:
    """Note that an entry was looked at, and what was done; false where somebody was first. Raises `NotEntered`."""
    if did not in DID:
        raise NotEntered("did")
    done = harms.mark_reviewed(tx, id, by, did)
    if done:
        audit_log.append(tx, audit_key, tx.now, by, "review_harm", id)
    return done
